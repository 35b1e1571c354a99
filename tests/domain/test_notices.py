"""Calling until somebody answers, and when a notice is tried again."""

from hypothesis import given
from hypothesis import strategies as st

from domain.notices import CallRule, Delivery, answer, begin, go_on

RULE = CallRule(2, 60, ("app",), "test")
NOW = 1_795_000_000_000
MINUTE = 60_000


def started(*chain: str) -> object:
    return begin("c", "thing", "critical_alarm", chain, "boss", RULE, NOW)


def test_each_is_called_as_often_as_the_rule_says_and_then_the_next() -> None:
    calling, seen = begin("c", "thing", "t", ("li", "wang"), "boss", RULE, NOW), []
    for minute in range(6):
        seen.append((calling.person, calling.call, calling.state))
        calling = go_on(calling, RULE, NOW + (minute + 1) * MINUTE)
    assert seen[:5] == [
        ("li", 1, "calling"), ("li", 2, "calling"), ("wang", 1, "calling"), ("wang", 2, "calling"), ("", 2, "exhausted"),
    ]  # fmt: skip
    assert calling.not_reached == ("li", "wang")


def test_nothing_happens_before_the_time_is_over() -> None:
    calling = begin("c", "thing", "t", ("li",), "boss", RULE, NOW)
    assert go_on(calling, RULE, NOW + MINUTE - 1) == calling and go_on(calling, RULE, NOW + MINUTE).call == 2


def test_an_answer_ends_it_and_only_those_who_were_asked_can_give_one() -> None:
    calling = begin("c", "thing", "t", ("li", "wang"), "boss", RULE, NOW)
    assert answer(calling, "stranger", NOW) == calling
    done = answer(calling, "wang", NOW + 5)
    assert (done.state, done.answered_by, done.answered_at) == ("answered", "wang", NOW + 5)
    assert go_on(done, RULE, NOW + 9 * MINUTE) == done and answer(done, "li", NOW + 6) == done


def test_when_nobody_is_on_the_list_it_is_the_superiors_at_once() -> None:
    empty = begin("c", "thing", "t", (), "boss", RULE, NOW)
    assert empty.state == "exhausted" and answer(empty, "boss", NOW + 1).state == "answered"


@given(st.lists(st.sampled_from("abcdef"), unique=True, max_size=6), st.integers(1, 4), st.lists(st.integers(0, 200_000), max_size=60))
def test_whatever_time_it_is_looked_at_each_is_called_in_order_and_it_ends(chain: list[str], calls: int, waits: list[int]) -> None:
    rule = CallRule(calls, 60, ("app",), "test")
    now, calling, called = NOW, begin("c", "t", "t", tuple(chain), "", rule, NOW), []
    for wait in [*waits, *[60_000] * (calls * len(chain) + 1)]:
        if calling.person and (calling.person, calling.call) not in called:
            called.append((calling.person, calling.call))
        now += wait
        calling = go_on(calling, rule, now)
    assert called == [(name, call) for name in chain for call in range(1, calls + 1)] and calling.state == "exhausted"


def test_a_notice_that_fails_is_tried_again_with_growing_pauses_and_given_up_in_the_end() -> None:
    delivery = Delivery((5, 15, 60), 5, 60, 60)
    assert [delivery.next_attempt(n, 1_000) for n in range(1, 7)] == [6_000, 16_000, 61_000, 61_000, None, None]
