"""Opening a payload without harm, for every feed that reads documents: JSON and CBOR, bounded in size and depth."""

import re
from io import BytesIO
from typing import Any

import cbor2
import orjson

from domain.messages import Rejected

MAX_BYTES = 256 * 1024
MAX_DEPTH = 16
NOT_FINITE = ("NaN", "Infinity")
STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*+"?', re.DOTALL)
OTHERS = bytes(set(range(256)) - set(b"{}[]"))


def _refuse(*_: object) -> Any:
    raise ValueError("a tag that no measured value needs")


DANGEROUS = dict.fromkeys((5, 28, 29, 35), _refuse)
"""Tags of CBOR that could cost time or make circles: big floats, shared values and their references, regular expressions."""


def json_value(payload: bytes, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH) -> Any | Rejected:
    """What the JSON says. Depth is counted on the bytes first: a parser must not meet a bomb. Never raises."""
    if len(payload) > max_bytes:
        return Rejected("too_large", f"{len(payload)} bytes, at most {max_bytes}")
    if b"\x00" in payload:
        return Rejected("nul", "the payload holds a NUL byte")
    if depth(payload, max_depth) > max_depth:
        return Rejected("too_deep", f"nested deeper than {max_depth}")
    try:
        return orjson.loads(payload)
    except orjson.JSONDecodeError as error:
        return _no_json(payload, error)


def json_object(payload: bytes, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH) -> dict[str, Any] | Rejected:
    """The payload's JSON object. Never raises."""
    found = json_value(payload, max_bytes, max_depth)
    return found if isinstance(found, dict | Rejected) else Rejected("wrong_type", "the payload is not a JSON object")


def cbor_value(payload: bytes, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH) -> Any | Rejected:
    """What the CBOR says, nothing behind it. Never raises."""
    if len(payload) > max_bytes:
        return Rejected("too_large", f"{len(payload)} bytes, at most {max_bytes}")
    content = BytesIO(payload)
    try:
        found = cbor2.CBORDecoder(content, max_depth=max_depth, allow_duplicate_keys=False, semantic_decoders=DANGEROUS).decode()
    except (cbor2.CBORError, ValueError) as error:
        return Rejected("bad_cbor", str(error)[:200])
    return found if content.tell() == len(payload) else Rejected("bad_cbor", "bytes follow the document")


def depth(payload: bytes, enough: int = MAX_DEPTH) -> int:
    """How deep JSON is nested, counted until it is more than `enough`; strings don't count."""
    opened = payload.count(b"{") + payload.count(b"[")
    if opened <= enough:
        return opened
    deepest = now = 0
    for byte in STRINGS.sub(b"", payload).translate(None, OTHERS):
        now += 1 if byte in b"{[" else -1
        deepest = max(deepest, now)
        if deepest > enough:
            break
    return deepest


def _no_json(payload: bytes, error: orjson.JSONDecodeError) -> Rejected:
    try:
        text = payload.decode()
    except UnicodeDecodeError as broken:
        return Rejected("bad_utf8", str(broken))
    if text.startswith(NOT_FINITE, error.pos) or "infinity" in str(error):
        return Rejected("not_finite", "NaN and Infinity are no JSON numbers")
    return Rejected("bad_json", str(error)[:200])
