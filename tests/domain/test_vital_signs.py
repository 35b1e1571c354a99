"""A score says how good a value is; what is missing makes nothing look better."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.vital_signs import Band, Part, Scored, roll_up, score

VALUES = st.floats(-1e6, 1e6)
DIRECTIONS = st.sampled_from(["higher", "lower", "range"])
BANDS = st.tuples(VALUES, st.floats(0.001, 1e5)).map(lambda pair: Band(pair[0], pair[0] + pair[1], pair[0] + pair[1] / 2))
SCORES = st.one_of(st.none(), st.floats(0, 100))


def parts(scores):
    return [Part(str(n), n + 1.0, Scored(one, "" if one is not None else "missing")) for n, one in enumerate(scores)]


@pytest.mark.parametrize(
    ("value", "direction", "target", "expected"),
    [
        (98, "higher", 98, 100),
        (99, "higher", 98, 100),
        (94, "higher", 98, 60),
        (96, "higher", 98, 80),
        (93.99, "higher", 98, 59.9),
        (88, "higher", 98, 0),
        (94, "lower", 94, 100),
        (100, "lower", 94, 60),
        (103, "lower", 94, 40),
        (94, "range", None, 100),
        (100, "range", None, 100),
        (100.01, "range", None, 59.9),
        (106, "range", None, 0),
    ],
)
def test_a_score_is_100_at_the_target_60_at_the_edge_of_normal_and_falls_on(value, direction, target, expected):
    assert score(value, Band(94, 100), target, direction).score == pytest.approx(expected, abs=0.05)


@given(VALUES, BANDS, DIRECTIONS)
def test_whoever_scores_less_than_60_is_outside_normal_on_the_bad_side(value, band, direction):
    found = score(value, band, None, direction).score
    worse = {"higher": value < band.low, "lower": value > band.high, "range": not band.holds(value)}[direction]
    assert 0 <= found <= 100
    assert found == pytest.approx(60, abs=1e-3) or (found < 60) == worse


@given(VALUES, VALUES, BANDS)
def test_a_better_value_never_scores_less(one, other, band):
    low, high = sorted((one, other))
    assert score(low, band, None, "higher").score <= score(high, band, None, "higher").score
    assert score(low, band, None, "lower").score >= score(high, band, None, "lower").score


def test_a_target_on_the_far_side_of_what_is_usual_is_met_by_anything_usual():
    assert score(97, Band(96, 99), 90, "higher").score == 100
    assert score(95.9, Band(96, 99), 90, "higher").score < 60


def test_without_an_aim_or_an_edge_there_is_no_score():
    assert score(1, Band(None, 5), None, "higher") == (None, "no_target")
    assert score(1, Band(0, None), None, "lower") == (None, "no_target")
    assert score(1, Band(0, None), None, "range") == (None, "no_target")


@given(st.lists(SCORES, min_size=1, max_size=12))
def test_what_is_missing_neither_helps_nor_hurts_and_is_listed_with_its_weight(scores):
    ours = roll_up(parts(scores), 0.0)
    there = [one for one in parts(scores) if one.scored.score is not None]
    assert ours.score == roll_up(there, 0.0).score
    assert {one.name for one in ours.missing} == {one.name for one in parts(scores)} - {one.name for one in there}
    total = sum(one.weight for one in parts(scores))
    assert ours.coverage == pytest.approx(1 - sum(one.weight for one in ours.missing) / total)


@given(st.lists(st.floats(0, 100), min_size=1, max_size=12))
def test_a_roll_up_lies_between_its_best_and_its_worst(scores):
    assert min(scores) - 1e-9 <= roll_up(parts(scores), 0.5).score <= max(scores) + 1e-9


def test_with_too_little_covered_there_is_no_score():
    known = [Part("a", 1, Scored(90)), Part("b", 2, Scored(None, "late"))]
    assert roll_up(known, 0.5).score is None
    assert roll_up(known, 0.3).score == 90
    assert roll_up([], 0.5).score is None
