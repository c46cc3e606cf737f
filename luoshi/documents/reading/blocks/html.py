"""Web pages: the article, without the navigation around it."""

from __future__ import annotations

import re
from dataclasses import replace

from lxml import etree  # type: ignore[import-untyped]  # has no types
from lxml import html as lxml_html

from luoshi.documents.reading.blocks.model import Blocks, Cell, Line, table_row

_IDLE = {"script", "style", "noscript", "nav", "header", "footer", "form", "iframe", "select", "button", "head", "svg"}
_BLOCK = {
    "p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "blockquote", "td", "th", "ul", "ol",
    "table", "tr", "tbody", "thead", "dl", "dd", "dt", "center", "pre", "main", "body", "figure", "figcaption",
}  # fmt: skip
_NAVIGATION = re.compile(r"\b(?:nav|menu|crumb|breadcrumb|sidebar|footer|header|share|toolbar|related|copyright)", re.I)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
DEEPEST = 400  # levels: real pages have some thirty
_TOP = 60  # lines above a title, most of them navigation
_SCALE = 1.5  # a title is set larger than the text
_CENTRED = re.compile(r"text-align:\s*center", re.I)


class TooDeep(Exception):
    """Elements stand in one another ``DEEPEST`` times and more."""


def read(text: str) -> Blocks:
    """The lines of the article in a page. Raises ``TooDeep``."""
    # Without the bound of the library, which leaves out what stands deeper, and says nothing.
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True)
    try:
        root = lxml_html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return Blocks(())
    title = _stated_title(root)
    _unwrap(root)
    for node in list(root.iter()):
        if not isinstance(node.tag, str) or node.tag in _IDLE or _is_navigation(node):
            _drop(node)
    lines: list[Line] = []
    _walk(_article(root), False, lines)
    return Blocks(_with_title(title, tuple(lines)))


def _unwrap(root: lxml_html.HtmlElement) -> None:
    """Take away what only wraps: an element around nothing but one like it, and a change of type within another one."""
    for node in list(root.iter("div", "section", "font", "span")):
        alone = len(node) == 1 and node[0].tag == node.tag and not (node.text or node[0].tail or "").strip()
        if (alone and not node.attrib) or (node.tag in ("font", "span") and node.getparent().tag == node.tag):
            node.drop_tag()
    level = [root]
    for _depth in range(DEEPEST):
        level = [child for node in level for child in node]
        if not level:
            return
    raise TooDeep


def _is_navigation(node: lxml_html.HtmlElement) -> bool:
    name = f"{node.get('class') or ''} {node.get('id') or ''}"
    return bool(_NAVIGATION.search(name)) and _weight(node) < 400 and node.tag != "body"


def _drop(node: lxml_html.HtmlElement) -> None:
    parent = node.getparent()
    if parent is None:
        return
    tail = node.tail or ""
    before = node.getprevious()
    if before is not None:
        before.tail = _allowed((before.tail or "") + tail)
    else:
        parent.text = _allowed((parent.text or "") + tail)
    node.tail = None
    parent.remove(node)


def _allowed(text: str) -> str:
    """The text with blanks for what lxml reads in a broken page and refuses to write."""
    return _FORBIDDEN.sub(" ", text)


def _weight(node: lxml_html.HtmlElement) -> int:
    """How much running text a node has: what stands in links does not count."""
    words = len("".join(node.itertext()))
    links = sum(len("".join(a.itertext())) for a in node.iter("a"))
    return words - links


def _article(root: lxml_html.HtmlElement) -> lxml_html.HtmlElement:
    """The innermost node that still holds nearly all of the page's running text."""
    body = root.find("body")
    node = body if body is not None else root
    total = max(_weight(node), 1)
    while True:
        heavy = [c for c in node if isinstance(c.tag, str) and _weight(c) >= 0.85 * total]
        if len(heavy) != 1 or heavy[0].tag not in _BLOCK or heavy[0].tag == "p":
            return node
        node = heavy[0]


def _walk(node: lxml_html.HtmlElement, centred: bool, lines: list[Line]) -> None:
    """Text outside block elements is gathered to lines; each block begins a new one."""
    centred = centred or node.tag == "center" or node.get("align") == "center"
    centred = centred or bool(_CENTRED.search(node.get("style") or ""))
    if node.tag == "tr":
        cells = [" ".join("".join(c.itertext()).split()) for c in node if c.tag in ("td", "th")]
        if len(cells) > 1:
            lines.append(table_row(Cell(c) for c in cells))
            return
    open_text = [node.text or ""]
    for child in node:
        if child.tag in _BLOCK:
            _close(open_text, centred, lines)
            _walk(child, centred, lines)
        elif child.tag == "br":
            _close(open_text, centred, lines)
        elif any(c.tag in _BLOCK or c.tag == "br" for c in child.iterdescendants()):
            _close(open_text, centred, lines)
            _walk(child, centred, lines)
        else:
            open_text.append("".join(child.itertext()))
        open_text.append(child.tail or "")
    _close(open_text, centred, lines)


def _close(open_text: list[str], centred: bool, lines: list[Line]) -> None:
    text = "".join(open_text)
    open_text.clear()
    if text.strip("\u3000\xa0 \t\r\n"):
        lines.append(Line(re.sub(r"[\r\n\t]+", "", text), centred=centred))


def _stated_title(root: lxml_html.HtmlElement) -> str:
    """The title of the article as the page states it for machines."""
    meta = root.xpath("//meta[translate(@name,'ATICLE','aticle')='articletitle']/@content")
    return " ".join(str(meta[0]).split()) if meta else ""


def _with_title(title: str, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """A page may name its notice only in its head; where it names it again, what stands above is no part of it."""
    for n, line in enumerate(lines[:_TOP]):
        if title and " ".join(line.text.split()) == title:
            return (*lines[:n], replace(line, centred=True, scale=_SCALE), *lines[n + 1 :])
    said = "".join(line.text for line in lines[:_TOP])
    if title and re.sub(r"\s", "", title) not in re.sub(r"\s", "", said):
        return (Line(title, centred=True, scale=_SCALE), *lines)
    return lines
