"""What is normal is learnt from the same hour and weekday, and a few odd days don't change it."""

from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.clocks import BeyondCalendar
from domain.normal import LearningRules, Memory, calm_values, spells, spread

ZONE = ZoneInfo("Asia/Shanghai")
RULES = LearningRules(days=56, least_days=3, pooled=4, width=4, hold=2, calm_h=3)
MONDAY = datetime(2026, 6, 1, tzinfo=ZONE)
HOUR = timedelta(hours=1)


def ms(moment):
    return round(moment.timestamp() * 1000)


def is_working_day(day):
    return day.weekday() < 5


def taught(value, weeks, rules=RULES, works=is_working_day):
    """A memory of whole weeks of hours; `value(moment)` says each."""
    memory = Memory(rules, ZONE, works)
    for n in range(weeks * 168):
        moment = MONDAY + n * HOUR
        memory.add(ms(moment), value(moment))
    return memory


def rush(moment):
    """Traffic: 100 on working days at 8 o'clock, 40 on Sundays, 10 at night."""
    base = 10 if moment.hour < 6 else 100 if moment.weekday() < 5 else 40
    return base + moment.day % 3


def test_monday_at_eight_is_learnt_from_mondays_at_eight():
    normal = taught(rush, 4).normal(ms(MONDAY + 28 * 24 * HOUR + 8 * HOUR))
    assert normal.basis == "weekday_hour" and normal.days == 4 and 100 <= normal.middle <= 102


def test_with_one_week_of_past_the_working_days_speak_for_the_weekday():
    normal = taught(rush, 1).normal(ms(MONDAY + 7 * 24 * HOUR + 8 * HOUR))
    assert (normal.basis, normal.days) == ("kind_of_day_hour", 5)


def test_nothing_is_normal_before_enough_days_are_known():
    memory = Memory(RULES, ZONE, is_working_day)
    for day in range(2):
        memory.add(ms(MONDAY + day * 24 * HOUR), 1.0)
    assert memory.normal(ms(MONDAY + 48 * HOUR)) is None


def test_a_holiday_on_a_weekday_is_not_held_against_the_weekday():
    holiday = (MONDAY + 28 * 24 * HOUR).date()
    memory = taught(rush, 4, works=lambda day: day.weekday() < 5 and day != holiday)
    normal = memory.normal(ms(MONDAY + 28 * 24 * HOUR + 8 * HOUR))
    assert normal.basis == "kind_of_day_hour" and 40 <= normal.middle <= 42


def test_a_year_without_a_calendar_goes_by_the_weekday():
    def works(day):
        raise BeyondCalendar("2026")

    assert taught(rush, 4, works=works).normal(ms(MONDAY + 28 * 24 * HOUR + 8 * HOUR)).basis == "weekday_hour"


def test_what_is_older_than_the_memory_is_forgotten():
    rules = RULES._replace(days=14)
    assert taught(rush, 6, rules).normal(ms(MONDAY + 42 * 24 * HOUR + 8 * HOUR)).basis == "kind_of_day_hour"


@settings(max_examples=15, deadline=None)
@given(st.floats(-1e6, 1e6), st.integers(0, 3))
def test_one_odd_day_in_four_weeks_never_moves_the_band_to_it(odd, week):
    """However odd: the middle stays among the other three."""
    strange = (MONDAY + week * 7 * 24 * HOUR).date()
    memory = taught(lambda moment: odd if moment.date() == strange else rush(moment), 4)
    normal = memory.normal(ms(MONDAY + 28 * 24 * HOUR + 8 * HOUR))
    assert 100 <= normal.middle <= 102


@given(st.lists(st.floats(-1e5, 1e5), min_size=2, max_size=30), st.floats(0.5, 10), st.floats(-100, 100))
def test_the_spread_follows_the_scale_and_not_the_place(values, scale, shift):
    moved = spread([value * scale + shift for value in values])
    assert abs(moved - spread(values) * scale) <= 1e-6 * max(1.0, moved)


def test_an_anomaly_begins_with_a_run_outside_and_ends_with_a_calm():
    series = [0, 1, 0, 1, 1, 0, 0, 1, 0, 0, 0, 1]
    (one,) = spells(map(bool, series), 2, 3)
    assert one == (3, 4, 7, True)


def test_an_anomaly_that_lasts_says_since_when():
    (one,) = spells([False, True, True, True], 2, 3)
    assert (one.first, one.told, one.over) == (1, 2, False)


@given(st.lists(st.booleans(), max_size=60), st.integers(1, 4), st.integers(1, 6))
def test_anomalies_lie_apart_by_the_calm_and_only_the_last_may_last(series, hold, calm):
    found = spells(series, hold, calm)
    assert all(one.over for one in found[:-1])
    for one in found:
        assert all(series[one.first : one.told + 1]) and one.told - one.first == hold - 1 and series[one.last]
    for one, following in pairwise(found):
        assert following.first - one.last > calm or not any(series[one.last + 1 : one.last + 1 + calm])


def test_a_calm_is_as_long_whatever_the_step_of_the_series():
    assert [calm_values(RULES._replace(calm_h=24), step) for step in (3_600_000, 86_400_000, 7 * 86_400_000)] == [24, 1, 1]
