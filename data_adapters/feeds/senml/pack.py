"""A SenML pack, opened and resolved (RFC 8428 sections 4 to 6): base fields applied, in the order of the records."""

import base64
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from data_adapters.feeds.measured import float_of
from data_adapters.feeds.payloads import cbor_value, json_value
from domain.messages import Rejected

CBOR_LABELS = {
    -6: "bs", -5: "bv", -4: "bu", -3: "bt", -2: "bn", -1: "bver",
    0: "n", 1: "u", 2: "v", 3: "vs", 4: "vb", 5: "s", 6: "t", 7: "ut", 8: "vd",
}  # fmt: skip
"""RFC 8428, table 4."""
NUMBERS = ("bt", "bv", "bs", "v", "s", "t", "ut")
TEXTS = ("bn", "bu", "n", "u", "vs")
BASES = ("bn", "bt", "bu", "bv", "bs")
VALUES = ("v", "vs", "vb", "vd")
VERSION = 10
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9:./_-]*\Z")
BASE64URL = re.compile(r"[A-Za-z0-9_-]*={0,2}\Z")
MAX_RECORDS = 1000
MAX_NAME = 255
OTHER_FORMS = {b"<": "XML", b"$": "EXI"}


class Measurement(NamedTuple):
    """A resolved record. `time` is in seconds, as told: since 1970, or below 2**28 since now. `value` and `total` may be None."""

    name: str
    unit: str | None
    time: float
    value: float | str | bool | None
    total: float | None


def read_pack(payload: bytes) -> list[dict[Any, Any]] | Rejected:
    """The records under their JSON labels. Never raises."""
    start = payload.lstrip(b" \t\r\n")[:1]
    if start in OTHER_FORMS:
        return Rejected("not_handled", f"SenML in {OTHER_FORMS[start]}")
    found = cbor_value(payload) if payload[:1] and 0x80 <= payload[0] <= 0x9F else json_value(payload)
    if isinstance(found, Rejected):
        return found
    if not isinstance(found, list) or not found or not all(isinstance(record, dict) for record in found):
        return Rejected("wrong_type", "a SenML pack is a list of records")
    if len(found) > MAX_RECORDS:
        return Rejected("too_large", f"{len(found)} records, at most {MAX_RECORDS}")
    return [{CBOR_LABELS.get(label, label) if type(label) is int else label: value for label, value in one.items()} for one in found]


def resolved(records: list[dict[Any, Any]]) -> Iterator[Measurement | Rejected]:
    """Each record's measurement, or why it is none. A base field that can't be read, or a label that must be understood, ends the pack."""
    fault = _pack_fault(records)
    if fault:
        yield fault
        return
    base: dict[str, Any] = {}
    for record in records:
        faults = {label: fault for label, value in record.items() if (fault := _field_fault(label, value))}
        broken = next((faults[label] for label in BASES if label in faults), None)
        if broken:
            yield broken
            return
        base |= {label: record[label] for label in BASES if label in record}
        if faults:
            yield next(iter(faults.values()))
        elif not set(record) <= {*BASES, "bver"}:
            yield _measurement(record, base)


def _pack_fault(records: list[dict[Any, Any]]) -> Rejected | None:
    for label in (label for record in records for label in record):
        if isinstance(label, str) and label.endswith("_"):
            return Rejected("must_understand", f"{label[:40]!r} must be understood, and is not")
    versions = [record["bver"] for record in records if "bver" in record]
    if any(isinstance(one, bool) or not isinstance(one, int) or not 1 <= one <= VERSION for one in versions):
        return Rejected("bad_version", f"bver is a whole number up to {VERSION}")
    if len(set(versions)) > 1:
        return Rejected("bad_version", "a pack has one version")
    return None


def _field_fault(label: Any, value: Any) -> Rejected | None:
    if label in NUMBERS:
        number = float_of(value)
        if number is None or number != number or abs(number) == float("inf"):
            return Rejected("bad_record", f"`{label}` is a finite number")
    elif (label in TEXTS and not isinstance(value, str)) or (label == "vb" and not isinstance(value, bool)):
        return Rejected("bad_record", f"`{label}` is of another type")
    elif label == "vd" and not isinstance(value, bytes) and not (isinstance(value, str) and BASE64URL.match(value)):
        return Rejected("bad_record", "`vd` is base64url")
    return None


def _measurement(record: dict[Any, Any], base: dict[str, Any]) -> Measurement | Rejected:
    name = base.get("bn", "") + record.get("n", "")
    if len(name) > MAX_NAME or not NAME.match(name):
        return Rejected("bad_name", f"{name[:80]!r}: a name begins with a letter or digit, then A-Z a-z 0-9 - : . / _")
    said = [label for label in VALUES if label in record]
    if len(said) > 1:
        return Rejected("bad_record", f"{name[:80]}: several values in one record: {', '.join(said)}")
    value = _value(record, base, said)
    total = _sum(record, base, "s")
    if value is None and total is None:
        return Rejected("no_value", f"{name[:80]}: neither a value nor a sum")
    time = float(record.get("t", 0)) + float(base.get("bt", 0))
    return Measurement(name, record.get("u", base.get("bu")), time, value, total)


def _value(record: dict[Any, Any], base: dict[str, Any], said: list[str]) -> float | str | bool | None:
    """A missing value counts as zero where a base value is in force, unless the record has a sum of its own."""
    if said and said[0] != "v":
        found = record[said[0]]
        return base64.urlsafe_b64encode(found).decode().rstrip("=") if isinstance(found, bytes) else found
    return _sum(record, base, "v") if said or "s" not in record else None


def _sum(record: dict[Any, Any], base: dict[str, Any], label: str) -> float | None:
    told = [float(of[key]) for of, key in ((record, label), (base, f"b{label}")) if key in of]
    # Two numbers of the wire are added: 2 and -1.63 are 0.37, not 0.3700000000000001.
    return None if not told else told[0] if len(told) == 1 else float(f"{sum(told):.12g}")
