"""Sparkplug through ingest and PostgreSQL: what is remembered of an edge node survives a kill, and a request for births goes out once."""

import pytest
from sqlalchemy import Engine

from domain.messages import RawMessage
from tests.data_adapters.feeds.sparkplug.edge_node import NOW, birth, feed, metric, payload
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
