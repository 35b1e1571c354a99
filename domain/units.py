"""Units that are sent: crews, vehicles, people; their states as a table, each step with time and place.

What a city really records breaks the rules: a unit assigned before it was free, no arrival, two steps in the same second, times in
the wrong order. No step is refused: it is taken, with its irregularities named, because what happened has happened.
"""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

KINDS = {"crew": ("班组", "Crew"), "vehicle": ("车辆", "Vehicle"), "person": ("人员", "Person")}

AVAILABLE, ASSIGNED, ACKNOWLEDGED, EN_ROUTE, ON_SCENE = "available", "assigned", "acknowledged", "en_route", "on_scene"
TRANSPORTING, AT_HOSPITAL, RETURNING, OUT_OF_SERVICE, CANCELLED = "transporting", "at_hospital", "returning", "out_of_service", "cancelled"


class UnitState(NamedTuple):
    """One state: its words, which states may come `after` it, and whether the unit is then on a run and free to be sent."""

    zh: str
    en: str
    after: tuple[str, ...]
    on_run: bool
    free: bool


STATES: Mapping[str, UnitState] = MappingProxyType(
    {
        AVAILABLE: UnitState("待命", "Available", (ASSIGNED, OUT_OF_SERVICE), False, True),
        ASSIGNED: UnitState("已派", "Assigned", (ACKNOWLEDGED, EN_ROUTE, CANCELLED), True, False),
        ACKNOWLEDGED: UnitState("已接令", "Acknowledged", (EN_ROUTE, CANCELLED), True, False),
        EN_ROUTE: UnitState("途中", "En route", (ON_SCENE, CANCELLED), True, False),
        ON_SCENE: UnitState("到场", "On scene", (TRANSPORTING, RETURNING, AVAILABLE, OUT_OF_SERVICE), True, False),
        TRANSPORTING: UnitState("转运", "Transporting", (AT_HOSPITAL, RETURNING, AVAILABLE), True, False),
        AT_HOSPITAL: UnitState("到院", "At hospital", (RETURNING, AVAILABLE, OUT_OF_SERVICE), True, False),
        RETURNING: UnitState("归队", "Returning", (AVAILABLE, ASSIGNED, OUT_OF_SERVICE), False, True),
        CANCELLED: UnitState("取消", "Cancelled", (RETURNING, AVAILABLE, ASSIGNED, OUT_OF_SERVICE), False, True),
        OUT_OF_SERVICE: UnitState("停用", "Out of service", (AVAILABLE,), False, False),
    }
)
"""The unit times that every dispatch center keeps (DOMAIN, Incidents). `acknowledged` may be left out: radio crews just roll."""

ORDER = {
    state: number
    for number, state in enumerate((ASSIGNED, ACKNOWLEDGED, EN_ROUTE, ON_SCENE, TRANSPORTING, AT_HOSPITAL, CANCELLED, RETURNING, AVAILABLE))
}
IRREGULARITIES = {
    "assigned_before_free": ("未归队即派遣", "sent before it was free"),
    "step_missing": ("缺少环节", "a step is missing"),
    "times_equal": ("时间相同", "two steps at the same time"),
    "times_reversed": ("时间倒置", "earlier than the step before it"),
    "out_of_order": ("环节次序颠倒", "not a step that may follow"),
    "late_word": ("补报", "about a run that is over"),
    "never_ended": ("未结束", "the run has no end"),
}
"""Code -> its words (zh, en)."""


class Unit(NamedTuple):
    """A unit of the register. `home` is where it stands when nothing is known of it; it carries `devices` (positions, cameras)."""

    unit_id: str
    name: str
    kind: str
    capabilities: frozenset[str]
    home_lon: float
    home_lat: float
    region: str
    department: str
    devices: tuple[str, ...] = ()


class Step(NamedTuple):
    """One step: `state` at epoch ms, at a place (None: not told), for a run (an incident; empty where it is none's)."""

    unit_id: str
    state: str
    at: int
    run: str = ""
    lon: float | None = None
    lat: float | None = None


