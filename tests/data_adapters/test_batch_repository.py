"""A batch becomes fact once, whatever it holds and however often it comes."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
import pytest
from sqlalchemy import create_engine, text

from data_adapters.sql import batch_repository
from data_adapters.sql.database import make_engine
from data_adapters.sql.inbox_repository import InboxRepository
from domain.messages import Quality, RawMessage, Reading
from services.judging import tick_payload
from services.ports import Delivery, StoreRefused, StoreUnavailable
from tests.data_adapters.ingest_town import DAY_MS, NOW, Town, location, telemetry

YEAR_MS = 365 * DAY_MS
STORED = "SELECT device_id, metric, extract(epoch FROM at)::float8 * 1000, value, quality, source_at FROM readings ORDER BY 1, 2, 3"
REFUSED = "SELECT topic, payload, reason FROM rejected_messages ORDER BY id"


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    engine = make_engine(database_url)
    made = Town(engine)
    made.empty()
    yield made
    engine.dispose()


class Boundless:
    """A feed that wants to remember more than JSON holds."""

    name, topics, remembers = "boundless", ("boundless/#",), True

    def partition_key(self, topic: str) -> str:
        return topic

    def parse(self, message: RawMessage, memory: dict) -> tuple[list, dict]:
        return [Reading("d1", "pm25", message.received_at, 38, None, Quality.GOOD, NOW)], {"last": int(message.payload)}


class Careless:
    """A feed that lets through what a database cannot take, and one message on which it fails itself."""

    name, topics, remembers = "careless", ("careless/#",), False

    def partition_key(self, topic: str) -> str:
        return topic

    def parse(self, message: RawMessage, memory: dict) -> tuple[list, dict]:
        if message.payload == b"crash":
            raise ZeroDivisionError("a feed's own mistake")
        return [Reading(message.topic, "note", NOW, None, message.payload.decode(), Quality.GOOD, NOW)], memory


def test_the_same_message_twice_is_stored_once_and_counted_as_duplicate(town: Town) -> None:
    town.hand_in(telemetry(pm25=38, humidity=60))
    town.hand_in(telemetry(pm25=38, humidity=60, redelivered=True))
    assert [(metric, value) for _, metric, _, value, *_ in town.ask(STORED)] == [("humidity", 60.0), ("pm25", 38.0)]
    assert town.counts() == (1, 1, 0)
    assert town.ask(REFUSED) == []


def test_the_same_message_twice_in_one_batch_is_a_duplicate_too(town: Town) -> None:
    town.hand_in(telemetry(), telemetry(), telemetry(NOW + 1))
    assert len(town.ask(STORED)) == 2
    assert town.counts() == (2, 1, 0)


def test_a_duplicate_beside_something_new_counts_as_stored(town: Town) -> None:
    town.hand_in(telemetry(pm25=38))
    town.hand_in(telemetry(pm25=38, humidity=60))
    assert town.counts() == (2, 0, 0)


def test_of_two_values_for_one_moment_the_first_stays_and_the_second_is_kept_as_it_came(town: Town) -> None:
    second = telemetry(pm25=40, humidity=60)
    town.hand_in(telemetry(pm25=38))
    town.hand_in(second)
    assert [(metric, value) for _, metric, _, value, *_ in town.ask(STORED)] == [("humidity", 60.0), ("pm25", 38.0)]
    assert town.ask(REFUSED) == [(second.topic, second.payload, "conflict")]
    assert "pm25" in town.ask("SELECT detail FROM rejected_messages")[0][0]


def test_conflicts_within_one_batch_keep_the_first_that_came(town: Town) -> None:
    town.hand_in(telemetry(pm25=38), telemetry(pm25=40), telemetry(pm25=38))
    assert [row[3] for row in town.ask(STORED)] == [38.0]
    assert [payload for _, payload, _ in town.ask(REFUSED)] == [telemetry(pm25=40).payload]
    assert town.counts() == (1, 1, 1)


def test_text_and_number_at_one_moment_are_a_conflict(town: Town) -> None:
    town.hand_in(telemetry(note=1))
    town.hand_in(telemetry(note="1"))
    assert town.counts() == (1, 0, 1)


def test_positions_delivered_again_are_duplicates(town: Town) -> None:
    town.hand_in(location(), location(NOW + 1000))
    town.hand_in(location(), location(NOW + 2000), location(NOW + 2000))
    assert town.ask("SELECT count(*) FROM positions") == [(3,)]
    assert town.counts() == (3, 2, 0)


def test_a_message_with_nothing_usable_is_rejected_and_kept_raw(town: Town) -> None:
    broken = RawMessage("city/v1/devices/d1/telemetry", b"\x00\xff{", NOW)
    town.hand_in(broken, telemetry(pm25=-1), telemetry(pm25=38, humidity=101))
    assert town.ask(REFUSED) == [
        (broken.topic, broken.payload, "nul"),
        (broken.topic, telemetry(pm25=-1).payload, "out_of_range"),
        (broken.topic, telemetry(pm25=38, humidity=101).payload, "out_of_range"),
    ]
    assert town.counts() == (1, 0, 2)


@pytest.mark.parametrize("at", [NOW - 20 * YEAR_MS - 6 * DAY_MS, NOW + DAY_MS + 1, 0, "2001-01-01T00:00:00Z"])
def test_a_time_that_cannot_be_right_gives_way_to_the_time_of_receipt_and_is_kept(town: Town, at: object) -> None:
    town.hand_in(telemetry(at))
    ((_, _, stored_at, _, quality, source),) = town.ask(STORED)
    assert (stored_at, quality) == (NOW, "suspect") and source


def test_a_dead_clock_delivered_again_is_not_stored_twice(town: Town) -> None:
    town.hand_in(telemetry(0, pm25=38), telemetry(5, pm25=39))
    again = [
        telemetry(0, pm25=38, received_at=NOW + 7000, redelivered=True),
        telemetry(5, pm25=39, received_at=NOW + 7000, redelivered=True),
    ]
    town.hand_in(*again)
    assert [row[2:4] for row in town.ask(STORED)] == [(NOW, 38.0), (NOW + 1, 39.0)]
    assert town.counts() == (2, 2, 0)


def test_a_dead_clock_delivered_again_in_the_same_batch_is_not_stored_twice(town: Town) -> None:
    again = telemetry(0, pm25=38, received_at=NOW + 7000, redelivered=True)
    town.hand_in(telemetry(0, pm25=38), again, telemetry(0, pm25=38, received_at=NOW + 8000))
    assert [row[2] for row in town.ask(STORED)] == [NOW, NOW + 8000], "one that is said anew happened anew"


def place(at: int, lon: float, received_at: int, redelivered: bool = False) -> RawMessage:
    return location(at, lon=lon)._replace(received_at=received_at, redelivered=redelivered)


def test_a_place_of_a_dead_clock_delivered_again_is_stored_once(town: Town) -> None:
    town.hand_in(place(0, 113.1, NOW), place(5, 113.2, NOW + 1000))
    town.hand_in(place(0, 113.1, NOW + 7000, True), place(5, 113.2, NOW + 7001, True), place(5, 113.3, NOW + 7002, True))
    rows = town.ask("SELECT lon, extract(epoch FROM at)::float8 * 1000, source_at FROM positions ORDER BY at")
    assert rows == [(113.1, NOW, "0"), (113.2, NOW + 1000, "5"), (113.3, NOW + 7002, "5")]
    assert town.counts() == (3, 2, 0)


def test_a_place_of_a_dead_clock_delivered_again_in_the_same_batch_is_stored_once(town: Town) -> None:
    town.hand_in(place(0, 113.1, NOW), place(0, 113.1, NOW + 7000, True))
    assert town.ask("SELECT count(*) FROM positions") == [(1,)]


def test_a_dead_clock_whose_free_moment_is_taken_is_a_conflict_not_a_crash(town: Town) -> None:
    town.hand_in(telemetry(NOW + 1, pm25=50))
    town.hand_in(telemetry(0, pm25=38), telemetry(5, pm25=39))
    assert [row[3] for row in town.ask(STORED)] == [38.0, 50.0]
    assert [reason for *_, reason in town.ask(REFUSED)] == ["conflict"]
    assert town.counts() == (2, 0, 1)


def test_a_clock_that_runs_ahead_is_stored_as_suspect_at_its_own_time(town: Town) -> None:
    town.hand_in(telemetry(NOW + 300_000), telemetry(NOW + 300_001))
    assert [(row[2], row[4], row[5]) for row in town.ask(STORED)] == [(NOW + 300_000, "good", None), (NOW + 300_001, "suspect", None)]


def test_days_get_their_partitions_when_first_needed_also_19_years_back(town: Town) -> None:
    old = NOW - 19 * YEAR_MS
    town.hand_in(telemetry(old), telemetry(), location(old))
    days = {f"readings_{datetime.fromtimestamp(at / 1000, UTC):%Y%m%d}" for at in (old, NOW)}
    found = {name for (name,) in town.ask("SELECT tableoid::regclass::text FROM readings")}
    assert found == days
    assert town.ask("SELECT count(*) FROM positions") == [(1,)]


def test_a_partition_dropped_behind_our_back_is_made_again(town: Town) -> None:
    old = NOW - 400 * DAY_MS
    town.hand_in(telemetry(old))
    name = town.ask("SELECT tableoid::regclass::text FROM readings")[0][0]
    with town.engine.begin() as tx:
        tx.execute(text(f"DROP TABLE {name}"))
    town.hand_in(telemetry(old, pm25=40))
    assert [row[3] for row in town.ask(STORED)] == [40.0]
    assert town.ask(REFUSED) == []


def test_an_unknown_device_is_listed_once_for_a_steward(town: Town) -> None:
    town.hand_in(telemetry(device="stranger"), telemetry(NOW + 1, device="stranger", humidity=3))
    town.hand_in(telemetry(NOW + 2, device="stranger"))
    assert town.ask("SELECT device_id, status FROM devices") == [("stranger", "unadopted")]


def test_the_list_of_unknown_devices_is_bounded_and_their_readings_are_still_kept(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    assert batch_repository.MOST_UNADOPTED == 10_000
    monkeypatch.setattr(batch_repository, "MOST_UNADOPTED", 5)
    town.hand_in(*(telemetry(device=f"a{i}") for i in range(4)))
    town.hand_in(*(telemetry(device=f"b{i}") for i in range(4)))
    assert town.ask("SELECT count(*) FROM devices") == [(5,)]
    assert town.ask("SELECT count(DISTINCT device_id) FROM readings") == [(8,)]


def test_the_first_thousand_rejected_of_a_feed_reason_and_hour_are_kept_and_all_are_counted(town: Town) -> None:
    town.hand_in(*(telemetry(pm25=-1 - i) for i in range(700)))
    town.hand_in(*(telemetry(pm25=-1 - i) for i in range(700, 1400)), telemetry("never"))
    by_reason = "SELECT reason, count(*) FROM rejected_messages GROUP BY 1 ORDER BY 1"
    assert town.ask(by_reason) == [("bad_time", 1), ("out_of_range", 1000)]
    assert town.ask("SELECT reason, n FROM rejected_counts ORDER BY 1") == [("bad_time", 1), ("out_of_range", 1400)]
    assert town.counts() == (0, 0, 1401)
    town.now += 3_600_000
    town.hand_in(telemetry(pm25=-1))
    assert town.ask(by_reason) == [("bad_time", 1), ("out_of_range", 1001)]


def test_poison_that_the_database_refuses_does_not_stop_its_neighbours(town: Town) -> None:
    town = Town(town.engine, {"careless": Careless()})
    messages = [RawMessage(f"careless/{i}", b"a\x00b" if i in (3, 4, 17) else b"fine", NOW) for i in range(20)]
    messages[9] = RawMessage("careless/9", b"crash", NOW)
    town.hand_in(*messages, feed="careless")
    assert town.ask("SELECT count(*) FROM readings") == [(16,)]
    assert town.ask("SELECT topic, payload, reason FROM rejected_messages ORDER BY topic") == [
        ("careless/17", b"a\x00b", "store_refused"),
        ("careless/3", b"a\x00b", "store_refused"),
        ("careless/4", b"a\x00b", "store_refused"),
        ("careless/9", b"crash", "feed_failed"),
    ]
    assert town.counts() == (16, 0, 4)


def test_a_memory_that_cannot_be_stored_costs_its_own_message_and_stops_no_other(town: Town) -> None:
    town = Town(town.engine, {"boundless": Boundless()})
    town.hand_in(*[RawMessage(f"boundless/{i}", str(2 ** (62 + i)).encode(), NOW + i) for i in range(4)], feed="boundless")
    assert town.ask("SELECT topic, reason FROM rejected_messages ORDER BY topic") == [
        ("boundless/2", "store_refused"),
        ("boundless/3", "store_refused"),
    ]
    assert town.ask("SELECT key, memory->>'last' FROM feed_memory ORDER BY key") == [
        ("boundless/0", str(2**62)),
        ("boundless/1", str(2**63)),
    ]
    assert len(town.ask(STORED)) == 2


def test_the_inbox_is_drained_through_the_same_function_and_only_after_storing(town: Town) -> None:
    inbox = InboxRepository(town.engine)
    for feed, message in (("native", telemetry()), ("nobody", telemetry()), ("tick", RawMessage("tick", tick_payload(NOW), NOW))):
        inbox.put(feed, message.topic, message.payload, "d1")
    inbox.put("tick", "tick", b"{}", "d1")
    inbox.put("command", "acknowledge", b"not json", "d1")
    rows = inbox.waiting(0, 1)
    assert len(rows) == 5
    town.ingest.handle([Delivery(row.feed, row.message, None, row.id) for row in rows])
    assert inbox.waiting(0, 1) == []
    assert len(town.ask(STORED)) == 1
    assert town.evaluator.ticks == [NOW]
    assert [reason for *_, reason in town.ask(REFUSED)] == ["unknown_feed", "bad_command", "bad_command"]


def test_an_inbox_row_belongs_to_one_worker(town: Town) -> None:
    inbox = InboxRepository(town.engine)
    ids = {inbox.put("native", "t", b"", f"device-{i}") for i in range(30)}
    shares = [{row.id for row in inbox.waiting(worker, 3)} for worker in range(3)]
    assert set.union(*shares) == ids and sum(map(len, shares)) == 30


def test_a_deadlock_is_tried_again_and_nothing_is_stored_twice(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    real, tries = batch_repository.mark, []

    def deadlocked_once(*arguments: object) -> None:
        tries.append(1)
        if len(tries) == 1:
            arguments[0].execute(text("DO $$ BEGIN RAISE EXCEPTION 'chosen as victim' USING ERRCODE = '40P01'; END $$"))
        real(*arguments)

    monkeypatch.setattr(batch_repository, "mark", deadlocked_once)
    town.hand_in(telemetry())
    assert len(tries) == 2 and town.evaluator.forgot == 1
    assert len(town.ask(STORED)) == 1
    assert town.counts() == (1, 0, 0)


def test_while_the_database_is_away_messages_wait_and_none_is_lost(town: Town, database_url: str) -> None:
    name, admin = database_url.rpartition("/")[2], f"{database_url.rpartition('/')[0]}/postgres"
    town.hand_in(telemetry())
    with psycopg.connect(admin, autocommit=True) as other:
        other.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")
        other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        waiting = threading.Thread(target=town.hand_in, args=(telemetry(NOW + 1), telemetry(NOW + 2)))
        waiting.start()
        waiting.join(0.5)
        assert waiting.is_alive()
        other.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true")
    waiting.join(20)
    assert not waiting.is_alive()
    assert [row[2] for row in town.ask(STORED)] == [NOW, NOW + 1, NOW + 2]
    assert town.counts() == (3, 0, 0)


def test_a_database_that_dies_in_the_middle_of_a_copy_is_away_not_a_refusal(town: Town) -> None:
    with pytest.raises(StoreUnavailable), town.store.transaction() as tx:
        with psycopg.connect(town.engine.url.set(drivername="postgresql").render_as_string(False), autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s)", (tx.execute(text("SELECT pg_backend_pid()")).scalar_one(),))
        batch_repository.store_readings(tx, [Reading("d1", "pm25", NOW, 1.0, None, Quality.GOOD, NOW)])
    with pytest.raises(StoreRefused), town.store.transaction() as tx:
        tx.execute(text("SELECT 1 / 0"))


def test_no_database_at_all_is_away_too() -> None:
    nowhere = batch_repository.BatchRepository(create_engine("postgresql+psycopg://nobody@127.0.0.1:1/none"), None)
    with pytest.raises(StoreUnavailable):
        nowhere.load_memory("native", "")


def test_after_a_failed_batch_nothing_of_it_is_left(town: Town) -> None:
    with pytest.raises(ZeroDivisionError):
        town.evaluator.evaluate = lambda *_: 1 / 0
        town.hand_in(telemetry(), telemetry(pm25=-1), location())
    for table in ("readings", "positions", "rejected_messages", "rejected_counts", "feed_health", "rollup_marks", "series", "devices"):
        assert town.ask(f"SELECT count(*) FROM {table}") == [(0,)], table
    del town.evaluator.evaluate
    town.hand_in(telemetry(), telemetry(pm25=-1), location())
    assert town.ask("SELECT count(*) FROM series") == [(2,)]


def test_what_a_feed_brought_is_counted_by_the_minute_with_its_devices_and_nothing_twice(town: Town) -> None:
    town.hand_in(telemetry(at=NOW - 1_500), telemetry(at=NOW - 1_500, device="d2", pm25=1, pm10=2))
    town.hand_in(telemetry(at=NOW - 1_500, redelivered=True), RawMessage("city/v1/devices/d1/telemetry", b"{", NOW))
    columns = "stored, duplicate, rejected, reports, due, suspect, lags[5]"
    assert town.ask(f"SELECT {columns} FROM feed_minutes WHERE feed = 'native'") == [(2, 1, 1, 2, 0, 0, 2)]
    town.now += 86_400_000
    town.hand_in(telemetry(at=town.now, received_at=town.now))
    days = town.ask("SELECT device_id, last_day - first_day FROM feed_devices WHERE feed = 'native' ORDER BY 1")
    assert days == [("d1", 1), ("d2", 0)]
    assert town.ask("SELECT count(*) FROM feed_minutes WHERE feed = 'native'") == [(2,)]
