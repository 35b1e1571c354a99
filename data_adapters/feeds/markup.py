"""Opening XML without harm, for every feed that reads it: no document type, so no entity of any kind, nothing fetched, bounded in size
and depth. Names come without their namespaces; who must tell namespaces apart asks `namespace`."""

from collections.abc import Iterator
from math import isfinite

from lxml import etree

from domain.messages import Rejected

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 32
MAX_ELEMENTS = 50_000


def xml_root(payload: bytes, max_bytes: int = MAX_BYTES, encoding: str | None = None) -> etree._Element | Rejected:
    """The document's root element. `encoding`: what it is in where its declaration lies, such as gb18030. Never raises."""
    if len(payload) > max_bytes:
        return Rejected("too_large", f"{len(payload)} bytes, at most {max_bytes}")
    parser = etree.XMLPullParser(
        ("start", "end"),
        encoding=encoding,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        parser.feed(payload)
        root = parser.close()
    except (etree.LxmlError, ValueError, LookupError) as error:
        return Rejected("bad_xml", str(error)[:200] or "no XML")
    if root.getroottree().docinfo.doctype:
        return Rejected("doctype", "a document type, and with it entities, is not taken")
    return _measured(parser, root)


def local(element: etree._Element) -> str:
    """The element's name without its namespace."""
    return str(etree.QName(element).localname)


def namespace(element: etree._Element) -> str:
    """Its namespace; empty for none."""
    return etree.QName(element).namespace or ""


def children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """The direct children of this name, whatever their namespace."""
    return (child for child in element if local(child) == name)


def child(element: etree._Element, name: str) -> etree._Element | None:
    """The first of them."""
    return next(children(element, name), None)


def text_of(element: etree._Element | None, name: str) -> str:
    """The text of the first child of this name, trimmed; empty where there is none."""
    found = None if element is None else child(element, name)
    return "" if found is None else "".join(str(part) for part in found.itertext()).strip()


def number_of(text: str) -> float | None:
    """The finite number that the text is, or None."""
    try:
        found = float(text)
    except ValueError:
        return None
    return found if isfinite(found) else None


def _measured(parser: etree.XMLPullParser, root: etree._Element) -> etree._Element | Rejected:
    depth = elements = 0
    for event, _ in parser.read_events():
        depth += 1 if event == "start" else -1
        elements += event == "start"
        if depth > MAX_DEPTH or elements > MAX_ELEMENTS:
            return Rejected("too_deep", f"more than {MAX_DEPTH} levels or {MAX_ELEMENTS} elements")
    return root
