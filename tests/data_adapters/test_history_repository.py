"""The past read back from PostgreSQL."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from data_adapters.sql.database import make_engine
from data_adapters.sql.history_repository import HistoryRepository
from domain.event_time import to_datetime
from services.register_ports import Point

START = 1_795_000_000_000 // 3_600_000 * 3_600_000
MINUTE, HOUR = 60_000, 3_600_000
ALL = "FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')"


@pytest.fixture(scope="module")
def engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url)
    with engine.begin() as connection:
        for table in ("readings", "readings_1m", "readings_1h"):
            connection.execute(text(f"CREATE TABLE {table}_2026 PARTITION OF {table} {ALL}"))
        for minute in range(3):
            _reading(connection, "a", START + minute * MINUTE, 10.0 + minute, START + minute * MINUTE + 5_000)
            for device, value in (("a", 10.0 + minute), ("b", 20.0)):
                _rolled(connection, "readings_1m", device, START + minute * MINUTE, value)
        _rolled(connection, "readings_1h", "a", START, 11.0)
    yield engine
    engine.dispose()


def _reading(connection, device_id, at, value, received_at):
    query = "INSERT INTO readings (device_id, metric, at, value, quality, received_at) VALUES (:d, 'm', :at, :v, 'good', :r)"
    connection.execute(text(query), {"d": device_id, "at": to_datetime(at), "v": value, "r": to_datetime(received_at)})


def _rolled(connection, table, device_id, at, value):
    """Two readings, one above and one below `value`."""
    query = f"INSERT INTO {table} (device_id, metric, at, n, sum, min, max, last) VALUES (:d, 'm', :at, 2, :s, :low, :high, :v)"
    values = {"d": device_id, "at": to_datetime(at), "s": 2 * value, "low": value - 1, "high": value + 1, "v": value}
    connection.execute(text(query), values)


def test_readings_come_oldest_first_from_since_to_before_until(engine: Engine) -> None:
    points = HistoryRepository(engine).raw("a", "m", START, START + 2 * MINUTE, None, 100)
    assert points == [Point(START, 10, 10, 10), Point(START + MINUTE, 11, 11, 11)]


def test_at_a_past_moment_only_what_had_been_received_is_told(engine: Engine) -> None:
    points = HistoryRepository(engine).raw("a", "m", START, START + HOUR, START + MINUTE + 5_000, 100)
    assert [point.at for point in points] == [START, START + MINUTE]


def test_no_more_than_asked_for(engine: Engine) -> None:
    assert len(HistoryRepository(engine).raw("a", "m", START, START + HOUR, None, 2)) == 2


def test_roll_ups_have_mean_low_and_high(engine: Engine) -> None:
    store = HistoryRepository(engine)
    assert store.rolled("1m", "a", "m", START, START + MINUTE) == [Point(START, 10, 9, 11)]
    assert store.rolled("1h", "a", "m", START, START + HOUR) == [Point(START, 11, 10, 12)]


def test_several_devices_become_the_mean_of_their_means(engine: Engine) -> None:
    points = HistoryRepository(engine).rolled_over("1m", ["a", "b"], "m", START, START + 2 * MINUTE)
    assert points == [Point(START, 15, 9, 21), Point(START + MINUTE, 15.5, 10, 21)]
    assert HistoryRepository(engine).rolled_over("1m", ["a", "b"], "other", START, START + HOUR) == []


def test_an_hour_so_far_is_the_mean_of_the_devices_means_of_its_minutes(engine: Engine) -> None:
    store = HistoryRepository(engine)
    with engine.begin() as tx:
        tx.execute(text("INSERT INTO series VALUES ('a', 'm'), ('b', 'm') ON CONFLICT DO NOTHING"))
    assert store.hour_so_far(["a", "b"], "m", START, START + 2 * MINUTE) == [Point(START, 15.25, 9, 21)]
    assert store.hour_so_far(["a", "b"], "m", START, START + MINUTE) == store.rolled_over("1m", ["a", "b"], "m", START, START + MINUTE)
    assert store.hour_so_far(["a", "b"], "other", START, START + MINUTE) == []
