"""An in-memory AlarmStore, and random histories of one small city, for the tests of alarm evaluation."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from hypothesis import strategies as st

from domain.alarm_joined import as_part, in_order, parts
from domain.alarm_rules import place_row
from domain.alarm_statements import rows_of, series_of, statement_of
from domain.alarms import POSITION, Episode, Phase, Row, Rule, RuleBook, fold
from domain.messages import Event, Position, Quality, Reading
from domain.registry import Device
from services.alarm_store import Deed, RuleSeries, Span, Transition
from services.ports import AlarmRecord, Series

S = 1000
T0 = 1_763_000_000_000
SQUARE = ((0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0))
IGNITION: Any = {"while_metric": "ignition", "while_values": frozenset({1.0})}
DOOR: Any = {"while_metric": "door", "while_values": frozenset({2.0, "text"})}
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
        Rule("fast", "超速", "Fast", ("vehicle",), POSITION, "speed", "minor", "above", 70, 40, for_s=1),
        Rule("stands", "停留", "Stands", ("vehicle",), POSITION, "speed", "warning", "below", 1, 5, for_s=3),
        Rule("idles", "怠速", "Idles", ("vehicle",), POSITION, "speed", "warning", "below", 1, 5, for_s=3, **IGNITION),
        Rule("stays", "未熄火", "Stays", ("vehicle",), POSITION, "geofence", "minor", side="inside", polygon=SQUARE, **IGNITION),
        Rule("wet-door", "进水", "Wet", ("standing_water",), "depth", "threshold", "major", "above", 3, 1, for_s=1, **DOOR),
        Rule("odd-door", "异常", "Odd", ("standing_water",), "depth", "value_set", "minor", values=frozenset({2.0, "text"}), **DOOR),
        Rule("intruder", "入侵", "Intruder", ("camera",), series_of("intrusion"), "stated", "major", priorities=frozenset({0}), quiet_s=7),
        Rule("urgent", "紧急", "Urgent", ("camera",), series_of("intrusion"), "stated", "critical", priorities=frozenset({1}), quiet_s=4),
    ]
)
DEVICES = {
    name: Device(name, name, kind, "441900", "water", None, None, interval)
    for name, kind, interval in (
        ("w1", "standing_water", 1.0),
        ("w2", "standing_water", None),
        ("car", "vehicle", 1.0),
        ("cam", "camera", None),
    )
}
SAID = {-1: "ended a", 0: "ended b", 1: "began a", 2: "began b", 3: "again", 4: "began a 1", None: "ended"}
"""What a camera states, by the value that was drawn: a phase, a subject, a priority."""

Heard = Reading | Position | Event


class FakeAlarmStore:
    """Readings and alarms in dictionaries."""

    def __init__(self) -> None:
        self.held: dict[Series, dict[int, Row]] = {}
        self.said: dict[Series, list[Event]] = {}
        self.rows: dict[str, AlarmRecord] = {}
        self.transitions: list[Transition] = []
        self.queries = 0
        self._number = 0

    def add(self, heard: Sequence[Heard]) -> None:
        for one in heard:
            if isinstance(one, Event):
                self.said.setdefault(series_of_event(one), []).append(one)
                continue
            series, row = as_row(one)
            self.held.setdefault(series, {})[row.at] = row

    def stated(self, tx: Any, device_ids: Sequence[str], since: int) -> list[Series]:
        return [series for series in self.said if series.device_id in device_ids]

    def readings(self, tx: Any, spans: Sequence[Span]) -> list[tuple[list[Row], list[Row]]]:
        self.queries += 1
        answer = []
        for span in spans:
            rows = sorted(self.held.get(span.series, {}).values()) + stated_rows(self.said.get(span.series, []))
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
    """A place `second` seconds into the scenario; the farther east the faster, and west of 0 nobody tells how fast."""
    at = T0 + round(second * S)
    return Position(device_id, at, lon, lat, lon * 10 if lon >= 0 else None, None, at)


def statement(second: float, said: str, n: int = 0) -> Event:
    """What the camera states `second` seconds into the scenario: `began a 1` is a phase, a subject and a priority."""
    at, (phase, *more) = T0 + round(second * S), said.split()
    facts = {"type": "intrusion", "phase": phase, **dict(zip(("subject", "priority"), more, strict=False))}
    return Event("video_alarm", f"{second}-{n}", at, "cam", None, None, facts, at)


def series_of_event(event: Event) -> Series:
    return Series(event.device_id or "", series_of(event.facts["type"]))


def stated_rows(events: Sequence[Event]) -> list[Row]:
    return rows_of((one.at, statement_of(one)) for one in events)


def as_row(one: Reading | Position) -> tuple[Series, Row]:
    """What was heard as a rule sees it."""
    if isinstance(one, Position):
        return Series(one.device_id, POSITION), place_row(one.at, one.lon, one.lat, one.speed)
    return Series(one.device_id, one.metric), Row(one.at, one.value, one.text_value)


class Scenario(NamedTuple):
    """Batches of readings in their order of arrival. `wipes`: the batches before which memory is lost; `ticks`: batch -> judged second."""

    batches: list[list[Heard]]
    wipes: set[int]
    ticks: dict[int, int]
    last_tick: int


def heard(device: str, second: int, value: int | None) -> Heard:
    """A reading, a place, or one of the statements of a moment."""
    if device.startswith("cam"):
        return statement(second, SAID[value], len(device))
    if device.endswith(("ignition", "door")):
        name, metric = device.split()
        return reading(name, second, value, metric)
    return place(device, second, value or 0) if device == "car" else reading(device, second, value)


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Readings of two devices and places of a third in any order, cut into batches anywhere, with losses of memory and ticks between."""
    value = st.one_of(st.integers(-1, 4), st.none())
    told = st.sampled_from(["w1", "w2", "car", "car", "cam", "cam again", "car ignition", "w1 door", "w2 door"])
    points = draw(st.dictionaries(st.tuples(told, st.integers(0, 40)), value, min_size=1, max_size=30))
    ordered = [heard(device, second, v) for (device, second), v in points.items()]
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
    said: dict[Series, list[Event]] = {}
    for one in heard:
        if isinstance(one, Event):
            said.setdefault(series_of_event(one), []).append(one)
            continue
        series, row = as_row(one)
        by_series.setdefault(series, []).append(row)
    by_series |= {series: stated_rows(events) for series, events in said.items()}
    found = set()
    for device in DEVICES.values():
        for series in RULES.series_of(device.kind):
            rows = [as_part(series, one, row) for one in parts(series) for row in by_series.get(Series(device.device_id, one), [])]
            for watch in RULES.watches(device, series):
                episodes, _ = fold(watch, in_order(series, rows), Phase(), judged_at)
                named = (watch.rule.rule_id, device.device_id, watch.rule.metric, watch.rule.severity)
                found |= {(*named, *as_state(episode)) for episode in episodes}
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
