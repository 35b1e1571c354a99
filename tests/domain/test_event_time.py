"""A device's time is read exactly; one that cannot be right is never trusted, and never lost."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.event_time import DAY_MS, OLDEST_MS, NotATime, parse_time, settle, to_datetime, to_ms
from domain.messages import Quality

NOW = 1_795_305_600_000
AHEAD_MS = 300_000
offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(datetime(1900, 1, 2), datetime(2999, 12, 30), timezones=offsets)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-11-22T00:00:00Z", NOW),
        ("2026-11-22t00:00:00z", NOW),
        ("2026-11-22 00:00:00Z", NOW),
        ("2026-11-22T08:00:00+08:00", NOW),
        ("2026-11-21T19:00:00.001-05:00", NOW + 1),
        ("2026-11-22T00:00:00.000999999Z", NOW),
        ("2026-11-22T00:00:00.5Z", NOW + 500),
        ("1969-12-31T23:59:59.999Z", -1),
        ("2016-12-31T23:59:60Z", 1_483_228_800_000),
        (NOW, NOW),
        (float(NOW) + 0.9, NOW),
        (0, 0),
    ],
)
def test_rfc_3339_and_epoch_milliseconds_are_read(text: object, at: int) -> None:
    assert parse_time(text) == at


@pytest.mark.parametrize(
    "raw",
    [
        None,
        True,
        [],
        "",
        "now",
        "2026-11-22",
        "2026-11-22T00:00:00",
        "2026-11-22T00:00Z",
        "20261122T000000Z",
        "2026-W47-7T00:00:00Z",
        "2026-11-22T00:00:00+0800",
        "2026-11-22T00:00:00,5Z",
        "2026-11-22T24:00:00Z",
        "2026-11-22T00:00:61Z",
        "2026-02-30T00:00:00Z",
        "2026-11-22T00:00:00Z" + "0" * 60,
        "2026-11-22T00:00:00.1\x00Z",
        "1795305600000",
        float("nan"),
        float("inf"),
        1.1e16,
    ],
)
def test_anything_else_is_not_a_time(raw: object) -> None:
    with pytest.raises(NotATime):
        parse_time(raw)


@settings(deadline=None)
@given(moments)
def test_every_moment_is_read_as_it_was_written_to_the_millisecond(moment: datetime) -> None:
    at = parse_time(moment.isoformat())
    assert at == to_ms(moment)
    assert to_datetime(at) == moment.astimezone(UTC).replace(microsecond=moment.microsecond // 1000 * 1000)


@pytest.mark.parametrize(
    ("at", "settled"),
    [
        (NOW, (NOW, Quality.GOOD, None)),
        (NOW - OLDEST_MS, (NOW - OLDEST_MS, Quality.GOOD, None)),
        (NOW - OLDEST_MS - 1, (NOW, Quality.SUSPECT, str(NOW - OLDEST_MS - 1))),
        (NOW + AHEAD_MS, (NOW + AHEAD_MS, Quality.GOOD, None)),
        (NOW + AHEAD_MS + 1, (NOW + AHEAD_MS + 1, Quality.SUSPECT, None)),
        (NOW + DAY_MS, (NOW + DAY_MS, Quality.SUSPECT, None)),
        (NOW + DAY_MS + 1, (NOW, Quality.SUSPECT, str(NOW + DAY_MS + 1))),
    ],
)
def test_both_sides_of_every_bound_of_time(at: int, settled: tuple) -> None:
    assert settle(at, NOW, AHEAD_MS) == settled


@settings(deadline=None)
@given(st.integers(-(10**16), 10**16), st.integers(0, 2 * NOW))
def test_a_settled_time_always_has_a_day_to_be_stored_in(at: int, received_at: int) -> None:
    stored = settle(at, received_at, AHEAD_MS)
    assert received_at - OLDEST_MS <= stored.at <= received_at + DAY_MS
    assert stored.source == (None if stored.at == at else str(at))
    to_datetime(stored.at)
