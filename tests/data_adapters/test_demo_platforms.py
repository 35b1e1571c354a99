"""The other systems that speak to the demo city: what they say is what its feeds understand, and means what was meant."""

import json
import math
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import shapely
import yaml

from config.feeds import FeedConfig, load_feeds
from config.files import load_catalogue
from config.settings import Settings
from config.strict import ConfigError
from data_adapters.city_pack import Pack, read_pack
from data_adapters.demo.day import Sensor
from data_adapters.demo.day import values as measure
from data_adapters.demo.open_desk import OpenDesk
from data_adapters.demo.pack import build_demo_pack
from data_adapters.demo.platforms.cast import Cast, Platform, moments, own_devices
from data_adapters.demo.platforms.frigate import DARK
from data_adapters.demo.platforms.happenings import Happening, day_of
from data_adapters.demo.platforms.registry import PLATFORMS, POSTED, posting, publishing
from data_adapters.demo.platforms.tasmota import AWAY, TRIP
from data_adapters.demo.platforms.ttn import OPENED
from data_adapters.demo.play import CATCH_UP_MS, Message
from data_adapters.feeds.registry import ADAPTERS, configured, make_feed
from domain.messages import Event, Memory, Output, Position, Presence, RawMessage, Reading, Rejected

MIDNIGHT = 1_794_931_200_000
"""Midnight in Shanghai, 18 November 2026, a Wednesday."""
HOUR = 3_600_000
DAY = 24 * HOUR
DEMO = load_feeds(ADAPTERS, demo=True)
GOOD: dict[str, Any] = {"adapter": "native", "topics": ["weather/+"]}


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return read_pack(build_demo_pack(tmp_path_factory.mktemp("demo")))


def heard(feed: str, said: list[tuple[int, Message]]) -> Iterator[Output]:
    """What the feed of the demo makes of these messages, in their order."""
    made, memories = make_feed(DEMO[feed], load_catalogue(), 300_000), dict[str, Memory]()
    for at, message in said:
        key = made.partition_key(message.topic)
        outputs, memories[key] = made.parse(RawMessage(message.topic, message.payload, at), memories.get(key, {}))
        yield from outputs


def day_of_platform(platform: Platform, begin: int = MIDNIGHT, lasts: int = DAY) -> list[tuple[int, Message]]:
    """What the platform says in a day, in order, after what stands."""
    first = [(begin, message) for message in platform.standing(begin)]
    return first + sorted(platform.said(begin, begin + lasts), key=lambda due: due[0])


@pytest.mark.parametrize("name", PLATFORMS)
def test_all_that_a_platform_says_in_a_day_is_understood_and_comes_from_devices_of_the_city(pack: Pack, name: str) -> None:
    known, said = {found.device.device_id for found in pack.devices}, day_of_platform(PLATFORMS[name](pack))
    outputs = list(heard(name, said))
    assert [one for one in outputs if isinstance(one, Rejected)] == []
    devices = {one.device_id for one in outputs if not isinstance(one, Rejected) and one.device_id is not None}
    assert devices <= known
    assert {device.device_id for device in own_devices(pack, name)} <= devices
    said_once = {(one.device_id, one.metric, one.at, one.value, one.text_value) for one in outputs if isinstance(one, Reading)}
    assert len(said_once) == len({one[:3] for one in said_once}), "two values of one moment: the second would be refused"
    times = [one.at for one in outputs if isinstance(one, Reading)]
    assert all(MIDNIGHT - HOUR <= at <= MIDNIGHT + DAY for at in times)


@pytest.mark.parametrize("name", PLATFORMS)
def test_a_platform_says_the_same_however_often_it_is_asked(pack: Pack, name: str) -> None:
    platform, other = PLATFORMS[name](pack), PLATFORMS[name](pack)
    whole = sorted(platform.said(MIDNIGHT, MIDNIGHT + HOUR), key=lambda due: (due[0], due[1].topic, due[1].payload))
    parts = [due for at in range(MIDNIGHT, MIDNIGHT + HOUR, 7_000) for due in other.said(at, min(at + 7_000, MIDNIGHT + HOUR))]
    assert sorted(parts, key=lambda due: (due[0], due[1].topic, due[1].payload)) == whole


def test_the_platforms_add_little_to_what_the_city_says(pack: Pack) -> None:
    many = sum(len(day_of_platform(make(pack), MIDNIGHT + 9 * HOUR, HOUR)) for make in PLATFORMS.values())
    assert many / 3600 < 5


