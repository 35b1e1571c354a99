"""A clock says how much time is left, exactly: over nights, holidays, changes of the local clock, pauses, restarts."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.clocks import (
    NATURAL,
    STATES,
    Allowance,
    BeyondCalendar,
    Clock,
    Standing,
    WorkingTime,
    end,
    extend,
    near_at,
    pause,
    resume,
    standing,
    start,
)
from domain.event_time import to_ms

MINUTE, HOUR = 60_000, 3_600_000
OFFICE = ((8 * 60 + 30, 12 * 60), (14 * 60, 18 * 60 + 30))
ZONES = ("Asia/Shanghai", "Asia/Urumqi", "America/New_York", "Asia/Kathmandu")
FIRST, LAST = date(2025, 10, 20), date(2026, 4, 30)
"""Two changes of New York's clock lie between: 2025-11-02 and 2026-03-08."""


def at(text: str, zone: str = "Asia/Shanghai") -> int:
    return to_ms(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)))


def weekdays(day: date) -> bool:
    return day.weekday() < 5


def until_2026(day: date) -> bool:
    if day.year > 2026:
        raise BeyondCalendar(f"{day.year}: nobody has said which days are working days")
    return weekdays(day)


CITY = WorkingTime("Asia/Shanghai", OFFICE, weekdays)
KNOWN = WorkingTime("Asia/Shanghai", OFFICE, until_2026)
DAY_AND_NIGHT = Allowance(4, "natural_hours")
FOUR_HOURS = Allowance(4, "working_hours")
TEN_DAYS = Allowance(10, "working_days")
BEYOND = "2027: nobody has said which days are working days"

moments = st.integers(at("2025-10-27T00:00"), at("2026-03-20T00:00"))
durations = st.integers(1, 20 * 8 * HOUR)


@st.composite
def calendars(draw: st.DrawFn) -> Callable[[date], bool]:
    """Weekdays, but for some days that are holidays and some Saturdays and Sundays that are made up."""
    turned = draw(st.sets(st.dates(FIRST, LAST), max_size=40))
    return lambda day: weekdays(day) != (day in turned)


@st.composite
def cities(draw: st.DrawFn, first_minute: int = 0) -> WorkingTime:
    """Any zone, one to three spans of two hours or more together, holidays and make-up days."""
    edges = sorted(draw(st.sets(st.integers(first_minute, 1440), min_size=2, max_size=6)))
    spans = list(zip(edges[::2], edges[1::2], strict=False))
    assume(sum(closes - opens for opens, closes in spans) >= 120)
    return WorkingTime(draw(st.sampled_from(ZONES)), spans, draw(calendars()))


units = st.sampled_from(["natural_hours", "working_hours", "working_days"])
allowances = st.builds(Allowance, st.floats(0.1, 30), units)


def test_working_time_skips_nights_noons_and_weekends() -> None:
    assert CITY.between(at("2026-11-20T17:00"), at("2026-11-23T09:00")) == 2 * HOUR
    assert CITY.between(at("2026-11-20T12:00"), at("2026-11-20T14:00")) == 0
    assert CITY.add(at("2026-11-20T18:00"), HOUR) == at("2026-11-23T09:00")


def test_a_working_day_is_eight_working_hours() -> None:
    assert Allowance(1, "working_days").ms == CITY.between(at("2026-11-20T00:00"), at("2026-11-21T00:00"))
    assert start("handle", Allowance(2, "working_days"), at("2026-11-19T10:00"), CITY).due_at == at("2026-11-23T10:00")


def test_what_is_due_at_closing_time_is_due_that_evening_not_the_next_morning() -> None:
    assert start("handle", Allowance(1, "working_days"), at("2026-11-20T08:30"), CITY).due_at == at("2026-11-20T18:30")


def test_a_missing_manhole_cover_is_counted_day_and_night() -> None:
    assert start("handle", DAY_AND_NIGHT, at("2026-11-21T23:00"), CITY).due_at == at("2026-11-22T03:00")


