"""What may be said with a deed: each field's form, and which deeds take which beside what they need. Anything else is refused."""

from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any
from uuid import UUID

from domain.clocks import UNITS
from domain.incident_guards import FIGURES, REPORTS
from domain.incident_states import GRADES, RESPONSE_LEVELS, SPINES, URGENCIES
from domain.incidents import Refused, Transition

LONGEST = 4_000
MOST = 50


def _text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST and _storable(value)


def _word(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 128 and _storable(value)


def _storable(value: str) -> bool:
    """Without what PostgreSQL's text cannot hold: NUL and halves of surrogate pairs."""
    return "\x00" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)


def _words(value: Any) -> bool:
    return isinstance(value, list | tuple) and len(value) <= MOST and all(_word(one) for one in value)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value) and abs(value) < 1e15


def _count(value: Any) -> bool:
    return _number(value) and value >= 0


def _moment(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 253_402_300_800_000


def _uuid(value: Any) -> bool:
    try:
        return isinstance(value, str) and str(UUID(value)) == value
    except ValueError:
        return False


def _one_of(*allowed: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and value in allowed


def place(value: Any) -> bool:
    """Where: any of lon with lat (WGS 84 degrees), address, device_id."""
    if not isinstance(value, Mapping) or not value or not set(value) <= {"lon", "lat", "address", "device_id"}:
        return False
    lon, lat = value.get("lon"), value.get("lat")
    if (lon, lat) != (None, None) and not (_degrees(lon, 180) and _degrees(lat, 90)):
        return False
    return _text(value.get("address", "")) and (value.get("device_id") in (None, "") or _word(value["device_id"]))


def _degrees(value: Any, most: float) -> bool:
    return _number(value) and abs(value) <= most


def _caller(value: Any) -> bool:
    return isinstance(value, Mapping) and set(value) <= {"name", "phone"} and all(_text(one) and len(one) <= 128 for one in value.values())


def _deadline(value: Any) -> bool:
    return isinstance(value, Mapping) and set(value) == {"amount", "unit"} and _amount(value["amount"]) and value["unit"] in UNITS


def _amount(value: Any) -> bool:
    return _number(value) and 0 < value <= 10_000


FORMS: dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys(("reason", "note", "text", "answer", "decision", "summary", "lessons", "description", "told", "override_reason",
        "unpublished_because", "who", "caller_said", "title"), _text),
    **dict.fromkeys(("lead", "class_code", "region", "owner", "rule_id", "source", "to_level", "unit_id", "status", "department",
        "what_for", "receipt", "number"), _word),
    **dict.fromkeys(("into", "incident_id", "alarm_id", "attachment_id", "report_id", "task_id", "instruction", "handed_from"), _uuid),
    "assisting": _words,
    "units": _words,
    "to_units": _words,
    "alarms": lambda value: _words(value) and all(_uuid(one) for one in value),
    "place": place,
    "caller": _caller,
    "deadline": _deadline,
    "grade": _one_of(*GRADES),
    "response_level": _one_of(*RESPONSE_LEVELS),
    "urgency": _one_of(*URGENCIES),
    "spine": _one_of(*SPINES),
    "what": _one_of(*FIGURES),
    "which": _one_of(*REPORTS),
    "unit": _one_of(*UNITS),
    "amount": _amount,
    "value": _count,
    "seconds": _count,
    "until": _moment,
    "occurred_at": _moment,
    "called_at": _moment,
    "satisfied": lambda value: isinstance(value, bool),
    "picture_agrees": lambda value: isinstance(value, bool),
    "exercise": lambda value: isinstance(value, bool),
    "score": lambda value: isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 5,
    "lon": lambda value: _degrees(value, 180),
    "lat": lambda value: _degrees(value, 90),
}  # fmt: skip
"""Field -> whether a value has its form. Times are epoch ms."""

ALSO: dict[str, tuple[str, ...]] = {
    "report": ("spine", "class_code", "description", "urgency", "region", "owner", "caller", "told", "occurred_at", "exercise", "alarms"),
    "file": ("class_code", "region", "owner"),
    "dispatch": ("assisting", "rule_id", "override_reason", "deadline", "units", "class_code"),
    "dispatch_on": ("assisting", "to_units"),
    "reassign": ("assisting", "rule_id", "override_reason"),
    "check": ("picture_agrees",),
    "call_back": ("caller_said",),
    "correct": ("title", "description", "class_code", "urgency", "region", "place", "owner", "caller", "told", "occurred_at", "grade"),
    "hand_over": ("incident_id", "number"),
    "end_response": ("unpublished_because",),
    "absorb": ("alarms",),
    "unit": ("lon", "lat", "reason", "override_reason", "department", "seconds"),
    "instruct": ("lead", "until", "instruction"),
    "phone_report": ("text", "called_at"),
    "ask_for_help": ("lon", "lat", "what_for"),
    "merge": ("reason",),
    "task": ("text", "lead"),
    "assess": ("class_code",),
}
"""What a deed may say beside what it needs; every deed may carry a `note`."""


def checked(one: Transition, data: Mapping[str, Any]) -> dict[str, Any]:
    """`data` as the deed takes it. Raises Refused `missing`, `unknown_field` or `bad_field`, naming the fields."""
    missing = [name for name in one.needs if data.get(name) in (None, "", [], (), {})]
    if missing:
        raise Refused("missing", {"fields": missing})
    allowed = {"note", *one.needs, *ALSO.get(one.deed, ())}
    if unknown := sorted(str(name)[:40] for name in set(data) - allowed):
        raise Refused("unknown_field", {"fields": unknown})
    if bad := sorted(name for name, value in data.items() if not FORMS[name](value)):
        raise Refused("bad_field", {"fields": bad})
    return dict(data)
