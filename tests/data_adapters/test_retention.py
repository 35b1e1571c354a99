"""Forgetting: by the time of receipt, never a replay, and the oldest first when the disk is full."""

import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from data_adapters.affairs import checks
from data_adapters.sql.database import make_engine
from data_adapters.sql.retention import forget_old, forget_to_fit
from data_adapters.sql.rollups import roll_up
from domain.event_time import to_datetime
from domain.messages import RawMessage
from tests.data_adapters.ingest_town import DAY_MS, NOW, Town, location, telemetry

BEFORE = to_datetime(NOW) - timedelta(days=30)
KEPT = "SELECT device_id, extract(epoch FROM at)::bigint * 1000 FROM readings ORDER BY at, device_id"


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    engine = make_engine(database_url)
    made = Town(engine)
    made.empty()
    forget_to_fit(engine, 1, to_datetime(NOW + 2 * DAY_MS))
    made.partitions.forget()
    yield made
    engine.dispose()


def days_ago(days: int, device: str = "d1", received: int | None = None) -> RawMessage:
    return telemetry(NOW - days * DAY_MS, device=device, received_at=NOW - (days if received is None else received) * DAY_MS)


def replay(town: Town, device: str) -> None:
    with town.engine.begin() as tx:
        tx.execute(text("UPDATE devices SET replay = true WHERE device_id = :d"), {"d": device})


def partitions(town: Town, table: str = "readings") -> int:
    return town.ask("SELECT count(*) FROM pg_inherits WHERE inhparent = CAST(:t AS regclass)", t=table)[0][0]


def test_a_day_received_long_ago_is_dropped_whole_and_its_roll_ups_stay(town: Town) -> None:
    town.hand_in(days_ago(31), days_ago(1), location(NOW - DAY_MS))
    roll_up(town.engine, town.partitions, "1m", NOW)
    assert forget_old(town.engine, BEFORE)["dropped"] >= 1
    assert town.ask(KEPT) == [("d1", NOW - DAY_MS)]
    assert partitions(town) == 1
    assert town.ask("SELECT count(*) FROM readings_1m") == [(2,)]
    assert town.ask("SELECT count(*) FROM positions") == [(1,)]


def minute_of(town: Town, device: str) -> list[tuple]:
    while roll_up(town.engine, town.partitions, "1m", NOW) or roll_up(town.engine, town.partitions, "1h", NOW):
        pass
    return town.ask("SELECT n, sum, last FROM readings_1m WHERE device_id = :d ORDER BY at", d=device)


def at_minute(device: str, second: int, value: float, received_days: int = 0) -> RawMessage:
    return telemetry(NOW - 40 * DAY_MS + second * 1000, device=device, received_at=NOW - received_days * DAY_MS, pm25=value)


def test_a_late_reading_of_a_forgotten_minute_leaves_its_roll_up_and_is_stored(town: Town) -> None:
    town.hand_in(*(at_minute("d1", second, 1.0, received_days=40) for second in (1, 2)), at_minute("one", 1, 5.0, received_days=40))
    assert minute_of(town, "d1") == [(2, 2.0, 1.0)]
    forget_old(town.engine, BEFORE)
    town.partitions.forget()
    town.hand_in(*(at_minute(device, second, 9.0) for device in ("d1", "one") for second in (10, 20, 30)))
    assert minute_of(town, "d1") == [(2, 2.0, 1.0)]
    assert minute_of(town, "one") == [(1, 5.0, 5.0)]
    assert len(town.ask(KEPT)) == 6


def test_a_minute_that_had_no_roll_up_gets_one_of_all_that_comes_after_the_day_was_forgotten(town: Town) -> None:
    town.hand_in(at_minute("other", 1, 1.0, received_days=40))
    forget_old(town.engine, BEFORE)
    town.partitions.forget()
    for second in (10, 30, 20):
        town.hand_in(at_minute("back", second, float(second)))
        minute_of(town, "back")
    assert minute_of(town, "back") == [(3, 60.0, 30.0)]


def test_a_replayed_dataset_is_rolled_up_again_also_in_a_forgotten_day(town: Town) -> None:
    town.hand_in(at_minute("station", 1, 1.0, received_days=40), at_minute("other", 1, 1.0, received_days=40))
    assert minute_of(town, "station") == [(1, 1.0, 1.0)]
    replay(town, "station")
    forget_old(town.engine, BEFORE)
    town.hand_in(at_minute("station", 2, 4.0))
    assert minute_of(town, "station") == [(2, 5.0, 4.0)]


