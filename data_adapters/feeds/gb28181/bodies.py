"""The body of a notification: MANSCDP's XML, or the JSON that gateways make of it, as one flat table of its fields.

Names are compared without case and underscores, so `AlarmMethod`, `alarmMethod` and `alarm_method` are one. XML is read in the encoding
that it declares; GB2312 and GBK are read as GB 18030, which holds both.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from lxml.etree import _Element

from data_adapters.feeds.markup import local, xml_root
from data_adapters.feeds.payloads import json_object
from domain.messages import Rejected

DECLARED = re.compile(rb"""<\?xml[^>]{0,100}encoding\s*=\s*["']([A-Za-z0-9._-]{1,20})["']""")
CHINESE = frozenset({"gb2312", "gbk", "gb18030", "gb_2312-80", "cp936"})
MOST_ITEMS = 1000
Fields = Mapping[str, str]


class Body(NamedTuple):
    """What came: `root` as XML has it (`Notify`), "" for JSON; the fields; those of each item of a list."""

    root: str
    fields: Fields
    items: tuple[Fields, ...] = ()


def body_of(payload: bytes, encoding: str) -> Body | Rejected:
    """`encoding`: `declared`, or what the gateway sends whatever it declares."""
    if payload.lstrip()[:1] == b"{":
        return _json(payload, encoding)
    chosen = _encoding(payload) if encoding == "declared" else encoding
    root = xml_root(payload.strip(), encoding=chosen)
    if isinstance(root, Rejected):
        return root
    items = [item for group in root.iterchildren("{*}DeviceList") for item in group.iterchildren("{*}Item")]
    if len(items) > MOST_ITEMS:
        return Rejected("too_large", f"{len(items)} items, at most {MOST_ITEMS}")
    return Body(local(root), dict(_leaves(root, "DeviceList")), tuple(dict(_leaves(item, "")) for item in items))


def key(name: str) -> str:
    """A field's name as it is compared."""
    return name.replace("_", "").lower()


def _encoding(payload: bytes) -> str | None:
    found = DECLARED.match(payload.lstrip()[:200])
    name = found[1].decode().lower() if found else ""
    return "gb18030" if name in CHINESE else None


def _leaves(element: _Element, without: str) -> Iterator[tuple[str, str]]:
    """Every element that holds text, the first of each name; of `Info` and `AlarmTypeParam` what they hold."""
    found: dict[str, str] = {}
    for one in element.iterchildren("{*}*"):
        if local(one) == without:
            continue
        if len(one):
            for name, text in _leaves(one, without):
                found.setdefault(name, text)
        else:
            found.setdefault(key(local(one)), (one.text or "").strip())
    yield from found.items()


def _json(payload: bytes, encoding: str) -> Body | Rejected:
    if encoding == "gb18030":
        try:
            payload = payload.decode("gb18030").encode()
        except UnicodeError as error:
            return Rejected("bad_encoding", str(error)[:200])
    said = json_object(payload)
    if isinstance(said, Rejected):
        return said
    found: dict[str, str] = {}
    for name, value in said.items():
        for inner, text in _texts(name, value):
            found.setdefault(key(inner), text)
    return Body("", found)


def _texts(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for inner, below in value.items():
            if not isinstance(below, dict | list):
                yield from _texts(inner, below)
    elif isinstance(value, str):
        yield name, value.strip()
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield name, str(value)
