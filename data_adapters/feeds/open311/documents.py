"""GeoReport v2 documents, JSON or XML, as records of plain text under the specification's names."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from lxml import etree

from data_adapters.feeds.markup import local, xml_root
from data_adapters.feeds.payloads import json_value
from domain.messages import Rejected

MAX_BYTES = 8 * 1024 * 1024
MAX_RECORDS = 5000
RECORDS = {
    "services": ("service",),
    "service_requests": ("request",),
    "service_request_updates": ("request_update",),
    "errors": ("error",),
    "service_definition": (),
}
"""Root element of the XML -> what its records are called; a definition is one record itself."""


class Document(NamedTuple):
    """`kind` is a key of RECORDS, or `tokens`."""

    kind: str
    records: list[dict[str, Any]]


def read(payload: bytes) -> Document | Rejected:
    """What a server answered. Never raises."""
    if payload.lstrip(b" \t\r\n\xef\xbb\xbf")[:1] == b"<":
        root = xml_root(payload, MAX_BYTES)
        return root if isinstance(root, Rejected) else _of_xml(root)
    found = json_value(payload.removeprefix(b"\xef\xbb\xbf"), MAX_BYTES)
    return found if isinstance(found, Rejected) else _of_json(found)


def _of_xml(root: etree._Element) -> Document | Rejected:
    name = local(root)
    if name not in RECORDS:
        return Rejected("unknown_document", f"{name[:60]!r} is no document of GeoReport v2")
    found = [root] if name == "service_definition" else [one for one in root if local(one) in RECORDS[name]]
    return _document(name, [{local(part): _text(part) for part in one} for one in found])


def _text(element: etree._Element) -> str:
    return "".join(str(part) for part in element.itertext()).strip()


def _of_json(found: Any) -> Document | Rejected:
    """A list of records, or one; some servers wrap the list under the name of the XML's root."""
    for name in RECORDS:
        if isinstance(found, Mapping) and isinstance(found.get(name), list):
            return _document(name, [one for one in found[name] if isinstance(one, dict)])
    records = [one for one in (found if isinstance(found, list) else [found]) if isinstance(one, dict)]
    first = records[0] if records else {}
    return _document(_kind(first), records) if first or found == [] else Rejected("unknown_document", "no record of GeoReport v2")


def _kind(record: Mapping[str, Any]) -> str:
    if "update_id" in record:
        return "service_request_updates"
    if "service_request_id" in record or "token" in record:
        return "service_requests"
    if "attributes" in record:
        return "service_definition"
    return "errors" if "code" in record and "description" in record and "service_code" not in record else "services"


def _document(kind: str, records: list[dict[str, Any]]) -> Document | Rejected:
    if len(records) > MAX_RECORDS:
        return Rejected("too_large", f"{len(records)} records, at most {MAX_RECORDS}")
    if kind == "service_requests" and records and all(_is_token(one) for one in records):
        kind = "tokens"
    return Document(kind, records)


def _is_token(record: Mapping[str, Any]) -> bool:
    """An answer to /tokens: the token and the number that it has become, nothing else."""
    return bool(record.get("token") and record.get("service_request_id")) and not record.get("service_code") and not record.get("status")
