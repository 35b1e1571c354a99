"""The morning brief 晨报 of one leader, as a document: the signs against normal, what got worse, alarms, major incidents, what is
overdue, hot themes, instructions and who is on duty. What isn't known is said to be unknown."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from domain.access import Actor
from domain.comparison import Change
from domain.figures import figure, signed
from domain.rises import Hot
from domain.vital_signs import Rolled
from services.briefs import Names
from services.incident_board import IncidentBoard
from services.incident_ports import Query, Row
from services.office import Lit, Major, Office, Seen, Worse
from services.report_desk import FORMATS, Word
from services.report_ports import Typesetter
from services.vital_signs import Sign

LISTED = 10
PARTS = ("signs", "outside", "worse", "alarms", "major", "late", "hot", "instructions", "on_duty")


class Hearing(Protocol):
    """services/appeal_desk.py."""

    def hot(self, actor: Actor, at: int) -> list[Hot]: ...


class MorningBrief:
    """In Chinese, in the city's zone."""

    def __init__(
        self,
        office: Office,
        board: IncidentBoard,
        appeals: Hearing,
        names: Names,
        typesetter: Typesetter,
        words: Word,
        zone: str,
        demo: Callable[[], bool],
    ) -> None:
        """`words(id, values)`: a text of the Chinese catalogue; `demo`: whether the city is a made-up one, which its papers say."""
        self._office, self._board, self._appeals, self._names = office, board, appeals, names
        self._typesetter, self._words, self._zone, self._demo = typesetter, words, ZoneInfo(zone), demo

    def document(self, actor: Actor, form: str, now: int, at: int | None = None) -> tuple[bytes, str, str]:
        """The brief as bytes, with its media type and a file name. Raises LookupError for an unknown form, Forbidden."""
        if form not in FORMATS:
            raise LookupError(form)
        seen, moment = self._office.seen(actor, now, at), now if at is None else at
        late = self._late(actor, seen, moment)
        hot = [one for one in self._appeals.hot(actor, moment) if not seen.portfolio.regions or one.region in seen.portfolio.regions]
        said: dict[str, Callable[[], str]] = {
            "signs": lambda: self._signs(seen),
            "outside": lambda: "\n".join(self._sign(seen, one) for one in _outside(seen)),
            "worse": lambda: "\n".join(self._worse(one) for one in seen.worse[:LISTED]),
            "alarms": lambda: "；".join(self._lit(one) for one in self._office.alarms(actor, at)),
            "major": lambda: "\n".join(self._major(seen, one) for one in seen.majors),
            "late": lambda: "\n".join(self._row(one, moment) for one in late),
            "hot": lambda: "；".join(f"{self._names.region(one.region)} {self._names.incident_class(one.theme)} {one.now}" for one in hot),
            "instructions": lambda: self._ledger(seen, moment),
            "on_duty": lambda: "\n".join(f"{self._words(f'brief.post.{one.post}', {})} {one.name} {one.phone}" for one in seen.on_duty),
        }
        lines = [(self._words(f"morning.{part}", {}), said[part]() or self._words("brief.none", {})) for part in PARTS]
        make = self._typesetter.pdf if form == "pdf" else self._typesetter.docx
        name = f"morning-{self._time(moment).replace(' ', '-').replace(':', '')}.{form}"
        marked = [self._words("badge.demo", {})] if self._demo() else []
        footer = " · ".join([self._time(moment), actor.name or actor.username, *marked])
        day = datetime.fromtimestamp(moment / 1000, self._zone)
        title = self._words("morning.title", {"region": self._names.region(seen.overview.region), "month": day.month, "day": day.day})
        return make(title + "".join(f"（{one}）" for one in marked), lines, footer), FORMATS[form], name

    def _late(self, actor: Actor, seen: Seen, now: int) -> Sequence[Row]:
        """Overdue first, then what is supervised; exercises don't count."""
        found: dict[str, Row] = {}
        open_ones = Query(open=True, regions=seen.portfolio.regions, sort="due_at", limit=2 * LISTED)
        for query in (open_ones._replace(overdue=True), open_ones._replace(supervised=True)):
            found |= {one.incident_id: one for one in self._board.search(actor, query, now)[0] if not one.exercise}
        return list(found.values())[:LISTED]

    def _signs(self, seen: Seen) -> str:
        whole = f"{self._names.region(seen.overview.region)} {_score(seen.overview.city)}"
        domains = [
            f"{self._words(f'domain.{name}', {})} {_score(one)}"
            for name, one in seen.overview.domains.items()
            if seen.portfolio.has_domain(name)
        ]
        return "；".join([whole, *domains])

    def _sign(self, seen: Seen, one: Sign) -> str:
        changes = seen.changes.get(one.indicator.code, {})
        told = {kind: self._change(changes.get(kind), one.indicator.decimals) for kind in ("last_year", "before")}
        nothing = self._words("signs.no_base.no_value", {})
        both = set(told.values()) == {nothing}
        said = (
            [self._words("morning.no_base", {})]
            if both
            else [self._words(f"morning.{kind}", {"change": change}) for kind, change in told.items()]
        )
        return "，".join([f"{one.indicator.zh} {_value(one)}", *self._normal(one), *said])

    def _normal(self, one: Sign) -> list[str]:
        ends = {} if one.band is None else {"low": one.band.low, "high": one.band.high}
        known = {name: figure(end, one.indicator.decimals) for name, end in ends.items() if end is not None}
        message = {2: "figure.normal", 1: "figure.normal_above" if "low" in known else "figure.normal_below", 0: "signs.not_learnt"}[
            len(known)
        ]
        return [self._words(message, known)]

    def _change(self, one: Change | None, decimals: int) -> str:
        if one is None or one.change is None:
            return self._words(f"signs.no_base.{one.why_not if one else 'no_value'}", {})
        return f"{signed(one.change, decimals)}{self._words('signs.points', {})}" if one.in_points else f"{signed(one.change)}%"

    def _worse(self, one: Worse) -> str:
        then = "–" if one.then.value is None else figure(one.then.value, one.sign.indicator.decimals)
        values = {"name": one.sign.indicator.zh, "region": self._names.region(one.sign.region), "then": then, "now": _value(one.sign)}
        return self._words(f"morning.worse_{one.since}", {**values, "points": f"{one.fall.points:.0f}"})

    def _lit(self, one: Lit) -> str:
        waiting = f"（{self._words('figure.unacknowledged', {'n': one.waiting})}）" if one.waiting else ""
        return f"{self._words(f'severity.{one.severity}', {})} {one.active}{waiting}"

    def _major(self, seen: Seen, one: Major) -> str:
        incident = one.incident
        lead = self._names.department(incident.lead) if incident.lead else self._words("brief.nobody", {})
        guards = " ".join(f"{guard.name} {guard.phone}".strip() for guard in one.guards)
        there = "、".join(seen.units.get(unit, unit) for unit in one.there) or self._words("morning.nobody_there", {})
        parts = [f"{incident.number} {incident.title}", self._names.owed(incident.spine, incident.state), lead, guards]
        return "，".join(
            part for part in (*parts, self._words("morning.there", {"units": there}), self._due(one.clock, one.due_at, one.overdue)) if part
        )

    def _row(self, one: Row, now: int) -> str:
        lead = self._names.department(one.lead) if one.lead else self._words("brief.nobody", {})
        supervised = self._words("flag.supervised", {}) if one.supervised else ""
        late = "" if one.due_at is None or one.due_at >= now else self._words("morning.overdue_since", {"time": self._time(one.due_at)})
        return "，".join(part for part in (f"{one.number} {one.title}", self._names.region(one.region), lead, late, supervised) if part)

    def _ledger(self, seen: Seen, now: int) -> str:
        open_ones = [one for one in seen.ledger if one.ended_at is None]
        lines = [
            f"{one.number} {one.text[:60]}，{self._names.department(one.department)}，"
            + (self._words("instruction.state.overdue", {}) if one.overdue(now) else self._words(f"instruction.state.{one.state}", {}))
            for one in open_ones[:LISTED]
        ]
        return "\n".join(lines)

    def _due(self, clock: str, due_at: int | None, overdue: bool) -> str:
        if due_at is None:
            return ""
        return self._words(
            "brief.overdue" if overdue else "brief.due", {"clock": self._words(f"clock.{clock}", {}), "time": self._time(due_at)}
        )

    def _time(self, at: int) -> str:
        return datetime.fromtimestamp(at / 1000, self._zone).strftime("%Y-%m-%d %H:%M")


def _outside(seen: Seen) -> list[Sign]:
    mine = [one for one in seen.overview.signs if one.outside and seen.portfolio.has_domain(one.indicator.domain)]
    return sorted(mine, key=lambda one: one.scored.score or 0.0)[:LISTED]


def _score(one: Rolled) -> str:
    return "–" if one.score is None else f"{one.score:.0f}"


def _value(one: Sign) -> str:
    held = one.value.value if one.value else None
    return "–" if held is None else f"{figure(held, one.indicator.decimals)} {one.indicator.unit}".strip()
