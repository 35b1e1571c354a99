"""What other systems state happened: the kinds of Event, and what the facts of each hold.

A fact that no table here names may stand beside the others, except where a kind is closed: of a face platform's match nothing is taken
but why it was made and where (DOMAIN, Privacy).
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from domain.messages import Event, Rejected

MAX_ID = 200
MAX_DEVICE_ID = 128
MAX_TEXT = 2_000
MAX_FACTS_BYTES = 1_000_000
"""Room for a small picture that came inside the message."""
PHASES = ("began", "again", "ended")
"""Of an alarm that the platform states: it began, it was stated again (or once and for all), it is over."""

Check = Callable[[Any], str]
"""What would have been right; empty when it is."""


def _text(raw: Any) -> str:
    return "" if isinstance(raw, str) and 0 < len(raw) <= MAX_TEXT else f"a text of 1 to {MAX_TEXT} characters"


def _number(raw: Any) -> str:
    return "" if isinstance(raw, int | float) and not isinstance(raw, bool) and abs(raw) < 1e18 else "a number"


def _one_of(*words: str) -> Check:
    return lambda raw: "" if isinstance(raw, str) and raw in words else f"one of {', '.join(words)}"


def _priority(raw: Any) -> str:
    return "" if not isinstance(raw, bool) and raw in (1, 2, 3, 4) else "a whole number from 1 (worst) to 4"


def _code(raw: Any) -> str:
    fine = isinstance(raw, str) and 0 < len(raw) <= 64 and raw.isascii() and raw.replace("_", "").isalnum() and raw == raw.lower()
    return "" if fine else "a code of small letters, digits and _, at most 64"


def _picture(raw: Any) -> str:
    sources = ("url", "path", "base64", "missing")
    told = [name for name in sources if isinstance(raw, Mapping) and isinstance(raw.get(name), str)]
    return "" if len(told) == 1 else f"an object with one of {', '.join(sources)}"


class Kind(NamedTuple):
    """One kind of event: the facts it must have, those it may have, whether it may have no others, whether it must name a device."""

    required: Mapping[str, Check]
    optional: Mapping[str, Check] = {}
    closed: bool = False
    of_device: bool = False


KINDS: dict[str, Kind] = {
    "video_alarm": Kind(
        {"type": _code, "phase": _one_of(*PHASES)},
        {"priority": _priority, "said": _text, "source": _text, "picture": _picture, "score": _number},
        of_device=True,
    ),
    "match": Kind({"purpose": _text}, {"list": _text, "score": _number, "reference": _text}, closed=True, of_device=True),
    "stream": Kind({"stream": _text, "what": _one_of("up", "down", "unwatched", "not_found")}, {"server": _text, "schema": _text}),
    "record": Kind({"stream": _text}, {"file": _text, "url": _text, "start": _number, "duration_s": _number, "bytes": _number}),
    "warning": Kind({"alert": _text, "action": _one_of("issue", "update", "cancel"), "status": _one_of("actual", "exercise", "test")}),
    "order": Kind({"number": _text, "status": _text}),
    "call": Kind({"number": _text, "status": _text}),
    "crossing": Kind({"fence": _text, "side": _one_of("entered", "left")}, of_device=True),
}
"""A video alarm's `type` is one word for all platforms, `said` the source's own words, `source` its own code; `picture` tells where
the picture is: a `url`, a `path` below the feed's own platform, the picture itself as `base64`, or why it is `missing`. An order is of a
hotline or another desk, a call of a dispatch centre; a warning's are told in domain/warnings.py; `start` is epoch milliseconds."""


def checked(event: Event) -> Event | Rejected:
    """The event, or `bad_event` with what is wrong with it: its kind, identity, place, device or facts."""
    fault = _fault(event)
    return Rejected("bad_event", f"{event.kind[:40]}: {fault}") if fault else event


def statement(event: Event) -> str:
    """All that the event says, as text that is equal when it says the same; not when or how often it came."""
    when = event.at if event.source_at is None else event.source_at
    return _json([event.kind, when, event.device_id, event.lon, event.lat, event.facts])


def _fault(event: Event) -> str:
    kind = KINDS.get(event.kind)
    if kind is None:
        return f"no such kind; there are {', '.join(KINDS)}"
    if not 0 < len(event.event_id) <= MAX_ID or not _storable(event.event_id):
        return f"event_id: expected 1 to {MAX_ID} characters"
    return _where_fault(event, kind) or _facts_fault(event.facts, kind)


def _where_fault(event: Event, kind: Kind) -> str:
    if event.device_id is None:
        if kind.of_device:
            return "device_id: is missing"
    elif not 0 < len(event.device_id) <= MAX_DEVICE_ID or not _storable(event.device_id):
        return f"device_id: expected 1 to {MAX_DEVICE_ID} characters"
    if event.lon is None or event.lat is None:
        return "" if event.lon is event.lat else "lon, lat: expected both or neither"
    return "" if abs(event.lon) <= 180 and abs(event.lat) <= 90 else "lon, lat: expected degrees of WGS 84"


def _facts_fault(facts: Mapping[str, Any], kind: Kind) -> str:
    for name, check in {**kind.required, **kind.optional}.items():
        if name in facts:
            if expected := check(facts[name]):
                return f"{name}: expected {expected}"
        elif name in kind.required:
            return f"{name}: is missing"
    others = facts.keys() - kind.required.keys() - kind.optional.keys() if kind.closed else ()
    if others:
        return f"{sorted(others)[0][:60]}: nothing else may be kept of it"
    return _json_fault(facts)


def _json_fault(facts: Mapping[str, Any]) -> str:
    try:
        written = _json(facts)
        size = len(written.encode())
    except (TypeError, ValueError, RecursionError):
        return "facts: expected what JSON can say, numbers finite"
    if "\\u0000" in written:
        return "facts: expected no NUL"
    return "" if size <= MAX_FACTS_BYTES else f"facts: {size} bytes, at most {MAX_FACTS_BYTES}"


def _json(raw: Any) -> str:
    """Sorted, and strict: NaN, infinity and half characters raise ValueError when written or encoded."""
    return json.dumps(raw, ensure_ascii=False, allow_nan=False, sort_keys=True, default=_mapping)


def _mapping(raw: Any) -> Any:
    if isinstance(raw, Mapping):
        return dict(raw)
    raise TypeError("no JSON")


def _storable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text
