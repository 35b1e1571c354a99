"""Matches of a face platform: their purpose is taken, and nothing of a face, wherever it stands."""

import base64
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from config.files import load_catalogue
from data_adapters.feeds.face_match.adapter import FaceMatchFeed
from data_adapters.feeds.setup import FeedSetup
from domain.messages import Event, RawMessage, Rejected
from tests.data_adapters.feeds.hostile import NOW, documents, heard, messages, payloads
from tests.data_adapters.ingest_town import Town

README = (Path(__file__).parents[4] / "data_adapters/feeds/face_match/README.md").read_text()
CATALOGUE = load_catalogue()
MATCH = {
    "id": "m-1",
    "camera": "gate",
    "at": "2026-11-22T08:00:00+08:00",
    "purpose": "走失老人寻找",
    "list": "寻人",
    "score": 0.93,
    "reference": "P-7",
}
FACE = base64.b64encode(b"\xff\xd8\xff\xe0" + os.urandom(600)).decode()


def feed(**settings):
    return FaceMatchFeed(FeedSetup("face_match", (), CATALOGUE, 300_000, settings))


def parse(said, **settings):
    return heard(feed(**settings), RawMessage("x", json.dumps(said).encode(), NOW))[0]


def test_a_match_says_where_when_and_for_which_purpose():
    (event,) = parse(MATCH)
    assert (event.kind, event.device_id, event.at) == ("match", "gate", NOW)
    assert event.facts == {"purpose": "走失老人寻找", "list": "寻人", "score": 0.93, "reference": "P-7"}


@given(st.sampled_from(["picture", "image", "faceImage", "base64", "feature", "face", "imageUrl", "name", "idCard"]), st.booleans())
def test_a_picture_or_a_feature_beside_the_match_is_dropped_at_the_door(field, nested):
    (event,) = parse({**MATCH, field: {"inner": FACE} if nested else FACE})
    assert isinstance(event, Event) and FACE[:30] not in json.dumps([dict(event.facts), event.event_id, event.device_id])


@given(
    st.sampled_from(["purpose", "list", "reference", "camera"]),
    st.sampled_from([FACE, f"data:image/jpeg;base64,{FACE}", "https://face/1.jpg"]),
)
def test_a_picture_in_the_place_of_words_is_refused(field, picture):
    (found,) = parse({**MATCH, field: picture})
    assert isinstance(found, Rejected) and found.reason == "bad_field" and picture[:30] not in found.detail


@pytest.mark.parametrize(
    ("change", "settings", "reason"),
    [
        ({"purpose": ""}, {}, "no_purpose"),
        ({"purpose": None}, {}, "no_purpose"),
        ({"purpose": "好奇"}, {"purposes": ["走失老人寻找"]}, "purpose_not_approved"),
        ({"camera": ""}, {}, "bad_device"),
        ({"id": None}, {}, "bad_device"),
        ({"at": "soon"}, {}, "bad_time"),
        ({"purpose": "x" * 101}, {}, "bad_field"),
    ],
)
def test_a_match_without_its_purpose_or_place_is_rejected_by_name(change, settings, reason):
    assert [one.reason for one in parse({**MATCH, **change}, **settings)] == [reason] and f"`{reason}`" in README


def test_a_platforms_own_names_are_read_by_the_setting_fields():
    (event,) = parse({**{k: v for k, v in MATCH.items() if k != "camera"}, "deviceCode": "yard"}, fields={"camera": "deviceCode"})
    assert event.device_id == "yard"


def test_nothing_of_a_rejected_match_is_kept_in_the_database(engine: Engine) -> None:
    town = Town(engine, {"face_match": feed()})
    town.empty()
    payload = json.dumps({**MATCH, "purpose": "", "faceImage": FACE}).encode()
    other = json.dumps({**MATCH, "score": 0.5, "faceImage": FACE}).encode()
    town.hand_in(RawMessage("x", payload, NOW), RawMessage("x", json.dumps({**MATCH, "faceImage": FACE}).encode(), NOW), feed="face_match")
    town.hand_in(RawMessage("x", other, NOW), feed="face_match")
    kept = town.ask("SELECT reason, length(payload) FROM rejected_messages ORDER BY id")
    assert kept == [("no_purpose", 0), ("conflict", 0)]
    assert town.ask("SELECT count(*) FROM feed_events WHERE facts::text LIKE :face", face=f"%{FACE[:40]}%") == [(0,)]


@given(messages(st.text(max_size=5), payloads(*MATCH)))
def test_whatever_comes_is_parsed_or_rejected(message):
    outputs = heard(feed(), message)[0]
    assert all(getattr(one, "received_at", message.received_at) == message.received_at for one in outputs)


@given(documents(*MATCH), documents(*MATCH))
def test_any_match_is_one_event_or_one_reason(first, second):
    assert [type(one) for one in parse({**MATCH, "list": first if isinstance(first, str) else None, "extra": second})] in (
        [Event],
        [Rejected],
    )
