"""What a platform states as an event, checked: common to the feeds that bring video alarms and what else happens at cameras."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from data_adapters.feeds.measured import device_fault
from data_adapters.feeds.places import LOCATION
from data_adapters.feeds.times import by_receipt
from domain.event_time import EventTime
from domain.events import MAX_ID, checked
from domain.messages import Event, RawMessage, Rejected

NOWHERE = (None, None)
MAX_SAID = 500


def identity(*parts: object) -> str:
    """The source's own identity of a statement, of what it consists of; in full while it is short enough to be kept."""
    whole = "|".join(str(part) for part in parts)
    return whole if len(whole) <= MAX_ID and whole.isprintable() else sha256(whole.encode(errors="surrogatepass")).hexdigest()


def undated(message: RawMessage, without_time: str) -> EventTime | Rejected:
    """The time of a statement that brings none: that of its receipt. Delivered again it is still the same statement, so its time is no
    part of what it says; its identity must come of its payload (`fingerprint`)."""
    when = by_receipt(message, without_time)
    return when if isinstance(when, Rejected) else when._replace(source="")


def fingerprint(message: RawMessage) -> str:
    """The payload, for the identity of what has no time of its own: the very same again is a duplicate."""
    return sha256(message.payload).hexdigest()[:32]


def stated(
    kind: str,
    event_id: str,
    device_id: str,
    facts: Mapping[str, Any],
    when: EventTime,
    message: RawMessage,
    place: tuple[float | None, float | None] = NOWHERE,
) -> Event | Rejected:
    """The event of a device. Facts without a value are left out."""
    told = {name: value for name, value in facts.items() if value is not None and value != ""}
    event = Event(kind, event_id, when.at, device_id, *place, told, message.received_at, when.source, message.redelivered)
    return device_fault(device_id) or checked(event)


def said(raw: object) -> str:
    """The source's own words, as far as they can be kept: NUL and half characters gone, not too long."""
    text = raw if isinstance(raw, str) else ""
    return "".join(one for one in text if one != "\x00" and not "\ud800" <= one <= "\udfff").strip()[:MAX_SAID]


def place_of(lon: object, lat: object) -> tuple[float | None, float | None]:
    """Degrees; nowhere for what is missing, no place, or 0, 0: a receiver that knows none."""
    numbers = [_degrees(raw) for raw in (lon, lat)]
    known = all(
        number is not None and LOCATION[name].fault(name, number) is None for name, number in zip(("lon", "lat"), numbers, strict=True)
    )
    return (numbers[0], numbers[1]) if known and any(numbers) else NOWHERE


def _degrees(raw: object) -> float | None:
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        return None
    try:
        return float(raw)
    except (ValueError, OverflowError):
        return None
