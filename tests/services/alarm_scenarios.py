"""An in-memory AlarmStore, and random histories of one small city, for the tests of alarm evaluation."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from hypothesis import strategies as st

from domain.alarms import POSITION, Episode, Phase, Row, Rule, RuleBook, fold
from domain.messages import Position, Quality, Reading
from domain.registry import Device
from services.alarm_store import Deed, RuleSeries, Span, Transition
from services.ports import AlarmRecord, Series

S = 1000
T0 = 1_763_000_000_000
SQUARE = ((0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0))
RULES = RuleBook(
    [
        Rule("depth-high", "积水", "Water", ("standing_water",), "depth", "threshold", "critical", "above", 3, 1, for_s=2),
        Rule("depth-any", "积水", "Water", ("standing_water",), "depth", "threshold", "minor", "above", 2, 1),
        Rule("depth-low", "干", "Dry", ("standing_water",), "depth", "threshold", "minor", "below", 0, 2, for_s=3),
        Rule("depth-rate", "涨", "Rise", ("standing_water",), "depth", "rate", "major", "above", 60, 0, for_s=1),
        Rule("silent", "失联", "Silent", ("standing_water",), "depth", "no_data", "warning", k=3),
        Rule("again", "反复", "Again", ("standing_water",), "depth", "repetition", "major", "above", 3, 1, times=2, within_s=9),
        Rule("bad-word", "异常值", "Bad", ("standing_water",), "depth", "value_set", "minor", for_s=1, values=frozenset({4.0, "text"})),
        Rule("left", "驶出", "Left", ("vehicle",), POSITION, "geofence", "minor", for_s=2, polygon=SQUARE),
        Rule("inside", "驶入", "Inside", ("vehicle",), POSITION, "geofence", "major", side="inside", polygon=SQUARE),
    ]
)
DEVICES = {
    name: Device(name, name, kind, "441900", "water", None, None, interval)
    for name, kind, interval in (("w1", "standing_water", 1.0), ("w2", "standing_water", None), ("car", "vehicle", 1.0))
}


Heard = Reading | Position


class FakeAlarmStore:
    """Readings and alarms in dictionaries."""

    def __init__(self) -> None:
        self.held: dict[Series, dict[int, Row]] = {}
        self.rows: dict[str, AlarmRecord] = {}
        self.transitions: list[Transition] = []
        self.queries = 0
        self._number = 0

    def add(self, heard: Sequence[Heard]) -> None:
        for one in heard:
            series, row = as_row(one)
            self.held.setdefault(series, {})[row.at] = row

    def readings(self, tx: Any, spans: Sequence[Span]) -> list[tuple[list[Row], list[Row]]]:
        self.queries += 1
        answer = []
        for span in spans:
            rows = sorted(self.held.get(span.series, {}).values())
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

    def lives(self, tx: Any, since: Mapping[RuleSeries, int]) -> list[AlarmRecord]:
        found = [(one, since.get((one.device_id, one.metric, one.rule_id))) for one in self.rows.values() if one.state != "withdrawn"]
        return [one for one, s in found if s is not None and (one.cleared_at is None or one.cleared_at > s)]

    def decide(self, tx: Any, deed: Deed, at: int) -> AlarmRecord | None:
        old = self.rows.get(deed.alarm_id)
        if old is None or old.acknowledged_at is not None or old.state == "withdrawn":
            return None
        self.rows[deed.alarm_id] = old._replace(acknowledged_at=at, acknowledged_by=deed.actor)
        self.transitions.append(Transition(deed.alarm_id, "acknowledged", at, deed.actor, None))
        return self.rows[deed.alarm_id]


def reading(device_id: str, second: float, value: float | None, metric: str = "depth") -> Reading:
    """A reading `second` seconds into the scenario."""
    at = T0 + round(second * S)
    return Reading(device_id, metric, at, value, None if value is not None else "text", Quality.GOOD, at)


def place(device_id: str, second: float, lon: float, lat: float = 1.0) -> Position:
    """A place `second` seconds into the scenario."""
    at = T0 + round(second * S)
    return Position(device_id, at, lon, lat, None, None, at)


def as_row(one: Heard) -> tuple[Series, Row]:
    """What was heard as a rule sees it."""
    if isinstance(one, Position):
        return Series(one.device_id, POSITION), Row(one.at, None, (one.lon, one.lat))
    return Series(one.device_id, one.metric), Row(one.at, one.value, one.text_value)


class Scenario(NamedTuple):
    """Batches of readings in their order of arrival. `wipes`: the batches before which memory is lost; `ticks`: batch -> judged second."""

    batches: list[list[Heard]]
    wipes: set[int]
    ticks: dict[int, int]
    last_tick: int


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Readings of two devices and places of a third in any order, cut into batches anywhere, with losses of memory and ticks between."""
    value = st.one_of(st.integers(-1, 4), st.none())
    points = draw(st.dictionaries(st.tuples(st.sampled_from(["w1", "w2", "car"]), st.integers(0, 40)), value, min_size=1, max_size=30))
    ordered: list[Heard] = [
        place(device, second, v or 0) if device == "car" else reading(device, second, v) for (device, second), v in points.items()
    ]
    arrival = draw(st.one_of(st.just(sorted(ordered, key=lambda r: r.at)), st.permutations(ordered)))
    cuts = draw(st.lists(st.integers(1, len(arrival)), max_size=8, unique=True).map(sorted))
    edges = [0, *cuts, len(arrival)]
    batches = [arrival[a:b] for a, b in pairwise(edges) if a < b]
    indexes = st.integers(0, len(batches) - 1)
    last_tick = draw(st.integers(0, 60))
    return Scenario(batches, draw(st.sets(indexes)), draw(st.dictionaries(indexes, st.integers(0, last_tick))), last_tick)


def expected(heard: Sequence[Heard], judged_at: int) -> set[tuple[Any, ...]]:
    """What the alarms must be: the fold over the sorted set of readings."""
    by_series: dict[Series, list[Row]] = {}
    for one in heard:
        series, row = as_row(one)
        by_series.setdefault(series, []).append(row)
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
