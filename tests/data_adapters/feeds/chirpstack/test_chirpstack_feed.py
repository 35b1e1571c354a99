"""ChirpStack's events: made by ChirpStack's own message classes (captured.jsonl), and what a network can deliver instead."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.files import load_catalogue
from config.strict import ConfigError
from data_adapters.feeds.chirpstack.adapter import NOT_MEASURED, ChirpstackFeed
from data_adapters.feeds.setup import FeedSetup
from domain.event_time import parse_time
from domain.messages import Position, Presence, RawMessage, Reading, Rejected

NOW = 1_795_305_600_000
CATALOGUE = load_catalogue()
EUI = "a84041000181c061"
BASE = f"application/a/device/{EUI}/event/"
CAPTURED = Path(__file__).parent / "captured.jsonl"
README = (Path(__file__).parents[4] / "data_adapters/feeds/chirpstack/README.md").read_text()
SETTINGS = {
    "decoders": {"Dragino LHT65": "dragino_lht65"},
    "metrics": {"temperature": "temperature", "air.humidity": {"metric": "humidity", "unit": "%"}},
    "ignore": ["on"],
}


def feed(**changes):
    return ChirpstackFeed(FeedSetup("chirpstack", (), CATALOGUE, 300_000, {**SETTINGS, **changes}))


def parse(event, said, redelivered=False, **changes):
    payload = said if isinstance(said, bytes) else json.dumps(said).encode()
    return feed(**changes).parse(RawMessage(BASE + event, payload, NOW, redelivered=redelivered), {})[0]


def said(**more):
    return {"time": "2026-11-22T00:00:00Z", "deviceInfo": {"devEui": EUI, "deviceProfileName": "Dragino LHT65"}, **more}


def values(outputs):
    return {one.metric: one.text_value if one.value is None else one.value for one in outputs if isinstance(one, Reading)}


def reasons(outputs):
    return [one.reason for one in outputs if isinstance(one, Rejected)]


def test_every_event_that_chirpstack_sends_is_read_or_refused_by_name():
    told = []
    for line in CAPTURED.read_text().splitlines():
        record = json.loads(line)
        message = RawMessage(record["topic"], record["payload"].encode(), parse_time(record["received_at"]))
        outputs = feed().parse(message, {})[0]
        assert {one.device_id for one in outputs if not isinstance(one, Rejected)} <= {EUI}
        told.append((record["topic"].rpartition("/")[2], values(outputs), reasons(outputs)))
    link = {"signal_strength": -36, "signal_noise": 10.5}
    probe = {"battery_voltage": 3.062, "temperature": 28.29, "humidity": 88.6, "external_temperature": 27.81}
    assert told == [
        ("up", {**link, "temperature": 28.29, "humidity": 88.6}, []),
        ("up", {**link, **probe}, []),
        ("up", {}, []),
        ("join", {}, []),
        ("status", {"link_margin": 10, "external_power": 0, "battery": 88.3}, []),
        ("status", {"link_margin": 0, "external_power": 1}, []),
        ("ack", {"downlink_acknowledged": 1}, []),
        ("ack", {"downlink_acknowledged": 0}, []),
        ("txack", {}, ["not_measured"]),
        ("log", {"network_log": "ERROR UPLINK_CODEC codec failed"}, []),
        ("location", {}, []),
    ]


def test_the_networks_own_decoding_goes_before_the_devices_decoder():
    outputs = parse("up", said(object={"temperature": 21}, data="y/YLDQN2AQrdf/8=", fPort=2))
    assert values(outputs) == {"temperature": 21}


def test_an_uplink_that_nobody_decodes_is_refused_by_its_profile_and_its_signal_kept():
    outputs = parse("up", said(data="qg==", rxInfo=[{"rssi": -90, "snr": 1}, {"rssi": "loud"}, 7]), decoders={})
    assert values(outputs) == {"signal_strength": -90, "signal_noise": 1}
    (refused,) = [one for one in outputs if isinstance(one, Rejected)]
    assert refused.reason == "no_decoder" and "Dragino LHT65" in refused.detail


def test_a_name_that_nobody_named_is_refused_and_its_neighbours_kept():
    outputs = parse("up", said(object={"temperature": 21, "soilwet": 3, "co2": 400}))
    assert values(outputs) == {"temperature": 21} and reasons(outputs) == ["unknown_metric", "no_unit"]


def test_a_join_is_a_sign_of_life_and_one_told_again_is_none():
    assert parse("join", said()) == [Presence(EUI, True, NOW)]
    assert parse("join", said(), redelivered=True) == []


def test_a_battery_that_the_device_cannot_measure_is_not_zero():
    assert values(parse("status", said(margin=3, batteryLevelUnavailable=True))) == {"link_margin": 3, "external_power": 0}
    assert values(parse("status", said(margin=3)))["battery"] == 0


def test_a_location_is_a_position():
    place = {"latitude": 23.02, "longitude": 113.75}
    assert parse("location", said(location=place)) == [Position(EUI, NOW, 113.75, 23.02, None, None, NOW)]
    assert reasons(parse("location", said(location={"latitude": 91.0, "longitude": 0}))) == ["out_of_range"]
    assert reasons(parse("location", said())) == ["wrong_type"]


@pytest.mark.parametrize("event", NOT_MEASURED)
def test_what_is_not_measured_is_refused_by_name(event):
    assert reasons(parse(event, said())) == ["not_measured"] and f"`{event}`" in README


@pytest.mark.parametrize(
    ("event", "content", "reason"),
    [
        ("update", said(), "bad_topic"),
        ("up", b"\x08\x01", "bad_json"),
        ("up", [], "wrong_type"),
        ("up", {"time": "2026-11-22T00:00:00Z"}, "bad_device"),
        ("up", {**said(), "deviceInfo": {"devEui": "x"}}, "bad_device"),
        ("up", {"deviceInfo": {"devEui": EUI}}, "no_time"),
        ("up", said(time="yesterday"), "bad_time"),
        ("up", said(time=7), "bad_time"),
        ("up", said(object={str(n): n for n in range(1001)}), "too_large"),
        ("up", said(data="y/YL", fPort=2), "undecodable"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason_that_the_readme_explains(event, content, reason):
    assert reasons(parse(event, content)) == [reason] and f"`{reason}`" in README


def test_the_topic_of_another_prefix_is_read_too_and_keeps_a_device_in_order():
    assert feed().partition_key("eu868/" + BASE + "up") == feed().partition_key(BASE.upper().lower() + "join") == EUI
    assert feed().partition_key("up") == ""
    outputs, _ = feed().parse(RawMessage("up", json.dumps(said(object={"temperature": 1})).encode(), NOW), {})
    assert values(outputs) == {"temperature": 1}


def test_a_decoder_that_does_not_exist_stops_the_start():
    with pytest.raises(ConfigError, match="dragino_lht65"):
        feed(decoders={"LHT65": "dragino"})


scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8))
trees = st.recursive(scalars, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)))
KEYS = ["time", "deviceInfo", "object", "data", "fPort", "rxInfo", "margin", "batteryLevel", "acknowledged", "level", "location"]
messages = st.builds(
    lambda whole, some: {**some, **({"deviceInfo": {"devEui": EUI}, "time": "2026-11-22T00:00:00Z"} if whole else {})},
    st.booleans(), st.dictionaries(st.sampled_from(KEYS), trees),
)  # fmt: skip
HOSTILE = feed(others="keep")


@settings(deadline=None)
@given(
    st.sampled_from([*["up", "join", "status", "ack", "txack", "log", "location", "integration"], ""]),
    st.one_of(st.binary(max_size=60), messages.map(lambda one: json.dumps(one).encode())),
)
def test_nothing_that_a_network_can_deliver_makes_it_raise(event, payload):
    outputs, memory = HOSTILE.parse(RawMessage(BASE + event, payload, NOW), {})
    assert memory == {}
    for one in outputs:
        if isinstance(one, Reading):
            assert (one.value is None) != (one.text_value is None)
