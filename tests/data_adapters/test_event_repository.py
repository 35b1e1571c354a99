"""What other systems stated is kept once, and dealt with once by everybody whom it concerns."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from sqlalchemy import text

from data_adapters.sql.database import make_engine
from data_adapters.sql.event_queue import SqlEventQueue
from data_adapters.sql.retention import forget_old
from domain.event_time import to_datetime
from domain.messages import RawMessage
from services.event_queue import Consumer
from services.ports import FeedEvent
from tests.data_adapters.ingest_town import NOW, Town
from tests.stating import Stating

FACTS = {"number": "12345-7", "status": "open", "nested": {"text": "路灯不亮"}}


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    engine = make_engine(database_url)
    made = Town(engine, {"stating": Stating()})
    made.empty()
    with engine.begin() as tx:
        tx.execute(text("TRUNCATE event_cursors"))
    yield made
    engine.dispose()


def said(event_id: str, **other: Any) -> RawMessage:
    return RawMessage("stating/x", json.dumps({"event_id": event_id, "facts": FACTS, **other}).encode(), NOW)


def test_an_event_is_stored_once_and_the_same_again_is_a_duplicate(town: Town) -> None:
    for messages in ([said("a"), said("a")], [said("a"), said("b", lon=113.75, lat=23.02, device_id="cam-1")]):
        town.hand_in(*messages, feed="stating")
    assert town.ask("SELECT feed, event_id, facts, device_id, lon FROM feed_events ORDER BY 2") == [
        ("stating", "a", FACTS, None, None),
        ("stating", "b", FACTS, "cam-1", 113.75),
    ]
    assert town.counts() == (2, 2, 0)
    assert town.ask("SELECT device_id FROM devices WHERE status = 'unadopted'") == [("cam-1",)]


def test_another_statement_under_the_same_id_is_a_conflict_and_the_first_stays(town: Town) -> None:
    town.hand_in(said("a"), feed="stating")
    town.hand_in(said("a", facts={**FACTS, "status": "closed"}), feed="stating")
    assert town.ask("SELECT facts->>'status' FROM feed_events") == [("open",)]
    assert town.ask("SELECT reason FROM rejected_messages") == [("conflict",)]
    assert town.counts() == (1, 0, 1)


def test_an_event_that_its_kind_forbids_is_refused_whatever_the_feed_says(town: Town) -> None:
    town.hand_in(said("a", facts={"number": "1"}), feed="stating")
    assert town.ask("SELECT reason FROM rejected_messages") == [("bad_event",)]
    assert town.ask("SELECT 1 FROM feed_events") == []


class Dealer:
    """Writes down what it is given, and may be killed."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.killed_at = ""

    def deal(self, tx: Any, events: Sequence[FeedEvent]) -> None:
        for one in events:
            if one.event.event_id == self.killed_at:
                self.killed_at = ""
                raise RuntimeError("killed")
            tx.execute(text("INSERT INTO job_marks VALUES (:name)"), {"name": one.event.event_id})


@pytest.fixture
def marks(town: Town) -> Iterator[Town]:
    with town.engine.begin() as tx:
        tx.execute(text("ALTER TABLE job_marks RENAME TO real_job_marks"))
        tx.execute(text("CREATE TABLE job_marks (name text)"))
    yield town
    with town.engine.begin() as tx:
        tx.execute(text("DROP TABLE job_marks"))
        tx.execute(text("ALTER TABLE real_job_marks RENAME TO job_marks"))


def dealt(town: Town) -> list[str]:
    return [name for (name,) in town.ask("SELECT name FROM job_marks")]


def test_a_consumer_killed_half_way_deals_with_every_event_once(marks: Town) -> None:
    marks.hand_in(*(said(f"e{n}") for n in range(5)), said("other", kind="call"), feed="stating")
    dealer = Dealer()
    consumer = Consumer(SqlEventQueue(marks.engine), "orders", {"order"}, dealer.deal)
    dealer.killed_at = "e3"
    with pytest.raises(RuntimeError):
        consumer.round(NOW)
    assert dealt(marks) == []
    assert consumer.round(NOW) == 5 and consumer.round(NOW) == 0
    marks.hand_in(said("e5"), feed="stating")
    assert consumer.round(NOW) == 1
    assert dealt(marks) == [f"e{n}" for n in range(6)]


def test_an_event_that_commits_late_is_not_overtaken_by_a_later_one(marks: Town) -> None:
    consumer = Consumer(SqlEventQueue(marks.engine), "orders", {"order"}, Dealer().deal)
    with marks.engine.connect() as late:
        writing = late.begin()
        late.execute(
            text("""INSERT INTO feed_events (feed, event_id, kind, at, facts, digest, received_at)
                VALUES ('stating', 'late', 'order', now(), '{}', '', now())""")
        )
        marks.hand_in(said("soon"), feed="stating")
        assert consumer.round(NOW) == 0 and dealt(marks) == []
        writing.commit()
    assert consumer.round(NOW) == 2 and dealt(marks) == ["late", "soon"]


def test_after_a_restore_elsewhere_nothing_new_is_missed(marks: Town) -> None:
    consumer = Consumer(SqlEventQueue(marks.engine), "orders", {"order"}, Dealer().deal)
    marks.hand_in(said("before"), feed="stating")
    assert consumer.round(NOW) == 1
    with marks.engine.begin() as tx:
        tx.execute(text("UPDATE feed_events SET txid = '900000000000'"))
        tx.execute(text("UPDATE event_cursors SET txid = '900000000000'"))
    marks.hand_in(said("after"), feed="stating")
    consumer.round(NOW)
    consumer.round(NOW)
    assert dealt(marks) == ["before", "after"]


def test_events_are_forgotten_with_the_readings(town: Town) -> None:
    town.hand_in(said("old"), said("young", received_at=NOW + 1000), feed="stating")
    forget_old(town.engine, to_datetime(NOW + 500))
    assert town.ask("SELECT event_id FROM feed_events") == [("young",)]
