"""Duty on PostgreSQL: rosters and their files, changes among colleagues, hand-overs, logs, numbers, roll calls, gaps."""

import time
from typing import Any
from uuid import uuid4

import pytest
from icalendar import Calendar
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from config.duty import load_duty_rules
from config.languages import load_catalogues
from config.notices import load_call_rules
from data_adapters.demo.roster import make_demo_roster
from data_adapters.roster_calendar import RosterCalendar
from data_adapters.sql.duty_repository import DutyRepository
from data_adapters.sql.duty_room_repository import DutyRoomRepository
from data_adapters.sql.notice_repository import NoticeRepository
from data_adapters.sql.people_repository import PeopleRepository
from domain.access import Actor, Forbidden
from domain.duty import Shift
from domain.incidents import Refused
from domain.registry import Department, Region
from services.duty import Roster, Uncovered
from services.duty_book import DutyBook, answer_times
from services.duty_changes import Changes
from services.duty_gaps import CoverShown, CoverWatch
from services.duty_ports import Contact, NotTaken
from services.duty_room import DutyRoom
from services.notices import Notices
from tests.services.incident_fakes import REGIONS
from tests.services.test_incident_desk import City

HOUR, DAY = 3_600_000, 86_400_000
NOW = time.time_ns() // 1_000_000 // HOUR * HOUR
ROLES = {"chen": "duty_officer", "li": "operator", "wang": "operator", "zhao": "leader", "sun": "handler"}
ACTORS = {name: Actor(name, frozenset({role})) for name, role in ROLES.items()}
MATTERS = [{"kind": "incident", "number": "C-1", "title": "积水", "since": 1, "link": "/desk?incident=1"}]


class Units:
    """Two departments and three regions."""

    def regions(self, at: int | None = None) -> dict[str, Region]:
        return REGIONS

    def departments(self, at: int | None = None) -> dict[str, Department]:
        return {code: Department(code, code) for code in ("water", "transport")}


