"""Rosters 值班表: who is on when, imported and edited, changed among colleagues, and where nobody is."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

from domain.access import Actor, Forbidden
from domain.duty import POSTS, DutyRules, Gap, Shift, gaps, on_duty, overlaps, standing, state_of
from domain.identity import uuid7
from domain.registry import Department, Region
from services.duty_ports import Calendar, NotTaken, RosterStore, written
from services.duty_scope import must, sees_unit

COLUMNS = ("post", "department", "username", "phone", "starts", "ends")
MOST_ROWS = 5_000


class Units(Protocol):
    """The city's departments and regions (services/register.py)."""

    def regions(self, at: int | None = None) -> dict[str, Region]: ...

    def departments(self, at: int | None = None) -> dict[str, Department]: ...


class Wrong(NamedTuple):
    """A row of a file that cannot be taken: its line (the heading is line 1) and why."""

    line: int
    code: str
    value: str


DAY_MS = 86_400_000


class Uncovered(NamedTuple):
    """A post of the center that is short now, as the lists of alarms show it. `since` is None where the roster knows no earlier moment at
    which enough were there within a longest shift, `until` where nobody is on the roster as far ahead as gaps are looked for."""

    post: str
    severity: str
    since: int | None
    until: int | None
    there: int
    owed: int


