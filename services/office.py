"""The leader's office: what needs them now, what got worse, how the towns they answer for do. Every read takes the Actor, now, and `at`.

What a leader answers for (services/portfolios.py) chooses what is shown first; their scope is what they may see at all.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

from domain.access import Actor, Forbidden
from domain.alarm_rules import SEVERITIES
from domain.comparison import Change
from domain.duty import Shift
from domain.incident_life import Incident
from domain.instructions import Instruction
from domain.performance import Compared
from domain.periods import Period
from domain.portfolio import Portfolio
from domain.registry import Region
from domain.units import STATES
from domain.vital_signs import Scored, score
from domain.worsening import SINCE, Fall, base_of, fall
from services.briefs import OnDuty
from services.explaining import Explaining
from services.incident_board import IncidentBoard
from services.incident_desk import IncidentDesk
from services.indicator_ports import NONE, Value
from services.instructions import Instructions
from services.picture import Picture
from services.portfolios import Portfolios
from services.vital_signs import Overview, Sign

MOST_MAJOR = 12
MOST_REGIONS = 12
"""Of so many towns of a portfolio the indicators are looked at one by one."""
ON_SCENE = "on_scene"


class Major(NamedTuple):
    """A major incident that is open: `guards` are those on duty now in the department in charge; `there` and `coming` are ids of units on
    the scene and on their way; `clock` is due next, at `due_at` (epoch ms, None: nothing is due)."""

    incident: Incident
    guards: Sequence[Shift]
    there: Sequence[str]
    coming: Sequence[str]
    clock: str
    due_at: int | None
    overdue: bool


class Worse(NamedTuple):
    """An indicator of a region that got worse: as it is, and the value that it is compared with. `since`: day or week."""

    sign: Sign
    since: str
    then: Value
    fall: Fall


class Seen(NamedTuple):
    """What the office of one leader shows. `changes`: indicator -> 同比 and 环比; `ledger`: instructions, what needs somebody first;
    `units`: unit -> its name."""

    portfolio: Portfolio
    overview: Overview
    changes: Mapping[str, Mapping[str, Change]]
    worse: Sequence[Worse]
    majors: Sequence[Major]
    on_duty: Sequence[Shift]
    ledger: Sequence[Instruction]
    units: Mapping[str, str]


class Lit(NamedTuple):
    """Active alarms of one severity, silenced ones aside, and how many of them nobody has acknowledged."""

    severity: str
    active: int
    waiting: int


class Office:
    """One per web process."""

    def __init__(
        self,
        portfolios: Portfolios,
        explaining: Explaining,
        board: IncidentBoard,
        desk: IncidentDesk,
        picture: Picture,
        duty: OnDuty,
        instructions: Instructions,
        units: Callable[[int], Mapping[str, str]],
        regions: Callable[[int | None], dict[str, Region]],
        major: Collection[str],
        points: float,
        days: int,
    ) -> None:
        """`units(now)`: unit -> its name; `major`: grades that make an incident major; `points` that make something worse; `days` over
        which towns are compared."""
        self._portfolios, self._explaining, self._board, self._desk, self._picture = portfolios, explaining, board, desk, picture
        self._duty, self._instructions, self._units, self._regions = duty, instructions, units, regions
        self._major, self._points, self._days = major, points, days
        self._signs = explaining.signs

    def seen(self, actor: Actor, now: int, at: int | None = None) -> Seen:
        """Everything but the towns. Raises Forbidden."""
        held = self._portfolios.of(actor, at)
        overview = self._signs.overview(actor, now, self._focus(actor, held, at), at)
        mine = [one for one in overview.signs if held.has_domain(one.indicator.domain)]
        on_duty = self._on_duty(actor, now, at)
        return Seen(
            held,
            overview,
            self._explaining.changes(mine, at),
            self.worse(actor, now, at),
            self._majors(actor, held, on_duty, now, at),
            [one for one in on_duty if not one.department],
            self._ledger(actor, now, at),
            self._units(now),
        )

    def worse(self, actor: Actor, now: int, at: int | None = None) -> list[Worse]:
        """What got worse in the towns that the actor answers for, in all that they see where these are all: the gravest first, each
        indicator once. Raises Forbidden."""
        held, found = self._portfolios.of(actor, at), list[Worse]()
        for region in self._places(actor, held, at):
            signs = self._signs.overview(actor, now, region, at).signs
            mine = [one for one in signs if held.has_domain(one.indicator.domain) and one.value is not None]
            found += [one for since in SINCE for one in self._fallen(mine, region, since, now, at)]
        worst: dict[tuple[str, str], Worse] = {}
        for one in sorted(found, key=lambda one: -one.fall.rank):
            worst.setdefault((one.sign.indicator.code, one.sign.region), one)
        return list(worst.values())

    def majors(self, actor: Actor, now: int, at: int | None = None) -> list[Major]:
        """The major incidents that are open in what the actor answers for, what is due first first. Raises Forbidden."""
        return self._majors(actor, self._portfolios.of(actor, at), self._on_duty(actor, now, at), now, at)

    def alarms(self, actor: Actor, at: int | None = None) -> list[Lit]:
        """What is lit in the towns that the actor answers for, the worst severity first; none that has no alarm. Raises Forbidden."""
        held, regions = self._portfolios.of(actor, at), self._regions(at)
        lit = [one for one in self._picture.snapshot(actor, at).alarms if one["state"] == "active" and not one.get("silence_id")]
        mine = [one for one in lit if held.has_region(one["region"], regions)]
        active = Counter(one["severity"] for one in mine)
        waiting = Counter(one["severity"] for one in mine if one["acknowledged_at"] is None)
        return [Lit(severity, active[severity], waiting[severity]) for severity in SEVERITIES if active[severity]]

    def towns(self, actor: Actor, now: int, at: int | None = None) -> Compared:
        """How the towns did with what was reported in the last days. Raises Forbidden."""
        until = now if at is None else at
        return self._board.towns(actor, until - self._days * 86_400_000, until)

    def _focus(self, actor: Actor, held: Portfolio, at: int | None) -> str | None:
        """The place whose indicators stand first: the one town of the portfolio, else the whole."""
        return self._places(actor, held, at)[0] if len(held.regions) == 1 else None

    def _places(self, actor: Actor, held: Portfolio, at: int | None) -> list[str]:
        """The towns that the actor answers for and may see; else their whole."""
        seen = []
        for code in held.regions[:MOST_REGIONS]:
            try:
                seen.append(self._signs.region(actor, code, at))
            except Forbidden:
                continue
        return seen or [self._signs.home(actor, at)]

    def _fallen(self, signs: Sequence[Sign], region: str, since: str, now: int, at: int | None) -> list[Worse]:
        moment, zone, wanted = now if at is None else at, self._signs.zone(), dict[str, Period]()
        for one in signs:
            assert one.value is not None
            period = Period(one.indicator.cycle, one.value.at, one.value.ends_at)
            base = base_of(period, since, one.value.computed_at, moment, zone)
            if base is not None and one.scored.score is not None:
                wanted[one.indicator.code] = base
        asked = [(code, base.starts) for code, base in wanted.items()]
        then = {one.indicator: one for one in self._signs.store.of_periods(region, asked, at)} if asked else {}
        return [made for one in signs if (made := self._fall(one, then.get(one.indicator.code), since)) is not None]

    def _fall(self, one: Sign, then: Value | None, since: str) -> Worse | None:
        if then is None:
            return None
        fell = fall(one.scored.score, self._scored(one, then).score, one.indicator.weight, self._points)
        return None if fell is None else Worse(one, since, then, fell)

    def _scored(self, one: Sign, value: Value) -> Scored:
        """The score that a value had, against what was normal for it."""
        band = self._signs.band(one.indicator, value)
        if band is None or value.value is None or value.quality in (NONE, "suspect"):
            return Scored(None, "nothing")
        return score(value.value, band, one.indicator.target, one.indicator.direction)

    def _majors(self, actor: Actor, held: Portfolio, on_duty: Sequence[Shift], now: int, at: int | None) -> list[Major]:
        regions, moment = self._regions(at), now if at is None else at
        wanted = [one for one in self._picture.snapshot(actor, at).incidents if self._is_major(one) and not one.get("exercise")]
        mine = [one for one in wanted if held.has_region(one["region"], regions)][:MOST_MAJOR]
        found = []
        for one in mine:
            try:
                found.append(_major(self._desk.mine(actor, one["incident_id"], at), on_duty, moment))
            except LookupError:
                continue
        return sorted(found, key=lambda one: (one.due_at is None, one.due_at or 0, one.incident.reported_at))

    def _is_major(self, one: Mapping[str, Any]) -> bool:
        return one["grade"] in self._major or bool(one["response_level"]) or one["urgency"] == "critical"

    def _on_duty(self, actor: Actor, now: int, at: int | None) -> Sequence[Shift]:
        return self._duty.on_duty(actor, now, at) if actor.may("see_duty") else ()

    def _ledger(self, actor: Actor, now: int, at: int | None) -> list[Instruction]:
        return self._instructions.ledger(actor, now, at) if actor.may("see_duty") else []


def _major(incident: Incident, on_duty: Sequence[Shift], at: int) -> Major:
    name, clock = incident.pressing
    due = clock.due_at if clock else None
    there = [unit for unit, said in incident.units.items() if said["status"] == ON_SCENE]
    coming = [unit for unit, said in incident.units.items() if STATES[said["status"]].on_run and unit not in there]
    guards = [one for one in on_duty if incident.lead and one.department == incident.lead]
    return Major(incident, guards, there, coming, name, due, due is not None and due < at)
