"""Assembles duty: rosters, the duty room, the address book; what is open at a hand-over; the demo's roster."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Engine

from config.duty import load_duty_rules
from config.languages import load_catalogues
from config.notices import load_delivery, load_notices_kept
from data_adapters.notice_wiring import build_notices
from data_adapters.roster_calendar import RosterCalendar
from data_adapters.sql.duty_repository import DutyRepository
from data_adapters.sql.duty_room_repository import DutyRoomRepository
from data_adapters.sql.notice_repository import NoticeRepository
from data_adapters.sql.outbox_repository import OutboxRepository
from data_adapters.sql.people_repository import PeopleRepository
from domain.access import Actor
from services.chains import Chains
from services.duty import Roster
from services.duty_book import DutyBook
from services.duty_changes import Changes
from services.duty_gaps import CoverShown, CoverWatch
from services.duty_ports import Matters
from services.duty_room import DutyRoom
from services.incident_board import IncidentBoard
from services.incident_desk import IncidentDesk
from services.incident_ports import Query
from services.notices import Notices
from services.outbox import Outbox, forgetting
from services.picture import Picture
from services.register import Register

LISTED = 200


class DutyServices(NamedTuple):
    """What a web worker offers about duty and notices."""

    roster: Roster
    duty_changes: Changes
    duty_room: DutyRoom
    duty_book: DutyBook
    notices: Notices
    chains: Chains
    outbox: Outbox


def build_duty(engine: Engine, register: Register, desk: IncidentDesk, board: IncidentBoard, picture: Picture) -> DutyServices:
    """Duty and notices on this database. Opens no connection yet. Raises ConfigError."""
    rosters, rooms, callings, notices = DutyRepository(engine), DutyRoomRepository(engine), NoticeRepository(engine), build_notices(engine)
    words = load_catalogues()["zh"]
    rules, delivery = load_duty_rules(), load_delivery()
    roster = Roster(rosters, register, rules, lambda: str(register.city()["timezone"]), RosterCalendar(words))
    people = PeopleRepository(engine)
    room = DutyRoom(rooms, rosters, register, desk, open_matters(board, picture, notices), notices, rules.early_ms)
    return DutyServices(
        roster,
        Changes(rosters, notices, lambda: people.of("duty_officer")),
        room,
        DutyBook(rooms, rosters, register, notices, callings),
        notices,
        Chains(callings, {"incident": _sees_incident(desk), "alarm": _sees_alarm(picture)}),
        Outbox(OutboxRepository(engine), callings, delivery.test_pause_s),
    )


def _sees_incident(desk: IncidentDesk) -> Callable[[Actor, str, int], bool]:
    def sees(actor: Actor, incident_id: str, _now: int) -> bool:
        try:
            return desk.mine(actor, incident_id).incident_id == incident_id
        except LookupError:
            return False

    return sees


def _sees_alarm(picture: Picture) -> Callable[[Actor, str, int], bool]:
    return lambda actor, alarm_id, _: any(one["alarm_id"] == alarm_id for one in picture.snapshot(actor).alarms)


def open_matters(board: IncidentBoard, picture: Picture, notices: Notices) -> Matters:
    """What a hand-over lists: open incidents, unacknowledged alarms, callings that nobody has answered; all in the actor's scope."""

    def matters(actor: Actor, now: int) -> Sequence[Mapping[str, Any]]:
        incidents, _ = board.search(actor, Query(open=True, limit=LISTED), now)
        alarms = [one for one in picture.snapshot(actor).alarms if one["acknowledged_at"] is None][:LISTED]
        callings = [one for one, _ in notices.people_called(actor)][:LISTED]
        return [
            *({"kind": "incident", "number": one.number, "title": one.title, "since": one.reported_at,
               "link": f"/desk?incident={one.incident_id}", "exercise": one.exercise} for one in incidents),
            *({"kind": "alarm", "number": one["number"], "title": one["device_id"], "since": one["raised_at"],
               "link": f"/desk?alarm={one['alarm_id']}"} for one in alarms),
            *({"kind": "calling", "number": "", "title": one.thing, "since": one.next_at, "link": ""} for one in callings),
        ]  # fmt: skip

    return matters


def duty_schedule(engine: Engine, zone: str, note: Callable[[str, object], object]) -> list[tuple[str, float, Callable[[int], object]]]:
    """What jobs.py does for duty; `note` writes on the live picture. Raises ConfigError."""
    roster, rules = DutyRepository(engine), load_duty_rules()
    watch = CoverWatch(roster, rules, build_notices(engine), PeopleRepository(engine), zone)
    shown = CoverShown(roster, rules, note)
    outbox, days = OutboxRepository(engine), load_notices_kept()
    return [
        ("gaps in cover", 60, watch.round),
        ("cover on the picture", 5, shown.show),
        ("notices are forgotten", 3600, lambda now: forgetting(outbox, days, now)),
    ]
