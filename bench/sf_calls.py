"""San Francisco's fire and EMS unit responses as a city: rows, units, steps, and the standing of every unit at a moment.

Nothing here looks ahead: at a moment a unit's standing is what the steps before it say, by the state machine of domain/units.py.
"""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from domain import units
from domain.travel import Point
from domain.units import Status, Step, Unit, take
from services.recommending import Standing

ZONE = "America/Los_Angeles"
STAMP = "%m/%d/%Y %I:%M:%S %p"
COLUMNS = {
    units.ASSIGNED: "Dispatch DtTm",
    units.EN_ROUTE: "Response DtTm",
    units.ON_SCENE: "On Scene DtTm",
    units.TRANSPORTING: "Transport DtTm",
    units.AT_HOSPITAL: "Hospital DtTm",
    units.AVAILABLE: "Available DtTm",
}
KINDS = {"ENGINE": "engine", "TRUCK": "truck"}
ALS = "als"
MEDICAL = {"Medical Incident", "Traffic Collision"}
CALM = "2"
"""The priority without lights and siren; 3, E and A are urgent."""
DRIVE_HOME_MS = 400_000
"""A unit that became free is taken to be home after so long, and evenly on its way until then (the file has no positions)."""
EITHER = "engine or truck"
"""Asks for both kinds at once."""
FORGOTTEN_MS = 3 * 3_600_000
"""A run without an end is taken as over after so long."""
SHIFT_MS = 12 * 3_600_000


class Row(NamedTuple):
    """One unit sent to one call. `times`: state -> epoch ms; `area`: the station area of the address; `place` None: not told."""

    call: str
    unit: str
    kind: str
    place: Point | None
    area: str
    call_type: str
    priority: str
    als: bool
    times: Mapping[str, int]


class Moment(NamedTuple):
    """A call asks for a unit of a kind at `at`: the standing of every unit of that kind then, and who really came first (`came`)."""

    row: Row
    kind: str
    at: int
    standings: list[Standing]
    came: str


def read_rows(path: Path) -> list[Row]:
    """Every row of the file, also those whose times are missing, equal or reversed."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return [_row(line) for line in csv.DictReader(lines)]


def _row(line: Mapping[str, str]) -> Row:
    found = [float(part) for part in re.findall(r"-?\d+(?:\.\d+)?", line["Location"])]
    place = Point(found[1], found[0]) if len(found) == 2 else None
    times = {state: _ms(line[column]) for state, column in COLUMNS.items() if line[column]}
    als = line["ALS Unit"].lower() == "true"
    kind = KINDS.get(line["Unit Type"], line["Unit Type"].lower())
    area = line["Station Area"]
    return Row(line["Call Number"], line["Unit ID"], kind, place, area, line["Call Type"], line["Priority"], als, times)


def _ms(stamp: str) -> int:
    return int(datetime.strptime(stamp, STAMP).replace(tzinfo=ZoneInfo(ZONE)).timestamp() * 1000)


def read_stations(path: Path) -> dict[str, Point]:
    """Station area ("01") -> where the station stands."""
    found = json.loads(path.read_text())["features"]
    return {f"{int(one['properties']['station']):02d}": Point(*one["geometry"]["coordinates"]) for one in found}


def register(rows: Iterable[Row], stations: Mapping[str, Point]) -> dict[str, Unit]:
    """The station engines and trucks: E07 and T07 stand in station 07. A register is known beforehand, so both files make it."""
    found = {}
    for row in rows:
        station = row.unit[1:]
        if row.kind in KINDS.values() and station in stations and row.unit[0] in "ET":
            home = stations[station]
            found[row.unit] = Unit(row.unit, row.unit, "vehicle", frozenset({row.kind}), home.lon, home.lat, station, "fire")
    return dict(sorted(found.items()))


def steps_of(row: Row) -> list[tuple[int, int, Step]]:
    """The steps of a row with their time and their rank within a second: freed, (questions are 1), assigned, and so on."""
    found = []
    for state, at in row.times.items():
        last = state == units.AVAILABLE and all(at > other for name, other in row.times.items() if name != state)
        rank = 0 if last else 2 + units.ORDER[state]
        found.append((at, rank, Step(row.unit, state, at, row.call, *(row.place or (None, None)))))
    return found


class City:
    """All units as they are after the steps told so far."""

    def __init__(self, register: Mapping[str, Unit]) -> None:
        self.register = register
        self.statuses: dict[str, Status] = {}
        self.irregular: list[tuple[Step, str]] = []
        self._als: dict[str, bool] = {}
        self._runs: dict[str, list[int]] = {}

    def tell(self, step: Step, als: bool) -> None:
        """One step, and whether the unit then had a paramedic."""
        taken = take(self.statuses.get(step.unit_id, Status()), step)
        self.statuses[step.unit_id] = taken.status
        self.irregular += [(step, code) for code in taken.irregular]
        if step.state == units.ASSIGNED:
            self._als[step.unit_id] = als
            self._runs.setdefault(step.unit_id, []).append(step.at)

    def standing(self, unit: Unit, at: int) -> Standing:
        """Where the unit stands at `at`, after the steps told."""
        status, home = self.statuses.get(unit.unit_id, Status()), Point(unit.home_lon, unit.home_lat)
        load = sum(at - run < SHIFT_MS for run in self._runs.get(unit.unit_id, [])[-40:])
        has = frozenset({ALS} if self._als.get(unit.unit_id) else ())
        since = at - (status.since if status.since is not None else at - FORGOTTEN_MS)
        if status.lon is None or status.lat is None or since >= FORGOTTEN_MS or (status.free and since >= DRIVE_HOME_MS):
            return Standing(unit, units.AVAILABLE, home, load, True, has)
        share = since / DRIVE_HOME_MS if status.free else 0.0
        place = Point(status.lon + share * (home.lon - status.lon), status.lat + share * (home.lat - status.lat))
        return Standing(unit, units.RETURNING if status.free else status.state, place, load, True, has)

    def standings(self, kind: str, at: int) -> list[Standing]:
        """The standing of every unit of the register that is of this kind."""
        return [self.standing(unit, at) for unit in self.register.values() if kind in (*unit.capabilities, EITHER)]


def moments(rows: Sequence[Row], city: City, before: Iterable[Row] = ()) -> Iterator[Moment]:
    """The questions of `rows` in the order of time, each asked before its own dispatch is told.

    Runs of `before` that began before the first of `rows` are told too, each step at its time.

    One question per call and kind: when the call's first engine (or truck) was dispatched, which one came first? And one for EITHER.
    """
    asked: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        told = row.place is not None and units.ASSIGNED in row.times
        for kind in (row.kind, EITHER) if row.unit in city.register and told else ():
            asked.setdefault((row.call, kind), []).append(row)
    questions = []
    for (_, kind), sent in asked.items():
        came = sorted((row.times[units.ON_SCENE], row.times[units.ASSIGNED], row.unit) for row in sent if units.ON_SCENE in row.times)
        if came:
            questions.append((min(row.times[units.ASSIGNED] for row in sent), 1, (sent[0], kind, came[0][2])))
    start = min((at for row in rows for at in row.times.values()), default=0)
    steps = [
        (at, rank, (step, row.als)) for row in before if row.times.get(units.ASSIGNED, start) < start for at, rank, step in steps_of(row)
    ]
    steps += [(at, rank, (step, row.als)) for row in rows for at, rank, step in steps_of(row)]
    for at, rank, what in sorted([*steps, *questions], key=lambda one: one[:2]):
        if rank == 1:
            yield Moment(what[0], what[1], at, city.standings(what[1], at), what[2])
        else:
            city.tell(*what)
