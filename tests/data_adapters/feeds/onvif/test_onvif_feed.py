"""ONVIF events: notifications of an independent encoder, of a SOAP library in JSON, of ONVIF's own JSON; topics by name."""

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.files import load_catalogue
from config.strict import ConfigError
from config.video_alarms import load_video_alarms
from data_adapters.feeds.onvif.adapter import OnvifFeed
from data_adapters.feeds.onvif.topics import ALARMS, NOT_HANDLED, PERSONAL
from data_adapters.feeds.setup import FeedSetup
from domain.messages import Event, RawMessage, Rejected
from tests.data_adapters.feeds.hostile import NOW, documents, heard, messages, payloads

HERE = Path(__file__).parent
README = (HERE.parents[3] / "data_adapters/feeds/onvif/README.md").read_text()
CATALOGUE = load_catalogue()
EIGHT = 1_795_305_600_000
JPEG = base64.b64encode(b"\xff\xd8\xff\xe0" + bytes(60)).decode()


def feed(**settings):
    return OnvifFeed(FeedSetup("onvif", (), CATALOGUE, 300_000, settings))


def parse(payload, topic="onvif/gate", **settings):
    content = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return heard(feed(**settings), RawMessage(topic, content, NOW))[0]


def said(topic, data, operation="Changed", time="2026-11-22T00:00:00Z", source=(("VideoSourceToken", "v1"),)):
    """As ONVIF's own JSON says it."""
    body = {"UtcTime": time, "PropertyOperation": operation, "Source": dict(source), "Data": data}
    return parse(body, f"onvif/gate/onvif-ej/{topic}/&/VideoSourceToken=v1")


def test_what_an_independent_encoder_makes_of_the_schema_is_read():
    found = parse((HERE / "encoded_by_zeep.xml").read_bytes())
    assert [(one.device_id, one.facts["type"], one.facts["phase"], one.at - EIGHT) for one in found] == [
        ("gate", "motion", "began", 1321),
        ("gate", "motion", "ended", 9321),
        ("gate", "intrusion", "began", 2321),
        ("gate", "intrusion", "ended", 3321),
        ("gate", "line_crossing", "again", 4321),
    ]
    assert found[0].facts["subject"] == "Rule=MyMotion|VideoSourceConfigurationToken=1" and found[0].facts["said"] == "MyMotion"


@pytest.mark.parametrize(("topic", "name"), ALARMS.items())
def test_every_topic_has_its_word_and_stands_in_the_readme(topic, name):
    (event,) = said(topic, {"State": True})
    assert event.facts["type"] == name in load_video_alarms()
    assert f"`{topic}`" in README and f"`{name}`" in README


@pytest.mark.parametrize("topic", [*PERSONAL, *NOT_HANDLED])
def test_what_is_not_taken_is_rejected_by_its_topic(topic):
    (found,) = said(f"{topic}/More", {"State": "true"})
    assert isinstance(found, Rejected) and found.reason == ("personal" if topic in PERSONAL else "not_handled") and f"`{topic}`" in README


def test_a_makers_topic_is_unknown_until_the_city_names_it():
    topic = "Device/Trigger/acme:Fence"
    assert [one.reason for one in said(topic, {"State": "true"})] == ["unknown_topic"]
    body = {"UtcTime": "2026-11-22T00:00:00Z", "Data": {"State": "true"}}
    (event,) = parse(body, f"onvif/gate/onvif-ej/{topic}", types={topic: "intrusion"})
    assert event.facts["type"] == "intrusion"
    with pytest.raises(ConfigError, match="types of video_alarms"):
        feed(types={topic: "gossip"})


@pytest.mark.parametrize(
    ("data", "operation", "phase"),
    [
        ({"State": "true"}, "Initialized", "began"),
        ({"State": "1"}, "Changed", "began"),
        ({"State": "false"}, "Changed", "ended"),
        ({"State": "true"}, "Deleted", "ended"),
        ({"ObjectId": "0"}, "", "again"),
        ({"odd": "true"}, "Changed", "began"),
        ({"odd": "true", "other": "false"}, "Changed", "again"),
    ],
)
def test_the_state_and_the_operation_say_what_happened(data, operation, phase):
    (event,) = said("VideoSource/MotionAlarm", data, operation)
    assert event.facts["phase"] == phase


def test_a_picture_comes_along_as_an_address_or_inside():
    (address,) = said("VideoSource/MotionAlarm", {"State": "true", "ImageUri": "http://10.0.0.9/snap.jpg"})
    (inside,) = said("VideoSource/MotionAlarm", {"State": "true", "Image": JPEG})
    (neither,) = said("VideoSource/MotionAlarm", {"State": "true", "Image": "file:///etc/passwd"})
    assert (address.facts["picture"], inside.facts["picture"]) == ({"url": "http://10.0.0.9/snap.jpg"}, {"base64": JPEG})
    assert "picture" not in neither.facts


def test_a_camera_of_a_recorder_is_told_by_its_source():
    body = {"UtcTime": "2026-11-22T00:00:00Z", "Source": {"VideoSourceToken": "v7"}, "Data": {"State": True}}
    (event,) = parse(body, "onvif/nvr/onvif-ej/VideoSource/MotionAlarm", device="{camera}-{source}")
    assert event.device_id == "nvr-v7"
    del body["Source"]
    assert [one.reason for one in parse(body, "onvif/nvr/onvif-ej/VideoSource/MotionAlarm", device="{camera}-{source}")] == ["bad_device"]


@pytest.mark.parametrize(
    ("payload", "topic", "reason"),
    [
        (b'<!DOCTYPE x [<!ENTITY e "boom">]><x>&e;</x>', "onvif/gate", "doctype"),
        (b"<x>", "onvif/gate", "bad_xml"),
        (b"<x/>", "onvif/gate", "no_notification"),
        (b"{}", "onvif/gate", "no_notification"),
        (b"{", "onvif/gate", "bad_json"),
        (b"{}", "elsewhere", "bad_topic"),
    ],
)
def test_what_holds_no_notification_is_rejected_by_name(payload, topic, reason):
    assert [one.reason for one in parse(payload, topic)] == [reason] and f"`{reason}`" in README


def test_a_time_that_can_not_be_read_is_never_replaced_silently():
    assert [one.reason for one in said("VideoSource/MotionAlarm", {"State": True}, time="")] == ["no_time"]
    assert [one.reason for one in said("VideoSource/MotionAlarm", {"State": True}, time="soon")] == ["bad_time"]
    assert [one.reason for one in said("VideoSource/MotionAlarm", {"State": True}, operation="Maybe")] == ["bad_operation"]


KEYS = ("Topic", "Message", "_value_1", "SimpleItem", "Name", "Value", "UtcTime", "Source", "Data", "PropertyOperation", "notification")


@given(messages(st.sampled_from(["onvif/gate", "onvif/gate/onvif-ej/VideoSource/MotionAlarm", "x"]), payloads(*KEYS)))
def test_whatever_comes_is_parsed_or_rejected(message):
    outputs = heard(feed(), message)[0]
    assert all(getattr(one, "received_at", message.received_at) == message.received_at for one in outputs)


@given(documents(*KEYS), st.sampled_from(["tns1:VideoSource/MotionAlarm", "x", "/"]))
def test_any_body_of_a_notification_is_one_event_or_one_reason(inner, topic):
    found = parse(
        json.dumps({"Topic": {"_value_1": topic}, "Message": {"_value_1": {"Source": inner, "Data": inner, "UtcTime": "x"}}}).encode()
    )
    assert [type(one) for one in found] in ([Event], [Rejected])
