"""Recorded messages of video platforms: each becomes what its README says, or is rejected by name."""

import json
from pathlib import Path

import pytest

from config.files import load_catalogue
from data_adapters.feeds.frigate.adapter import FrigateFeed
from data_adapters.feeds.onvif.adapter import OnvifFeed
from data_adapters.feeds.setup import FeedSetup
from data_adapters.feeds.zlmediakit.adapter import ZlMediaKitFeed
from domain.messages import RawMessage, Rejected
from tests.data_adapters.feeds.hostile import NOW, heard

pytestmark = pytest.mark.real_data
CATALOGUE = load_catalogue()


def setup(name: str, **settings: object) -> FeedSetup:
    return FeedSetup(name, (), CATALOGUE, 300_000, settings)


def test_onvif_notifications_of_three_makers_are_alarms_and_an_invented_topic_is_named(recorded: Path) -> None:
    payload = (recorded / "video" / "onvif_notifications.json").read_bytes()
    found = heard(OnvifFeed(setup("onvif")), RawMessage("onvif/recorder", payload, NOW))[0]
    assert [(one.facts["type"], one.facts["phase"]) for one in found[:3]] == [
        ("line_crossing", "again"),
        ("alarm_input", "began"),
        ("object", "began"),
    ]
    assert [one.reason for one in found[3:]] == ["unknown_topic"] * (len(json.loads(payload)) - 3)


def test_a_documented_object_of_frigate_is_a_person_that_goes_on(recorded: Path) -> None:
    said = json.loads((recorded / "video" / "frigate_events_update.json").read_bytes())
    message = RawMessage(said["topic"], json.dumps(said["payload"]).encode(), 1_607_123_963_000)
    (event,) = heard(FrigateFeed(setup("frigate")), message)[0]
    assert (event.device_id, event.at) == ("front_door", 1_607_123_962_083)
    assert (event.facts["type"], event.facts["phase"], event.facts["zones"]) == ("person", "again", ["yard", "driveway"])


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("on_stream_changed_v4", ["Event", "Reading", "Presence"]),
        ("on_stream_none_reader", ["Event"]),
        ("on_record_mp4", ["Event"]),
        ("on_publish", ["Rejected"]),
        ("on_play", ["Rejected"]),
        ("on_flow_report", ["Rejected"]),
    ],
)
def test_a_documented_hook_of_a_media_server_is_taken_or_rejected_by_name(recorded: Path, name: str, kinds: list[str]) -> None:
    payload = (recorded / "video" / "zlmediakit" / f"{name}.json").read_bytes()
    outputs = heard(ZlMediaKitFeed(setup("zlmediakit")), RawMessage(name.removesuffix("_v4"), payload, NOW))[0]
    assert [type(one).__name__ for one in outputs] == kinds
    assert all(one.reason == "not_handled" for one in outputs if isinstance(one, Rejected))
