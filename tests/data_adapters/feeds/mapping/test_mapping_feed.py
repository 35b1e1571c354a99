"""Any JSON by its settings: what is found, what is refused by name, and which settings stop the start."""

import json
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from config.feeds import FeedConfig, load_feeds
from config.files import load_catalogue
from config.strict import ConfigError
from data_adapters.coordinates import to_wgs84
from data_adapters.feeds.mapping.adapter import MAX_OUTPUTS, MappingFeed
from data_adapters.feeds.mapping.paths import MAX_ITEMS
from data_adapters.feeds.registry import ADAPTERS, make_feed
from data_adapters.feeds.setup import FeedSetup
from domain.messages import Position, Presence, Quality, RawMessage, Reading, Rejected
from tests.data_adapters.feeds.hostile import NOW, heard, messages, payloads

README = (Path(__file__).parents[4] / "data_adapters/feeds/mapping/README.md").read_text()
CATALOGUE = load_catalogue()
SECONDS = {"path": "ts", "format": "epoch_s"}
WEATHER = {
    "device": "ws-{station}",
    "time": SECONDS,
    "metrics": {
        "temperature": {"path": "obs.temp", "unit": "°F"},
        "humidity": {"path": "obs.rh", "unit": "1"},
        "wind_direction": "obs.dir",
        "open": {"path": "door", "is_true": ["OPEN"], "is_false": ["SHUT"]},
    },
    "missing": [-9999, "--"],
}
TOPIC = "weather/12/json"


def feed(*records: dict, topic: str | None = "weather/{station}/json", **more: object) -> MappingFeed:
    chosen = {"records": list(records) or [WEATHER], **({"topic": topic} if topic else {}), **more}
    return MappingFeed(FeedSetup("weather", ("weather/#",), CATALOGUE, 300_000, chosen))


def parse(made: MappingFeed, document: object, topic: str = TOPIC, **flags: bool) -> list:
    payload = document if isinstance(document, bytes) else json.dumps(document).encode()
    return heard(made, RawMessage(topic, payload, NOW, **flags))[0]


def told(outputs: list) -> list:
    return [(one.device_id, one.metric, one.at, one.text_value if one.value is None else one.value) for one in outputs]


def reasons(outputs: list) -> list[str]:
    found = [one.reason for one in outputs if isinstance(one, Rejected)]
    assert all(f"`{reason}`" in README for reason in found)
    return found


def test_the_readmes_example_is_the_pattern_in_feeds_yaml_and_what_is_tried_here() -> None:
    written = yaml.safe_load(README.split("```yaml\n")[1].split("```")[0])["weather"]["settings"]
    assert written == load_feeds(ADAPTERS)["mapping"].settings == {"topic": "weather/{station}/json", "records": [WEATHER]}


def test_the_readmes_example_becomes_what_the_readme_says() -> None:
    outputs = parse(feed(), {"ts": 1795305600, "obs": {"temp": 72.5, "rh": 0.63, "dir": "NE"}, "door": "SHUT"})
    assert told(outputs) == [
        ("ws-12", "temperature", NOW, 22.5),
        ("ws-12", "humidity", NOW, 63.0),
        ("ws-12", "wind_direction", NOW, "NE"),
        ("ws-12", "open", NOW, 0.0),
    ]


def test_what_is_not_there_is_a_gap_and_a_message_with_nothing_is_refused() -> None:
    assert [one.metric for one in parse(feed(), {"ts": 1795305600, "obs": {"temp": -9999, "rh": None}, "door": "OPEN"})] == ["open"]
    assert reasons(parse(feed(), {"ts": 1795305600, "obs": {"dir": "--"}})) == ["nothing_found"]


REFUSED = {
    "other topic": (b"{}", "weather/12/xml", "bad_topic"),
    "no json": (b"<xml/>", TOPIC, "bad_json"),
    "no time": ({"obs": {"temp": 1}}, TOPIC, "no_time"),
    "no number of seconds": ({"ts": "noon", "obs": {"temp": 1}}, TOPIC, "bad_time"),
    "too hot": ({"ts": 1795305600, "obs": {"temp": 900}}, TOPIC, "out_of_range"),
    "text for a number": ({"ts": 1795305600, "obs": {"temp": "21"}}, TOPIC, "wrong_type"),
    "a word nobody knows": ({"ts": 1795305600, "door": "AJAR"}, TOPIC, "wrong_type"),
    "true is not OPEN": ({"ts": 1795305600, "door": True}, TOPIC, "wrong_type"),
    "too long a device": ({"ts": 1795305600, "obs": {"temp": 1}}, f"weather/{'x' * 130}/json", "bad_device"),
    "deep": (b"[" * 40 + b"]" * 40, TOPIC, "too_deep"),
}


