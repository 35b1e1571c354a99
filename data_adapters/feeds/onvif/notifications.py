"""The notifications in a message: WS-BaseNotification as XML, the same as a SOAP library writes it in JSON, and ONVIF's own JSON."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from lxml.etree import _Element

from data_adapters.feeds.markup import child, children, local, text_of, xml_root
from data_adapters.feeds.onvif.topics import path_of
from data_adapters.feeds.payloads import json_value
from domain.messages import Rejected

MAX_BYTES = 1024 * 1024
"""A picture may be inside."""
MOST = 200
PAYLOAD = "/onvif-ej/"
"""In the topic of ONVIF's own JSON: what follows is the event's topic, up to `&`."""
Items = Mapping[str, str]


class Notification(NamedTuple):
    """One of them. `path`: its topic without namespaces; `operation`: Initialized, Changed, Deleted or ""."""

    path: str
    time: str
    operation: str
    source: Items
    data: Items


def notifications(payload: bytes, topic: str) -> list[Notification] | Rejected:
    """All in the message; never raises."""
    if payload.lstrip()[:1] == b"<":
        root = xml_root(payload.strip())
        return root if isinstance(root, Rejected) else _bounded(list(_in_xml(root)), local(root))
    said = json_value(payload, MAX_BYTES)
    if isinstance(said, Rejected):
        return said
    return _bounded(list(_in_json(said, topic)), "JSON")


def _bounded(found: list[Notification], what: str) -> list[Notification] | Rejected:
    if len(found) > MOST:
        return Rejected("too_large", f"{len(found)} notifications, at most {MOST}")
    return found or Rejected("no_notification", f"{what[:40]} holds no notification")


def _in_xml(root: _Element) -> Iterator[Notification]:
    found = [root] if local(root) == "NotificationMessage" else root.iter("{*}NotificationMessage")
    for one in found:
        outer = child(one, "Message")
        message = None if outer is None else child(outer, "Message")
        if message is not None:
            items = {name: dict(_items(child(message, name))) for name in ("Source", "Key", "Data")}
            when, operation = message.get("UtcTime") or "", message.get("PropertyOperation") or ""
            yield Notification(path_of(text_of(one, "Topic")), when, operation, items["Source"] | items["Key"], items["Data"])


def _items(group: _Element | None) -> Iterator[tuple[str, str]]:
    for one in () if group is None else children(group, "SimpleItem"):
        yield one.get("Name") or "", one.get("Value") or ""
    for one in () if group is None else children(group, "ElementItem"):
        yield one.get("Name") or "", "".join(str(part) for part in one.itertext()).strip()


def _in_json(said: Any, topic: str) -> Iterator[Notification]:
    for one in said if isinstance(said, list) else [said]:
        inner = one.get("notification", one) if isinstance(one, dict) else None
        if isinstance(inner, dict) and "Topic" in inner:
            yield from _by_library(inner)
        elif isinstance(inner, dict) and ("UtcTime" in inner or "Data" in inner) and PAYLOAD in topic:
            path = path_of(topic.partition(PAYLOAD)[2].partition("&")[0])
            items = {name: _plain(inner.get(name)) for name in ("Source", "Key", "Data")}
            yield Notification(
                path, _text(inner.get("UtcTime")), _text(inner.get("PropertyOperation")), items["Source"] | items["Key"], items["Data"]
            )


def _by_library(said: dict[str, Any]) -> Iterator[Notification]:
    """As zeep serializes the classes of the WSDL: texts and messages stand under `_value_1`."""
    message = _value(said.get("Message"))
    if isinstance(message, dict):
        items = {name: _listed(message.get(name)) for name in ("Source", "Key", "Data")}
        path = path_of(_text(_value(said["Topic"])))
        yield Notification(
            path, _text(message.get("UtcTime")), _text(message.get("PropertyOperation")), items["Source"] | items["Key"], items["Data"]
        )


def _value(raw: Any) -> Any:
    return raw.get("_value_1") if isinstance(raw, dict) and "_value_1" in raw else raw


def _listed(raw: Any) -> dict[str, str]:
    items = raw.get("SimpleItem") if isinstance(raw, dict) else None
    found = [one for one in items if isinstance(one, dict)] if isinstance(items, list) else []
    return {_text(one.get("Name")): _text(one.get("Value")) for one in found}


def _plain(raw: Any) -> dict[str, str]:
    return {name: _text(value) for name, value in raw.items()} if isinstance(raw, dict) else {}


def _text(raw: Any) -> str:
    if isinstance(raw, bool):
        return "true" if raw else "false"
    return raw if isinstance(raw, str) else str(raw) if isinstance(raw, int | float) else ""
