"""Changes to XML and HTML: elements lost, doubled, moved, nested without end; values that cannot be."""

from __future__ import annotations

from contextlib import suppress
from copy import deepcopy
from random import Random

from lxml import etree  # type: ignore[import-untyped]  # has no types

from tools.fuzz import nasty

_DEEP = (20, 260, 3000)
_ENTITIES = (
    b'<!DOCTYPE a [<!ENTITY x "'
    + b"abc" * 40
    + b'"><!ENTITY y "'
    + b"&x;" * 60
    + b'"><!ENTITY z "'
    + b"&y;" * 60
    + b'">]>'
)


def change_markup(data: bytes, dice: Random) -> bytes:
    """One to eight changes to the tree, or one to the text of it."""
    if dice.random() < 0.15:
        return _as_text(data, dice)
    html = b"<html" in data[:3000].lower() or b"<!doctype html" in data[:200].lower()
    root = _tree(data, html)
    if root is None:
        return _as_text(data, dice)
    for _ in range(dice.choice((1, 2, 8))):
        elements = [e for e in root.iter() if isinstance(e.tag, str)]
        if len(elements) > 1:
            with suppress(ValueError):  # a name from a broken page that lxml does not write
                dice.choice(_ACTS)(dice.choice(elements[1:]), dice.choice(elements), dice)
    made: bytes
    if html:
        made = etree.tostring(root, method="html", encoding="utf-8")
    else:
        made = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return made


def _tree(data: bytes, html: bool) -> etree._Element | None:
    try:
        if html:
            return etree.fromstring(data, etree.HTMLParser(huge_tree=True))
        parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
        return etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError):
        return None


def _as_text(data: bytes, dice: Random) -> bytes:
    at = data.find(b">", dice.randint(0, len(data))) + 1
    act = dice.randrange(4)
    if act == 0:
        tag = dice.choice((b"<a>", b"<div>", b"<w:p>", b"<w:tbl>", b"<table><tr><td>", b"<!--", b"<![CDATA["))
        return data[:at] + tag * dice.choice(_DEEP) + data[at:]
    if act == 1:
        start = data.find(b"?>") + 2 if data.startswith(b"<?xml") else 0
        return data[:start] + _ENTITIES + data[start:at] + b"&z;" + data[at:]
    if act == 2:
        return data[:at] + nasty.text(dice).encode() + data[at:]
    return data[:at] + data[data.find(b">", at) + 1 :]


def _drop(element: etree._Element, other: etree._Element, dice: Random) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _double(element: etree._Element, other: etree._Element, dice: Random) -> None:
    parent = element.getparent()
    if parent is None or len(list(element.iter())) > 300:
        return
    for _ in range(dice.choice((1, 3, 60))):
        parent.append(deepcopy(element))


def _move(element: etree._Element, other: etree._Element, dice: Random) -> None:
    if element not in other.iterancestors() and element is not other:
        other.append(element)


def _nest(element: etree._Element, other: etree._Element, dice: Random) -> None:
    """The element within itself within itself."""
    if len(list(element.iter())) > 60:
        return
    inner = element
    for _ in range(dice.choice(_DEEP)):
        inner = etree.SubElement(inner, element.tag, dict(element.attrib))
    inner.text = element.text


def _value(element: etree._Element, other: etree._Element, dice: Random) -> None:
    if not element.attrib:
        return _words(element, other, dice)
    name = dice.choice(sorted(element.attrib))
    value = nasty.number(dice) if dice.random() < 0.6 else dice.choice(sorted(other.attrib.values()) or ["x"])
    element.set(name, value)
    return None


def _lose_value(element: etree._Element, other: etree._Element, dice: Random) -> None:
    for name in sorted(element.attrib)[: dice.choice((1, 9))]:
        del element.attrib[name]


def _words(element: etree._Element, other: etree._Element, dice: Random) -> None:
    text = nasty.text(dice) if dice.random() < 0.7 else other.text or ""
    element.text = "".join(c for c in text if c not in "\x00\ufffe\uffff")


def _tag(element: etree._Element, other: etree._Element, dice: Random) -> None:
    element.tag = other.tag


def _empty(element: etree._Element, other: etree._Element, dice: Random) -> None:
    for child in list(element):
        element.remove(child)
    element.text = None


_ACTS = (_drop, _double, _move, _nest, _value, _value, _value, _lose_value, _words, _words, _tag, _empty)