class Roster:
    """The rosters of the center and its units, each actor in their own scope."""

    def __init__(self, store: RosterStore, units: Units, rules: DutyRules, zone: Callable[[], str], calendar: Calendar) -> None:
        """`zone`: the city's time zone, in which files say their times."""
        self._store, self._units, self.rules, self._zone, self._calendar = store, units, rules, zone, calendar

    def shifts(self, actor: Actor, since: int, until: int, at: int | None = None) -> list[Shift]:
        """The shifts that touch this time, as written down at `at` (None: now). Raises Forbidden."""
        if not actor.may("see_duty"):
            raise Forbidden("see_duty")
        regions = self._units.regions(at)
        return [one for one in self._store.shifts(since, until, at) if sees_unit(actor, one.department, regions)]

    def on_duty(self, actor: Actor, now: int, at: int | None = None) -> list[Shift]:
        """Who is on duty now, or was at `at`: the center first, then unit by unit. Raises Forbidden."""
        moment = now if at is None else at
        there = self.shifts(actor, moment, moment + 1, at)
        units = sorted({one.department for one in there})
        return [one for unit in units for one in on_duty(there, moment, department=unit)]

    def gaps(self, actor: Actor, since: int, until: int, at: int | None = None) -> list[Gap]:
        """Where posts of the center are short. Raises Forbidden."""
        return gaps(self.shifts(actor, since, until, at), self.rules.owed, since, until)

    def uncovered(self, actor: Actor, now: int, at: int | None = None) -> list[Uncovered]:
        """Which posts of the center are short now, or were at `at` by what was written down then. Raises Forbidden.

        A gap in cover is an alarm (DOMAIN, Duty), of the center and so of nobody's region or department: whoever sees duty sees it.
        """
        moment = now if at is None else at
        since, until = moment - self.rules.longest_ms, moment + self.rules.ahead_days * DAY_MS + 1
        found = standing(self.shifts(actor, since, until, at), self.rules.owed, moment, since, until)
        return [self._uncovered(gap, moment, since, until) for gap in found]

    def _uncovered(self, gap: Gap, now: int, since: int, until: int) -> Uncovered:
        begun, over = (None if gap.starts == since else gap.starts), (None if gap.ends == until else gap.ends)
        return Uncovered(gap.post, self.rules.severities[state_of(gap, now)], begun, over, gap.there, gap.owed)

    def people(self, actor: Actor) -> Mapping[str, str]:
        """Username -> name of everybody who can be on a roster. Raises Forbidden."""
        if not actor.may("see_duty"):
            raise Forbidden("see_duty")
        return self._store.names()

    def one(self, actor: Actor, shift_id: str) -> Shift:
        """A shift as it is now. Raises Forbidden, LookupError."""
        if not actor.may("see_duty"):
            raise Forbidden("see_duty")
        found = self._store.shift(shift_id)
        if found is None or not sees_unit(actor, found.department, self._units.regions()):
            raise LookupError(shift_id)
        return found

    def write(self, actor: Actor, shift: Shift, now: int) -> Shift:
        """A new shift (its id empty), or another form of one that is there. Raises Forbidden, LookupError, NotTaken."""
        regions = self._units.regions()
        must(actor, "edit_roster", shift.department, regions)
        held = self._mine(actor, shift.shift_id) if shift.shift_id else None
        checked = self._checked(shift._replace(shift_id=shift.shift_id or str(uuid7(now))))
        self._store.write([held.shift_id] if held else [], [checked], actor.username, now)
        return checked

    def remove(self, actor: Actor, shift_id: str, now: int) -> None:
        """It is not to be. Raises Forbidden, LookupError."""
        self._store.write([self._mine(actor, shift_id).shift_id], [], actor.username, now)

    def _mine(self, actor: Actor, shift_id: str) -> Shift:
        found = self._store.shift(shift_id)
        if found is None:
            raise LookupError(shift_id)
        must(actor, "edit_roster", found.department, self._units.regions())
        return found

    def _checked(self, shift: Shift) -> Shift:
        names = self._store.names()
        if shift.post not in POSTS:
            raise NotTaken("unknown_post", value=shift.post)
        if shift.department and shift.department not in {**self._units.regions(), **self._units.departments()}:
            raise NotTaken("unknown_department", value=shift.department)
        if shift.username not in names:
            raise NotTaken("unknown_person", value=shift.username)
        if not 0 < shift.ends - shift.starts <= self.rules.longest_ms:
            raise NotTaken("wrong_time", value=str(shift.ends - shift.starts))
        return shift._replace(name=written(shift.name, "name") or names[shift.username], phone=written(shift.phone, "phone"))

    def read_file(self, actor: Actor, content: str, now: int) -> tuple[int, list[Wrong]]:
        """Take a CSV file with the COLUMNS; returns how many shifts were written, and what is wrong. While a row is wrong nothing is
        written. Times without an offset are the city's. Raises Forbidden, NotTaken for what is no such file."""
        rows = list(csv.DictReader(io.StringIO(content.removeprefix("\ufeff"))))
        if not rows or not set(COLUMNS) <= set(rows[0]) or len(rows) > MOST_ROWS:
            raise NotTaken("wrong_columns", value=", ".join(COLUMNS))
        good: list[Shift] = []
        wrong: list[Wrong] = []
        for line, row in enumerate(rows, start=2):
            try:
                good.append(self._row(actor, row, good, now))
            except NotTaken as error:
                wrong.append(Wrong(line, error.code, str(error.params.get("value", ""))[:100]))
            except LookupError as error:
                wrong.append(Wrong(line, "outside_your_scope", str(error)))
        if good and not wrong:
            self._store.write([], good, actor.username, now)
        return (0 if wrong else len(good)), wrong

    def _row(self, actor: Actor, row: Mapping[str, str | None], good: Sequence[Shift], now: int) -> Shift:
        values = {name: (row[name] or "").strip() for name in COLUMNS}
        must(actor, "edit_roster", values["department"], self._units.regions())
        starts, ends = self._moment(values["starts"]), self._moment(values["ends"])
        post, unit, username = values["post"], values["department"], values["username"]
        shift = self._checked(Shift(str(uuid7(now)), post, unit, username, "", values["phone"], starts, ends))
        if overlaps([*good, *self._store.shifts(shift.starts, shift.ends)], shift):
            raise NotTaken("collides", value=shift.username)
        return shift

    def _moment(self, text: str) -> int:
        try:
            said = datetime.fromisoformat(text)
        except ValueError:
            raise NotTaken("wrong_time", value=text) from None
        return round((said if said.tzinfo else said.replace(tzinfo=ZoneInfo(self._zone()))).timestamp() * 1000)

    def calendar(self, actor: Actor, since: int, until: int, username: str = "", post: str = "") -> bytes:
        """iCalendar of a person's or a post's shifts, of all where neither is named. Raises Forbidden."""
        found = [one for one in self.shifts(actor, since, until) if username in ("", one.username) and post in ("", one.post)]
        return self._calendar(found, username or post)
