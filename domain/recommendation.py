"""Which units to send: those that can and may, by arrival time, and by what makes a unit count as nearer or farther than it is.

Every preference is a factor on the arrival time: 0.8 counts as a fifth nearer, 1.5 as half as far again. So an order can be read off
and argued with: 4 min, own region x 0.8, second run today x 1.05. The dispatcher decides; this only proposes.

Units that wait at bases have a running order, as fire departments keep one for every address: the bases of the incident's own region,
then the nearer ones. A base counts only while a unit of it is free, so the second moves up when the first is out.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from math import prod
from typing import NamedTuple

from domain.travel import Arrival
from domain.units import STATES, Unit

REASONS = {
    "arrival": ("预计到达（秒）", "arrival in seconds"),
    "how": ("到达时间算法", "how the arrival was found"),
    "state": ("当前状态", "state now"),
    "own_region": ("属本辖区", "of this region"),
    "base_order": ("驻地出动次序", "its base's place in the running order"),
    "load": ("本班已出动次数", "runs this shift"),
    "lacks": ("缺优先能力", "lacks a preferred capability"),
}
"""Code of a reason -> its words (zh, en)."""
REFUSALS = {
    "capability": ("能力不符", "cannot do it"),
    "state": ("当前状态不可派", "not to be sent in its state"),
    "off_shift": ("不在班", "off shift"),
    "too_far": ("超出最远到达时间", "too far away"),
    "taken": ("已用于另一需求", "taken for another need"),
}
"""Why a unit isn't proposed -> its words (zh, en)."""


class Need(NamedTuple):
    """So many units that have `capability`; those that also have all of `prefer` come first."""

    capability: str
    number: int
    prefer: frozenset[str] = frozenset()


class Rules(NamedTuple):
    """The factors. `states`: state -> factor; a state that isn't there is not proposed. `per_run`: for each run of the shift.

    `own_region`: a unit of the incident's region; `lacks`: one without a preferred capability; beyond `max_s` nobody is proposed.
    `by_base`: capability whose units wait at bases -> exponent: the n-th base's units count n to that power, instead of `own_region`.
    """

    states: Mapping[str, float]
    own_region: float
    per_run: float
    lacks: float
    max_s: float
    by_base: Mapping[str, float] = {}


class Candidate(NamedTuple):
    """A unit as it is now. `load`: its runs this shift; `has`: capabilities it has only now (today's staff, what it carries).

    `base_s`: seconds from its base to the place, wherever it is now.
    """

    unit: Unit
    state: str
    arrival: Arrival
    load: int = 0
    on_shift: bool = True
    has: frozenset[str] = frozenset()
    base_s: float = 0.0


class Reason(NamedTuple):
    """`code` of REASONS, what was found, and the factor that it makes."""

    code: str
    value: float | str
    factor: float = 1.0


class Proposal(NamedTuple):
    """A unit for a need. `score`: the seconds it counts as; the reasons' factors times its arrival."""

    unit_id: str
    score: float
    seconds: float
    reasons: tuple[Reason, ...]


class Answer(NamedTuple):
    """For one need: all that could go, best first; whom to send; how many are missing; and why the others can't go, counted."""

    need: Need
    ranked: tuple[Proposal, ...]
    send: tuple[str, ...]
    missing: int
    refused: Mapping[str, int]


def recommend(needs: Sequence[Need], candidates: Iterable[Candidate], regions: Sequence[str], rules: Rules) -> tuple[Answer, ...]:
    """An answer for each need, in their order; a unit is sent for one need only.

    `regions`: the incident's region and those above it, nearest first.
    """
    everybody, taken = tuple(candidates), set[str]()
    answers = []
    for need in needs:
        answer = _answer(need, everybody, regions, rules, taken)
        taken.update(answer.send)
        answers.append(answer)
    return tuple(answers)


