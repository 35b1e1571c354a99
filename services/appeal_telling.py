"""Telling another desk what becomes of its orders: every step of ours that it has a word for, once each, in order, by the outbox."""

from collections.abc import Mapping
from typing import Any

from domain.appeals import Appeal
from domain.identity import uuid7
from domain.incident_life import Event, Incident
from domain.incident_states import FIRST
from domain.masking import masked
from services.appeal_ports import AppealStore, Desk, Statement
from services.notice_ports import NotDelivered, Notice, NoticeStore
from services.reactions import Happened

CHANNEL = "platform"
PREFIX = "platform:"
TEMPLATE = "order_status"
NOTES = ("note", "reason", "caller_said")
"""What of a deed the other desk is told in words."""


class Telling:
    """Puts statements into the outbox; `desks`: feed -> the desk that is told."""

    def __init__(self, store: AppealStore, notices: NoticeStore, desks: Mapping[str, Desk]) -> None:
        self._store, self._notices, self._desks = store, notices, desks

    def made(self, appeal: Appeal, incident: Incident, at: int) -> int:
        """A new order was taken in."""
        return self._put(appeal, incident, FIRST, at, 1, incident.reported_by, "")

    def follow(self, one: Happened, now: int) -> int:
        """An event of an incident: put where it is an order's step. Seen again it changes nothing."""
        state = str(one.event.data.get("to") or "")
        if one.incident.spine != "order" or not state or not self._desks:
            return 0
        appeal = self._store.of_incident(one.incident.incident_id)
        return self._put(appeal, one.incident, state, one.event.at, one.event.version, one.event.actor, _note(one.event)) if appeal else 0

    def _put(self, appeal: Appeal, incident: Incident, state: str, at: int, version: int, by: str, note: str) -> int:
        desk = self._desks.get(appeal.feed)
        if desk is None or not desk.word(state):
            return 0
        thing, said = thing_of(incident.incident_id), {"feed": appeal.feed, "external": appeal.number, "state": state, "at": at}
        params: dict[str, Any] = {**said, "number": incident.number, "department": incident.lead, "note": note, "by": by}
        params |= {"word": desk.word(state)}
        key, link = f"{thing}|{version}", f"/desk?incident={incident.incident_id}"
        name = f"{PREFIX}{appeal.feed}"
        return self._notices.put([Notice(str(uuid7(at)), key, thing, name, CHANNEL, TEMPLATE, params, link, at)])


def thing_of(incident_id: str) -> str:
    """What the statements of one order are about, in the outbox."""
    return f"order:{incident_id}"


def _note(event: Event) -> str:
    return masked(next((str(event.data[name]) for name in NOTES if event.data.get(name)), ""))


class Platforms:
    """The Channel port to other desks; the address is the feed's name."""

    def __init__(self, desks: Mapping[str, Desk]) -> None:
        self._desks = desks

    def send(self, notice: Notice, address: str, title: str, body: str) -> None:
        """Raises NotDelivered."""
        desk, said = self._desks.get(address), notice.params
        if desk is None:
            raise NotDelivered("its feed has no setting `tell` any more")
        desk.tell(
            Statement(address, said["external"], said["number"], said["state"], said["at"], said["department"], said["note"], notice.key)
        )