def test_every_feed_of_the_demo_is_spoken_to_and_on_in_no_other_city() -> None:
    assert {*PLATFORMS, OpenDesk.feed} == {feed.name for feed in configured(demo=True)} - {feed.name for feed in configured()}
    assert {name for name in PLATFORMS if not DEMO[name].topics} <= POSTED <= set(PLATFORMS)
    assert [Settings(demo=True).plays_demo, Settings(demo=False).plays_demo, Settings(city=Path("mycity")).plays_demo] == [
        True,
        False,
        False,
    ]


def overlaid(folder: Path, own: dict[str, Any], demo: dict[str, Any]) -> dict[str, FeedConfig]:
    (folder / "demo").mkdir()
    for file, entries in (("feeds.yaml", own), ("demo/feeds.yaml", demo)):
        (folder / file).write_text(yaml.safe_dump(entries), encoding="utf-8")
    return load_feeds(ADAPTERS, folder, demo=True)


def test_a_feed_that_the_city_itself_has_on_stays_as_it_is_while_the_demo_plays(tmp_path: Path) -> None:
    own, demo = {"a": GOOD, "b": {**GOOD, "enabled": False}}, {"adapter": "native", "interval_s": 7}
    found = overlaid(tmp_path, own, {"a": demo, "b": demo})
    assert {name: (feed.enabled, feed.interval_s) for name, feed in found.items()} == {"a": (True, None), "b": (True, 7.0)}
    assert [feed.enabled for feed in load_feeds(ADAPTERS, tmp_path).values()] == [True, False]


def test_a_topic_that_the_city_takes_for_itself_is_not_also_the_demos(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"demo: topics: 'weather/\+': expected topics that no other filter takes, and .* of own does"):
        overlaid(tmp_path, {"own": GOOD}, {"demo": GOOD})


class Clock:
    """Says each full minute what time it is."""

    def said(self, since: int, until: int) -> Iterator[tuple[int, Message]]:
        return ((at, Message("clock", str(at))) for at in moments(since, until, 60_000))

    def standing(self, now: int) -> Iterator[Message]:
        return iter([Message("clock/there", "yes", retain=True)])


def test_after_an_outage_a_platform_goes_on_bit_by_bit_with_the_last_ten_minutes() -> None:
    cast, now = Cast([Clock()]), MIDNIGHT + DAY
    cast.start(MIDNIGHT)
    said = [message.body for _ in range(100) for message in cast.due(now)]
    assert said == [str(at) for at in range(now - CATCH_UP_MS + 60_000, now + 1, 60_000)]
    assert cast.due(now + 59_999) == [] and len(cast.due(now + 60_999)) == 1
    assert [message.topic for message in cast.standing(now)] == ["clock/there"]


def test_platforms_whose_feed_is_off_are_silent_and_each_speaks_in_one_way(pack: Pack) -> None:
    assert publishing(pack, []).standing(MIDNIGHT) == [] and posting(pack, []) == {}
    assert set(posting(pack, PLATFORMS)) == POSTED


def around(what: Happening, platform: str, kind: str, pack: Pack) -> tuple[str, int, int]:
    """A device to which it happens within a week, from when to when."""
    devices = [device.device_id for device in own_devices(pack, platform) if device.kind == kind]
    stretches = ((device, what.stretch(device, day_of(MIDNIGHT) + day)) for device in devices for day in range(7))
    return next((device, *stretch) for device, stretch in stretches if stretch)


def told(name: str, pack: Pack, begin: int, end: int, device: str) -> list[Output]:
    """What the feed makes of what the platform says of one device from ten minutes before `begin` to ten minutes after `end`."""
    said = sorted(PLATFORMS[name](pack).said(begin - 600_000, end + 600_000), key=lambda due: due[0])
    return [one for one in heard(name, said) if not isinstance(one, Rejected) and one.device_id == device]


def values(outputs: list[Output], metric: str) -> list[float | None]:
    """One metric's values in the order they are told."""
    return [one.value for one in outputs if isinstance(one, Reading) and one.metric == metric]


def test_a_pump_that_trips_says_so_at_once_and_its_meter_stands(pack: Pack) -> None:
    plug, begin, end = around(TRIP, "tasmota", "pump", pack)
    outputs = told("tasmota", pack, begin, end, plug)
    assert {one.value for one in outputs if isinstance(one, Reading) and one.metric == "running" and one.at == begin} == {0}
    during = [one for one in outputs if isinstance(one, Reading) and begin < one.at < end]
    assert {one.value for one in during if one.metric in ("running", "power", "current", "power_factor")} == {0}
    energy = values(outputs, "energy")
    assert energy == sorted(filter(None, energy)) and len(set(values(during, "energy"))) == 1 < len(set(energy))
    assert values(outputs, "running")[-1] == 1 and {"supply_voltage", "signal_strength", "uptime"} <= {one.metric for one in during}


