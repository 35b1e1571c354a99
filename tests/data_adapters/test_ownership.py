"""Two workers and a feed whose topics name no device: each device is judged and shown by the worker that hears it, and by no other."""

import orjson
import pytest
import redis
from sqlalchemy import Engine, text

from config.alarm_care import load_alarm_care
from config.alarm_rules import load_rules
from config.feeds import FeedConfig, Topic
from config.files import load_catalogue
from data_adapters.embedded import Urls
from data_adapters.feeds.registry import make_feeds
from data_adapters.live_redis import ITEMS, US, RedisLivePicture
from data_adapters.sql.alarm_repository import AlarmRepository
from data_adapters.sql.batch_repository import BatchRepository
from data_adapters.sql.live_source import LiveSource
from data_adapters.sql.partitions import Partitions
from data_adapters.topic_plan import Plan
from domain.messages import RawMessage
from domain.partition import worker_of
from services.alarms import AlarmEvaluator
from services.ports import Delivery
from services.readings import Ingest

SHOWN_MS = load_alarm_care().cleared_shown_ms
NOW = 1_795_305_600_000
POOLS = [f"pool-{n}" for n in range(6)]
WHOLE = FeedConfig("native", "native", (Topic("city/v1/#"),))
"""The native format, as if its topics named no device: worker 0 hears it whole."""
FEEDS = make_feeds(load_catalogue(), 300_000, [WHOLE])
ALARMS = "SELECT device_id, state FROM alarms ORDER BY device_id, raised_at"


@pytest.fixture
def workers(engine: Engine, engines: Urls) -> list[Ingest]:
    with engine.begin() as tx:
        tx.execute(text("TRUNCATE devices, device_keys, readings, series, alarm_transitions, alarms"))
        for name in POOLS:
            tx.execute(text("INSERT INTO devices (device_id, name, kind) VALUES (:d, :d, 'standing_water')"), {"d": name})
    redis.Redis.from_url(str(engines.redis)).flushall()
    made = [new_worker(engine, str(engines.redis), number) for number in range(2)]
    for worker in made:
        worker.start()
    return made


def new_worker(engine: Engine, redis_url: str, number: int) -> Ingest:
    store, plan = BatchRepository(engine, Partitions(engine)), Plan(2, WHOLE.topics)
    evaluator = AlarmEvaluator(load_rules(), AlarmRepository(), "441900")
    live, source = RedisLivePicture(redis_url), LiveSource(engine)
    return Ingest(FEEDS, store, evaluator, live, source, lambda: NOW, SHOWN_MS, number, 2, hash_of=plan.hash_of)


def depth(device: str, metres: float, at: int) -> Delivery:
    body = orjson.dumps({"at": at, "values": {"water_depth": metres}})
    return Delivery("native", RawMessage(f"city/v1/devices/{device}/telemetry", body, NOW), None)


def deep_and_still_deep(worker: Ingest) -> None:
    for at in (NOW - 200_000, NOW - 100_000):
        worker.handle([depth(device, 0.5, at) for device in POOLS])


def shown(engines: Urls) -> dict[str, float]:
    """The depth on the live picture, device by device."""
    found = {}
    for name, held in redis.Redis.from_url(str(engines.redis)).hgetall(ITEMS).items():
        section, device = name.decode().split(US)
        values = orjson.loads(held.decode().split(US)[1]) if section == "values" else {}
        found |= {orjson.loads(device): values["water_depth"][1]} if values else {}
    return found


def ask(engine: Engine, sql: str) -> list[tuple]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(sql))]


def test_the_worker_that_hears_a_device_judges_it_and_shows_it_from_its_first_message_on(engine, engines, workers) -> None:
    assert {worker_of(device, 2) for device in POOLS} == {0, 1}
    deep_and_still_deep(workers[0])
    assert {device for device, state in ask(engine, ALARMS) if state == "active"} == set(POOLS)
    assert shown(engines) == dict.fromkeys(POOLS, 0.5)


def test_the_other_worker_lets_go_and_a_restarted_one_knows(engine, engines, workers) -> None:
    deep_and_still_deep(workers[0])
    workers[1].refresh_register()
    again = new_worker(engine, str(engines.redis), 0)
    again.start()
    before = ask(engine, ALARMS)
    workers[1].heal()
    again.handle([depth(device, 0.0, NOW) for device in POOLS])
    workers[1].heal()
    assert len(ask(engine, ALARMS)) == len(before)
    assert {state for _, state in ask(engine, ALARMS)} == {"cleared"}
    assert shown(engines) == dict.fromkeys(POOLS, 0.0)


def test_what_comes_to_the_wrong_worker_is_stored_and_claims_nothing(engine, workers) -> None:
    deep_and_still_deep(workers[1])
    assert ask(engine, "SELECT count(*) FROM readings") == [(12,)]
    assert ask(engine, "SELECT count(*) FROM device_keys") == [(0,)]


def test_a_claim_that_holds_is_not_taken_by_another_key_within_the_hour(engine, workers) -> None:
    deep_and_still_deep(workers[0])
    first = ask(engine, "SELECT * FROM device_keys ORDER BY 1")
    assert {device for device, *_ in first} == {device for device in POOLS if worker_of(device, 2) == 1}
    deep_and_still_deep(workers[0])
    assert ask(engine, "SELECT * FROM device_keys ORDER BY 1") == first
