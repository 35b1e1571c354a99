"""Traccar: messages after its own classes (documented.jsonl), what becomes of every field and event, and what a network can deliver."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.feeds import load_feeds
from config.files import load_catalogue
from config.strict import ConfigError
from data_adapters.feeds.registry import ADAPTERS, make_feed
from data_adapters.feeds.setup import FeedSetup
from data_adapters.feeds.traccar.adapter import MAX_ATTRIBUTES, TraccarFeed
from data_adapters.feeds.traccar.events import ATTRIBUTES, NOT_MEASURED, PRESENCE
from domain.messages import Position, Presence, Quality, RawMessage, Reading, Rejected
from tests.data_adapters.feeds.hostile import NOW, documents, heard, messages, payloads

HERE = Path(__file__).parent
README = (HERE.parents[3] / "data_adapters/feeds/traccar/README.md").read_text()
SHIPPED = load_feeds(ADAPTERS)["traccar"]
CATALOGUE = load_catalogue()
DEVICE = {"id": 7, "uniqueId": "860000000000007", "name": "粤S12345"}
ID = DEVICE["uniqueId"]
KNOT = 0.514444
EIGHT, BEFORE = "2026-11-22T00:00:00.000+00:00", "2026-11-21T23:59:55.250+00:00"


def feed(**chosen):
    return TraccarFeed(FeedSetup("traccar", (), CATALOGUE, 300_000, chosen))


def shipped(**chosen):
    return make_feed(replace(SHIPPED, settings={**SHIPPED.settings, **chosen}), CATALOGUE, 300_000)


def place(**more):
    """Traccar's position; a field given as None is left out."""
    whole = {
        "deviceId": 7, "fixTime": BEFORE, "deviceTime": EIGHT, "serverTime": EIGHT, "valid": True, "outdated": False,
        "latitude": 23.02, "longitude": 113.75, "speed": 10, "course": 90.0, "accuracy": 0.0, "attributes": {}, **more,
    }  # fmt: skip
    return {name: value for name, value in whole.items() if value is not None}


def parse(said, made=None, **flags):
    payload = said if isinstance(said, bytes) else json.dumps(said).encode()
    return heard(made or shipped(), RawMessage("traccar/positions", payload, NOW, **flags))[0]


def at(**more):
    return parse({"position": place(**more), "device": DEVICE})


def event(kind, attributes=None, **flags):
    said = {"event": {"type": kind, "eventTime": EIGHT, "attributes": attributes or {}}, "device": DEVICE}
    return parse(said, **flags)


def reasons(outputs):
    found = [one.reason for one in outputs if isinstance(one, Rejected)]
    assert all(f"`{reason}`" in README for reason in found)
    return found


def values(outputs):
    return {one.metric: one.text_value if one.value is None else one.value for one in outputs if isinstance(one, Reading)}


def test_documented_messages_become_positions_readings_presences_and_named_refusals():
    told = []
    for line in (HERE / "documented.jsonl").read_text().splitlines():
        record = json.loads(line)
        outputs, _ = heard(shipped(), RawMessage(record["topic"], record["payload"].encode(), record["received_at"]))
        told.append(([type(one).__name__ for one in outputs if not isinstance(one, Reading)], values(outputs), reasons(outputs)))
    drives = {"ignition": 1, "moving": 1, "battery": 87, "battery_voltage": 4.05, "supply_voltage": 24.6, "odometer": 123.4567, "io251": 3}
    assert told == [
        (["Position"], drives, []),
        ([], {"ignition": 0, "moving": 0}, []),
        (["Rejected"], {"moving": 0}, ["no_fix"]),
        (["Position"], {"position_accuracy": 35.5}, []),
        (["Presence"], {}, []),
        (["Presence"], {}, []),
        (["Position"], {"ignition": 1}, []),
        (["Position"], {"alert_category": "sos"}, []),
        (["Rejected", "Position"], {}, ["not_measured"]),
    ]


def test_knots_become_metres_a_second_at_the_time_of_the_fix():
    (one,) = at(speed=10.0)
    assert one == Position(ID, NOW - 4750, 113.75, 23.02, pytest.approx(10 * KNOT, rel=1e-6), 90.0, NOW)
    assert at(speed=0)[0].speed == 0 and at(speed=None)[0].speed is None