class Duty:
    """All of duty on one database."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.store, self.rooms = engine, DutyRepository(engine), DutyRoomRepository(engine)
        self.notices, people = Notices(NoticeRepository(engine), load_call_rules()), PeopleRepository(engine)
        calendar = RosterCalendar(load_catalogues()["zh"])
        self.roster = Roster(self.store, Units(), load_duty_rules(), lambda: "Asia/Shanghai", calendar)
        self.changes = Changes(self.store, self.notices, lambda: people.of("duty_officer"))
        self.room = DutyRoom(
            self.rooms, self.store, Units(), City(engine).desk, lambda actor, now: MATTERS, self.notices, self.roster.rules.early_ms
        )
        self.book = DutyBook(self.rooms, self.store, Units(), self.notices, NoticeRepository(engine))
        self.watch = CoverWatch(self.store, load_duty_rules(), self.notices, people, "Asia/Shanghai")

    def put(self, who: str, starts: int, ends: int, post: str = "watch_officer", unit: str = "") -> Shift:
        return self.roster.write(ACTORS["chen"], Shift("", post, unit, who, "", "123", NOW + starts * HOUR, NOW + ends * HOUR), NOW)

    def told(self, template: str) -> list[str]:
        return [name for name in ROLES for one in self.notices.mine(Actor(name)) if one.template == template]


@pytest.fixture
def duty(engine: Engine) -> Duty:
    with engine.begin() as tx:
        tx.execute(text("TRUNCATE outbox, callings, duty_shifts, duty_changes, duty_handovers, contacts, roll_calls"))
        for name, role in ROLES.items():
            tx.execute(text("INSERT INTO users (username, password_hash) VALUES (:n, '') ON CONFLICT DO NOTHING"), {"n": name})
            values = {"n": name, "roles": [role]}
            tx.execute(text("INSERT INTO user_scopes VALUES (:n, '{}', '{}', :roles, '2020-01-01', NULL) ON CONFLICT DO NOTHING"), values)
    return Duty(engine)


def test_a_file_is_taken_whole_or_not_at_all_and_every_wrong_row_is_named(duty: Duty) -> None:
    heading = "post,department,username,phone,starts,ends\n"
    wrong = heading + (
        "watch_officer,,li,,2027-01-01T08:00,2027-01-01T20:00\n"
        "watch_officer,,nobody,,2027-01-01T08:00,2027-01-01T20:00\n"
        "seat,water,li,,2027-01-01T19:00,2027-01-01T21:00\n"
        "cook,,wang,,2027-01-01T08:00,2027-01-01T20:00\n"
        "watch_officer,,wang,,tomorrow,2027-01-01T20:00\n"
    )
    written, errors = duty.roster.read_file(ACTORS["chen"], wrong, NOW)
    assert written == 0 and [(one.line, one.code) for one in errors] == [
        (3, "unknown_person"), (4, "collides"), (5, "unknown_post"), (6, "wrong_time")
    ]  # fmt: skip
    assert not duty.store.shifts(0, NOW * 2)
    good = heading + "watch_officer,,li,8881,2027-01-01T08:00,2027-01-01T20:00\n"
    assert duty.roster.read_file(ACTORS["chen"], good, NOW) == (1, [])
    (made,) = duty.store.shifts(0, NOW * 2)
    assert (made.starts, made.phone, made.name) == (1_798_761_600_000, "8881", "li"), "08:00 in the city is 00:00 UTC"
    with pytest.raises(Forbidden):
        duty.roster.read_file(ACTORS["li"], good, NOW)


def test_nobody_sits_at_two_posts_at_once(duty: Duty) -> None:
    duty.put("li", 0, 8)
    with pytest.raises(NotTaken, match="collides"):
        duty.put("li", 7, 9, "seat", "water")
    duty.put("li", 8, 9, "seat", "water")


def test_a_roster_is_shown_as_it_was_written_down_then(duty: Duty) -> None:
    made = duty.put("li", 0, 8)
    duty.roster.write(ACTORS["chen"], made._replace(username="wang", name=""), NOW + HOUR)
    assert [one.username for one in duty.roster.on_duty(ACTORS["zhao"], NOW + 2 * HOUR)] == ["wang"]
    assert [one.username for one in duty.roster.on_duty(ACTORS["zhao"], NOW + 2 * HOUR, NOW + HOUR // 2)] == ["li"]


def test_a_swap_needs_the_colleague_and_a_shift_leader_who_is_neither_of_them(duty: Duty) -> None:
    mine, theirs = duty.put("li", 10, 18), duty.put("wang", 20, 28)
    asked = duty.changes.ask(ACTORS["li"], mine.shift_id, "wang", theirs.shift_id, "体检", NOW)
    assert duty.told("change_asked") == ["wang"]
    with pytest.raises(NotTaken):
        duty.changes.decide(ACTORS["chen"], asked.change_id, True, "", NOW)
    with pytest.raises(LookupError):
        duty.changes.agree(ACTORS["sun"], asked.change_id, NOW)
    duty.changes.agree(ACTORS["wang"], asked.change_id, NOW)
    assert duty.told("change_agreed") == ["chen"]
    with pytest.raises(Forbidden):
        duty.changes.decide(ACTORS["li"], asked.change_id, True, "", NOW)
    duty.changes.decide(ACTORS["chen"], asked.change_id, True, "", NOW + 1)
    shifts = {one.shift_id: one.username for one in duty.store.shifts(NOW, NOW + 2 * DAY)}
    assert shifts == {mine.shift_id: "wang", theirs.shift_id: "li"} and sorted(duty.told("change_decided")) == ["li", "wang"]
    with pytest.raises(NotTaken):
        duty.changes.decide(ACTORS["chen"], asked.change_id, True, "", NOW + 2)


def test_a_stand_in_who_is_on_elsewhere_is_refused_and_nothing_changes(duty: Duty) -> None:
    mine, _ = duty.put("li", 10, 18), duty.put("wang", 12, 14, "seat", "water")
    asked = duty.changes.ask(ACTORS["li"], mine.shift_id, "wang", None, "", NOW)
    duty.changes.agree(ACTORS["wang"], asked.change_id, NOW)
    with pytest.raises(NotTaken, match="collides"):
        duty.changes.decide(ACTORS["chen"], asked.change_id, True, "", NOW + 1)
    held = duty.store.shift(mine.shift_id)
    assert held is not None and held.username == "li"
    assert [one.state for one in duty.store.changes(True)] == ["agreed"], "the roster and the change move together or not at all"


def test_the_next_shift_signs_the_hand_over_and_nobody_their_own(duty: Duty) -> None:
    duty.put("li", -8, 1)
    duty.put("wang", 1, 9)
    made = duty.room.hand_over(ACTORS["li"], "", "泵站检修中", NOW)
    assert made.open_matters == MATTERS and duty.told("handover_waits") == ["wang"]
    with pytest.raises(NotTaken, match="own_work"):
        duty.room.sign(ACTORS["li"], made.handover_id, "", NOW)
    with pytest.raises(NotTaken, match="not_the_next_shift"):
        duty.room.sign(ACTORS["zhao"], made.handover_id, "", NOW)
    duty.room.sign(ACTORS["wang"], made.handover_id, "已知悉", NOW + 1)
    with pytest.raises(NotTaken, match="gone_on"):
        duty.room.sign(ACTORS["wang"], made.handover_id, "", NOW + 2)
    assert [one.signed_by for one in duty.room.hand_overs(ACTORS["zhao"], "", NOW + 3)] == ["wang"]


def test_the_log_stays_as_it_was_written(duty: Duty) -> None:
    entry = duty.room.write(ACTORS["li"], "", "巡检正常", NOW, NOW - HOUR)
    assert duty.room.log(ACTORS["zhao"], "", NOW)[0] == entry and entry not in duty.room.log(ACTORS["zhao"], "", NOW, NOW - 1)
    for statement in ("UPDATE duty_log SET text = 'x'", "DELETE FROM duty_log"):
        with pytest.raises(DBAPIError, match="append-only"), duty.engine.begin() as tx:
            tx.execute(text(statement))
    with pytest.raises(NotTaken):
        duty.room.write(ACTORS["li"], "", "  ", NOW)
    with pytest.raises(Forbidden):
        duty.room.write(ACTORS["sun"], "", "x", NOW)


def test_a_telephone_call_becomes_one_incident_in_one_step(duty: Duty) -> None:
    said = {"caller": "张先生", "phone": "0000", "text": "鸿福路积水半米", "told": "已告知水务局", "address": "鸿福路"}
    call = duty.room.take_call(ACTORS["li"], "", said, NOW)
    made = duty.room.to_incident(ACTORS["li"], call.call_id, {"urgency": "urgent"}, NOW + 1)
    assert (made.caller["phone"], made.told, made.title, made.reported_at) == ("0000", "已告知水务局", "鸿福路积水半米", call.at)
    assert duty.room.calls(ACTORS["li"], "", NOW + 2)[0].incident_id == made.incident_id
    with pytest.raises(Refused, match="is_an_incident"):
        duty.room.to_incident(ACTORS["li"], call.call_id, {}, NOW + 2)


def test_the_address_book_shows_who_is_on_duty_there_now(duty: Duty) -> None:
    duty.put("sun", -1, 8, "seat", "water")
    duty.book.write(ACTORS["chen"], Contact("", "water", "值班室", "", "0769"), NOW)
    pages = {page.code: page for page in duty.book.pages(ACTORS["li"], NOW)}
    assert [one.phone for one in pages["water"].contacts] == ["0769"] and [one.username for one in pages["water"].on_duty] == ["sun"]
    assert set(pages) == {"", "water", "transport", "441900003", "441900004"}
    assert duty.book.read_file(ACTORS["chen"], "department,name,post,phone\nnowhere,a,,1\n", NOW)[1][0].code == "unknown_department"


def test_a_roll_call_says_who_answered_after_how_long_and_where_nobody_is(duty: Duty) -> None:
    duty.put("sun", -1, 8, "seat", "water")
    seen = duty.book.call_roll(ACTORS["chen"], "roll_call", ["water", "transport"], NOW)
    assert [(one.department, one.state) for one in seen.called] == [("water", "calling"), ("transport", "nobody")]
    assert duty.notices.answer(ACTORS["sun"], f"roll:{seen.roll.roll_id}:water", NOW + 40_000)
    (after,) = duty.book.rolls(ACTORS["chen"], NOW + 60_000)
    assert answer_times(after) == {"water": 40_000}


def test_a_gap_in_cover_is_told_to_the_shift_leader_once(duty: Duty) -> None:
    watch: Any = duty.watch
    assert watch.round(NOW) > 0 and watch.round(NOW + HOUR // 2) == 0
    assert set(duty.told("gap_in_cover")) == {"chen"}


def test_a_post_that_nobody_holds_is_an_alarm_from_the_end_of_the_last_shift_to_the_next(duty: Duty) -> None:
    duty.put("li", -9, -1)
    duty.put("wang", 2, 10)
    duty.put("chen", -12, 12, "shift_leader")
    found = {one.post: one for one in duty.roster.uncovered(ACTORS["li"], NOW)}
    assert found["watch_officer"] == Uncovered("watch_officer", "critical", NOW - HOUR, NOW + 2 * HOUR, 0, 1)
    assert found["leader_on_duty"] == Uncovered("leader_on_duty", "critical", None, None, 0, 1) and "shift_leader" not in found
    assert "watch_officer" not in {one.post for one in duty.roster.uncovered(ACTORS["li"], NOW + 2 * HOUR)}
    with pytest.raises(Forbidden):
        duty.roster.uncovered(Actor("root", frozenset({"system_admin"})), NOW)


def test_a_past_moment_shows_the_gap_that_was_known_then(duty: Duty) -> None:
    duty.put("chen", -12, 12, "shift_leader")
    duty.put("zhao", -12, 12, "leader_on_duty")
    before = time.time_ns() // 1_000_000
    shift = Shift("", "watch_officer", "", "wang", "", "", NOW - 12 * HOUR, NOW + 12 * HOUR)
    duty.roster.write(ACTORS["chen"], shift, before + 60_000)
    shown = {at: [one.post for one in duty.roster.uncovered(ACTORS["li"], at, at)] for at in (before, before + 120_000)}
    assert shown == {before: ["watch_officer"], before + 120_000: []}


def test_the_picture_says_which_posts_are_short_and_no_names(duty: Duty) -> None:
    duty.put("li", -1, 8)
    noted: list[Any] = []
    CoverShown(duty.store, load_duty_rules(), lambda *said: noted.append(said)).show(NOW)
    section, posts = noted[0]
    assert section == "duty" and {one["post"] for one in posts} == {"shift_leader", "leader_on_duty"}
    assert all(set(one) == {"post", "there", "owed"} for one in posts)


def test_the_calendar_of_a_person_holds_their_shifts_alone(duty: Duty) -> None:
    made = duty.put("li", 0, 8)
    duty.put("wang", 8, 16)
    calendar = Calendar.from_ical(duty.roster.calendar(ACTORS["li"], NOW - DAY, NOW + DAY, username="li"))
    (event,) = calendar.walk("VEVENT")
    assert (str(event["uid"]), event["dtstart"].dt.timestamp() * 1000) == (f"{made.shift_id}@citydeck", NOW)


def test_the_demos_roster_has_no_gap_and_is_made_of_its_accounts(duty: Duty) -> None:
    with duty.engine.begin() as tx:
        for name in ("operator", "dispatcher", "leader", "duty_officer", "handler"):
            tx.execute(text("INSERT INTO users (username, password_hash, demo) VALUES (:n, '', true) ON CONFLICT DO NOTHING"), {"n": name})
    assert make_demo_roster(duty.engine, "Asia/Shanghai", NOW) > 100 and make_demo_roster(duty.engine, "Asia/Shanghai", NOW + 1) == 0
    assert not duty.roster.gaps(ACTORS["chen"], NOW, NOW + 20 * DAY)


def test_ids_that_nobody_has_are_nothing(duty: Duty) -> None:
    for ask in (lambda: duty.changes.agree(ACTORS["li"], str(uuid4()), NOW), lambda: duty.room.sign(ACTORS["li"], str(uuid4()), "", NOW)):
        with pytest.raises(LookupError):
            ask()
