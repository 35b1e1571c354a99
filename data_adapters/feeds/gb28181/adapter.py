"""GB/T 28181: alarms, states and places that a video platform or its gateway publishes (README.md beside this file)."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from config.strict import Field, one_of
from data_adapters.feeds.gb28181.alarms import DIRECTIONS, INTRUSION, ONLINE, methods_of, type_of
from data_adapters.feeds.gb28181.bodies import Body, Fields, body_of
from data_adapters.feeds.measured import Measured
from data_adapters.feeds.places import position
from data_adapters.feeds.setup import FeedSetup
from data_adapters.feeds.stated import fingerprint, identity, place_of, said, stated, undated
from data_adapters.feeds.times import by_receipt, by_text, zone
from domain.event_time import EventTime, NotATime
from domain.gb28181 import known
from domain.messages import Memory, Output, Presence, RawMessage, Rejected

KMH = 3.6
NOT_HANDLED: Mapping[str, str] = {
    "mediastatus": "the end of a recording's playback, for whoever plays it",
    "deviceinfo": "what a device is; the catalogue tells it",
    "devicestatus": "an answer to a question of the platform's",
    "recordinfo": "a list of recordings, for whoever asked",
    "configdownload": "a device's settings, for whoever asked",
    "presetquery": "views of a camera, for whoever asked",
    "broadcast": "an invitation to speak through a loudspeaker",
    "devicecontrol": "an order to a device",
    "deviceconfig": "an order to a device",
    "uploadsnapshotfinished": "the end of a series of pictures, for whoever ordered it",
}
ROOTS = ("Notify", "")
"""`Response`, `Query` and `Control` are others' talk; JSON has no root."""
NAMES = ("channelid", "gbid", "deviceid")
"""Whose alarm it is: a gateway's JSON may tell the channel beside the device."""


