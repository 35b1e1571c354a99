"""Repetition, values in a set, areas: both sides of every limit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.alarm_joined import as_part, in_order
from domain.alarm_rules import place_row
from domain.alarms import POSITION, Episode, Phase, Row, Rule, RuleBook, first_anchor, fold, last_anchor, watch_of
from domain.registry import Device

S = 1000
SQUARE = ((0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0))
AGAIN = Rule("r", "反复", "Again", ("pump",), "m", "repetition", "major", "above", 3, 1, times=3, within_s=60)


def repeated(*points: tuple[float, float]) -> list[Episode]:
    watch = watch_of(AGAIN, None)
    assert watch is not None
    return fold(watch, [Row(round(second * S), value) for second, value in points], Phase())[0]


def test_the_third_breach_within_the_window_raises_the_alarm() -> None:
    assert repeated((0, 3), (1, 0), (20, 3), (21, 0), (59.999, 3)) == [Episode(59_999, None, 3)]
    assert repeated((0, 3), (1, 0), (20, 3), (21, 0), (60, 3)) == []


def test_a_breach_that_was_never_over_counts_once() -> None:
    assert repeated((0, 3), (1, 2), (2, 3), (3, 2), (4, 4)) == []
    assert repeated((0, 3), (1, 1), (2, 3), (3, 1), (4, 4)) == [Episode(4 * S, None, 4)]


def test_a_repetition_is_over_when_nothing_has_begun_for_a_whole_window() -> None:
    thrice = [(0, 3), (1, 0), (2, 3), (3, 0), (4, 3), (5, 0)]
    assert repeated(*thrice, (63.999, 0)) == [Episode(4 * S, None, 3)]
    assert repeated(*thrice, (64, 0)) == [Episode(4 * S, 64 * S, 3)]
    assert repeated(*thrice, (64, 2)) == [Episode(4 * S, 64 * S, 3)]
    assert repeated(*thrice, (64, 3)) == [Episode(4 * S, None, 3)]


def test_reading_a_repetition_again_starts_where_a_whole_window_was_quiet() -> None:
    watch = watch_of(AGAIN, None)
    assert watch is not None
    rows = [Row(at * S, value) for at, value in ((0, 1), (30, 2), (60, 1), (61, 3), (62, 0), (121, 0), (122, 0))]
    assert (first_anchor(watch, rows), last_anchor(watch, rows)) == (2, 6)
    assert last_anchor(watch, rows[:6]) == 2
    assert first_anchor(watch, [Row(0, 0.0), Row(59 * S, 0.0)]) is None


@pytest.mark.parametrize(("held", "lit"), [(1.0, True), (0.0, False), ("fault", True), ("ok", False)])
def test_a_value_of_the_set_lights_the_alarm_whether_number_flag_or_text(held: float | str, lit: bool) -> None:
    rule = Rule("r", "值", "Value", ("pump",), "m", "value_set", "major", values=frozenset({1.0, "fault"}))
    watch = watch_of(rule, None)
    assert watch is not None and watch.limit is None
    row = Row(0, None, held) if isinstance(held, str) else Row(0, held)
    assert bool(fold(watch, [row], Phase())[0]) is lit


def test_a_value_of_the_set_must_hold_for_its_duration_and_any_other_one_ends_it() -> None:
    rule = Rule("r", "值", "Value", ("pump",), "m", "value_set", "major", for_s=10, values=frozenset({"fault", "stuck"}))
    watch = watch_of(rule, None)
    assert watch is not None
    rows = [Row(0, None, "fault"), Row(10 * S, None, "stuck"), Row(12 * S, None, "ok")]
    assert fold(watch, rows, Phase())[0] == [Episode(10 * S, 12 * S, None)]


@pytest.mark.parametrize(("side", "lon", "lit"), [("outside", 2.0, False), ("outside", 2.0001, True), ("inside", 2.0, True)])
def test_a_place_on_the_edge_is_inside(side: str, lon: float, lit: bool) -> None:
    rules = RuleBook([Rule("r", "区域", "Area", ("vehicle",), POSITION, "geofence", "major", side=side, polygon=SQUARE)])
    (watch,) = rules.watches(Device("car", "", "vehicle", "441900", "", None, None, None), POSITION)
    assert bool(fold(watch, [Row(0, None, (lon, 1.0))], Phase())[0]) is lit


def test_a_geofence_of_a_region_follows_the_region_and_watches_nothing_where_there_is_none() -> None:
    rules = RuleBook([Rule("r", "驶出", "Left", ("vehicle",), POSITION, "geofence", "major", region="own")])
    car = Device("car", "", "vehicle", "441900003", "", None, None, None)
    assert rules.watches(car, POSITION) == []
    drawn = RuleBook([Rule("d", "", "", ("vehicle",), POSITION, "geofence", "major", polygon=SQUARE)]).watches(car, POSITION)[0].area
    rules.find_areas({"441900003": drawn}.get)
    assert [watch.area for watch in rules.watches(car, POSITION)] == [drawn]


def test_a_vehicle_that_is_too_fast_or_stands_is_judged_by_the_speed_of_its_places_in_km_h() -> None:
    fast = watch_of(Rule("r", "超速", "Fast", ("vehicle",), POSITION, "speed", "minor", "above", 100, 90, for_s=10), None)
    stands = watch_of(Rule("s", "停留", "Stands", ("vehicle",), POSITION, "speed", "warning", "below", 1, 5, for_s=60), None)
    assert fast is not None and stands is not None
    speeds = [(0, 27.7), (10, 27.8), (20, None), (30, 30.0), (40, 20.0), (50, 0.1), (110, 0.2), (120, 3.0)]
    rows = [place_row(at * S, 113.75, 23.02, speed) for at, speed in speeds]
    assert fold(fast, rows, Phase())[0] == [Episode(20 * S, 40 * S, 27.8 * 3.6)]
    assert [(one.raised_at, one.cleared_at) for one in fold(stands, rows, Phase())[0]] == [(110 * S, 120 * S)]


def idling(*heard: tuple[float, float | None, bool | None]) -> list[tuple[int, int | None]]:
    """(second, speed in m/s or None, ignition or None) -> when the vehicle idled, in seconds."""
    metrics = {"while_metric": "ignition", "while_values": frozenset({1.0})}
    rules = RuleBook([Rule("i", "怠速", "Idle", ("vehicle",), POSITION, "speed", "warning", "below", 1, 5, for_s=10, **metrics)])  # type: ignore[arg-type]
    (series,) = rules.series_of("vehicle")
    (watch,) = rules.watches(Device("car", "", "vehicle", "441900", "", None, None, None), series)
    rows = [as_part(series, POSITION, place_row(round(at * S), 113.75, 23.02, speed)) for at, speed, _ in heard if speed is not None]
    rows += [as_part(series, "ignition", Row(round(at * S), float(on))) for at, _, on in heard if on is not None]
    found, _ = fold(watch, in_order(series, rows), Phase())
    return [(one.raised_at // S, None if one.cleared_at is None else one.cleared_at // S) for one in found]


def test_a_vehicle_idles_once_it_has_stood_with_its_ignition_on_for_the_time_whichever_came_first() -> None:
    assert idling((0, 0, None), (5, None, True), (14.999, 0, None)) == []
    assert idling((0, 0, None), (5, None, True), (15, 0, None)) == [(15, None)]
    assert idling((0, None, True), (5, 0, None), (15, 0, None)) == [(15, None)]
    assert idling((0, 0, True), (10, 0, True)) == [(10, None)]


def test_idling_is_over_when_the_ignition_is_off_or_the_vehicle_drives() -> None:
    assert idling((0, 0, True), (10, 0, None), (12, None, False), (30, 0, None)) == [(10, 12)]
    assert idling((0, 0, True), (10, 0, None), (12, 3, None)) == [(10, 12)]
    assert idling((0, 0, True), (6, None, False), (7, None, True), (16, 0, None)) == []
    assert idling((0, 0, True), (6, None, False), (7, None, True), (17, 0, None)) == [(17, None)]


def test_a_vehicle_whose_ignition_nobody_told_never_idles() -> None:
    assert idling((0, 0, None), (100, 0, None)) == []
    assert idling((0, None, True), (100, None, True)) == []


@given(st.lists(st.tuples(st.integers(0, 60), st.sampled_from([None, 0.0, 1.0, 5.0]), st.sampled_from([None, False, True])), max_size=25))
def test_idling_is_what_a_second_by_second_watch_would_have_seen(heard: list[tuple[int, float | None, bool | None]]) -> None:
    by_second = {at: (speed, on) for at, speed, on in heard}
    speed, on, since, spans = None, None, None, list[list[int | None]]()
    for second in range(61):
        told = by_second.get(second, (None, None))
        if told == (None, None):
            continue
        speed, on = (old if new is None else new for old, new in zip((speed, on), told, strict=True))
        lit = bool(spans) and spans[-1][1] is None
        if since is not None and not lit and second - since > 10:
            spans.append([since + 10, None])
            lit = True
        standing = on is True and speed is not None and speed * 3.6 <= 1
        since = (second if since is None else since) if standing else None
        if not standing and lit and not (on and speed is not None and 1 < speed * 3.6 < 5):
            spans[-1][1] = second
        if standing and not lit and since is not None and second - since >= 10:
            spans.append([since + 10, None])
    assert idling(*((at, *told) for at, told in by_second.items())) == [tuple(span) for span in spans]
