"""The Things Stack's messages, written after its documented format, and what a network can deliver instead."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.files import load_catalogue
from data_adapters.feeds.lorawan.uplinks import MAX_VALUES
from data_adapters.feeds.setup import FeedSetup
from data_adapters.feeds.ttn.adapter import MAX_MESSAGES, NOT_MEASURED, TtnFeed
from domain.messages import Position, Presence, RawMessage, Reading, Rejected

NOW = 1_795_305_600_000
CATALOGUE = load_catalogue()
TIME = "2026-11-22T00:00:00.125Z"
TOPIC = "v3/air@city/devices/air-1/up"
EUI = "a84041000181c061"
README = (Path(__file__).parents[4] / "data_adapters/feeds/ttn/README.md").read_text()
IDS = {"device_id": "air-1", "application_ids": {"application_id": "air"}, "dev_eui": EUI.upper()}
SETTINGS = {"decoders": {"dragino/lht65": "dragino_lht65"}, "metrics": {"temp": {"metric": "temperature", "unit": "degF"}}}
LHT65 = {"f_port": 2, "frm_payload": "y/YLDQN2AQrdf/8=", "version_ids": {"brand_id": "dragino", "model_id": "lht65"}}


def feed(**changes):
    return TtnFeed(FeedSetup("ttn", (), CATALOGUE, 300_000, {**SETTINGS, **changes}))


def parse(said, redelivered=False, **changes):
    payload = said if isinstance(said, bytes) else json.dumps(said).encode()
    return feed(**changes).parse(RawMessage(TOPIC, payload, NOW, redelivered=redelivered), {})[0]


def said(kind="uplink_message", ids=IDS, **content):
    return {"end_device_ids": ids, "received_at": TIME, kind: content}


def values(outputs):
    return {one.metric: one.text_value if one.value is None else one.value for one in outputs if isinstance(one, Reading)}


def reasons(outputs):
    return [one.reason for one in outputs if isinstance(one, Rejected)]


def test_decoded_values_and_the_signal_of_the_best_gateway_are_read():
    heard = [{"rssi": -97, "snr": 2}, {"rssi": -36, "snr": 10.5}, {"gateway_ids": {}}]
    outputs = parse(said(decoded_payload={"temp": 50}, rx_metadata=heard, received_at="2026-11-22T00:00:00Z"))
    assert values(outputs) == {"temperature": 10, "signal_strength": -36, "signal_noise": 10.5}
    assert {(one.device_id, one.at) for one in outputs} == {(EUI, NOW)}


def test_the_normalized_payload_has_fixed_units_and_goes_before_the_decoded_one():
    normalized = [{"air": {"temperature": 21.5, "relativeHumidity": 50}, "wind": {"direction": 186}, "time": TIME}, {"battery": 3.1}]
    outputs = parse(said(decoded_payload={"temp": 1}, normalized_payload=normalized))
    assert values(outputs) == {"temperature": 21.5, "humidity": 50, "wind_bearing": 186, "battery_voltage": 3.1}
    assert values(parse(said("uplink_normalized", normalized_payload={"soil": {"moisture": 7}}))) == {"soil_moisture": 7}


def test_raw_bytes_go_to_the_decoder_of_the_model_or_are_refused_by_its_name():
    assert values(parse(said(**LHT65)))["temperature"] == 28.29
    assert values(parse(said(frm_payload=LHT65["frm_payload"], f_port=2), decoders={"air:air-1": "dragino_lht65"}))["humidity"] == 88.6
    (refused,) = parse(said(frm_payload="qg=="))
    assert refused.reason == "no_decoder" and "air" in refused.detail


def test_an_uplink_without_content_is_no_fault():
    assert parse(said(f_port=1)) == []


def test_a_time_that_was_never_set_is_passed_over():
    outputs = parse({**said(received_at="0001-01-01T00:00:00Z", decoded_payload={"temp": 32})})
    assert [one.at for one in outputs] == [NOW + 125]
    never = {**said(decoded_payload={"temp": 32}), "received_at": "0001-01-01T00:00:00Z"}
    assert reasons(parse(never)) == ["no_time"]


def test_what_the_storage_integration_answers_is_read_as_a_list_and_as_lines():
    stored = [{"result": said(decoded_payload={"temp": 32})}, {"result": said(decoded_payload={"temp": 50})}]
    assert [one.value for one in parse(stored)] == [0, 10]
    lines = "\n".join(json.dumps(one, separators=(",", ":")) for one in stored)
    assert [one.value for one in parse(lines.encode())] == [0, 10]
    assert reasons(parse(b"\n".join([b'{"result":{}}'] * (MAX_MESSAGES + 1)))) == ["too_large"]
    assert reasons(parse(b"[" + b"1," * MAX_MESSAGES + b"1]")) == ["too_large"]


def test_more_measurements_in_one_uplink_than_any_device_makes_are_refused_at_once():
    assert reasons(parse(said(normalized_payload=[{"air": {"temperature": 1}}] * (MAX_VALUES + 1)))) == ["too_large"]


def test_joins_answers_and_places_are_read():
    assert parse(said("join_accept")) == [Presence(EUI, True, NOW)] and parse(said("join_accept"), redelivered=True) == []
    assert values(parse(said("downlink_ack"))) == {"downlink_acknowledged": 1}
    assert values(parse(said("downlink_nack"))) == {"downlink_acknowledged": 0}
    place = {"latitude": 23.02, "longitude": 113.75, "source": "SOURCE_LORA_RSSI_GEOLOCATION"}
    assert parse(said("location_solved", location=place)) == [Position(EUI, NOW + 125, 113.75, 23.02, None, None, NOW)]


@pytest.mark.parametrize("kind", NOT_MEASURED)
def test_what_is_not_measured_is_refused_by_name(kind):
    assert reasons(parse(said(kind))) == ["not_measured"] and f"`{kind}`" in README


def test_a_device_without_an_eui_is_known_by_application_and_id():
    ids = {"device_id": "dev1", "application_ids": {"application_id": "app1"}}
    assert [one.device_id for one in parse(said(ids=ids, decoded_payload={"temp": 32}))] == ["app1:dev1"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"nonsense", "bad_json"),
        (b"[1]", "wrong_type"),
        ({}, "bad_device"),
        ({"end_device_ids": {"device_id": "d"}}, "bad_device"),
        ({"end_device_ids": IDS}, "wrong_type"),
        ({**said(), "simulated": True}, "simulated"),
        (said(received_at="soon"), "bad_time"),
        (said("location_solved"), "wrong_type"),
        (said("location_solved", location={"latitude": 91.0, "longitude": 0}), "out_of_range"),
        (said(decoded_payload={"x": 1}), "unknown_metric"),
        (said(normalized_payload=[1]), "wrong_type"),
        (said(**{**LHT65, "f_port": 1}), "undecodable"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason_that_the_readme_explains(content, reason):
    assert reasons(parse(content)) == [reason] and f"`{reason}`" in README


def test_what_one_device_says_stays_in_order():
    assert feed().partition_key(TOPIC) == feed().partition_key("v3/air@city/devices/air-1/join") == "air@city/air-1"
    assert feed().partition_key("elsewhere") == ""


scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8))
trees = st.recursive(scalars, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)))
CONTENT = ["received_at", "decoded_payload", "normalized_payload", "frm_payload", "f_port", "rx_metadata", "version_ids", "location"]
uplinks = st.dictionaries(st.sampled_from(CONTENT), trees)
KINDS = ["uplink_message", "uplink_normalized", "join_accept", "location_solved", "downlink_ack", "service_data"]
messages = st.builds(lambda kind, one, more: {**said(kind, **one), **more}, st.sampled_from(KINDS), uplinks,
                     st.dictionaries(st.sampled_from(["end_device_ids", "received_at", "result", "simulated"]), trees))  # fmt: skip
HOSTILE = feed(others="keep")


@settings(deadline=None)
@given(
    st.one_of(st.binary(max_size=60), trees.map(lambda one: json.dumps(one).encode()), messages.map(lambda one: json.dumps(one).encode()))
)
def test_nothing_that_a_network_can_deliver_makes_it_raise(payload):
    outputs, memory = HOSTILE.parse(RawMessage(TOPIC, payload, NOW), {})
    assert memory == {}
    for one in outputs:
        if isinstance(one, Reading):
            assert (one.value is None) != (one.text_value is None)
