"""What an Event may say, kind by kind, and when two say the same."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.events import KINDS, checked, statement
from domain.messages import Event, Rejected

AT = 1_780_000_000_000
FACTS: dict[str, dict[str, Any]] = {
    "video_alarm": {"type": "intrusion", "phase": "began"},
    "match": {"purpose": "走失老人寻找"},
    "stream": {"stream": "live/gate", "what": "up"},
    "record": {"stream": "live/gate"},
    "warning": {"alert": "W1", "action": "issue", "status": "actual"},
    "order": {"number": "12345-1", "status": "open"},
    "call": {"number": "C-7", "status": "dispatched"},
    "crossing": {"fence": "port", "side": "entered"},
}
PICTURES = ("picture", "face", "base64", "feature", "image_url", "name")


def event(kind: str, **facts: Any) -> Event:
    return Event(kind, "1", AT, "cam-1", None, None, FACTS[kind] | facts, AT)


@pytest.mark.parametrize("kind", KINDS)
def test_an_event_with_the_facts_of_its_kind_is_taken_and_one_without_is_told_which_are_missing(kind: str) -> None:
    assert checked(event(kind)) == event(kind)
    for name in FACTS[kind]:
        short = event(kind)._replace(facts={key: one for key, one in FACTS[kind].items() if key != name})
        assert checked(short) == Rejected("bad_event", f"{kind}: {name}: is missing")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "gossip"}, "no such kind"),
        ({"event_id": ""}, "event_id"),
        ({"event_id": "a\x00"}, "event_id"),
        ({"device_id": None}, "device_id"),
        ({"device_id": "d" * 129}, "device_id"),
        ({"lon": 113.0}, "both or neither"),
        ({"lon": 181.0, "lat": 0.0}, "WGS 84"),
        ({"facts": FACTS["video_alarm"] | {"said": "a\x00"}}, "NUL"),
        ({"facts": FACTS["video_alarm"] | {"said": "\ud800"}}, "JSON"),
        ({"facts": FACTS["video_alarm"] | {"score": float("nan")}}, "a number"),
        ({"facts": FACTS["video_alarm"] | {"type": "Line Crossing"}}, "a code"),
        ({"facts": FACTS["video_alarm"] | {"priority": 5}}, "from 1"),
        ({"facts": FACTS["video_alarm"] | {"picture": {"url": "a", "base64": "b"}}}, "one of url"),
        ({"facts": FACTS["video_alarm"] | {"much": "x" * 1_000_001}}, "at most"),
    ],
)
def test_what_is_wrong_with_an_event_is_said(change: dict[str, Any], said: str) -> None:
    found = checked(event("video_alarm")._replace(**change))
    assert isinstance(found, Rejected) and found.reason == "bad_event" and said in found.detail


@given(name=st.sampled_from(PICTURES), held=st.text(min_size=1) | st.integers() | st.lists(st.text()))
def test_of_a_face_platforms_match_nothing_more_than_its_purpose_is_taken(name: str, held: object) -> None:
    assert isinstance(checked(event("match", **{name: held})), Rejected)


@given(
    facts=st.dictionaries(st.text(max_size=5), st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists, max_leaves=5))
)
def test_whatever_the_facts_hold_a_taken_event_can_be_written_as_json(facts: dict[str, Any]) -> None:
    found = checked(event("order", **facts))
    if isinstance(found, Event):
        json.dumps(dict(found.facts), allow_nan=False).encode()


def test_the_same_again_says_the_same_and_another_fact_does_not() -> None:
    first = event("order")
    assert statement(first) == statement(first._replace(received_at=AT + 5, redelivered=True))
    assert statement(first) != statement(event("order", status="closed"))
    dead = first._replace(source_at="1970-01-01")
    assert statement(dead) == statement(dead._replace(at=AT + 99))
