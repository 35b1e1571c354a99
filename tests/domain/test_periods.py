"""同比 and 环比 compare what the calendar calls the same, and nothing where the calendar has no such period."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.clocks import BeyondCalendar
from domain.periods import CYCLES, before, days, last_year, period_of, working_days

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
ZONES = st.sampled_from([SHANGHAI, BERLIN, ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe")])
MOMENTS = st.integers(0, 4_000_000_000_000)


def ms(year, month=1, day=1, hour=0, zone=SHANGHAI):
    return round(datetime(year, month, day, hour, tzinfo=zone).timestamp() * 1000)


def named(cycle, at, zone=SHANGHAI):
    return period_of(at, cycle, zone).name(zone)


def year_before(cycle, at, zone=SHANGHAI):
    base = last_year(period_of(at, cycle, zone), zone)
    return base.period.name(zone) if base.period else base.why_not


@given(MOMENTS, st.sampled_from(CYCLES), ZONES)
def test_every_moment_lies_in_its_period_and_periods_join_without_gap_or_overlap(at, cycle, zone):
    period = period_of(at, cycle, zone)
    assert period.starts <= at < period.ends
    assert period_of(period.starts, cycle, zone) == period_of(period.ends - 1, cycle, zone) == period
    earlier = before(period, zone)
    assert earlier.ends == period.starts and earlier.cycle == cycle


@given(MOMENTS, st.sampled_from(CYCLES), ZONES)
def test_the_same_period_last_year_has_the_same_name_but_for_the_year(at, cycle, zone):
    period = period_of(at, cycle, zone)
    base = last_year(period, zone)
    if base.period is None:
        assert base.why_not in ("no_such_day", "no_such_week", "no_such_hour")
        return
    year, earlier = period.name(zone)[:4], base.period.name(zone)
    assert int(earlier[:4]) == int(year) - 1
    if cycle != "hour":
        assert earlier[4:] == period.name(zone)[4:]
    assert base.period.cycle == cycle and base.period.ends <= period.starts


@given(MOMENTS)
def test_only_the_leap_day_has_no_day_a_year_earlier(at):
    day = period_of(at, "day", SHANGHAI)
    local = datetime.fromtimestamp(day.starts / 1000, UTC).astimezone(SHANGHAI)
    assert (last_year(day, SHANGHAI).period is None) == ((local.month, local.day) == (2, 29))


@given(st.integers(1975, 2095), st.integers(1, 53))
def test_a_week_is_compared_with_the_same_iso_week(year, week):
    try:
        monday = date.fromisocalendar(year, week, 1)
    except ValueError:
        return
    found = last_year(period_of(ms(monday.year, monday.month, monday.day), "week", SHANGHAI), SHANGHAI)
    try:
        expected = date.fromisocalendar(year - 1, week, 1)
    except ValueError:
        assert found.why_not == "no_such_week"
    else:
        assert found.period.starts == ms(expected.year, expected.month, expected.day)


def test_february_of_a_leap_year_is_compared_with_the_shorter_one():
    leap = period_of(ms(2028, 2, 29), "month", SHANGHAI)
    assert days(leap, SHANGHAI) == 29 and days(last_year(leap, SHANGHAI).period, SHANGHAI) == 28
    assert days(before(leap, SHANGHAI), SHANGHAI) == 31


@pytest.mark.parametrize(
    ("cycle", "at", "name", "previous", "last"),
    [
        ("month", ms(2026, 3, 31, 23), "2026-03", "2026-02", "2025-03"),
        ("quarter", ms(2026, 1, 1), "2026-Q1", "2025-Q4", "2025-Q1"),
        ("year", ms(2026, 12, 31, 23), "2026", "2025", "2025"),
        ("week", ms(2026, 12, 31), "2026-W53", "2026-W52", "no_such_week"),
        ("week", ms(2027, 1, 1), "2026-W53", "2026-W52", "no_such_week"),
        ("day", ms(2028, 2, 29), "2028-02-29", "2028-02-28", "no_such_day"),
        ("hour", ms(2026, 3, 1, 0), "2026-03-01 00:00", "2026-02-28 23:00", "2025-03-01 00:00"),
    ],
)
def test_what_a_period_is_compared_with(cycle, at, name, previous, last):
    assert (named(cycle, at), before(period_of(at, cycle, SHANGHAI), SHANGHAI).name(SHANGHAI)) == (name, previous)
    assert year_before(cycle, at) == last


def test_an_hour_that_the_clock_skipped_last_year_is_no_base():
    assert year_before("hour", ms(2027, 3, 29, 2, BERLIN), BERLIN) == "no_such_hour"


def test_a_day_on_which_the_clock_is_put_forward_has_23_hours():
    day = period_of(ms(2026, 3, 29, 12, BERLIN), "day", BERLIN)
    assert day.ends - day.starts == timedelta(hours=23).total_seconds() * 1000


def test_working_days_are_counted_and_unknown_years_said():
    def works(day):
        if day.year > 2026:
            raise BeyondCalendar(str(day.year))
        return day.weekday() < 5

    assert working_days(period_of(ms(2026, 2, 1), "month", SHANGHAI), SHANGHAI, works) == 20
    assert working_days(period_of(ms(2027, 2, 1), "month", SHANGHAI), SHANGHAI, works) is None