@pytest.mark.parametrize(
    ("day", "hours"), [("2026-03-07", 24), ("2026-03-08", 23), ("2025-11-02", 25)], ids=["ordinary", "put forward", "put back"]
)
def test_an_office_that_never_closes_has_the_hours_that_the_day_has(day: str, hours: int) -> None:
    always = WorkingTime("America/New_York", [(0, 1440)], lambda _: True)
    begin = date.fromisoformat(day)
    ends = begin + timedelta(days=1)
    assert always.between(at(str(begin), "America/New_York"), at(str(ends), "America/New_York")) == hours * HOUR


def test_a_day_that_a_zone_left_out_has_no_working_time() -> None:
    apia = WorkingTime("Pacific/Apia", [(9 * 60, 17 * 60)], lambda _: True)
    assert apia.between(at("2011-12-29T12:00", "Pacific/Apia"), at("2011-12-31T12:00", "Pacific/Apia")) == 8 * HOUR


@settings(deadline=None)
@given(cities(first_minute=180), moments, st.integers(0, 9 * 24 * 60))
def test_working_time_is_what_a_clerk_with_a_wall_clock_counts_minute_by_minute(city: WorkingTime, a: int, minutes: int) -> None:
    a -= a % (5 * MINUTE)
    counted = 0
    for tick in range(a, a + minutes * MINUTE, 5 * MINUTE):
        local = datetime.fromtimestamp(tick // 1000, UTC).astimezone(city.zone)
        minute = local.hour * 60 + local.minute
        upto = min(tick + 5 * MINUTE, a + minutes * MINUTE)
        whole = sum(max(0, min(closes, minute + (upto - tick) // MINUTE) - max(opens, minute)) for opens, closes in city.spans)
        counted += whole * MINUTE if city.is_working_day(local.date()) else 0
    assert city.between(a, a + minutes * MINUTE) == counted


@settings(deadline=None)
@given(cities(), moments, durations)
def test_after_so_much_working_time_exactly_so_much_has_passed(city: WorkingTime, a: int, ms: int) -> None:
    due = city.add(a, ms)
    assert city.between(a, due) == ms
    assert city.between(a, due - 1) == ms - 1


@settings(deadline=None)
@given(cities(), moments, moments)
def test_adding_what_lies_between_two_moments_never_goes_past_the_second(city: WorkingTime, a: int, b: int) -> None:
    assume(a < b)
    reached = city.add(a, city.between(a, b))
    assert reached <= b
    assert city.between(reached, b) == 0


@settings(deadline=None)
@given(cities(), st.tuples(moments, moments, moments).map(sorted))
def test_working_time_adds_up_and_never_shrinks(city: WorkingTime, three: list[int]) -> None:
    a, b, c = three
    assert city.between(a, b) + city.between(b, c) == city.between(a, c)
    assert 0 <= city.between(a, b) <= min(b - a, city.between(a, c))
    assert city.between(c, a) == 0


@settings(deadline=None)
@given(cities(), moments, durations, durations)
def test_more_time_is_never_due_earlier_and_adding_twice_is_adding_the_sum(city: WorkingTime, a: int, x: int, y: int) -> None:
    assert city.add(a, x) < city.add(a, x + y)
    assert city.add(city.add(a, x), y) == city.add(a, x + y)
    assert city.add(a, 0) == a


@settings(deadline=None)
@given(cities(), moments, allowances, st.lists(st.integers(0, 5 * 24 * HOUR), max_size=8))
def test_each_pause_moves_the_due_time_by_exactly_the_time_paused(
    city: WorkingTime, began: int, allowance: Allowance, gaps: list[int]
) -> None:
    kind = NATURAL if allowance.unit == "natural_hours" else city
    clock, now, paused = start("handle", allowance, began, city), began, 0
    for turn, gap in enumerate(gaps):
        before, now = clock, now + gap
        if turn % 2 == 0:
            assume(before.due_at is not None and now < before.due_at)
            clock = pause(before, now, city)
            assert clock.due_at is None and standing(clock, now + gap, city).state == "paused"
        else:
            clock, paused = resume(before, now, city), paused + kind.between(now - gap, now)
            assert clock.due_at == kind.add(began, allowance.ms + paused)
    assert clock.used_ms + paused <= kind.between(began, now)


@settings(deadline=None)
@given(cities(), moments, allowances, st.lists(st.integers(0, 2 * 24 * HOUR), max_size=8))
def test_pausing_for_no_time_changes_nothing(city: WorkingTime, began: int, allowance: Allowance, gaps: list[int]) -> None:
    plain = clock = start("handle", allowance, began, city)
    now = began
    for gap in gaps:
        now += gap
        assume(plain.due_at is not None and now < plain.due_at)
        clock = resume(pause(clock, now, city), now, city)
    assert clock.due_at == plain.due_at
    assert standing(clock, now, city) == standing(plain, now, city)


@settings(deadline=None)
@given(cities(), moments, allowances)
def test_near_due_begins_at_exactly_the_last_fifth_and_overdue_right_after_the_due_time(
    city: WorkingTime, began: int, allowance: Allowance
) -> None:
    kind = NATURAL if allowance.unit == "natural_hours" else city
    clock = start("handle", allowance, began, city)
    fifth = round(allowance.ms * 0.2)
    near = kind.add(began, allowance.ms - fifth)
    assert standing(clock, near - 1, city) == Standing("on_time", fifth + 1)
    assert standing(clock, near, city) == Standing("near_due", fifth)
    assert near_at(clock, city) == near
    assert clock.due_at is not None
    assert standing(clock, clock.due_at, city) == Standing("near_due", 0)
    assert standing(clock, clock.due_at + 1, city) == Standing("overdue", -1)


def test_a_clock_that_is_not_running_is_not_going_to_be_near_due() -> None:
    clock = start("handle", FOUR_HOURS, at("2026-11-20T09:00"), CITY)
    assert near_at(pause(clock, at("2026-11-20T10:00"), CITY), CITY) is None
    assert near_at(start("handle", TEN_DAYS, at("2026-12-28T08:30"), KNOWN), KNOWN) is None


def test_a_city_sets_when_near_due_begins() -> None:
    late = WorkingTime("Asia/Shanghai", OFFICE, weekdays, near_due_share=0.5)
    clock = start("handle", DAY_AND_NIGHT, 0, late)
    assert standing(clock, 2 * HOUR - 1, late).state == "on_time"
    assert standing(clock, 2 * HOUR, late).state == "near_due"


@settings(deadline=None)
@given(cities(), moments, allowances, st.integers(0, 60 * 24 * HOUR))
def test_what_ends_by_its_due_time_is_met_and_after_it_missed(city: WorkingTime, began: int, allowance: Allowance, took: int) -> None:
    clock = start("handle", allowance, began, city)
    assert clock.due_at is not None
    ended = end(clock, began + took, city)
    assert standing(ended, began + 10 * took, city).state == ("met" if began + took <= clock.due_at else "missed")
    assert end(ended, began + took + HOUR, city) == ended


@settings(deadline=None)
@given(cities(), moments, allowances, st.integers(1, 3 * 24 * HOUR), st.integers(0, 3 * 24 * HOUR))
def test_a_missed_deadline_stays_missed_whether_the_clock_is_paused_resumed_or_ended(
    city: WorkingTime, began: int, allowance: Allowance, late: int, later: int
) -> None:
    clock = start("handle", allowance, began, city)
    assert clock.due_at is not None
    now = clock.due_at + late
    paused = pause(clock, now, city)
    assert standing(end(paused, now + later, city), now + later, city).state == "missed"
    assert standing(resume(paused, now + later, city), now + later, city).state == "overdue"


def test_a_deadline_missed_at_closing_time_is_missed_also_when_the_clock_is_paused_that_night() -> None:
    clock = start("handle", Allowance(1, "working_days"), at("2026-11-20T08:30"), CITY)
    for stopped_at, state in (("2026-11-20T18:30", "met"), ("2026-11-20T20:00", "missed")):
        paused = pause(clock, at(stopped_at), CITY)
        assert standing(end(paused, at("2026-11-21T09:00"), CITY), at("2026-11-21T09:00"), CITY).state == state


@settings(deadline=None)
@given(cities(), moments, allowances, st.integers(0, 10 * 24 * HOUR))
def test_saying_the_same_twice_changes_nothing(city: WorkingTime, began: int, allowance: Allowance, gap: int) -> None:
    clock = start("handle", allowance, began, city)
    assert resume(clock, began + gap, city) == clock
    paused = pause(clock, began + gap, city)
    assert pause(paused, began + 2 * gap, city) == paused
    running = resume(paused, began + 2 * gap, city)
    assert resume(running, began + 3 * gap, city) == running
    ended = end(running, began + 3 * gap, city)
    for change in (pause, resume, end):
        assert change(ended, began + 4 * gap, city) == ended
    assert extend(ended, allowance, began, city) == ended


@settings(deadline=None)
@given(cities(), moments, allowances, st.floats(0.1, 30), st.integers(0, 10 * 24 * HOUR))
def test_an_extension_counts_from_the_old_due_time(city: WorkingTime, began: int, allowance: Allowance, amount: float, after: int) -> None:
    more = allowance._replace(amount=amount)
    kind = NATURAL if allowance.unit == "natural_hours" else city
    clock = start("handle", allowance, began, city)
    assert clock.due_at is not None
    assert extend(clock, more, began + after, city).due_at == kind.add(clock.due_at, more.ms)


def test_a_paused_clock_is_extended_too() -> None:
    paused = pause(start("handle", FOUR_HOURS, at("2026-11-20T09:00"), CITY), at("2026-11-20T10:00"), CITY)
    extended = extend(paused, FOUR_HOURS, at("2026-11-20T10:30"), CITY)
    assert standing(extended, at("2026-11-20T11:00"), CITY) == Standing("paused", 7 * HOUR)
    assert resume(extended, at("2026-11-20T11:00"), CITY).due_at == CITY.add(at("2026-11-20T11:00"), 7 * HOUR)


def test_working_time_is_not_extended_by_natural_time() -> None:
    with pytest.raises(ValueError, match="handle counts working_hours: it cannot be extended by natural_hours"):
        extend(start("handle", FOUR_HOURS, 0, CITY), DAY_AND_NIGHT, 0, CITY)
    assert extend(start("handle", FOUR_HOURS, 0, CITY), Allowance(1, "working_days"), 0, CITY).allowed_ms == 12 * HOUR


@settings(deadline=None)
@given(cities(), moments, allowances, st.integers(0, 100 * 24 * HOUR))
def test_a_system_clock_set_back_never_gives_time_back(city: WorkingTime, began: int, allowance: Allowance, back: int) -> None:
    clock = start("handle", allowance, began, city)
    assert standing(clock, began - back, city) == Standing("on_time", allowance.ms)
    assert pause(clock, began - back, city).used_ms == 0
    assert end(clock, began - back, city).used_ms == 0


@settings(deadline=None)
@given(cities(), moments, allowances, st.integers(0, 10 * 24 * HOUR))
def test_a_clock_stored_as_json_goes_on_as_if_nothing_had_happened(city: WorkingTime, began: int, allowance: Allowance, gap: int) -> None:
    for clock in (start("handle", allowance, began, city), pause(start("handle", allowance, began, city), began + gap, city)):
        again = Clock(**json.loads(json.dumps(clock._asdict())))
        assert again == clock
        assert standing(again, began + 2 * gap, city) == standing(clock, began + 2 * gap, city)
        assert standing(again, began + 2 * gap, city).state in STATES


def test_a_due_time_beyond_the_calendar_is_not_guessed_but_what_is_left_is_known() -> None:
    clock = start("handle", TEN_DAYS, at("2026-12-28T08:30"), KNOWN)
    assert (clock.due_at, clock.note) == (None, BEYOND)
    assert standing(clock, at("2026-12-29T08:30"), KNOWN) == Standing("on_time", 9 * 8 * HOUR)
    assert standing(clock, at("2027-01-01T08:30"), KNOWN) == Standing("on_time", 6 * 8 * HOUR)
    assert standing(clock, at("2027-01-01T08:31"), KNOWN) == Standing("unknown", None)


def test_a_clock_that_stopped_within_the_calendar_is_counted() -> None:
    clock = start("handle", TEN_DAYS, at("2026-12-28T08:30"), KNOWN)
    paused = pause(clock, at("2026-12-29T08:30"), KNOWN)
    assert paused.note == "" and standing(paused, at("2027-03-01T00:00"), KNOWN) == Standing("paused", 9 * 8 * HOUR)
    assert resume(paused, at("2026-12-30T08:30"), KNOWN).note == BEYOND
    assert standing(end(clock, at("2026-12-29T08:30"), KNOWN), at("2027-03-01T00:00"), KNOWN).state == "met"


@pytest.mark.parametrize("stop", [pause, end])
def test_a_clock_that_stopped_beyond_the_calendar_stays_unknown(stop: Callable[..., Clock]) -> None:
    clock = stop(start("handle", TEN_DAYS, at("2026-12-28T08:30"), KNOWN), at("2027-01-04T10:00"), KNOWN)
    assert clock.note == BEYOND
    assert standing(clock, at("2027-01-05T10:00"), KNOWN) == Standing("unknown", None)
    assert resume(clock, at("2027-01-05T10:00"), KNOWN) == clock
    assert standing(end(clock, at("2027-01-06T10:00"), KNOWN), at("2027-01-07T10:00"), KNOWN).state == "unknown"


def test_what_was_due_within_the_calendar_is_overdue_beyond_it_by_nobody_knows_how_much() -> None:
    clock = start("handle", FOUR_HOURS, at("2026-12-28T08:30"), KNOWN)
    assert standing(clock, at("2027-01-04T10:00"), KNOWN) == Standing("overdue", None)
    assert standing(end(clock, at("2027-01-04T10:00"), KNOWN), at("2027-01-05T10:00"), KNOWN) == Standing("missed", None)


def test_once_the_year_is_known_a_running_clock_counts_again() -> None:
    clock = start("handle", TEN_DAYS, at("2026-12-28T08:30"), KNOWN)
    assert standing(clock, at("2027-01-04T08:30"), CITY) == Standing("on_time", 5 * 8 * HOUR)
    assert standing(clock, at("2027-01-08T18:30"), CITY) == Standing("near_due", 0)
    assert standing(clock, at("2027-01-08T20:00"), CITY) == Standing("overdue", -1)
    extended = extend(clock, Allowance(1, "working_days"), at("2027-01-04T08:30"), CITY)
    assert (extended.due_at, extended.note) == (at("2027-01-11T18:30"), "")


@pytest.mark.parametrize("allowance", [FOUR_HOURS, DAY_AND_NIGHT])
def test_a_clock_resumed_after_its_time_was_used_up_is_due_at_once(allowance: Allowance) -> None:
    paused = pause(start("handle", allowance, at("2026-11-19T09:00"), CITY), at("2026-11-20T10:00"), CITY)
    assert resume(paused, at("2026-11-20T11:00"), CITY).due_at == at("2026-11-20T11:00")


def test_natural_time_needs_no_calendar() -> None:
    clock = start("handle", DAY_AND_NIGHT, at("2030-01-01T00:00"), KNOWN)
    assert (clock.due_at, clock.note) == (at("2030-01-01T04:00"), "")


def test_a_calendar_without_any_working_day_is_said_to_have_none() -> None:
    clock = start("handle", FOUR_HOURS, at("2026-11-20T09:00"), WorkingTime("Asia/Shanghai", OFFICE, lambda _: False))
    assert (clock.due_at, clock.note) == (None, "no working time in the twenty years after 2026-11-20")