def test_what_the_device_tells_beside_its_place_has_the_time_at_which_it_spoke():
    _, reading = at(attributes={"ignition": True})
    assert (reading.metric, reading.at) == ("ignition", NOW)
    assert [one.at for one in at(fixTime=NOW - 9000, deviceTime=NOW, attributes={"motion": False})] == [NOW - 9000, NOW], "milliseconds too"


def test_an_outdated_place_is_the_last_one_told_again_and_passed_over():
    outputs = at(outdated=True, fixTime="1970-01-01T00:00:00.000+00:00", latitude=0, longitude=0, attributes={"batteryLevel": 40})
    assert values(outputs) == {"battery": 40} and len(outputs) == 1
    assert at(outdated=True) == []


def test_a_fix_that_is_not_valid_is_taken_only_where_the_settings_say_so():
    said = {"position": place(valid=False), "device": DEVICE}
    assert reasons(parse(said)) == ["no_fix"]
    assert isinstance(parse(said, shipped(invalid="take"))[0], Position)
    assert reasons(parse({"position": place(latitude=0, longitude=0), "device": DEVICE}, shipped(invalid="take"))) == ["no_fix"]


def test_a_fix_that_is_not_accurate_enough_is_refused_and_an_unknown_accuracy_is_not():
    made = shipped(max_accuracy_m=50)
    told = [parse({"position": place(accuracy=metres), "device": DEVICE}, made) for metres in (0.0, 50, 50.1)]
    assert [reasons(outputs) for outputs in told] == [[], [], ["inaccurate"]]
    assert [values(outputs) for outputs in told] == [{}, {"position_accuracy": 50}, {}]


def test_an_attribute_is_what_the_settings_say_and_never_what_its_name_means_elsewhere():
    said = {"position": place(attributes={"motion": True, "power": 12.1, "distance": 5, "alarm": "sos"}), "device": DEVICE}
    assert reasons(parse(said, feed())) == ["unknown_metric"] * 4
    assert reasons(parse(said, feed(others="keep"))) == ["unknown_metric"] * 3, "metrics of these names mean other things"
    made = feed(metrics={"motion": "moving", "power": {"metric": "supply_voltage", "unit": "mV"}}, ignore=["distance", "alarm"])
    assert values(parse(said, made)) == {"moving": 1, "supply_voltage": 0.0121}


def test_the_device_is_called_as_the_settings_say():
    said = {"position": place(), "device": DEVICE}
    names = [parse(said, shipped(device=one))[0].device_id for one in ("{unique_id}", "{name}", "gps-{unique_id}")]
    assert names == [ID, "粤S12345", f"gps-{ID}"]


def test_a_message_without_the_devices_time_gets_the_servers_where_the_settings_say_so():
    said = {"position": place(fixTime=None, deviceTime=None, attributes={"ignition": True}), "device": DEVICE}
    assert reasons(parse(said)) == ["no_time", "no_time"]
    assert [one.at for one in parse(said, shipped(without_time="server"))] == [NOW, NOW]


def test_a_dead_clock_is_told_as_suspect():
    outputs = at(deviceTime="1999-01-01T00:00:00Z", attributes={"ignition": True})
    assert (outputs[1].quality, outputs[1].at) == (Quality.SUSPECT, NOW)


@pytest.mark.parametrize("kind", NOT_MEASURED)
def test_an_event_that_measures_nothing_is_refused_by_name(kind):
    assert reasons(event(kind)) == ["not_measured"] and f"`{kind}`" in README


@pytest.mark.parametrize("kind", [*PRESENCE, *ATTRIBUTES])
def test_every_other_event_says_what_the_device_does(kind):
    (one,) = event(kind, {"alarm": "sos,lowBattery"})
    told = {"deviceOnline": True, "deviceOffline": False, "ignitionOn": 1, "ignitionOff": 0, "deviceMoving": 1, "deviceStopped": 0}
    assert f"`{kind}`" in README
    assert (one.online if isinstance(one, Presence) else one.text_value or one.value) == {**told, "alarm": "sos,lowBattery"}[kind]


def test_a_presence_delivered_again_says_nothing_new():
    assert event("deviceOffline", redelivered=True) == []
    assert len(event("ignitionOn", redelivered=True)) == 1


def test_an_event_and_its_position_that_say_the_same_say_it_once():
    said = {"event": {"type": "ignitionOn", "eventTime": EIGHT}, "position": place(attributes={"ignition": True}), "device": DEVICE}
    assert [type(one) for one in parse(said)] == [Reading, Position]


