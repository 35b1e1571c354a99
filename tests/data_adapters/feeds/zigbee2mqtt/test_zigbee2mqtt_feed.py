"""Zigbee2MQTT: what it really sent, and what becomes of every topic."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.files import load_catalogue
from config.strict import ConfigError
from data_adapters.feeds.setup import FeedSetup
from data_adapters.feeds.units import converter
from data_adapters.feeds.zigbee2mqtt.adapter import MAX_VALUES, Zigbee2MqttFeed
from data_adapters.feeds.zigbee2mqtt.bridge import MAX_DEVICES
from data_adapters.feeds.zigbee2mqtt.properties import PRESETS, UNITS, VOLTAGES
from domain.messages import Presence, Quality, RawMessage, Reading, Rejected
from tests.data_adapters.feeds.hostile import NOW, heard, messages, payloads

CAPTURED = [json.loads(line) for line in (Path(__file__).parent / "captured.jsonl").read_text().splitlines()]
README = (Path(__file__).parents[4] / "data_adapters/feeds/zigbee2mqtt/README.md").read_text()
RECEIVED = {"without_time": "received"}


def feed(**chosen: object) -> Zigbee2MqttFeed:
    return Zigbee2MqttFeed(FeedSetup("zigbee2mqtt", ("zigbee2mqtt/#",), load_catalogue(), 300_000, {**RECEIVED, **chosen}))


class Listener:
    """A feed and what it remembers, as after a kill: only what JSON keeps."""

    def __init__(self, **chosen: object) -> None:
        self.feed, self.memory = feed(**chosen), {}

    def hear(self, topic: str, document: object, received_at: int = NOW, **flags: bool) -> list:
        payload = document.encode() if isinstance(document, str) else json.dumps(document).encode()
        outputs, memory = heard(self.feed, RawMessage(f"zigbee2mqtt/{topic}", payload, received_at, **flags), self.memory)
        self.memory = json.loads(json.dumps(memory))
        return outputs


def told(outputs: list) -> dict:
    return {(one.device_id, one.metric): one.text_value if one.value is None else one.value for one in outputs if isinstance(one, Reading)}


def reasons(outputs: list) -> list[str]:
    found = [one.reason for one in outputs if isinstance(one, Rejected)]
    assert all(f"`{reason}`" in README for reason in found)
    return found


def replayed(listener: Listener, *topics: str) -> list:
    """Everything that Zigbee2MQTT said, or what it said on these topics."""
    return [
        output
        for line in CAPTURED
        for topic in [line["topic"].removeprefix("zigbee2mqtt/")]
        if not topics or topic in topics
        for output in listener.hear(topic, line["payload"], line["received_at"])
    ]


def test_a_network_is_followed_from_its_definitions_to_the_last_of_its_states() -> None:
    outputs = replayed(Listener())
    assert told(outputs) == {
        ("roof/weather", "temperature"): 27.34,
        ("roof/weather", "humidity"): 44.72,
        ("roof/weather", "air_pressure"): 1013.2,
        ("hall motion", "motion"): 1.0,
        ("lamp", "switched_on"): 1.0,
        ("lamp", "brightness"): 50.0,
        ("lamp", "colour_temperature"): 325.0,
        ("hall lights", "switched_on"): 1.0,
        ("hall lights", "brightness"): 50.0,
        ("hall lights", "colour_temperature"): 325.0,
        ("plug", "switched_on"): 1.0,
        ("plug", "power"): 42.0,
        ("plug", "current"): 0.09,
        ("plug", "supply_voltage"): 231.0,
        ("plug", "energy"): 12.34,
        ("leak", "leak"): 0.0,
        ("leak", "battery_low"): 0.0,
        **{(name, "link_quality"): 120.0 for name in ("roof/weather", "hall motion", "lamp", "plug", "leak")},
    }
    assert [one.value for one in outputs if isinstance(one, Reading) and one.metric == "leak"] == [1.0, 0.0]
    assert all(one.at == one.received_at for one in outputs if isinstance(one, Reading) and one.device_id == "hall lights")
    assert all(0 <= one.received_at - one.at < 500 for one in outputs if isinstance(one, Reading))
    assert reasons(outputs) == ["not_handled"], "bridge/logging"


def test_who_is_online_is_followed_until_a_device_leaves_and_the_bridge_ends() -> None:
    here = [(one.device_id, one.online) for one in replayed(Listener()) if isinstance(one, Presence)]
    names = ("zigbee2mqtt", "roof/weather", "hall motion", "lamp", "plug", "leak", "hall lights")
    assert here == [*((name, True) for name in names), ("hall motion", False), ("zigbee2mqtt", False)]


def test_the_address_is_the_device_where_the_settings_say_so_once_it_is_known() -> None:
    listener = Listener(device="ieee_address")
    assert reasons(listener.hear("roof/weather", {"humidity": 40})) == ["unknown_device"]
    replayed(listener, "bridge/devices", "bridge/groups")
    assert told(listener.hear("roof/weather", {"humidity": 40})) == {("0x00158d0001a2b3c4", "humidity"): 40.0}
    assert told(listener.hear("hall lights", {"state": "OFF"})) == {("hall lights", "switched_on"): 0.0}


def test_a_definition_tells_the_unit_that_the_name_does_not() -> None:
    listener = Listener()
    assert reasons(listener.hear("leak", {"voltage": 3015})) == ["no_unit"]
    replayed(listener, "bridge/devices")
    assert told(listener.hear("leak", {"voltage": 3015})) == {("leak", "battery_voltage"): 3.015}
    assert told(listener.hear("plug", {"voltage": 231})) == {("plug", "supply_voltage"): 231.0}
    air = device(leaf("voc", unit="ppb"), leaf("formaldehyd", unit="mg/m³"), leaf("noise", unit="dB"))
    listener.hear("bridge/devices", air)
    outputs = listener.hear("d", {"voc": 120, "formaldehyd": 0.03, "noise": 50})
    assert told(outputs) == {("d", "voc"): 120.0, ("d", "formaldehyde"): 30.0}
    assert reasons(outputs) == ["wrong_unit"], "no weighted level"


def leaf(name: str, **more: object) -> dict:
    return {"name": name, "property": name, "access": 1, "type": "numeric", **more}


def device(*exposes: dict, name: str = "d") -> list:
    return [{"friendly_name": name, "ieee_address": "0x1", "definition": {"model": "m", "exposes": list(exposes)}}]


def test_words_units_ranges_endpoints_and_settings_of_a_definition_count() -> None:
    listener = Listener()
    left = leaf("state", property="state_left", endpoint="left", type="binary", value_on="OPEN", value_off="CLOSE")
    exposes = [{"type": "switch", "features": [left]}, leaf("temperature", unit="°F"), leaf("brightness", value_max=1000)]
    listener.hear("bridge/devices", device(*exposes, leaf("calibration", category="config"), leaf("state", access=2)))
    outputs = listener.hear("d", {"state_left": "OPEN", "temperature": 72.5, "brightness": 500, "calibration": 3, "wheels": 4})
    assert told(outputs) == {("d:left", "switched_on"): 1.0, ("d", "temperature"): 22.5, ("d", "brightness"): 50.0}
    assert reasons(outputs) == ["unknown_metric"]
    assert told(listener.hear("d", {"state": "ON"})) == {("d", "switched_on"): 1.0}, "what is only set is not described"


def test_properties_may_be_described_ignored_or_kept_by_the_settings() -> None:
    listener = Listener(metrics={"illuminance": {"metric": "illuminance", "unit": "lx"}}, ignore=["power_outage_count"], others="keep")
    outputs = listener.hear("d", {"illuminance": 5, "power_outage_count": 3, "sensitivity": "high"})
    assert told(outputs) == {("d", "illuminance"): 5.0, ("d", "sensitivity"): "high"} and not reasons(outputs)


def test_last_seen_is_the_time_and_without_it_the_settings_decide() -> None:
    listener, strict = Listener(), Listener(without_time="reject")
    for last_seen in (NOW - 5000, "2026-11-22T07:59:55.000Z".replace("07", "23").replace("22", "21"), "2026-11-22T07:59:55+08:00"):
        assert [one.at for one in strict.hear("d", {"humidity": 1, "last_seen": last_seen})] == [NOW - 5000]
    assert reasons(strict.hear("d", {"humidity": 1})) == ["no_time"]
    assert reasons(strict.hear("d", {"humidity": 1, "last_seen": "2026-11-22T07:59:55"})) == ["bad_time"]
    assert reasons(strict.hear("d", {"humidity": 1, "last_seen": True})) == ["bad_time"]
    assert [(one.at, one.quality) for one in listener.hear("d", {"humidity": 1})] == [(NOW, Quality.GOOD)]
    assert [one.quality for one in listener.hear("d", {"humidity": 1}, redelivered=True)] == [Quality.SUSPECT]
    assert reasons(listener.hear("d", {"humidity": 1}, retained=True)) == ["no_time"]


@pytest.mark.parametrize(
    ("topic", "document", "online"),
    [
        ("bridge/state", "online", True),
        ("bridge/state", {"state": "offline"}, False),
        ("d/availability", "offline", False),
        ("a/b/availability", {"state": "online"}, True),
        ("bridge/event", {"type": "device_joined", "data": {"friendly_name": "d", "ieee_address": "0x1"}}, True),
        ("bridge/event", {"type": "device_announce", "data": {"friendly_name": "d", "ieee_address": "0x1"}}, True),
        ("bridge/event", {"type": "device_leave", "data": {"friendly_name": "d", "ieee_address": "0x1"}}, False),
    ],
)
def test_who_is_there_is_told_and_not_told_again(topic: str, document: object, online: bool) -> None:
    (only,) = Listener().hear(topic, document)
    assert (only.online, only.received_at) == (online, NOW)
    assert Listener().hear(topic, document, redelivered=True) == []


def test_a_finished_interview_is_heard_and_says_nothing_of_presence() -> None:
    assert Listener().hear("bridge/event", {"type": "device_interview", "data": {"friendly_name": "d", "status": "successful"}}) == []


REFUSED = {
    "logging": ("bridge/logging", {"level": "info", "message": "x"}, "not_handled"),
    "request": ("bridge/request/permit_join", {}, "not_handled"),
    "odd event": ("bridge/event", {"type": "party"}, "not_handled"),
    "event of nobody": ("bridge/event", {"type": "device_leave", "data": {}}, "wrong_type"),
    "set": ("d/set", {"state": "ON"}, "command"),
    "get": ("a/b/get/state", "", "command"),
    "attribute": ("d/temperature", "21.4", "wrong_type"),
    "no json": ("d", "ON", "bad_json"),
    "no presence": ("d/availability", "maybe", "wrong_type"),
    "no list": ("bridge/devices", {"a": 1}, "wrong_type"),
    "no groups": ("bridge/groups", 5, "wrong_type"),
    "flood": ("d", {str(number): 1 for number in range(MAX_VALUES + 1)}, "too_large"),
    "long name": ("x" * 130, {"humidity": 1}, "bad_device"),
    "too wet": ("d", {"humidity": 101}, "out_of_range"),
    "text": ("d", {"humidity": "wet"}, "wrong_type"),
    "cover": ("d", {"state": "STOP"}, "wrong_type"),
    "nobody's property": ("d", {"humidity_calibration": 1}, "unknown_metric"),
}


@pytest.mark.parametrize(("topic", "document", "reason"), REFUSED.values(), ids=list(REFUSED))
def test_what_is_no_measurement_is_refused_by_name(topic: str, document: object, reason: str) -> None:
    assert reasons(Listener().hear(topic, document)) == [reason]


def test_a_flood_of_devices_is_refused_and_what_was_known_stays() -> None:
    listener = Listener()
    replayed(listener, "bridge/devices")
    known = listener.memory
    assert reasons(listener.hear("bridge/devices", [{}] * (MAX_DEVICES + 1))) == ["wrong_type"] and listener.memory == known


def test_devices_of_one_model_share_their_definition_in_what_is_remembered() -> None:
    listener = Listener()
    same = [one for name in ("a", "b") for one in device(leaf("temperature", unit="°C"), name=name)]
    listener.hear("bridge/devices", same)
    assert listener.memory["devices"] == {"a": ["0x1", 0], "b": ["0x1", 0]} and len(listener.memory["definitions"]) == 1


def test_every_metric_of_the_table_is_in_the_catalogue_with_a_unit_that_fits() -> None:
    catalogue = load_catalogue()
    pairs = [(one.metric, one.unit) for one in PRESETS.values()] + [(metric, unit) for unit, metric in VOLTAGES.items()]
    for metric, unit in pairs:
        known = catalogue.get(metric)
        assert known is not None and (unit is None or converter(unit, known.unit, UNITS))


def test_another_base_topic_and_its_key() -> None:
    made = feed(base="site/zigbee")
    assert made.partition_key("site/zigbee/x") == made.partition_key("site/zigbee/bridge/devices")
    outputs, _ = made.parse(RawMessage("site/zigbee/x", b'{"humidity": 1}', NOW), {})
    assert told(outputs) == {("x", "humidity"): 1.0}
    assert reasons(made.parse(RawMessage("zigbee2mqtt/x", b"{}", NOW), {})[0]) == ["bad_topic"]


@pytest.mark.parametrize("chosen", [{"base": "a/#"}, {"device": "name"}, {"without_time": "now"}, {"metrics": {"x": "warmth"}}])
def test_wrong_settings_stop_the_start(chosen: dict) -> None:
    with pytest.raises(ConfigError, match=r"^feeds\.yaml: zigbee2mqtt: settings: "):
        feed(**chosen)


TOPICS = ["d", "bridge/devices", "bridge/groups", "bridge/event", "bridge/state", "d/availability", "a/b", "bridge/x"]
DEFINED = ("friendly_name", "ieee_address", "definition", "exposes", "features", "property", "name", "unit", "value_on", "value_max")
KEYS = (*DEFINED, "endpoint", "access", "category", "type", "data", "state", "temperature", "brightness", "voltage", "last_seen", "d")
FEEDS = [feed(), feed(device="ieee_address", others="keep")]
leaves = st.fixed_dictionaries(
    {"name": st.sampled_from(KEYS), "property": st.sampled_from(KEYS)},
    optional={
        "unit": st.sampled_from(["mV", "°C", "?", 5]),
        "value_on": st.sampled_from([1, True, "ON", None]),
        "value_off": st.just(False),
        "value_max": st.sampled_from([0, -1, 254, "x"]),
        "endpoint": st.sampled_from(["l", "\x00", 3]),
    },
)
devices = st.lists(leaves, max_size=4).map(lambda exposes: device(*exposes))


@settings(deadline=None, max_examples=150)
@given(
    st.lists(messages(st.sampled_from([f"zigbee2mqtt/{topic}" for topic in TOPICS]) | st.text(max_size=20), payloads(*KEYS)), max_size=3),
    devices,
    st.sampled_from(FEEDS),
)
def test_nothing_that_a_network_can_deliver_makes_it_raise(said: list[RawMessage], known: list, made: Zigbee2MqttFeed) -> None:
    memory: dict = {}
    for message in [RawMessage("zigbee2mqtt/bridge/devices", json.dumps(known).encode(), NOW), *said]:
        outputs, memory = heard(made, message, memory)
        assert all(isinstance(one, Reading | Presence | Rejected) for one in outputs)
