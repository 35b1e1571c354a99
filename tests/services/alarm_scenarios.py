"""An in-memory AlarmStore, and random histories of one small city, for the tests of alarm evaluation."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from hypothesis import strategies as st

from domain.alarms import Episode, Phase, Row, Rule, RuleBook, fold
from domain.messages import Quality, Reading
from domain.registry import Device
from services.alarm_store import Span, Transition
from services.ports import AlarmRecord, Series

S = 1000
T0 = 1_763_000_000_000
RULES = RuleBook(
    [
        Rule("depth-high", "积水", "Water", ("standing_water",), "depth", "threshold", "critical", "above", 3, 1, for_s=2),
        Rule("depth-any", "积水", "Water", ("standing_water",), "depth", "threshold", "minor", "above", 2, 1),
        Rule("depth-low", "干", "Dry", ("standing_water",), "depth", "threshold", "minor", "below", 0, 2, for_s=3),
        Rule("depth-rate", "涨", "Rise", ("standing_water",), "depth", "rate", "major", "above", 60, 0, for_s=1),
        Rule("silent", "失联", "Silent", ("standing_water",), "depth", "no_data", "warning", k=3),
    ]
)
DEVICES = {
    name: Device(name, name, "standing_water", "441900", "water", None, None, interval) for name, interval in (("w1", 1.0), ("w2", None))
}


class FakeAlarmStore:
    """Readings and alarms in dictionaries."""

    def __init__(self) -> None:
        self.held: dict[Series, dict[int, float | None]] = {}
        self.rows: dict[str, AlarmRecord] = {}
        self.transitions: list[Transition] = []
        self.queries = 0
        self._number = 0

    def add(self, readings: Sequence[Reading]) -> None:
        for one in readings:
            self.held.setdefault(Series(one.device_id, one.metric), {})[one.at] = one.value

    def readings(self, tx: Any, spans: Sequence[Span]) -> list[tuple[list[Row], list[Row]]]:
        self.queries += 1
        answer = []
        for span in spans:
            rows = sorted(Row(*item) for item in self.held.get(span.series, {}).items())
            before, after = [r for r in rows if r.at < span.since], [r for r in rows if r.at >= span.since]
            answer.append((before[-span.before :], after[: span.after]))
        return answer

    def alarms(self, tx: Any, since: Mapping[Series, int]) -> list[AlarmRecord]:
        found = [(one, since.get(Series(one.device_id, one.metric))) for one in self.rows.values()]
        return [a for a, s in found if s is not None and (a.state == "active" or a.raised_at > s or (a.cleared_at or s) > s)]

    def active(self, tx: Any, device_ids: Sequence[str]) -> list[AlarmRecord]:
        return [one for one in self.rows.values() if one.state == "active" and one.device_id in device_ids]

    def numbers(self, tx: Any, n: int) -> list[int]:
        self._number += n
        return list(range(self._number - n + 1, self._number + 1))

    def save(
        self, tx: Any, origin_center: str, alarms: Sequence[AlarmRecord], transitions: Sequence[Transition], now: int
    ) -> list[AlarmRecord]:
        for alarm in alarms:
            old = self.rows.get(alarm.alarm_id, alarm)
            kept = {"number": old.number, "acknowledged_at": old.acknowledged_at, "acknowledged_by": old.acknowledged_by}
            self.rows[alarm.alarm_id] = alarm._replace(**kept)
        self.transitions += transitions
        return [self.rows[alarm.alarm_id] for alarm in alarms]

    def acknowledge(self, tx: Any, alarm_id: str, username: str, at: int) -> AlarmRecord | None:
        old = self.rows.get(alarm_id)
        if old is None or old.acknowledged_at is not None or old.state == "withdrawn":
            return None
        self.rows[alarm_id] = old._replace(acknowledged_at=at, acknowledged_by=username)
        self.transitions.append(Transition(alarm_id, "acknowledged", at, username, None))
        return self.rows[alarm_id]


def reading(device_id: str, second: float, value: float | None, metric: str = "depth") -> Reading:
    """A reading `second` seconds into the scenario."""
    at = T0 + round(second * S)
    return Reading(device_id, metric, at, value, None if value is not None else "text", Quality.GOOD, at)


class Scenario(NamedTuple):
    """Batches of readings in their order of arrival. `wipes`: the batches before which memory is lost; `ticks`: batch -> judged second."""

    batches: list[list[Reading]]
    wipes: set[int]
    ticks: dict[int, int]
    last_tick: int


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Random readings of two devices in any order, cut into batches anywhere, with losses of memory and ticks in between."""
    value = st.one_of(st.integers(-1, 4), st.none())
    points = draw(st.dictionaries(st.tuples(st.sampled_from(["w1", "w2"]), st.integers(0, 40)), value, min_size=1, max_size=30))
    ordered = [reading(device, second, v) for (device, second), v in points.items()]
    arrival = draw(st.one_of(st.just(sorted(ordered, key=lambda r: r.at)), st.permutations(ordered)))
    cuts = draw(st.lists(st.integers(1, len(arrival)), max_size=8, unique=True).map(sorted))
    edges = [0, *cuts, len(arrival)]
    batches = [arrival[a:b] for a, b in pairwise(edges) if a < b]
    indexes = st.integers(0, len(batches) - 1)
    last_tick = draw(st.integers(0, 60))
    return Scenario(batches, draw(st.sets(indexes)), draw(st.dictionaries(indexes, st.integers(0, last_tick))), last_tick)


def expected(readings: Sequence[Reading], judged_at: int) -> set[tuple[Any, ...]]:
    """What the alarms must be: the fold over the sorted set of readings."""
    by_series: dict[Series, list[Row]] = {}
    for one in readings:
        by_series.setdefault(Series(one.device_id, one.metric), []).append(Row(one.at, one.value))
    found = set()
    for series, rows in by_series.items():
        for watch in RULES.watches(DEVICES[series.device_id], series.metric):
            episodes, _ = fold(watch, sorted(rows), Phase(), judged_at)
            found |= {(watch.rule.rule_id, *series, watch.rule.severity, *as_state(episode)) for episode in episodes}
    return found


def as_state(episode: Episode) -> tuple[Any, ...]:
    state = "active" if episode.cleared_at is None else "cleared"
    return state, episode.raised_at, episode.cleared_at, episode.raised_value


def seen(alarms: Sequence[AlarmRecord]) -> set[tuple[Any, ...]]:
    """The same of stored alarms; an alarm stored twice would be a defect."""
    living = [one for one in alarms if one.state != "withdrawn"]
    found = {(a.rule_id, a.device_id, a.metric, a.severity, a.state, a.raised_at, a.cleared_at, a.raised_value) for a in living}
    assert len(found) == len(living)
    return found
