"""A work order of a hotline or another desk as an Event, for all feeds that bring such (domain/events.py, kind `order`).

The identity of a statement is the order's number with a digest of what is said of it: the same row delivered, polled or uploaded again
is a duplicate, a row in which a word has changed is a new statement of the same order.
"""

import json
import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from data_adapters.feeds.measured import text_fault
from domain.appeals import OUTSIDE
from domain.event_time import EventTime
from domain.events import checked
from domain.messages import Event, RawMessage, Rejected
from domain.personal_numbers import id_number, phone, phone_in

NUMBER = re.compile(r"[^\s\x00-\x1f]{1,100}\Z")
RECEIVED = "received"
LONGEST = 4000
PERSON = ("name", "phone", "id_number", "address", "email")
TEXTS = ("title", "text", "theme", "channel", "department", "address", "said", "note", "service_code", "token", "deadline", "url")


def order_event(said: Mapping[str, Any], when: EventTime | None, message: RawMessage, keep_person: bool = True) -> Event | Rejected:
    """The order that `said` tells of, under the names number, status, lon, lat, of TEXTS and of PERSON; `when`: None for receipt."""
    number = said.get("number")
    if not isinstance(number, str) or not NUMBER.match(number):
        return Rejected("no_number", "the order has no number of its own")
    if said.get("status") not in OUTSIDE:
        return Rejected("unknown_status", f"{number}: nobody knows the status {said.get('status')!r:.60}")
    facts: dict[str, Any] = {"number": number, "status": said["status"]}
    for name in TEXTS:
        value = said.get(name)
        if value not in (None, ""):
            text = _short(str(value).strip())
            fault = text_fault(name, text)
            if fault:
                return fault
            facts |= {name: text} if text else {}
    person = appellant(said) if keep_person else {}
    facts |= {"appellant": person} if person else {}
    lon, lat = _place(said)
    digest = sha256(json.dumps([facts, lon, lat, when.at if when else None], sort_keys=True, ensure_ascii=True).encode()).hexdigest()[:24]
    at, source = (message.received_at, RECEIVED) if when is None else (when.at, when.source)
    event = Event("order", f"{number}@{digest}", at, None, lon, lat, facts, message.received_at, source, message.redelivered)
    return checked(event)


def appellant(said: Mapping[str, Any]) -> dict[str, str]:
    """Who appeals, kept apart from what is said: numbers recognised and brought to one form; a mobile number in the text where no other
    is told."""
    found = {name: str(said.get(name) or "").strip()[:200] for name in PERSON if name != "address"}
    found |= {"address": str(said.get("person_address") or "").strip()[:200]}
    found["phone"] = phone(found["phone"]) or found["phone"] or phone_in(str(said.get("text") or ""))
    found["id_number"] = id_number(found["id_number"])
    return {name: value for name, value in found.items() if value and not text_fault(name, value)}


def _place(said: Mapping[str, Any]) -> tuple[float | None, float | None]:
    """Degrees; 0, 0 and what is none are no place."""
    found = []
    for name, most in (("lon", 180.0), ("lat", 90.0)):
        try:
            value = float(str(said.get(name) or "nan").strip()[:40])
        except ValueError:
            return None, None
        found.append(value if abs(value) <= most else None)
    lon, lat = found
    return (lon, lat) if lon is not None and lat is not None and (lon, lat) != (0.0, 0.0) else (None, None)


def _short(text: str) -> str:
    """What an incident can hold; that something is missing is seen."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
