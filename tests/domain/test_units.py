"""A unit's states: the table, and what happens when real data breaks it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import units
from domain.units import IRREGULARITIES, STATES, Status, Step, clocks, irregular_run, replay, take

RUN = (("assigned", 1_000), ("acknowledged", 2_000), ("en_route", 3_000), ("on_scene", 9_000), ("returning", 20_000), ("available", 30_000))


def steps(*pairs, run="i-1", unit="E1"):
    return [Step(unit, state, at, run, 113.7, 23.0) for state, at in pairs]


def after(*pairs, status=None):
    taken = units.Taken(status or Status())
    for step in steps(*pairs):
        taken = take(taken.status, step)
    return taken


def test_a_whole_run_is_regular_and_its_clocks_are_read_off():
    status, odd = replay(steps(*RUN))["E1"]
    assert odd == () and status.state == "available" and status.free
    assert dict(status.times) == dict(RUN)
    assert clocks(dict(status.times)) == {"turnout": 2_000, "travel": 6_000, "scene": 11_000, "run": 29_000}
    assert irregular_run(dict(RUN)) == ()


def test_a_radio_crew_rolls_without_acknowledging():
    assert after(("assigned", 1), ("en_route", 2)).irregular == ()


def test_a_unit_sent_before_it_was_free_is_sent_and_named():
    taken = after(("assigned", 1), ("en_route", 2), ("on_scene", 3))
    again = take(taken.status, Step("E1", "assigned", 5, "i-2"))
    assert again.irregular == ("assigned_before_free",)
    assert (again.status.state, again.status.run, again.status.times) == ("assigned", "i-2", (("assigned", 5),))
    assert take(again.status, Step("E1", "available", 6, "i-1")) == (again.status, ("late_word",))


def test_a_returning_or_cancelled_unit_is_free_and_may_be_sent_on():
    for state in ("returning", "cancelled"):
        taken = after(("assigned", 1), ("en_route", 2), *([("on_scene", 3)] if state == "returning" else []), (state, 4))
        assert taken.status.free and take(taken.status, Step("E1", "assigned", 4, "i-2")).irregular == ()


@pytest.mark.parametrize(
    ("pairs", "codes"),
    [
        ((("assigned", 1), ("en_route", 2), ("available", 9)), ("step_missing",)),
        ((("assigned", 1), ("en_route", 1)), ("times_equal",)),
        ((("assigned", 5), ("en_route", 4)), ("times_reversed",)),
        ((("assigned", 1), ("on_scene", 2), ("en_route", 3)), ("out_of_order",)),
        ((("assigned", 1), ("cancelled", 2), ("on_scene", 3)), ("out_of_order",)),
    ],
)
def test_a_step_that_breaks_a_rule_is_taken_and_named(pairs, codes):
    taken = after(*pairs)
    assert taken.irregular == codes and taken.status.state == pairs[-1][0]


def test_a_run_without_arrival_or_end_says_so_and_has_no_such_clock():
    times = {"assigned": 1, "en_route": 2, "available": 9}
    assert irregular_run(times) == ("step_missing",) and "travel" not in clocks(times)
    assert irregular_run({"assigned": 1, "en_route": 2}) == ("never_ended",)
    reversed_times = {"assigned": 1, "en_route": 5, "on_scene": 4, "available": 9}
    assert irregular_run(reversed_times) == ("times_reversed",) and "travel" not in clocks(reversed_times)


def test_the_place_stays_known_when_a_step_does_not_tell_it():
    status = take(after(("assigned", 1)).status, Step("E1", "en_route", 2, "i-1")).status
    assert (status.lon, status.lat) == (113.7, 23.0)


def test_a_word_that_is_no_state_is_an_error():
    with pytest.raises(ValueError, match="no state of a unit"):
        take(Status(), Step("E1", "flying", 1))


@given(st.lists(st.tuples(st.sampled_from(sorted(STATES)), st.integers(0, 50), st.sampled_from(["", "i-1", "i-2"])), max_size=30))
def test_no_order_of_steps_crashes_and_every_irregularity_has_a_name(words):
    for status, odd in replay(Step("E1", state, at, run) for state, at, run in words).values():
        assert status.state in STATES and {code for _, code in odd} <= set(IRREGULARITIES)
        assert set(irregular_run(dict(status.times))) <= set(IRREGULARITIES)
        assert all(ms >= 0 for ms in clocks(dict(status.times)).values())


def test_every_state_can_be_left_and_names_only_known_states():
    assert all(state.after and set(state.after) <= set(STATES) for state in STATES.values())
