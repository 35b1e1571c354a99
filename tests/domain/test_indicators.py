"""Rows become an indicator's value by a formula that a person can read, and nothing is made of rows that didn't come."""

import json

import pytest

from domain.comparison import compare
from domain.indicators import FOLDS, From, Indicator, Row, fold, formula, quality
from domain.periods import period_of
from tests.domain.test_periods import SHANGHAI, ms

ROWS = [
    Row(1, "441900003", {"present": 90, "enrolled": 100, "kind": "a"}),
    Row(2, "441900003", {"present": 5, "enrolled": 10, "kind": "b"}),
    Row(2, "441900004", {"present": None, "enrolled": 1000, "kind": "b"}),
]


def attendance(**other):
    made = From("education", "attendance", "present", "share", "enrolled")
    said = dict(code="attendance", zh="到校率", en="Attendance", unit="%", decimals=1, domain="livelihood", made=made, cycle="day")
    more = dict(level="town", normal=(94.0, 100.0), target=98.0, direction="higher", weight=1.0, owner="education", due_h=30.0)
    return Indicator(**{**said, **more, "source": "(local)", "possible": (0.0, 100.0), **other})


@pytest.mark.parametrize(
    ("how", "value"),
    [("share", 100 * 95 / 110), ("ratio", 95 / 110), ("sum", 95), ("mean", 47.5), ("max", 90), ("min", 5), ("latest", 5)],
)
def test_each_way_of_folding_rows(how, value):
    assert fold(ROWS, From("l", "q", "present", how, "enrolled")).value == pytest.approx(value)


@pytest.mark.parametrize("how", list(FOLDS))
def test_nothing_is_made_of_no_rows(how):
    assert fold([], From("l", "q", "present", how, "enrolled")).value is None
    assert fold(ROWS[2:], From("l", "q", "present", how, "enrolled")).value is None


def test_a_share_of_nothing_is_no_value():
    assert fold([Row(1, "", {"a": 0, "b": 0})], From("l", "q", "a", "share", "b")) == (None, 1, 0, 0)


def test_only_the_rows_that_are_meant_count():
    made = From("l", "q", "present", "sum", where={"kind": "b"})
    assert fold(ROWS, made).value == 5 and formula(made) == "Σ present | kind = b"


def test_a_value_says_how_good_it_is():
    assert [quality(attendance(), 99, 3, 3), quality(attendance(), 99, 2, 3), quality(attendance(), 101, 3, 3)] == [
        "good",
        "partial",
        "suspect",
    ]


@pytest.mark.parametrize("one", [attendance(), attendance(normal=None, target=None, possible=(None, None))])
def test_an_indicator_comes_back_from_json_as_it_was(one):
    assert Indicator.of_json(json.loads(json.dumps(one.to_json()))) == one


def works(day):
    return day.weekday() < 5


def test_a_change_is_in_percent_and_of_a_percentage_in_points():
    month = period_of(ms(2026, 3), "month", SHANGHAI)
    assert compare("before", month, 110, 100, "件", SHANGHAI, works).change == pytest.approx(10)
    points = compare("last_year", month, 96, 95, "%", SHANGHAI, works)
    assert points.change == pytest.approx(1) and points.in_points
    assert compare("before", month, -50, -100, "万元", SHANGHAI, works).change == pytest.approx(50)


def test_without_a_base_there_is_no_change_and_it_is_said_why():
    leap_day, month = period_of(ms(2028, 2, 29), "day", SHANGHAI), period_of(ms(2026, 3), "month", SHANGHAI)
    assert compare("last_year", leap_day, 5, 4, "", SHANGHAI, works)[2:6] == (None, None, False, "no_such_day")
    assert compare("before", month, 5, None, "", SHANGHAI, works).why_not == "no_value"
    assert compare("before", month, 5, 0, "", SHANGHAI, works).why_not == "zero"
    assert compare("before", month, 5, 0, "%", SHANGHAI, works).change == 5


def test_months_of_other_lengths_and_other_working_days_are_noted():
    march = compare("before", period_of(ms(2026, 3), "month", SHANGHAI), 5, 5, "", SHANGHAI, works)
    assert (march.days, march.working) == (3, 2)