@pytest.mark.parametrize(("document", "topic", "reason"), REFUSED.values(), ids=list(REFUSED))
def test_what_cannot_be_read_is_refused_by_name(document: object, topic: str, reason: str) -> None:
    assert reasons(parse(feed(), document, topic)) == [reason]


def test_a_list_of_records_with_its_own_units_under_a_common_device() -> None:
    record = {
        "each": "data[*]",
        "names": {"box": {"whole": "gateway.id"}},
        "device": "{box}-{station}",
        "time": {"path": {"whole": "sent"}, "format": "%Y/%m/%d %H:%M:%S", "zone": "Asia/Shanghai"},
        "metrics": {"temperature": {"path": "t", "unit": {"path": "u"}, "text": True}},
    }
    message = {
        "gateway": {"id": 7},
        "sent": "2026/11/22 08:00:00",
        "data": [{"t": "21.4", "u": "摄氏度"}, {"t": "70.7", "u": "degF"}, {"t": "1"}],
    }
    outputs = parse(feed(record, units={"摄氏度": "°C"}), message)
    assert told(outputs[:2]) == [("7-12", "temperature", NOW, 21.4), ("7-12", "temperature", NOW, 21.5)]
    assert reasons(outputs) == ["no_unit"]


def test_values_nested_in_their_station_find_the_station_as_parent() -> None:
    record = {
        "within": "stations",
        "each": "series",
        "names": {"id": {"parent": "code"}},
        "device": "{id}",
        "time": {"path": "at"},
        "metrics": {"water_level": {"path": "v", "unit": "cm"}},
    }
    message = {"stations": [{"code": "A", "series": [{"at": "2026-11-22T08:00:00+08:00", "v": 237}]}, {"code": "B", "series": []}]}
    assert told(parse(feed(record), message)) == [("A", "water_level", NOW, 2.37)]


PAIRS = {
    "device": "{station}",
    "time": "received",
    "pairs": {"each": "items", "name": "code", "value": "val", "unit": "unit", "metrics": {"PM2.5": "pm25"}, "ignore": ["rssi"]},
}


def test_values_that_bring_their_names_are_read_by_them() -> None:
    items = [
        {"code": "PM2.5", "val": 0.038, "unit": "mg/m3"}, {"code": "rssi", "val": 1}, {"code": "humidity", "val": 63, "unit": "%"},
        {"code": "humidity", "val": 63}, {"code": "xyz", "val": 1}, {"val": 1},
    ]  # fmt: skip
    outputs = parse(feed(PAIRS), {"items": items})
    assert [(one.metric, one.value) for one in outputs if isinstance(one, Reading)] == [("pm25", 38.0), ("humidity", 63.0)]
    assert reasons(outputs) == ["no_unit", "unknown_metric", "bad_metric"]


def test_a_value_whose_receipt_is_its_time_is_not_believed_when_retained_and_doubted_when_sent_again() -> None:
    items = {"items": [{"code": "humidity", "val": 63, "unit": "%"}]}
    assert [one.quality for one in parse(feed(PAIRS), items)] == [Quality.GOOD]
    assert [one.quality for one in parse(feed(PAIRS), items, redelivered=True)] == [Quality.SUSPECT]
    assert reasons(parse(feed(PAIRS), items, retained=True)) == ["no_time"]


MOVING = {
    "device": "{station}",
    "time": {"path": "at", "zone": "Asia/Shanghai"},
    "position": {"lon": "x", "lat": "y", "speed": {"path": "kmh", "unit": "km/h"}, "course": "dir"},
    "presence": {"path": "state", "online": ["up", 1], "offline": ["down"]},
}


def test_a_vehicle_says_where_it_is_and_that_it_is_there() -> None:
    outputs = parse(feed(MOVING), {"at": "2026-11-22 08:00:00", "x": 113.75, "y": 23.02, "kmh": 36, "dir": 90, "state": "up"})
    assert outputs == [Presence("12", True, NOW), Position("12", NOW, 113.75, 23.02, 10.0, 90.0, NOW)]
    assert reasons(parse(feed(MOVING), {"at": "2026-11-22 08:00:00", "x": 213.75, "y": 23.02})) == ["out_of_range"]
    assert reasons(parse(feed(MOVING), {"at": "2026-11-22 08:00:00", "state": True})) == ["wrong_type"]


def test_a_presence_delivered_again_does_not_overwrite_a_newer_one() -> None:
    assert parse(feed(MOVING), {"at": "2026-11-22 08:00:00", "state": "down"}, redelivered=True) == []


def test_only_the_records_that_are_meant_are_read() -> None:
    made = feed({**WEATHER, "only": "kind == 'obs'"})
    assert len(parse(made, {"kind": "obs", "ts": 1795305600, "obs": {"dir": "N"}})) == 1
    assert reasons(parse(made, {"kind": "alive", "ts": 1795305600, "obs": {"dir": "N"}})) == ["nothing_found"]


