"""Hot themes and sudden rises: counts against the same weekday, with a floor, and never surer than few weeks allow."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.rises import Counted, RiseLimits, by_town, chance, hot

LIMITS = RiseLimits(86_400_000, 8, 5, 2.0, 0.001, 3)
counts = st.lists(st.integers(0, 60), max_size=8).map(tuple)


def judged(now: int, *before: int):
    return hot([Counted("t", "noise", now, before)], LIMITS)


@pytest.mark.parametrize(
    ("now", "before", "rising"),
    [
        (12, (2, 3, 1, 2, 2, 3, 2, 1), True),
        (4, (0,) * 8, None),
        (5, (0,) * 8, True),
        (6, (4, 3, 5, 4, 6, 3, 4, 5), False),
        (50, (), False),
        (9, (2,), False),
        (60, (30, 31, 29, 30, 32, 30, 28, 30), True),
        (59, (30, 31, 29, 30, 32, 30, 28, 30), False),
    ],
)
def test_a_rise_needs_enough_appeals_twice_the_usual_and_more_than_chance(now: int, before: tuple[int, ...], rising: bool | None) -> None:
    found = judged(now, *before)
    assert [one.rising for one in found] == ([] if rising is None else [rising])


@given(st.integers(0, 80), counts)
def test_a_chance_is_a_share_and_more_appeals_are_never_likelier(now: int, before: tuple[int, ...]) -> None:
    assert 0 <= chance(now + 1, before) <= chance(now, before) <= 1


def test_fewer_weeks_are_less_surprising() -> None:
    assert chance(10, (2,)) > chance(10, (2, 2)) > chance(10, (2,) * 8)


def test_rises_come_first_then_what_most_people_say_and_no_more_than_are_shown() -> None:
    found = hot([Counted(f"t{at}", "x", 10 + at, (10 + at,) * 8) for at in range(5)] + [Counted("r", "x", 9, (1,) * 8)], LIMITS)
    assert [one.region for one in found] == ["r", "t4", "t3"]


def test_villages_count_in_their_town_and_what_lies_in_none_is_left_out() -> None:
    found = by_town({("v1", "a"): (2, 1), ("v2", "a"): (3, 0), ("city", "a"): (9, 9)}, {"v1": "t", "v2": "t"})
    assert found == [Counted("t", "a", 5, (1,))]
