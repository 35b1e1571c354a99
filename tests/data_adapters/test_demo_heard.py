"""What the demo's other systems say on the broker or post, through their feeds and ingest into PostgreSQL: readings, places, alarms."""

from collections.abc import Iterator, Mapping

import pytest
from sqlalchemy import Engine, text

from config.alarm_rules import load_rules
from config.files import load_catalogue
from data_adapters.city_pack import Pack, read_pack
from data_adapters.demo.pack import build_demo_pack
from data_adapters.demo.platforms.cast import MOST_MS, Cast, own_devices
from data_adapters.demo.platforms.happenings import day_of
from data_adapters.demo.platforms.registry import PLATFORMS, posting, publishing
from data_adapters.demo.platforms.tasmota import TRIP
from data_adapters.feeds.registry import configured, make_feeds
from data_adapters.sql.alarm_repository import AlarmRepository
from data_adapters.topic_plan import Router
from domain.messages import RawMessage
from services.alarms import AlarmEvaluator
from services.ports import Delivery
from tests.data_adapters.ingest_town import NOW, Town

MINUTE = 60_000
BEFORE, AFTER = 11 * MINUTE, 8 * MINUTE
"""Everything that speaks every ten minutes has spoken once before the pump trips."""
RARE = {"face_match", "cn_warning", "cap"}
"""They speak a few times a day at most."""


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return read_pack(build_demo_pack(tmp_path_factory.mktemp("demo")))


@pytest.fixture
def town(engine: Engine, pack: Pack) -> Town:
    demo = {config.name: config for config in configured(demo=True)}
    found = Town(engine, make_feeds(load_catalogue(), 300_000, demo.values()))
    found.empty()
    with engine.begin() as tx:
        tx.execute(text("TRUNCATE alarms, alarm_transitions"))
    found.ingest._evaluator = AlarmEvaluator(load_rules(), AlarmRepository(), "441900")
    found.ingest._devices = {one.device.device_id: one.device for one in pack.devices}
    found.ingest._mine = lambda device_id: True
    return found


def deliveries(casts: Mapping[str, Cast], router: Router, at: int) -> Iterator[Delivery]:
    """What is due at `at`: of the posted by its feed, of the published by its topic as the router finds it."""
    for feed, cast in casts.items():
        for message in cast.due(at):
            found = feed or router.feed_of(message.topic)
            assert found is not None
            yield Delivery(found, RawMessage(message.topic, message.payload, at), None)


def test_twenty_minutes_of_the_other_systems_becomes_readings_places_and_the_alarm_of_a_pump_that_tripped(town: Town, pack: Pack) -> None:
    pumps = [one.device_id for one in own_devices(pack, "tasmota")]
    trips = ((pump, TRIP.stretch(pump, day_of(NOW) + day)) for day in range(-6, 0) for pump in pumps)
    pump, begin = next((pump, trip[0]) for pump, trip in trips if trip)
    casts, router = {"": publishing(pack, PLATFORMS), **posting(pack, PLATFORMS)}, Router(town.feeds)
    for cast in casts.values():
        cast.start(begin - BEFORE)
    for at in range(begin - BEFORE + MOST_MS, begin + AFTER, MOST_MS):
        town.now = at
        town.ingest.handle(list(deliveries(casts, router, at)))
    stored, _, rejected = town.counts()
    assert stored > 200 and rejected == 0 and town.ask("SELECT reason FROM rejected_messages") == []
    heard = {name for (name,) in town.ask("SELECT feed FROM feed_health WHERE stored > 0")}
    assert heard >= set(PLATFORMS) - RARE
    readings = {name for (name,) in town.ask("SELECT DISTINCT device_id FROM readings")}
    assert {one.device_id for name in ("tasmota", "ttn") for one in own_devices(pack, name) if one.kind != "vehicle"} <= readings
    moved = {name for (name,) in town.ask("SELECT DISTINCT device_id FROM positions")}
    assert moved & {one.device_id for one in own_devices(pack, "traccar")} and moved & {one.device_id for one in own_devices(pack, "ttn")}
    assert ("pump_stopped", pump) in town.ask("SELECT rule_id, device_id FROM alarms WHERE state = 'active'")