@pytest.mark.parametrize("limit", [1, None])
def test_what_the_disk_limit_forgot_is_known_to_the_roll_ups_too(town: Town, limit: int | None) -> None:
    town.hand_in(at_minute("d1", 1, 1.0), at_minute("d1", 2, 1.0))
    assert minute_of(town, "d1") == [(2, 2.0, 1.0)]
    forget_to_fit(town.engine, limit, to_datetime(NOW))
    town.partitions.forget()
    town.hand_in(at_minute("d1", 30, 9.0))
    assert minute_of(town, "d1") == ([(2, 2.0, 1.0)] if limit else [(3, 11.0, 9.0)])


def test_age_is_counted_from_receipt_not_from_the_event(town: Town) -> None:
    town.hand_in(days_ago(400, "late", received=29), days_ago(400, "old", received=31))
    assert forget_old(town.engine, BEFORE)["deleted"] == 1
    assert town.ask(KEPT) == [("late", NOW - 400 * DAY_MS)]


def test_both_sides_of_the_bound(town: Town) -> None:
    bound = NOW - 30 * DAY_MS
    town.hand_in(telemetry(bound, received_at=bound), telemetry(bound, device="d2", received_at=bound - 1))
    forget_old(town.engine, BEFORE)
    assert town.ask(KEPT) == [("d1", bound)]


def test_a_replayed_dataset_is_never_forgotten_but_its_neighbours_are(town: Town) -> None:
    town.hand_in(days_ago(100, "station"), days_ago(100, "other"))
    replay(town, "station")
    forget_old(town.engine, BEFORE)
    assert town.ask(KEPT) == [("station", NOW - 100 * DAY_MS)]


def test_rejected_messages_are_forgotten_too(town: Town) -> None:
    town.hand_in(telemetry("never", received_at=NOW - 31 * DAY_MS), telemetry("never"))
    forget_old(town.engine, BEFORE)
    assert town.ask("SELECT count(*) FROM rejected_messages") == [(1,)]


def test_a_day_in_use_is_left_for_the_next_round_and_does_not_stop_the_others(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    town.hand_in(days_ago(41), days_ago(40))
    name = town.ask("SELECT tableoid::regclass::text FROM readings ORDER BY at")[0][0]
    with town.engine.begin() as reader, caplog.at_level(logging.INFO):
        reader.execute(text(f"SELECT * FROM {name}"))
        forget_old(town.engine, BEFORE)
    assert town.ask(KEPT)[:1] == [("d1", NOW - 41 * DAY_MS)]
    assert name in caplog.text
    forget_old(town.engine, BEFORE)
    assert town.ask(KEPT) == []


def test_within_the_disk_limit_nothing_is_forgotten(town: Town) -> None:
    town.hand_in(days_ago(2), days_ago(1))
    size = town.ask("SELECT pg_database_size(current_database())")[0][0]
    assert forget_to_fit(town.engine, None, to_datetime(NOW)) == []
    assert forget_to_fit(town.engine, size + 1_000_000, to_datetime(NOW)) == []
    assert len(town.ask(KEPT)) == 2


def test_over_the_disk_limit_the_oldest_day_goes_first_and_the_log_says_so(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    town.hand_in(days_ago(3), days_ago(2), days_ago(1), days_ago(0))
    size = town.ask("SELECT pg_database_size(current_database())")[0][0]
    (day,) = forget_to_fit(town.engine, size - 1, to_datetime(NOW))
    assert day == f"{to_datetime(NOW - 3 * DAY_MS):%Y%m%d}"
    assert [at for _, at in town.ask(KEPT)] == [NOW - 2 * DAY_MS, NOW - DAY_MS, NOW]
    assert day in caplog.text


def test_replays_and_the_running_day_stay_even_over_the_disk_limit(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    town.hand_in(days_ago(9, "station"), days_ago(9, "other"), days_ago(1), days_ago(0), location())
    replay(town, "station")
    assert len(forget_to_fit(town.engine, 1, to_datetime(NOW))) == 2
    assert town.ask(KEPT) == [("station", NOW - 9 * DAY_MS), ("d1", NOW)]
    assert town.ask("SELECT count(*) FROM positions") == [(1,)]
    assert "no older day is left" in caplog.text
    assert forget_to_fit(town.engine, 1, to_datetime(NOW)) == []


def test_ready_reports_a_database_above_its_limit(town: Town, tmp_path) -> None:
    size = town.ask("SELECT pg_database_size(current_database())")[0][0]
    disk = {limit: checks(town.engine, None, "", tmp_path, limit, 0.05)["disk"] for limit in (size / 1e9 - 0.001, size / 1e9 + 0.001, None)}
    over, under, without = (check() for check in disk.values())
    assert "limit" in over and under is None and without is None
