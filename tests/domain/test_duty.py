"""Who is on duty, where nobody is, and who is called first."""

from hypothesis import given
from hypothesis import strategies as st

from domain.duty import Shift, chain_of, gaps, on_duty, overlaps, standing, state_of

HOUR = 3_600_000
OWED = {"watch_officer": 1, "shift_leader": 1}


def shift(number: int, post: str, who: str, starts: int, ends: int, department: str = "") -> Shift:
    return Shift(str(number), post, department, who, who, "", starts * HOUR, ends * HOUR)


def test_a_shift_begins_at_its_first_and_ends_before_its_last_moment() -> None:
    one = shift(1, "watch_officer", "li", 8, 16)
    assert on_duty([one], 8 * HOUR) == [one] and on_duty([one], 16 * HOUR) == [] and on_duty([one], 8 * HOUR - 1) == []


def test_a_gap_says_post_time_and_how_many_are_missing() -> None:
    roster = [shift(1, "watch_officer", "li", 0, 8), shift(2, "watch_officer", "wang", 9, 24), shift(3, "shift_leader", "chen", 0, 24)]
    found = gaps(roster, OWED, 0, 24 * HOUR)
    assert [(gap.post, gap.starts // HOUR, gap.ends // HOUR, gap.there) for gap in found] == [("watch_officer", 8, 9, 0)]
    assert not gaps(roster, {"watch_officer": 0}, 0, 24 * HOUR) and len(gaps([], OWED, 0, HOUR)) == 2


def test_a_shortage_goes_on_while_its_number_changes() -> None:
    roster = [shift(1, "watch_officer", "li", 0, 8), shift(2, "watch_officer", "wang", 0, 8), shift(3, "watch_officer", "wang", 10, 24)]
    (gap,) = standing(roster, {"watch_officer": 2}, 11 * HOUR, 0, 30 * HOUR)
    assert (gap.starts // HOUR, gap.ends // HOUR, gap.there, state_of(gap, 11 * HOUR)) == (8, 30, 1, "short")
    assert not standing(roster, {"watch_officer": 2}, 7 * HOUR, 0, 30 * HOUR)
    assert [state_of(gap._replace(there=there), now) for there, now in ((0, 9 * HOUR), (0, 7 * HOUR))] == ["empty", "coming"]


def test_one_person_at_two_posts_at_once_collides() -> None:
    one = shift(1, "watch_officer", "li", 8, 16)
    assert overlaps([one], shift(2, "seat", "li", 15, 20)) == [one]
    assert not overlaps([one], shift(2, "seat", "li", 16, 20)) and not overlaps([one], shift(2, "seat", "wang", 15, 20))


def test_the_watch_officers_are_called_first_then_the_shift_leader_then_the_leader() -> None:
    roster = [
        shift(1, "leader_on_duty", "zhao", 0, 24), shift(2, "shift_leader", "chen", 0, 24), shift(3, "watch_officer", "li", 0, 24),
        shift(4, "seat", "sun", 0, 24, "water"),
    ]  # fmt: skip
    assert chain_of(roster, HOUR) == ("li", "chen", "zhao") and chain_of(roster, HOUR, "water") == ("sun",)


spans = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 23), st.integers(1, 24)).filter(lambda one: one[1] < one[2]), max_size=8)


@given(spans, st.integers(0, 2))
def test_gaps_are_exactly_the_moments_when_too_few_are_there(chosen: list[tuple[str, int, int]], owed: int) -> None:
    roster = [shift(n, "watch_officer", who, starts, ends) for n, (who, starts, ends) in enumerate(chosen)]
    found = gaps(roster, {"watch_officer": owed}, 0, 24 * HOUR)
    for hour in range(24):
        moment = hour * HOUR + 1
        short = len({one.username for one in on_duty(roster, moment)}) < owed
        assert short == any(gap.starts <= moment < gap.ends for gap in found)
