"""What goes into the readings comes out of them as it was, on the straight way and on the careful one."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from data_adapters.sql.database import make_engine
from data_adapters.sql.partitions import Partitions
from data_adapters.sql.reading_repository import store_readings
from domain.event_time import DAY_MS
from domain.messages import Quality, Reading
from services.ports import Stored
from tests.data_adapters.ingest_town import NOW

HELD = """SELECT device_id, metric, round(extract(epoch FROM at) * 1000)::bigint, value, text_value, quality,
    round(extract(epoch FROM received_at) * 1000)::bigint, source_at FROM readings ORDER BY 1, 2, 3"""
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30)
VALUE = st.floats(allow_nan=False, allow_infinity=False).map(lambda value: (value, None)) | TEXT.map(lambda told: (None, told))
READING = st.builds(
    lambda metric, ago, value, quality, source, again: Reading("d1", metric, NOW - ago, *value, quality, NOW + ago, source, again),
    TEXT.filter(bool),
    st.integers(0, DAY_MS - 1),
    VALUE,
    st.sampled_from(list(Quality)),
    st.none() | TEXT,
    st.booleans(),
)


@pytest.fixture(scope="module")
def engine(database_url: str) -> Iterator[Engine]:
    made = make_engine(database_url)
    Partitions(made).ensure({NOW // DAY_MS, NOW // DAY_MS - 1})
    yield made
    made.dispose()


def held(engine: Engine) -> list[tuple]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(HELD))]


def as_held(readings: list[Reading]) -> list[tuple]:
    return [(*reading[:5], str(reading.quality), *reading[6:8]) for reading in readings]


def store(engine: Engine, *readings: Reading) -> Stored:
    with engine.begin() as tx:
        return store_readings(tx, readings)


def empty(engine: Engine) -> None:
    with engine.begin() as tx:
        tx.execute(text("TRUNCATE readings"))


@given(readings=st.lists(READING, max_size=8, unique_by=lambda reading: (reading.metric, reading.at)))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_reading_is_held_as_it_came(engine, readings):
    empty(engine)
    stored = store(engine, *readings)
    assert sorted(held(engine), key=repr) == sorted(as_held(readings), key=repr)
    assert sorted(stored.new, key=repr) == sorted(readings, key=repr) and not stored.duplicates and not stored.conflicts


def test_one_key_that_is_taken_keeps_none_of_the_others_out(engine):
    empty(engine)
    first = Reading("d1", "pm25", NOW, 1.0, None, Quality.GOOD, NOW)
    store(engine, first)
    new = [Reading(f"d{n}", "pm25", NOW, 2.0, None, Quality.GOOD, NOW) for n in (2, 3)]
    stored = store(engine, first, *new)
    assert (stored.new, stored.duplicates, stored.conflicts) == (new, [first], [])
    other = first._replace(value=9.0)
    stored = store(engine, other, new[0])
    assert (stored.new, stored.duplicates, stored.conflicts) == ([], [new[0]], [other])
    assert held(engine) == as_held([first, *new])
