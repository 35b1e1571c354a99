"""The duty room: its log 值班日志, the telephone log, and the hand-over 交接班 that the next shift signs."""

from collections.abc import Mapping
from typing import Any, Protocol

from domain.access import Actor
from domain.duty import on_duty
from domain.identity import uuid7
from domain.incident_life import Incident
from domain.incidents import Refused
from services.duty import Units
from services.duty_ports import HandOver, LogEntry, Matters, NotTaken, PhoneCall, RoomStore, RosterStore, written
from services.duty_scope import must
from services.notices import Notices

MOST = 200
TITLE = 60


class Reporting(Protocol):
    """services/incident_desk.py."""

    def report(self, actor: Actor, said: Mapping[str, Any], now: int, at: int | None = None, request_id: str | None = None) -> Incident: ...


class DutyRoom:
    """What the people on duty write down."""

    def __init__(
        self, store: RoomStore, rosters: RosterStore, units: Units, desk: Reporting, matters: Matters, notices: Notices, early_ms: int
    ) -> None:
        """`early_ms`: the next shift may sign so long before it begins."""
        self._store, self._rosters, self._units, self._early_ms = store, rosters, units, early_ms
        self._desk, self._matters, self._notices = desk, matters, notices

    def write(self, actor: Actor, department: str, text: str, now: int, at: int | None = None, link: str = "") -> LogEntry:
        """A line of the log; it stays as it is. Raises Forbidden, LookupError, NotTaken."""
        must(actor, "keep_log", department, self._units.regions())
        entry = LogEntry(str(uuid7(now)), department, min(at or now, now), now, actor.username, "note", _said(text), link)
        self._store.log(entry)
        return entry

    def log(self, actor: Actor, department: str, now: int, at: int | None = None) -> list[LogEntry]:
        """The newest lines, as they were at `at`. Raises Forbidden, LookupError."""
        must(actor, "see_duty", department, self._units.regions(at))
        return self._store.entries(department, now if at is None else at, MOST)

    def take_call(self, actor: Actor, department: str, said: Mapping[str, str], now: int, at: int | None = None) -> PhoneCall:
        """A telephone call: `caller`, `phone`, `text`, `told` (whom they have told already), `address`. Raises as `write`."""
        must(actor, "keep_log", department, self._units.regions())
        fields = {name: written(str(said.get(name, "")), name) for name in ("caller", "phone", "told", "address")}
        call = PhoneCall(str(uuid7(now)), department, min(at or now, now), now, actor.username, text=_said(said.get("text", "")), **fields)
        self._store.phone(call)
        return call

    def calls(self, actor: Actor, department: str, now: int, at: int | None = None) -> list[PhoneCall]:
        """The newest telephone calls. Raises Forbidden, LookupError."""
        must(actor, "see_duty", department, self._units.regions(at))
        return self._store.phone_calls(department, now if at is None else at, MOST)

    def to_incident(self, actor: Actor, call_id: str, said: Mapping[str, Any], now: int) -> Incident:
        """The call becomes an incident in one step, once; `said` adds to or corrects the report. Raises Forbidden, LookupError, Refused."""
        call = self._store.phone_call(call_id)
        if call is None:
            raise LookupError(call_id)
        must(actor, "keep_log", call.department, self._units.regions())
        if call.incident_id:
            raise Refused("is_an_incident", {"incident_id": call.incident_id})
        known = {
            "title": call.text[:TITLE], "description": call.text, "source": "hotline", "told": call.told,
            "caller": {"name": call.caller, "phone": call.phone}, "place": {"address": call.address or call.text[:TITLE]},
        }  # fmt: skip
        made = self._desk.report(actor, {**known, **said}, now, call.at, f"call:{call_id}")
        self._store.became(call_id, made.incident_id)
        return made

    def hand_over(self, actor: Actor, department: str, note: str, now: int) -> HandOver:
        """Hand the shift over, with everything that is open in the actor's scope; the next shift is told. Raises as `write`."""
        must(actor, "keep_log", department, self._units.regions())
        note = written(note, "note")
        made = HandOver(str(uuid7(now)), department, actor.username, now, note, list(self._matters(actor, now)))
        self._store.hand_over(made)
        following = [name for name in self._next_shift(department, now) if name != actor.username]
        thing, params = f"handover:{made.handover_id}", {"by": actor.username, "said": note}
        self._notices.tell(following, thing, "handover_waits", params, "/duty?part=handover", now)
        return made

    def sign(self, actor: Actor, handover_id: str, note: str, now: int) -> HandOver:
        """The next shift signs; nobody signs their own. Raises Forbidden, LookupError, NotTaken."""
        held, note = self._store.one_hand_over(handover_id), written(note, "note")
        if held is None:
            raise LookupError(handover_id)
        must(actor, "keep_log", held.department, self._units.regions())
        if actor.username == held.by_username:
            raise NotTaken("own_work", value=actor.username)
        following = self._next_shift(held.department, now)
        if following and actor.username not in following:
            raise NotTaken("not_the_next_shift", value=actor.username)
        if not self._store.sign(handover_id, actor.username, note, now):
            raise NotTaken("gone_on", value=held.signed_by)
        return held._replace(signed_by=actor.username, signed_at=now, signed_note=note)

    def hand_overs(self, actor: Actor, department: str, now: int, at: int | None = None) -> list[HandOver]:
        """The newest hand-overs. Raises Forbidden, LookupError."""
        must(actor, "see_duty", department, self._units.regions(at))
        return self._store.hand_overs(department, now if at is None else at, MOST)

    def open_matters(self, actor: Actor, department: str, now: int) -> list[Mapping[str, Any]]:
        """What a hand-over at this moment would list. Raises Forbidden, LookupError."""
        must(actor, "see_duty", department, self._units.regions())
        return list(self._matters(actor, now))

    def _next_shift(self, department: str, now: int) -> list[str]:
        """Who is on duty now or begins soon."""
        shifts = self._rosters.shifts(now, now + self._early_ms)
        there = [*on_duty(shifts, now, department=department), *on_duty(shifts, now + self._early_ms - 1, department=department)]
        return list(dict.fromkeys(one.username for one in there))


def _said(text: str) -> str:
    if not text.strip():
        raise NotTaken("empty", value="text")
    return written(text, "text")