def _answer(need: Need, candidates: Sequence[Candidate], regions: Sequence[str], rules: Rules, taken: set[str]) -> Answer:
    refusals = ["taken" if one.unit.unit_id in taken else refusal_of(need, one, rules) for one in candidates]
    refused = Counter(refusal for refusal in refusals if refusal)
    fit = proposals(need, [one for one, refusal in zip(candidates, refusals, strict=True) if not refusal], regions, rules)
    fit.sort(key=lambda proposal: (proposal.score, proposal.unit_id))
    send = tuple(proposal.unit_id for proposal in fit[: need.number])
    return Answer(need, tuple(fit), send, need.number - len(send), dict(refused))


def refusal_of(need: Need, one: Candidate, rules: Rules) -> str | None:
    """Why the unit can't be proposed for the need: a key of REFUSALS, or None when it can."""
    checks = {
        "capability": need.capability not in one.unit.capabilities and need.capability not in one.has,
        "state": one.state not in rules.states,
        "off_shift": not one.on_shift,
        "too_far": one.arrival.seconds > rules.max_s,
    }
    return next((code for code, true in checks.items() if true), None)


def proposals(need: Need, fit: Sequence[Candidate], regions: Sequence[str], rules: Rules) -> list[Proposal]:
    """The units that can go, each with its reasons, the arrival first; in the order of `fit`."""
    free = [one.unit.unit_id for one in fit if STATES[one.state].free]
    order = base_order({one.unit.unit_id: (one.unit.region not in regions, one.base_s) for one in fit}, free)
    return [_proposal(one, tuple(_reasons(need, one, regions, rules, order[one.unit.unit_id]))) for one in fit]


def base_order(bases: Mapping[str, tuple[bool, float]], free: Collection[str]) -> dict[str, int]:
    """The running order: unit -> the place of its base among the bases with a free unit, from 1.

    `bases`: unit -> (its base is in another region, seconds from there); units of one base share its place.
    """
    ahead = sorted({bases[unit_id] for unit_id in free})
    return {unit_id: 1 + bisect_left(ahead, base) for unit_id, base in bases.items()}


def _proposal(one: Candidate, reasons: tuple[Reason, ...]) -> Proposal:
    return Proposal(one.unit.unit_id, one.arrival.seconds * prod(reason.factor for reason in reasons), one.arrival.seconds, reasons)


def _reasons(need: Need, one: Candidate, regions: Sequence[str], rules: Rules, order: int) -> Iterable[Reason]:
    yield Reason("arrival", one.arrival.seconds)
    yield Reason("how", one.arrival.how)
    yield Reason("state", one.state, rules.states[one.state])
    if need.capability in rules.by_base:
        yield Reason("base_order", order, order ** rules.by_base[need.capability])
    elif one.unit.region and one.unit.region in regions:
        yield Reason("own_region", one.unit.region, rules.own_region)
    if one.load:
        yield Reason("load", one.load, rules.per_run**one.load)
    lacking = need.prefer - one.unit.capabilities - one.has
    if lacking:
        yield Reason("lacks", ", ".join(sorted(lacking)), rules.lacks)


class Plan(NamedTuple):
    """Who goes where when several incidents need one unit each: incident -> unit (None: nobody is left), their sum and worst, seconds."""

    sent: Mapping[str, str | None]
    total_s: float
    worst_s: float


def plan_of(incidents: Sequence[str], units: Sequence[str], costs: Sequence[Sequence[float]], chosen: Sequence[int | None]) -> Plan:
    """The plan that sends `units[chosen[i]]` to `incidents[i]`."""
    spent = [costs[row][column] for row, column in enumerate(chosen) if column is not None]
    sent = {incident: None if column is None else units[column] for incident, column in zip(incidents, chosen, strict=True)}
    return Plan(sent, sum(spent), max(spent, default=0.0))


def greedy(costs: Sequence[Sequence[float]]) -> list[int | None]:
    """Each incident in its order takes the best unit that is left: what a dispatcher does who takes one call after the other."""
    taken: set[int] = set()
    chosen: list[int | None] = []
    for row in costs:
        left = [(cost, column) for column, cost in enumerate(row) if column not in taken and cost != float("inf")]
        chosen.append(min(left)[1] if left else None)
        taken.update(column for _, column in left if column == chosen[-1])
    return chosen
