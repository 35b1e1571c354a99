"""Sparkplug through ingest and PostgreSQL: what is remembered of an edge node survives a kill, and a request for births goes out once."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from domain.messages import RawMessage
from tests.data_adapters.feeds.sparkplug.edge_node import NOW, birth, death, feed, metric, payload
from tests.data_adapters.ingest_town import Town

LEVEL = metric("Water/Level", 10, 2.37, alias=1)


def town(engine: Engine) -> Town:
    return Town(engine, {"sparkplug": feed()})


def hand_in(where: Town, kind: str, content: bytes) -> None:
    where.hand_in(RawMessage(f"spBv1.0/g/{kind}/n", content, NOW), feed="sparkplug")


@pytest.fixture(autouse=True)
def empty(engine: Engine) -> None:
    town(engine).empty()


def test_a_worker_that_was_killed_knows_the_aliases_again_and_is_told_what_it_missed(engine: Engine) -> None:
    hand_in(town(engine), "NBIRTH", birth(LEVEL))
    after = town(engine)
    hand_in(after, "NDATA", payload([metric(value=2.91, alias=1, timestamp=NOW + 1)], 1))
    assert after.ask("SELECT metric, value FROM readings ORDER BY at") == [("Water/Level", 2.37), ("Water/Level", 2.91)]
    later = town(engine)
    hand_in(later, "NDATA", payload([metric(value=3.0, alias=1, timestamp=NOW + 2)], 4))
    assert later.ask("SELECT reason FROM rejected_messages") == [("sequence_gap",)]
    assert [one.topic for one in later.said] == ["spBv1.0/g/NCMD/n"] and later.counts() == (3, 0, 0)


def test_a_request_for_births_is_said_only_once_it_is_stored_that_it_was(engine: Engine) -> None:
    one = town(engine)
    hand_in(one, "NDATA", payload([LEVEL], 1))
    again = town(engine)
    hand_in(again, "NDATA", payload([LEVEL], 2))
    assert (len(one.said), len(again.said)) == (1, 0)
    assert again.counts() == (0, 0, 2)


def life() -> list[RawMessage]:
    """Two lives of an edge node with a device: births, data by alias, deaths. Each message is sent a second after the one before."""
    told: list[tuple[str, bytes]] = []
    for bd in (1, 2):
        at = [NOW + 1000 * (10 * bd + number) for number in range(6)]
        told += [("NBIRTH/n", birth(LEVEL, bd=bd, at=at[0])), ("DBIRTH/n/d", payload([metric("Rain", 10, 0.5, alias=bd)], 1, at[1]))]
        for seq in (2, 3):
            rain = metric(datatype=0, value=bd + seq / 10, alias=bd, timestamp=at[seq])
            told += [("DDATA/n/d", payload([rain], seq, at[seq]))]
        told += [("NDATA/n", payload([metric(datatype=0, value=3.0, alias=1, timestamp=at[4])], 4, at[4]))]
        told += [("DDEATH/n/d", payload([], 5, at[5])), ("NDEATH/n", death(bd))]
    return [RawMessage(f"spBv1.0/g/{kind}", content, NOW + 60_000 + number) for number, (kind, content) in enumerate(told)]


LIFE = life()
READINGS = "SELECT device_id, metric, at, value FROM readings ORDER BY 1, 2, 3"
MEMORY = "SELECT key, memory FROM feed_memory"


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(1, 5), st.booleans()), min_size=1, max_size=20))
def test_for_any_schedule_of_kills_readings_and_memory_are_those_without_kills(engine: Engine, schedule: list[tuple[int, bool]]) -> None:
    expected = town(engine)
    expected.empty()
    expected.hand_in(*LIFE, feed="sparkplug")
    readings, memory = expected.ask(READINGS), expected.ask(MEMORY)
    assert len(readings) == 8 and expected.counts()[2] == 0
    worker, left = town(engine), LIFE
    worker.empty()
    for size, killed in [*schedule, (len(LIFE), False)]:
        worker.hand_in(*left[:size], feed="sparkplug")
        if killed:  # stored, but not acknowledged: it comes again, to a worker that knows nothing
            worker = town(engine)
            left = [message._replace(redelivered=True) for message in left[:size]] + left[size:]
        else:
            left = left[size:]
    assert (worker.ask(READINGS), worker.ask(MEMORY)) == (readings, memory)
    assert set(worker.ask("SELECT reason FROM rejected_messages")) <= {("outlived",)}
