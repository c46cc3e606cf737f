"""Pages of an OFD that are pictures, as a scanner makes them: put together from the pictures that lie on each."""

from __future__ import annotations

import io
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import ofdkit  # type: ignore[import-untyped]  # has no types
import pyvips
from ofdkit.package import Package  # type: ignore[import-untyped]  # has no types

from luoshi.documents.reading.blocks.model import Box

DAMAGED = (ofdkit.OFDError, LookupError, ValueError)  # what ofdkit raises; the last two for an encoding that is none
_A4: Box = (0.0, 0.0, 210.0, 297.0)
_TALL = 4  # times as high as wide: what is higher is drawn smaller


class PicturePages:
    """The pages of an OFD, of which none has text."""

    def __init__(self, data: bytes) -> None:
        """Raises one of ``DAMAGED``."""
        self._package = Package(data)
        self._document = ofdkit.open(io.BytesIO(data))
        self._files = dict(self._pictures())

    def __len__(self) -> int:
        return len(self._document.pages)

    @property
    def has_pictures(self) -> bool:
        """Whether it is a scan: there are pictures, and there is no text beside them."""
        return bool(self._files) and not any(_has_text(page) for page in self._document.pages)

    def picture(self, number: int, width: int) -> pyvips.Image:
        """A page, about so many pixels wide, on white. What cannot be made out of it is left out."""
        page = self._document.pages[number - 1]
        try:
            (left, top, across, down), placed = page.box, list(self._placed(page))
        except DAMAGED:
            (left, top, across, down), placed = _A4, []
        across, down = max(across, 1.0), max(down, 1.0)
        scale = min(width / across, width * _TALL / down)
        size = max(round(across * scale), 1), max(round(down * scale), 1)
        drawn = pyvips.Image.black(*size, bands=3).invert().copy(interpretation="srgb")
        for file, box in placed:
            laid = self._laid(file, box, scale)
            if laid is not None:
                drawn = drawn.insert(laid, round((box[0] - left) * scale), round((box[1] - top) * scale))
        return drawn.copy_memory()

    def _laid(self, file: str, box: Box, scale: float) -> pyvips.Image | None:
        """A picture as large as its place on the page."""
        from luoshi.documents.reading.blocks import pixels

        across, down = max(round(box[2] * scale), 1), max(round(box[3] * scale), 1)
        try:
            frame = pixels.frame(self._package.read(file))
            return frame.resize(across / frame.width, vscale=down / frame.height).crop(0, 0, across, down)
        except (pyvips.Error, pixels.Damaged, *DAMAGED):
            return None

    def _placed(self, page: ofdkit.Page) -> Iterator[tuple[str, Box]]:
        """The file and the place, in millimetres, of each picture on a page."""
        if page.location is None:
            return
        own = dict(self._listed(page.location, "PageRes"))
        for element in _named(self._package.read_xml(page.location), "ImageObject"):
            file = (own | self._files).get((element.get("ResourceID") or "").strip())
            box = _box(element.get("Boundary"))
            if file and box:
                yield file, box

    def _pictures(self) -> Iterator[tuple[str, str]]:
        """The files of the pictures of every document in the package, by their numbers."""
        entry = self._package.find("OFD.xml")
        for root in _named(self._package.read_xml(entry), "DocRoot") if entry else ():
            path = self._package.resolve(entry, root.text)
            if path:
                yield from self._listed(path, "PublicRes", "DocumentRes")

    def _listed(self, path: str, *kinds: str) -> Iterator[tuple[str, str]]:
        """The files of the pictures in the resources that a part names."""
        for kind in kinds:
            for element in _named(self._package.read_xml(path), kind):
                resources = self._package.resolve(path, element.text)
                if resources:
                    yield from self._in_resources(resources)

    def _in_resources(self, path: str) -> Iterator[tuple[str, str]]:
        root = self._package.read_xml(path)
        folder = (root.get("BaseLoc") or "").strip("/ ")
        for media in _named(root, "MultiMedia"):
            for told in _named(media, "MediaFile"):
                name = (told.text or "").strip()
                file = self._package.resolve(path, f"{folder}/{name}") or self._package.resolve(path, name)
                if file and media.get("ID"):
                    yield str(media.get("ID")).strip(), file


def _has_text(page: ofdkit.Page) -> bool:
    try:
        return any(run.text.strip() for run in page.runs)
    except DAMAGED:
        return False


def _named(root: Element, name: str) -> Iterator[Element]:
    """The elements of a name, whatever prefix their namespace has."""
    return (element for element in root.iter() if element.tag.rsplit("}", 1)[-1] == name)


def _box(said: str | None) -> Box | None:
    try:
        left, top, across, down = map(float, (said or "").split())
    except ValueError:
        return None
    is_somewhere = all(abs(side) < 1e4 for side in (left, top, across, down)) and across > 0 and down > 0
    return (left, top, across, down) if is_somewhere else None
