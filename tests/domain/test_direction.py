"""Rising and falling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.direction import DOWN, FEWEST, STEADY, UP, direction


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 2, 1, 2, 9, 9, 9], UP),
        ([9, 8, 9, 8, 1, 1, 1], DOWN),
        ([5, 6, 5, 6, 5, 6, 5], STEADY),
        ([3, 3, 3, 3, 3, 3], STEADY),
        ([3, 3, 3, 3, 4, 4], UP),
        ([1, 2, 3, 4, 5], None),
        ([1, 1, 1, 1, 1, 1, None], None),
        ([1, None, 1, 1, None, 5, 5, 5], UP),
    ],
)
def test_a_value_rises_or_falls_when_its_last_part_leaves_its_own_unrest(values, expected):
    assert direction(values) == expected


@given(st.lists(st.floats(-1e6, 1e6), min_size=FEWEST, max_size=40))
def test_upside_down_the_direction_is_the_other_one(values):
    assert direction([-value for value in values]) == -direction(values)