def test_a_socket_without_network_is_told_by_its_last_will_and_then_silent(pack: Pack) -> None:
    plug, begin, end = around(AWAY, "tasmota", "pump", pack)
    outputs = told("tasmota", pack, begin, end, plug)
    assert [one.online for one in outputs if isinstance(one, Presence)] == [False, True]
    assert not [one for one in outputs if isinstance(one, Reading) and begin <= one.at < end]
    assert all(one.retain for one in PLATFORMS["tasmota"](pack).standing(begin))


def test_a_cover_that_is_moved_says_so_at_once(pack: Pack) -> None:
    cover, begin, end = around(OPENED, "ttn", "manhole", pack)
    outputs = told("ttn", pack, begin, end, cover)
    moved = [(one.at, one.value) for one in outputs if isinstance(one, Reading) and one.metric == "open" and one.at in (begin, end)]
    assert moved == [(begin, 1), (end, 0)] and max(filter(None, values(outputs, "tilt"))) > 40


def test_gauges_and_carts_tell_in_their_bytes_what_is_measured_there(pack: Pack) -> None:
    said = day_of_platform(PLATFORMS["ttn"](pack), MIDNIGHT + 14 * HOUR, HOUR)
    gauges = {one.device_id: one for one in own_devices(pack, "ttn") if one.kind == "standing_water"}
    outputs = list(heard("ttn", said))
    depth = [one for one in outputs if isinstance(one, Reading) and one.metric == "water_depth"]
    assert {one.device_id for one in depth} == set(gauges)
    for one in depth:
        gauge = gauges[one.device_id]
        assert gauge.lon and gauge.lat
        measured = measure(Sensor(gauge.device_id, gauge.kind, gauge.lon, gauge.lat, None), one.at)["water_depth"]
        assert one.value == pytest.approx(measured, abs=0.006)
    homes = {device.device_id: device.region for device in own_devices(pack, "ttn")}
    towns = {outline.region.code: outline.area for outline in pack.regions}
    places = [one for one in outputs if isinstance(one, Position)]
    assert places and all(towns[homes[one.device_id]].buffer(0.02).contains(shapely.Point(one.lon, one.lat)) for one in places)


def test_a_truck_drives_with_its_engine_on_and_rests_with_its_tracker_off(pack: Pack) -> None:
    said = day_of_platform(PLATFORMS["traccar"](pack), MIDNIGHT + 6 * HOUR, 7 * HOUR)
    outputs = [one for one in heard("traccar", said) if not isinstance(one, Rejected)]
    assert {one.online for one in outputs if isinstance(one, Presence)} == {True, False}
    engine = {(one.device_id, one.at): one.value for one in outputs if isinstance(one, Reading) and one.metric == "ignition"}
    moving = [one for one in outputs if isinstance(one, Position) and one.speed]
    assert moving and all(engine[one.device_id, one.at] == 1 and 0 < (one.speed or 0) < 20 for one in moving)
    assert 0 in engine.values()
    for truck in {one.device_id for one in moving}:
        way = [one for one in outputs if isinstance(one, Position) and one.device_id == truck]
        for before, after in pairwise(way):
            metres = 111_320 * math.hypot((after.lon - before.lon) * 0.92, after.lat - before.lat)
            assert metres <= 25 * (after.at - before.at) / 1000 + 5


def test_the_recorder_alerts_to_people_at_night_only_and_at_most_a_few_an_hour(pack: Pack) -> None:
    said = day_of_platform(PLATFORMS["frigate"](pack))
    events = [one for one in heard("frigate", said) if isinstance(one, Event)]
    assert Counter(one.facts["phase"] for one in events) == dict.fromkeys(("began", "again", "ended"), len(events) / 3)
    alerts = [one for one in events if one.facts["type"] == "video" and one.facts["phase"] == "began"]
    assert 1 <= len(alerts) <= 14 and {one.facts["said"] for one in alerts} == {"person"}
    assert all((one.at - MIDNIGHT) // HOUR % 24 in (22, 23, 0, 1, 2, 3, 4) for one in alerts)
    assert {one.facts["type"] for one in events} == {"person", "vehicle", "object", "video"}


def test_a_camera_without_pictures_is_offline_by_the_recorders_statistics(pack: Pack) -> None:
    camera, begin, end = around(DARK, "frigate", "camera", pack)
    outputs = told("frigate", pack, begin, end, camera)
    assert sorted({(begin <= one.received_at < end, one.online) for one in outputs if isinstance(one, Presence)}) == [
        (False, True),
        (True, False),
    ]


def test_what_a_platform_says_is_told_in_plain_utf8() -> None:
    assert Message("a", {"名": 1}).payload == '{"名":1}'.encode() and json.loads(Message("a", {"b": None}).payload) == {"b": None}
