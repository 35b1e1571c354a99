"""The address book with today's numbers, and calling the roll: 通讯录, 点名, 查岗."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from domain.access import Actor, Forbidden
from domain.duty import Shift, chain_of, on_duty
from domain.identity import uuid7
from domain.notices import Calling
from domain.registry import compared_level
from services.duty import Units, Wrong
from services.duty_ports import Contact, NotTaken, Roll, RoomStore, RosterStore, written
from services.duty_scope import must, sees_unit
from services.notice_ports import NoticeStore
from services.notices import Notices

KINDS = ("roll_call", "duty_check")
MOST_ROLLS = 50
CONTACT_COLUMNS = ("department", "name", "post", "phone")


class Page(NamedTuple):
    """A page of the address book: a unit, who is on duty there now, and its numbers."""

    code: str
    name: str
    name_en: str
    on_duty: Sequence[Shift]
    contacts: Sequence[Contact]


class Called(NamedTuple):
    """One unit's answer to a roll call: who is being called, who answered and when (epoch ms), or that nobody is on duty there."""

    department: str
    state: str
    person: str
    answered_by: str
    answered_at: int | None


class RollSeen(NamedTuple):
    """A roll call with its answers."""

    roll: Roll
    called: Sequence[Called]


class DutyBook:
    """Numbers, and whether somebody answers them."""

    def __init__(self, store: RoomStore, rosters: RosterStore, units: Units, notices: Notices, callings: NoticeStore) -> None:
        self._store, self._rosters, self._units, self._notices, self._callings = store, rosters, units, notices, callings

    def pages(self, actor: Actor, now: int, at: int | None = None) -> list[Page]:
        """The center, departments, and the places that the city compares, in the actor's scope. Raises Forbidden."""
        if not actor.may("see_duty"):
            raise Forbidden("see_duty")
        moment, regions = now if at is None else at, self._units.regions(at)
        level = compared_level(regions.values())
        places = [region for region in regions.values() if region.level == level]
        departments = [(one.code, one.name, one.name_en) for one in self._units.departments(at).values()]
        units = [("", "", ""), *departments, *((one.code, one.name, one.name_en) for one in places)]
        shifts, contacts = self._rosters.shifts(moment, moment + 1, at), self._store.contacts(at)
        return [
            Page(code, zh, en, on_duty(shifts, moment, department=code), [one for one in contacts if one.department == code])
            for code, zh, en in units
            if sees_unit(actor, code, regions)
        ]

    def write(self, actor: Actor, contact: Contact, now: int) -> Contact:
        """A new number (its id empty), or another form of one. Raises Forbidden, LookupError, NotTaken."""
        self._check(actor, contact)
        held = self._mine(actor, contact.contact_id) if contact.contact_id else None
        made = contact._replace(contact_id=str(uuid7(now)))
        self._store.put_contacts([made], [held.contact_id] if held else [], actor.username, now)
        return made

    def remove(self, actor: Actor, contact_id: str, now: int) -> None:
        """It is no number any more. Raises Forbidden, LookupError."""
        self._store.put_contacts([], [self._mine(actor, contact_id).contact_id], actor.username, now)

    def read_file(self, actor: Actor, content: str, now: int) -> tuple[int, list[Wrong]]:
        """Take a CSV file with the CONTACT_COLUMNS, as services/duty.py takes rosters. Raises Forbidden, NotTaken."""
        rows = list(csv.DictReader(io.StringIO(content.removeprefix("\ufeff"))))
        if not rows or not set(CONTACT_COLUMNS) <= set(rows[0]):
            raise NotTaken("wrong_columns", value=", ".join(CONTACT_COLUMNS))
        good: list[Contact] = []
        wrong: list[Wrong] = []
        for line, row in enumerate(rows, start=2):
            one = Contact(str(uuid7(now)), *((row[name] or "").strip() for name in CONTACT_COLUMNS))
            try:
                self._check(actor, one)
                good.append(one)
            except NotTaken as error:
                wrong.append(Wrong(line, error.code, str(error.params.get("value", ""))[:100]))
            except LookupError as error:
                wrong.append(Wrong(line, "outside_your_scope", str(error)))
        if good and not wrong:
            self._store.put_contacts(good, [], actor.username, now)
        return (0 if wrong else len(good)), wrong

    def _check(self, actor: Actor, contact: Contact) -> None:
        regions = self._units.regions()
        must(actor, "edit_roster", contact.department, regions)
        if contact.department and contact.department not in {**regions, **self._units.departments()}:
            raise NotTaken("unknown_department", value=contact.department)
        if not contact.name or not contact.phone:
            raise NotTaken("empty", value="name, phone")
        for name in ("name", "post", "phone"):
            written(getattr(contact, name), name)

    def _mine(self, actor: Actor, contact_id: str) -> Contact:
        found = next((one for one in self._store.contacts() if one.contact_id == contact_id), None)
        if found is None:
            raise LookupError(contact_id)
        must(actor, "edit_roster", found.department, self._units.regions())
        return found

    def call_roll(self, actor: Actor, kind: str, departments: Sequence[str], now: int) -> RollSeen:
        """Call whoever is on duty in each of these units; the caller hears who did not answer. Raises Forbidden, LookupError, NotTaken."""
        regions = self._units.regions()
        for unit in departments:
            must(actor, "call_roll", unit, regions)
        if kind not in KINDS or not departments:
            raise NotTaken("empty", value="departments")
        shifts, roll_id = self._rosters.shifts(now, now + 1), str(uuid7(now))
        chains = {unit: [name for name in chain_of(shifts, now, unit) if name != actor.username] for unit in dict.fromkeys(departments)}
        roll = Roll(roll_id, kind, actor.username, now, list(chains), [unit for unit, chain in chains.items() if not chain])
        self._store.call_roll(roll)
        for unit, chain in chains.items():
            if chain:
                self._notices.call(chain, actor.username, _thing(roll, unit), kind, {"by": actor.username}, "/duty?part=rolls", now)
        return self._seen(roll)

    def rolls(self, actor: Actor, now: int, at: int | None = None) -> list[RollSeen]:
        """The newest roll calls, with the units in the actor's scope and how each answered. Raises Forbidden."""
        if not actor.may("see_duty"):
            raise Forbidden("see_duty")
        regions = self._units.regions(at)
        found = []
        for roll in self._store.rolls(now if at is None else at, MOST_ROLLS):
            seen = [unit for unit in roll.departments if sees_unit(actor, unit, regions)]
            if seen:
                found.append(self._seen(roll._replace(departments=seen)))
        return found

    def _seen(self, roll: Roll) -> RollSeen:
        answers = {unit: self._callings.calling_of(_thing(roll, unit)) for unit in roll.departments}
        return RollSeen(roll, [_called(unit, found[0] if found else None) for unit, found in answers.items()])


def _thing(roll: Roll, unit: str) -> str:
    return f"roll:{roll.roll_id}:{unit}"


def _called(unit: str, calling: Calling | None) -> Called:
    if calling is None:
        return Called(unit, "nobody", "", "", None)
    return Called(unit, calling.state, calling.person, calling.answered_by, calling.answered_at)


def answer_times(seen: RollSeen) -> Mapping[str, int]:
    """Unit -> how long its answer took, ms."""
    return {one.department: one.answered_at - seen.roll.asked_at for one in seen.called if one.answered_at is not None}