class Gb28181Feed:
    """Parses notifications. It remembers nothing between messages."""

    remembers = False

    def __init__(self, setup: FeedSetup) -> None:
        self._settings = setup.read(gb28181_fields(), [])
        self.name, self._clock_ahead_ms = setup.name, setup.clock_ahead_ms
        self.topics: Sequence[str] = setup.topics
        self._measured = Measured(setup.catalogue)

    def partition_key(self, topic: str) -> str:
        """The topic: what one gateway publishes under one topic stays in order."""
        return topic

    def parse(self, message: RawMessage, memory: Memory) -> tuple[list[Output], Memory]:
        """An event for an alarm, presences, positions; Rejected for what the README lists. Never raises."""
        found = body_of(message.payload, self._settings["encoding"])
        return ([found] if isinstance(found, Rejected) else list(self._outputs(found, message))), memory

    def _outputs(self, body: Body, message: RawMessage) -> Iterator[Output]:
        if body.root not in ROOTS:
            yield Rejected("not_handled", f"a {body.root[:40]!r} of MANSCDP: what others ask of each other")
            return
        command = body.fields.get("cmdtype", "alarm" if "alarmmethod" in body.fields else "").lower()
        handlers: dict[str, Callable[[Body, RawMessage], Iterator[Output]]] = {
            "alarm": self._alarm,
            "keepalive": self._keepalive,
            "catalog": self._catalogue,
            "mobileposition": self._place,
        }
        if command in handlers:
            yield from handlers[command](body, message)
        elif command in NOT_HANDLED:
            yield Rejected("not_handled", f"{command}: {NOT_HANDLED[command]}")
        else:
            yield Rejected("unknown_message", f"nobody knows a CmdType {command[:40]!r}")

    def _alarm(self, body: Body, message: RawMessage) -> Iterator[Output]:
        fields = body.fields
        code, when, methods = self._code(fields), self._when(fields, "alarmtime", message), methods_of(fields.get("alarmmethod", ""))
        if isinstance(code, Rejected) or isinstance(when, Rejected):
            yield code if isinstance(code, Rejected) else when  # type: ignore[misc]
            return
        priority, number = _digit(fields, "alarmpriority", 1, 4), _digit(fields, "alarmtype", 1, 99)
        if methods is None:
            yield Rejected("bad_method", f"AlarmMethod is one or more of 1 to 7, not {fields.get('alarmmethod', '')[:20]!r}")
        elif priority == -1 or number == -1:
            yield Rejected("bad_code", "AlarmPriority is 1 to 4, AlarmType a small whole number")
        else:
            facts = {
                "type": type_of(methods, number),
                "phase": "again",
                "priority": priority,
                "method": methods,
                "source": f"{fields['alarmmethod']}.{number or 0}",
                "direction": _direction(methods, number, fields),
                "said": said(fields.get("alarmdescription")),
            }
            place = place_of(fields.get("longitude"), fields.get("latitude"))
            event_id = identity(
                code, fields.get("alarmtime") or fingerprint(message), fields["alarmmethod"], number or 0, facts["direction"] or 0
            )
            yield stated("video_alarm", event_id, code, facts, when, message, place)

    def _keepalive(self, body: Body, message: RawMessage) -> Iterator[Output]:
        """A device that says OK is there; one delivered again says nothing new."""
        code = self._code(body.fields)
        if isinstance(code, Rejected):
            yield code
        elif not message.redelivered and not message.retained:
            yield from self._state(code, body.fields.get("status", "OK").upper() == "OK", message)

    def _catalogue(self, body: Body, message: RawMessage) -> Iterator[Output]:
        """States of channels (Event ON, OFF, VLOST, DEFECT; else Status). What joins or leaves the catalogue is asked of the platform.
        One delivered again is taken: nobody says it a second time."""
        for item in body.items:
            code, event = self._code(item), item.get("event", "").upper()
            online = ONLINE.get(event, ONLINE.get(item.get("status", "").upper()))
            if isinstance(code, Rejected):
                yield code
            elif online is not None and not message.retained:
                yield from self._state(code, online, message)
        if not body.items:
            yield Rejected("not_handled", "a catalogue without items tells no state")

    def _state(self, code: str, online: bool, message: RawMessage) -> Iterator[Output]:
        yield Presence(code, online, message.received_at)
        when = by_receipt(message, "received")
        if not isinstance(when, Rejected):
            yield self._measured.reading(code, "online", online, "", when, message)

    def _place(self, body: Body, message: RawMessage) -> Iterator[Output]:
        code, when = self._code(body.fields), self._when(body.fields, "time", message)
        if isinstance(code, Rejected) or isinstance(when, Rejected):
            yield code if isinstance(code, Rejected) else when  # type: ignore[misc]
            return
        lon, lat = place_of(body.fields.get("longitude"), body.fields.get("latitude"))
        if lon is None:
            yield Rejected("no_fix", f"{code}: no place, or 0, 0")
            return
        speed, course = (_number(body.fields, name) for name in ("speed", "direction"))
        told = {"lon": lon, "lat": lat, "speed": None if speed is None else speed / KMH, "course": course}
        yield position(code, told, when, message)

    def _code(self, fields: Fields) -> str | Rejected:
        code = next((fields[name] for name in NAMES if fields.get(name)), "")
        if known(code) is None:
            return Rejected("bad_device", f"{code[:40]!r} is no code of twenty digits (GB/T 28181-2022, annex E)")
        return code

    def _when(self, fields: Fields, name: str, message: RawMessage) -> EventTime | Rejected:
        """In the zone of the standard's clock, which is Beijing time."""
        if not fields.get(name):
            return undated(message, self._settings["without_time"])
        try:
            return by_text(fields[name], message, self._clock_ahead_ms, self._settings["zone"])
        except NotATime as error:
            return Rejected("bad_time", f"{name}: {error}")


def gb28181_fields() -> dict[str, Field]:
    """The settings."""
    return {
        "encoding": (one_of("declared", "utf-8", "gb18030"), "declared"),
        "zone": (zone, zone("Asia/Shanghai")),
        "without_time": (one_of("reject", "received"), "reject"),
    }


def _digit(fields: Fields, name: str, low: int, high: int) -> int | None:
    """The number; None where none is told (0 tells none either), -1 for one that can't be."""
    text = fields.get(name, "")
    if text in ("", "0"):
        return None
    number = int(text) if len(text) < 4 and text.isascii() and text.isdigit() else -1
    return number if low <= number <= high else -1


def _direction(methods: Sequence[int], number: int | None, fields: Fields) -> str | None:
    method, intrusion = INTRUSION
    if method not in methods or number != intrusion:
        return None
    return DIRECTIONS.get(_digit(fields, "eventtype", 1, 2) or 0)


def _number(fields: Fields, name: str) -> float | None:
    try:
        return float(fields[name]) if fields.get(name) else None
    except ValueError:
        return None