def test_a_path_that_fails_on_a_message_refuses_that_message_only() -> None:
    made = feed({**WEATHER, "only": "length(ts) > `1`"})
    assert reasons(parse(made, {"ts": 1})) == ["unreadable"]


def test_a_flood_within_one_message_is_refused_quickly() -> None:
    started = time.monotonic()
    record = {**WEATHER, "each": "all"}
    assert reasons(parse(feed(record), {"all": [1] * (MAX_ITEMS + 1)})) == ["unreadable"]
    assert reasons(parse(feed({**PAIRS, "each": "all"}), {"all": [{"items": [{}] * 90}] * 70})) == ["too_large"]
    assert MAX_OUTPUTS < 90 * 70 and time.monotonic() - started < 3


WRONG = {
    "no records": ({}, "settings: records: is missing"),
    "no unit": ({"records": [{**WEATHER, "metrics": {"temperature": "t"}}]}, "temperature: unit: None: expected the unit"),
    "wrong unit": ({"records": [{**WEATHER, "metrics": {"temperature": {"path": "t", "unit": "m"}}}]}, "can be told in °C"),
    "no metric": ({"records": [{**WEATHER, "metrics": {"tempp": "t"}}]}, "'tempp': expected a metric of metrics.yaml"),
    "bad path": ({"records": [{**WEATHER, "only": "a[?"}]}, "record 1: only: 'a[?': expected a JMESPath"),
    "unknown name": ({"records": [{**WEATHER, "device": "{nobody}"}]}, "record 1: device: '{nobody}': expected text with any of {station}"),
    "unknown key": ({"records": [{**WEATHER, "colour": 1}]}, "record 1: colour: 1: expected a known key"),
    "bad zone": ({"records": [{**WEATHER, "time": {"path": "t", "zone": "Mars"}}]}, "expected a zone such as Asia/Shanghai"),
    "bad format": ({"records": [{**WEATHER, "time": {"path": "t", "format": "unix"}}]}, "record 1: time:"),
    "words for a number": ({"records": [{**WEATHER, "metrics": {"temperature": {"path": "t", "unit": "K", "is_true": [1]}}}]}, "kind bool"),
    "nothing asked": ({"records": [{**WEATHER, "metrics": {"lit": {"path": "x", "text": "yes"}}}]}, "text: 'yes': expected true or false"),
    "speed without unit": ({"records": [{**MOVING, "position": {"lon": "x", "lat": "y", "speed": "v"}}]}, "speed: 'v': expected {path"),
    "bad unit word": ({"units": {"度": "wibble"}, "records": [WEATHER]}, "'wibble' is no known unit"),
    "empty": ({"records": [{"device": "a", "time": "received"}]}, "expected metrics, pairs, a position or a presence"),
}  # fmt: skip


@pytest.mark.parametrize(("chosen", "line"), WRONG.values(), ids=list(WRONG))
def test_wrong_settings_stop_the_start_with_one_line(chosen: dict, line: str) -> None:
    with pytest.raises(ConfigError) as stopped:
        MappingFeed(FeedSetup("weather", (), CATALOGUE, 300_000, {"topic": "weather/{station}/json", **chosen}))
    assert line in str(stopped.value) and "\n" not in str(stopped.value)


def test_what_one_device_says_stays_in_order_as_far_as_the_topic_tells() -> None:
    assert feed().partition_key(TOPIC) == "ws-12"
    assert feed({**WEATHER, "device": "one"}).partition_key(TOPIC) == TOPIC


EVERYTHING = feed(
    WEATHER, {**PAIRS, "each": "@"}, {**MOVING, "names": {"id": "id"}, "device": "{station}{id}"}, {**WEATHER, "only": "ts > obs"}
)


@settings(deadline=None, max_examples=150)
@given(messages(st.sampled_from([TOPIC, "weather/\x00/json", "weather//json"]) | st.text(max_size=20), payloads(
    "ts", "obs", "temp", "rh", "dir", "door", "items", "code", "val", "unit", "at", "x", "y", "kmh", "state", "id")))  # fmt: skip
def test_nothing_that_a_network_can_deliver_makes_it_raise(message: RawMessage) -> None:
    outputs, memory = heard(EVERYTHING, message)
    assert memory == {} and (outputs or message.redelivered)


def test_places_of_a_feed_in_gcj02_are_converted_at_the_door() -> None:
    config = FeedConfig("bus", "mapping", datum="gcj02", settings={"topic": "weather/{station}/json", "records": [MOVING]})
    payload = json.dumps({"at": "2026-11-22 08:00:00", "x": 113.75, "y": 23.02}).encode()
    (place,) = make_feed(config, CATALOGUE, 300_000).parse(RawMessage(TOPIC, payload, NOW), {})[0]
    assert (place.lon, place.lat) == pytest.approx(to_wgs84(113.75, 23.02, "gcj02")) and place.lon < 113.75
