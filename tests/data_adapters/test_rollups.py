"""Roll-ups equal what pandas computes from all readings, however late and in whatever order these came."""

from collections.abc import Iterator

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data_adapters.sql.database import make_engine
from data_adapters.sql.rollups import MINUTE_MS, roll_up
from tests.data_adapters.ingest_town import DAY_MS, NOW, Town, telemetry

ROWS = """SELECT device_id, extract(epoch FROM at)::bigint * 1000, n, sum, min, max, last FROM readings_{grain} ORDER BY 1, 2"""
FAR = NOW + 30 * DAY_MS
GRAINS = {"1m": MINUTE_MS, "1h": 60 * MINUTE_MS}
moments = st.integers(0, 60).map(lambda i: NOW - 2 * DAY_MS + i * 37_000) | st.integers(0, 12).map(lambda i: NOW - i * 25_000)
keys = st.tuples(st.sampled_from(["d1", "d2"]), moments)
readings = st.dictionaries(keys, st.integers(0, 400).map(lambda i: i / 4), min_size=1, max_size=40)


@pytest.fixture(scope="module")
def town(database_url: str) -> Iterator[Town]:
    engine = make_engine(database_url)
    yield Town(engine)
    engine.dispose()


def roll_all(town: Town) -> None:
    while roll_up(town.engine, town.partitions, "1m", FAR) or roll_up(town.engine, town.partitions, "1h", FAR):
        pass


def expected(values: dict[tuple[str, int], float], step_ms: int) -> list[tuple]:
    frame = pd.DataFrame([(device, at // step_ms * step_ms, at, value) for (device, at), value in values.items()], columns=list("dsav"))
    grouped = frame.sort_values("a").groupby(["d", "s"])["v"].agg(["count", "sum", "min", "max", "last"])
    return [(device, start, *row) for (device, start), row in zip(grouped.index, grouped.itertuples(index=False, name=None), strict=True)]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(readings, st.randoms(use_true_random=False))
def test_minutes_and_hours_equal_a_computation_from_all_readings(town: Town, values: dict, chance) -> None:
    town.empty()
    messages = [telemetry(at, device=device, pm25=value) for (device, at), value in values.items()]
    chance.shuffle(messages)
    cut = chance.randint(0, len(messages))
    for part in (messages[:cut], messages[cut:]):
        town.hand_in(*part)
        roll_all(town)
    for grain, step_ms in GRAINS.items():
        assert town.ask(ROWS.format(grain=grain)) == expected(values, step_ms)


def test_suspect_values_and_words_are_left_out(town: Town) -> None:
    town.empty()
    town.hand_in(telemetry(NOW + 400_000, pm25=38), telemetry(note="fine"), telemetry(0, pm25=9), telemetry(NOW + 1, pm25=7))
    roll_all(town)
    assert [row[2:] for row in town.ask(ROWS.format(grain="1h"))] == [(1, 7.0, 7.0, 7.0, 7.0)]


def test_the_running_minute_waits_until_it_is_over(town: Town) -> None:
    town.empty()
    town.hand_in(telemetry(NOW))
    assert roll_up(town.engine, town.partitions, "1m", NOW) == 0
    assert roll_up(town.engine, town.partitions, "1m", NOW + 1) == 1