class Status(NamedTuple):
    """Where a unit stands: its state and since when, the run it is on, its last known place, and the times of that run so far."""

    state: str = AVAILABLE
    since: int | None = None
    run: str = ""
    lon: float | None = None
    lat: float | None = None
    times: tuple[tuple[str, int], ...] = ()

    @property
    def free(self) -> bool:
        """Whether the unit may be sent."""
        return STATES[self.state].free


class Taken(NamedTuple):
    """The status after a step, and what was irregular about it: keys of IRREGULARITIES."""

    status: Status
    irregular: tuple[str, ...] = ()


def take(status: Status, step: Step) -> Taken:
    """The status after `step`. Raises ValueError for a state that isn't in STATES; anything else that is odd is taken and named."""
    if step.state not in STATES:
        raise ValueError(f"{step.state!r} is no state of a unit: {', '.join(STATES)}")
    if step.run and step.run != status.run and step.state != ASSIGNED:
        return Taken(_onto(status, step), ("step_missing",)) if status.free and not _older(status, step) else Taken(status, ("late_word",))
    return Taken(_onto(status, step), tuple(_odd(status, step)))


def replay(steps: Iterable[Step]) -> dict[str, tuple[Status, tuple[tuple[Step, str], ...]]]:
    """Every unit's last status and all irregularities, from steps in the order of their time."""
    found: dict[str, tuple[Status, tuple[tuple[Step, str], ...]]] = {}
    for step in steps:
        status, odd = found.get(step.unit_id, (Status(), ()))
        taken = take(status, step)
        found[step.unit_id] = taken.status, (*odd, *((step, code) for code in taken.irregular))
    return found


def clocks(times: Mapping[str, int]) -> dict[str, int]:
    """The clocks of a run in ms: turnout (assigned to en route), travel (en route to on scene), scene (to leaving), run (to its end).

    A clock whose ends aren't both known, or lie the wrong way round, is left out.
    """
    left = next((times[state] for state in (TRANSPORTING, RETURNING, AVAILABLE) if state in times), None)
    end = times.get(AVAILABLE, times.get(CANCELLED))
    ends = {
        "turnout": (times.get(ASSIGNED), times.get(EN_ROUTE)),
        "travel": (times.get(EN_ROUTE), times.get(ON_SCENE)),
        "scene": (times.get(ON_SCENE), left),
        "run": (times.get(ASSIGNED), end),
    }
    return {name: until - since for name, (since, until) in ends.items() if since is not None and until is not None and until >= since}


def irregular_run(times: Mapping[str, int]) -> tuple[str, ...]:
    """What is odd about the times of one whole run, judged in the order in which the steps belong."""
    known = sorted((state for state in times if state in ORDER), key=ORDER.__getitem__)
    pairs = list(pairwise(known))
    checks = {
        "step_missing": any(b not in STATES[a].after for a, b in pairs),
        "times_equal": any(times[a] == times[b] for a, b in pairs),
        "times_reversed": any(times[a] > times[b] for a, b in pairs),
        "never_ended": bool(known) and STATES[known[-1]].on_run,
    }
    return tuple(code for code, true in checks.items() if true)


def _older(status: Status, step: Step) -> bool:
    return status.since is not None and step.at < status.since


def _onto(status: Status, step: Step) -> Status:
    """The step done, whatever was before: a run keeps the first time of each step, a new one begins with its own."""
    new = step.state == ASSIGNED or (step.run and step.run != status.run)
    times = () if new else status.times
    if step.state not in dict(times):
        times = (*times, (step.state, step.at))
    known = step.lon is not None and step.lat is not None
    place = (step.lon, step.lat) if known else (status.lon, status.lat)
    return Status(step.state, step.at, step.run or status.run, *place, times)


def _odd(status: Status, step: Step) -> Iterable[str]:
    """What is odd about `step` after `status`."""
    if status.since is not None and step.at <= status.since and not (status.free and step.state == ASSIGNED and step.at == status.since):
        yield "times_equal" if step.at == status.since else "times_reversed"
    if step.state in STATES[status.state].after or step.state == status.state or status.since is None:
        return
    if step.state == ASSIGNED:
        yield "assigned_before_free" if not status.free else "out_of_order"
        return
    forward = STATES[status.state].on_run and ORDER.get(step.state, 0) > ORDER.get(status.state, 0)
    yield "step_missing" if forward else "out_of_order"