REFUSED = {
    "neither": ({"device": DEVICE}, "wrong_type"),
    "a list": ([], "wrong_type"),
    "a url": (b"id=1&lat=2", "bad_json"),
    "no device": ({"position": place()}, "bad_device"),
    "no id": ({"position": place(), "device": {"id": 7}}, "bad_device"),
    "number as id": ({"position": place(), "device": {"uniqueId": 7}}, "bad_device"),
    "long id": ({"position": place(), "device": {"uniqueId": "8" * 129}}, "bad_device"),
    "unknown event": ({"event": {"type": "deviceFlying"}, "device": DEVICE}, "unknown_event"),
    "no event type": ({"event": {"type": ["alarm"]}, "device": DEVICE}, "unknown_event"),
    "event without time": ({"event": {"type": "ignitionOn"}, "device": DEVICE}, "no_time"),
    "alarm without word": ({"event": {"type": "alarm", "eventTime": EIGHT}, "device": DEVICE}, "wrong_type"),
    "no fix time": ({"position": place(fixTime=None), "device": DEVICE}, "no_time"),
    "local time": ({"position": place(fixTime="2026-11-22T08:00:00"), "device": DEVICE}, "bad_time"),
    "true as time": ({"position": place(fixTime=True), "device": DEVICE}, "bad_time"),
    "no latitude": ({"position": place(latitude=None), "device": DEVICE}, "wrong_type"),
    "no place on earth": ({"position": place(latitude=91), "device": DEVICE}, "out_of_range"),
    "text as speed": ({"position": place(speed="10"), "device": DEVICE}, "wrong_type"),
    "too fast": ({"position": place(speed=10**300), "device": DEVICE}, "out_of_range"),
    "valid as text": ({"position": place(valid="true"), "device": DEVICE}, "no_fix"),
    "impossible battery": ({"position": place(outdated=True, attributes={"batteryLevel": 101}), "device": DEVICE}, "out_of_range"),
    "text as battery": ({"position": place(outdated=True, attributes={"batteryLevel": "full"}), "device": DEVICE}, "wrong_type"),
    "many": ({"position": place(outdated=True, attributes={str(n): n for n in range(MAX_ATTRIBUTES + 1)}), "device": DEVICE}, "too_large"),
}


@pytest.mark.parametrize(("said", "reason"), REFUSED.values(), ids=list(REFUSED))
def test_what_cannot_be_true_is_refused_by_name(said, reason):
    assert reasons(parse(said)) == [reason]


@pytest.mark.parametrize(
    "chosen",
    [
        {"device": "truck"},
        {"device": "{phone}"},
        {"invalid": "maybe"},
        {"without_time": "received"},
        {"max_accuracy_m": -1},
        {"metrics": {"motion": "driving"}},
        {"metrics": {"power": {"metric": "supply_voltage", "unit": "knots"}}},
        {"url": "http://traccar.local"},
    ],
)
def test_wrong_settings_stop_the_start(chosen):
    with pytest.raises(ConfigError, match=r"^feeds\.yaml: traccar: settings: "):
        feed(**chosen)


KEYS = ("position", "event", "device", "attributes", "uniqueId", "type", "eventTime", "fixTime", "valid", "latitude", "speed", "motion")
kinds = st.sampled_from([*PRESENCE, *ATTRIBUTES, *NOT_MEASURED])
changed = st.dictionaries(
    st.sampled_from(["fixTime", "deviceTime", "speed", "course", "valid", "accuracy", "attributes"]), documents(*KEYS)
)
whole = st.builds(
    lambda more, kind, own, device: json.dumps(
        {"position": {**place(), **more}, "event": {"type": kind, "eventTime": EIGHT, "attributes": own}, "device": device}
    ).encode(),
    changed,
    kinds | documents("type"),
    documents("alarm"),
    st.just(DEVICE) | documents(*KEYS),
)
FEEDS = [feed(), shipped(invalid="take", without_time="server", max_accuracy_m=50, device="{name}-{unique_id}")]


@settings(deadline=None, max_examples=150)
@given(messages(st.text(max_size=8), payloads(*KEYS) | whole), st.sampled_from(FEEDS))
def test_nothing_that_a_network_can_deliver_makes_it_raise(message, made):
    outputs, memory = heard(made, message)
    assert memory == {}
    for one in outputs:
        if isinstance(one, Position):
            assert -180 <= one.lon <= 180 and -90 <= one.lat <= 90 and abs(one.at - message.received_at) <= 7306 * 86_400_000
