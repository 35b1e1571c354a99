"""Which alarms are one group: both sides of metres and seconds, chains, and that nothing but the alarms decides."""

import random

from hypothesis import given
from hypothesis import strategies as st

from domain.alarm_care import Nearness
from domain.alarm_groups import Placed, groups
from domain.distance import metres_between

NEAR = Nearness(1000, 60)
STEP = 0.008993
"""A kilometre of latitude, in degrees."""


def at(seconds: float = 0, north: float = 0, kind: str = "wet") -> Placed:
    return Placed(kind, round(seconds * 1000), 113.7, 23.0 + north * STEP)


def grouped(*alarms: Placed) -> list[list[int]]:
    return groups(list(enumerate(alarms)), NEAR)


def test_alarms_near_in_time_place_and_kind_are_one_group() -> None:
    assert grouped(at(), at(60, 0.999)) == [[0, 1]]
    assert grouped(at(), at(60.001)) == [[0], [1]]
    assert grouped(at(), at(0, 1.01)) == [[0], [1]]
    assert grouped(at(), at(kind="dry")) == [[0], [1]]


def test_a_chain_is_one_group_and_what_has_no_place_stands_alone() -> None:
    assert grouped(at(), at(0, 1.8), at(0, 0.9)) == [[0, 1, 2]]
    assert grouped(Placed("wet", 0, None, None), at(), Placed("wet", 0, None, None), at()) == [[0], [1, 3], [2]]


@given(st.lists(st.builds(at, st.integers(0, 200), st.integers(0, 40).map(lambda n: n / 8), st.sampled_from(["wet", "dry"])), max_size=20))
def test_groups_are_the_same_whatever_the_order_and_nothing_near_is_apart(alarms: list[Placed]) -> None:
    keyed = list(enumerate(alarms))
    found = groups(keyed, NEAR)
    random.Random(1).shuffle(keyed)
    assert {frozenset(group) for group in groups(keyed, NEAR)} == {frozenset(group) for group in found}
    home = {key: n for n, group in enumerate(found) for key in group}
    for i, a in enumerate(alarms):
        for j, b in enumerate(alarms):
            near = a.kind == b.kind and abs(a.raised_at - b.raised_at) <= 60_000
            if near and metres_between(a.lon, a.lat, b.lon, b.lat) <= 1000:
                assert home[i] == home[j]
