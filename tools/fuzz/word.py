"""A Word document that uses what Word has and our own writer does not: numbering, boxes, tracked changes, notes."""

from __future__ import annotations

from tools.fuzz.archives import packed

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SPACES = (
    f'xmlns:w="{_W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)


def rich_docx() -> bytes:
    """The document, the same bytes every time."""
    return packed([(name, (_HEAD + content).encode()) for name, content in _parts()])


def _parts() -> list[tuple[str, str]]:
    listed = ("numbering", "styles", "footnotes")
    return [
        ("[Content_Types].xml", _TYPES),
        ("_rels/.rels", _relations(("officeDocument", "word/document.xml"))),
        ("word/document.xml", f"<w:document {_SPACES}><w:body>{_body()}</w:body></w:document>"),
        ("word/_rels/document.xml.rels", _relations(*((part, f"{part}.xml") for part in listed))),
        ("word/numbering.xml", f"<w:numbering {_SPACES}>{_numbering()}</w:numbering>"),
        ("word/styles.xml", f"<w:styles {_SPACES}>{_styles()}</w:styles>"),
        (
            "word/footnotes.xml",
            f'<w:footnotes {_SPACES}><w:footnote w:id="2">{_p("按上一届的口径统计。")}</w:footnote></w:footnotes>',
        ),
    ]


def _relations(*targets: tuple[str, str]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets)
    )
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{listed}</Relationships>'
    )


def _p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{_r(text)}</w:p>"


def _r(text: str) -> str:
    return f'<w:r><w:rPr><w:sz w:val="32"/></w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def _listed(text: str, level: int = 0) -> str:
    return _p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr><w:ind w:firstLineChars="200"/>')


def _body() -> str:
    return "".join(
        [
            f"<w:p>{_box('白杨县文化馆文件')}</w:p>",
            _p("白文〔2031〕6号", '<w:jc w:val="center"/>'),
            _p("关于印发《第3届旧物交换周活动方案》的通知", '<w:jc w:val="center"/>'),
            _p("各乡镇文化站："),
            f'<w:p>{_r("请于2031年")}<w:del w:id="1" w:author="a">{_r("4月").replace("w:t", "w:delText")}</w:del>'
            f'<w:ins w:id="2" w:author="a">{_r("5月")}</w:ins>{_r("9日前报送名单")}'
            '<w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>看不见</w:t></w:r>'
            f'<w:r><w:sym w:font="Wingdings" w:char="F06C"/></w:r>{_r("。")}</w:p>',
            '<w:p><w:pPr><w:pStyle w:val="Part"/></w:pPr>' + _r("开展交换") + "</w:p>",
            _listed("在社区开展2次旧物交换。", 1),
            _listed("在学校开展1次图书交换。（责任单位：各学校）", 1),
            _listed("总结报送"),
            f'<w:p><w:r><w:fldChar w:fldCharType="begin"/><w:instrText>PAGE</w:instrText><w:fldChar w:fldCharType='
            f'"separate"/></w:r>{_r("1")}<w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:br w:type="page"/></w:r></w:p>',
            _table(),
            f"<w:sdt><w:sdtContent>{_p('白杨县文化馆')}{_p('2031年4月1日')}</w:sdtContent></w:sdt>",
            '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr>',
        ]
    )


def _box(text: str) -> str:
    """A text box as Word writes it: twice, the second time for older readers."""
    content = f"<w:txbxContent>{_p(text)}</w:txbxContent>"
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><a:graphic><a:graphicData><wps:wsp>'
        f"<wps:txbx>{content}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:shape><v:textbox>{content}</v:textbox></v:shape></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )


def _table() -> str:
    def cell(text: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{_p(text)}</w:tc>"

    inner = f"<w:tbl><w:tr>{cell('里')}{cell('表')}</w:tr></w:tbl>"
    rows = (
        cell("任务分工", '<w:gridSpan w:val="3"/>'),
        cell("交换", '<w:vMerge w:val="restart"/>') + cell("设3个交换点") + cell("牵头单位：文化馆"),
        cell("", "<w:vMerge/>") + cell("6月底前清点") + f"<w:tc><w:tcPr/>{inner}{_p('各文化站')}</w:tc>",
    )
    grid = '<w:tblGrid><w:gridCol w:w="2000"/><w:gridCol w:w="4000"/><w:gridCol w:w="3000"/></w:tblGrid>'
    return f"<w:tbl><w:tblPr/>{grid}{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def _numbering() -> str:
    levels = ("chineseCounting", "%1、"), ("chineseCountingThousand", "（%2）"), ("decimal", "%1.%2.%3")
    drawn = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for n, (kind, text) in enumerate(levels)
    )
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    return (
        f'<w:abstractNum w:abstractNumId="0">{drawn}</w:abstractNum>'
        f'<w:num w:numId="1"><w:abstractNumId w:val="0"/>{override}</w:num>'
    )


def _styles() -> str:
    numbered = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
    return (
        '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>'
        f'<w:style w:type="paragraph" w:styleId="Base"><w:basedOn w:val="a"/>{numbered}</w:style>'
        '<w:style w:type="paragraph" w:styleId="Part"><w:basedOn w:val="Base"/></w:style>'
    )
