"""When a series flaps, how often it is said to have come, and which of its alarms is shown."""

from hypothesis import given
from hypothesis import strategies as st

from domain.alarm_flapping import NEVER, Flapping, Life, Mark, marks

FOUR_IN_100 = Flapping(4, 0.1)


def test_the_fourth_change_within_the_window_marks_the_series_and_it_is_shown_once() -> None:
    lives = [Life(0, 10), Life(50, 60)]
    assert marks(lives, FOUR_IN_100) == [Mark(1, False, True), Mark(2, True, False)]
    assert marks([Life(0, 10), Life(50, 100)], FOUR_IN_100) == [Mark(1, False, False), Mark(1, False, False)]


def test_an_active_alarm_counts_what_led_to_it() -> None:
    lives = [Life(0, 10), Life(20, 30), Life(40, None)]
    assert marks(lives, FOUR_IN_100) == [Mark(1, False, True), Mark(2, True, True), Mark(3, True, False)]


def test_an_alarm_long_after_the_others_is_on_its_own_again() -> None:
    assert marks([Life(0, 10), Life(20, 30), Life(40, 50), Life(300, None)], FOUR_IN_100)[-1] == Mark(1, False, False)


def test_without_a_limit_nothing_flaps() -> None:
    assert marks([Life(i, i + 1) for i in range(0, 100, 2)], NEVER) == [Mark()] * 50


@st.composite
def series(draw: st.DrawFn) -> list[Life]:
    moments = sorted(draw(st.sets(st.integers(0, 600), max_size=24)))
    lives = [Life(a, b) for a, b in zip(moments[::2], moments[1::2], strict=False)]
    return lives + ([Life(moments[-1], None)] if len(moments) % 2 else [])


@given(series())
def test_marks_are_what_counting_by_hand_gives_and_the_last_alarm_is_always_shown(lives: list[Life]) -> None:
    found = marks(lives, FOUR_IN_100)
    for i, mark in enumerate(found):
        end = lives[i].last_change
        raised = [life.raised_at for life in lives[: i + 1] if end - 100 < life.raised_at]
        cleared = [life.cleared_at for life in lives[: i + 1] if life.cleared_at is not None and end - 100 < life.cleared_at]
        assert mark.times == max(1, len(raised))
        assert mark.flapping == (len(raised) + len(cleared) >= 4)
        counted = [k for k in range(i + 1, len(lives)) if found[k].flapping and lives[i].last_change > lives[k].last_change - 100]
        assert mark.superseded == bool(counted)
    assert not found or not found[-1].superseded
