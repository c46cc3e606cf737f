"""An OFD as a scanner makes it: each page one picture."""

from __future__ import annotations

from collections.abc import Sequence

from tools.fuzz.archives import packed

_SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_A4 = "0 0 210 297"


def ofd_of_pictures(pictures: Sequence[bytes]) -> bytes:
    """The package; the same pictures, the same bytes."""
    numbers = range(len(pictures))
    listed = "".join(f'<ofd:Page ID="{n + 1}" BaseLoc="Pages/{n}.xml"/>' for n in numbers)
    media = "".join(
        f'<ofd:MultiMedia ID="{100 + n}" Type="Image"><ofd:MediaFile>{n}.jpg</ofd:MediaFile></ofd:MultiMedia>'
        for n in numbers
    )
    document = (
        f"<ofd:Document {_SPACE}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>{_A4}</ofd:PhysicalBox></ofd:PageArea>"
        f"<ofd:DocumentRes>Res.xml</ofd:DocumentRes></ofd:CommonData><ofd:Pages>{listed}</ofd:Pages></ofd:Document>"
    )
    pages = (
        f'<ofd:Page {_SPACE}><ofd:Content><ofd:Layer><ofd:ImageObject ID="{200 + n}" Boundary="{_A4}" CTM="210 0 0 297 0 0" '
        f'ResourceID="{100 + n}"/></ofd:Layer></ofd:Content></ofd:Page>'
        for n in numbers
    )
    members = {
        "OFD.xml": f"<ofd:OFD {_SPACE}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": document,
        "Doc_0/Res.xml": f'<ofd:Res {_SPACE} BaseLoc="Res"><ofd:MultiMedias>{media}</ofd:MultiMedias></ofd:Res>',
        **{f"Doc_0/Pages/{n}.xml": page for n, page in enumerate(pages)},
    }
    written = [(name, content.encode()) for name, content in members.items()]
    return packed(written + [(f"Doc_0/Res/{n}.jpg", picture) for n, picture in enumerate(pictures)])
