"""Frigate: objects, reviews, availability, statistics, and what a network can deliver."""

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.files import load_catalogue
from config.video_alarms import load_video_alarms
from data_adapters.feeds.frigate.adapter import LABELS, NOT_HANDLED, SEVERITIES, FrigateFeed
from data_adapters.feeds.setup import FeedSetup
from domain.messages import Event, Presence, RawMessage, Reading, Rejected
from tests.data_adapters.feeds.hostile import NOW, heard, messages, payloads

README = (Path(__file__).parents[4] / "data_adapters/feeds/frigate/README.md").read_text()
CATALOGUE = load_catalogue()
SECOND = NOW / 1000
JPEG = base64.b64encode(b"\xff\xd8\xff\xe0" + bytes(60)).decode()
PERSON = {"id": "1795305600.5-abc", "camera": "gate", "label": "person", "start_time": SECOND, "frame_time": SECOND + 3, "end_time": None}


def feed(**settings):
    return FrigateFeed(FeedSetup("frigate", (), CATALOGUE, 300_000, settings))


def parse(topic, said, redelivered=False, received_at=NOW, **settings):
    payload = said if isinstance(said, bytes) else json.dumps(said).encode()
    return heard(feed(**settings), RawMessage(f"frigate/{topic}", payload, received_at, redelivered=redelivered))[0]


def tracked(kind, **more):
    return parse("events", {"type": kind, "before": {}, "after": {**PERSON, **more}})


def test_an_object_begins_goes_on_and_ends_by_its_own_times():
    found = [*tracked("new"), *tracked("update"), *tracked("end", end_time=SECOND + 9)]
    assert [(one.facts["phase"], one.at - NOW, one.device_id) for one in found] == [
        ("began", 0, "gate"),
        ("again", 3000, "gate"),
        ("ended", 9000, "gate"),
    ]
    assert {one.facts["subject"] for one in found} == {PERSON["id"]} and len({one.event_id for one in found}) == 3


@pytest.mark.parametrize(("label", "name"), [*LABELS.items(), ("teapot", "object")])
def test_a_label_is_a_type_and_stays_as_it_was_said(label, name):
    (event,) = tracked("new", label=label)
    assert (event.facts["type"], event.facts["said"]) == (name, label) and name in load_video_alarms()


def test_the_snapshot_is_at_the_recorder_and_an_old_versions_thumbnail_came_along():
    (with_snapshot,), (with_thumbnail,), (without,) = (
        tracked("end", has_snapshot=True, thumbnail=JPEG),
        tracked("end", thumbnail=JPEG),
        tracked("end"),
    )
    assert with_snapshot.facts["picture"] == {"path": f"/api/events/{PERSON['id']}/snapshot.jpg"}
    assert with_thumbnail.facts["picture"] == {"base64": JPEG} and "picture" not in without.facts
    (strange,) = tracked("end", has_snapshot=True, id="../../etc/passwd")
    assert "picture" not in strange.facts


@given(st.sampled_from(["sub_label", "recognized_license_plate", "attributes", "description"]), st.text(min_size=6))
def test_names_faces_and_plates_are_never_taken(field, secret):
    (event,) = tracked("update", **{field: f"#{secret}#"})
    assert f"#{secret}#" not in json.dumps(dict(event.facts), ensure_ascii=False) + event.event_id


def test_what_frigate_itself_calls_false_is_no_alarm():
    assert [one.reason for one in tracked("update", false_positive=True)] == ["false_positive"]


@pytest.mark.parametrize(("severity", "name"), SEVERITIES.items())
def test_a_review_is_an_alarm_by_its_severity(severity, name):
    data = {"detections": ["a.1-b"], "objects": ["person"], "zones": ["yard"]}
    after = {"id": "r1", "camera": "gate", "start_time": SECOND, "end_time": None, "severity": severity, "data": data}
    (event,) = parse("reviews", {"type": "new", "before": after, "after": after})
    assert (event.facts["type"], event.facts["zones"], event.facts["said"]) == (name, ["yard"], "person")
    assert event.facts["picture"] == {"path": "/api/events/a.1-b/snapshot.jpg"}
    (chosen,) = parse("reviews", {"type": "new", "after": after}, reviews={severity: "intrusion"})
    assert chosen.facts["type"] == "intrusion"


def test_an_update_of_a_review_that_is_delivered_again_is_the_same_statement():
    after = {"id": "r1", "camera": "gate", "severity": "alert", "data": {}}
    (first,), (again,) = (
        parse("reviews", {"type": "update", "after": after}, received_at=at, redelivered=at > NOW) for at in (NOW, NOW + 900)
    )
    assert first.event_id == again.event_id and first.source_at == again.source_at == ""


def test_the_recorder_says_whether_it_is_there():
    presence, online = parse("available", b"offline", server="nvr-1")
    assert presence == Presence("nvr-1", False, NOW)
    assert isinstance(online, Reading) and (online.metric, online.value) == ("online", 0.0)
    assert parse("available", b"offline", redelivered=True) == []


def test_a_camera_without_pictures_is_offline():
    found = parse("stats", {"cameras": {"gate": {"camera_fps": 5.1}, "yard": {"camera_fps": 0.0}, "odd": {}}, "service": {}})
    assert [(one.device_id, one.online) for one in found if isinstance(one, Presence)] == [("gate", True), ("yard", False)]
    assert [one.reason for one in found if isinstance(one, Rejected)] == ["wrong_type"]


@pytest.mark.parametrize("name", NOT_HANDLED)
def test_other_topics_are_rejected_by_name(name):
    assert [one.reason for one in parse(name, b"{}")] == ["not_handled"] and f"frigate/{name}" in README


@pytest.mark.parametrize(
    ("topic", "said", "reason"),
    [
        ("gate/motion", b"ON", "not_handled"),
        ("gate/person/snapshot", b"\xff\xd8", "not_handled"),
        ("nonsense", b"{}", "bad_topic"),
        ("events", b"{", "bad_json"),
        ("events", {"type": "new"}, "wrong_type"),
        ("events", {"type": "gone", "after": {}}, "wrong_type"),
        ("events", {"type": "new", "after": {"id": "x"}}, "bad_device"),
        ("events", {"type": "new", "after": {**PERSON, "start_time": 1e300}}, "bad_time"),
        ("reviews", {"type": "new", "after": {**PERSON, "severity": "joke"}}, "unknown_severity"),
        ("available", b"perhaps", "wrong_type"),
    ],
)
def test_what_can_not_be_taken_is_rejected_by_name(topic, said, reason):
    assert [one.reason for one in parse(topic, said)] == [reason] and f"`{reason}`" in README


KEYS = ("type", "after", "id", "camera", "label", "start_time", "frame_time", "severity", "data", "cameras", "camera_fps", "thumbnail")


@given(messages(st.sampled_from(["frigate/events", "frigate/reviews", "frigate/stats", "frigate/available", "x", ""]), payloads(*KEYS)))
def test_whatever_comes_is_parsed_or_rejected(message):
    outputs = heard(feed(), message)[0]
    assert all(getattr(one, "received_at", message.received_at) == message.received_at for one in outputs)


@given(st.dictionaries(st.sampled_from(KEYS), st.one_of(st.text(max_size=8), st.floats(), st.none(), st.booleans()), max_size=8))
def test_any_object_is_one_event_or_one_reason(more):
    assert [type(one) for one in tracked("update", **more)] in ([Event], [Rejected])
