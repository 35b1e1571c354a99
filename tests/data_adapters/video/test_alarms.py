"""What a video platform's list of alarms says lights the same alarms as a notification of GB/T 28181 would."""

from collections.abc import Iterator
from typing import Any

import pytest

from config.files import load_catalogue
from data_adapters.feeds.gb28181.adapter import Gb28181Feed
from data_adapters.feeds.setup import FeedSetup
from data_adapters.video.alarms import OVERLAP_MS, TOPIC, PlatformAlarms
from data_adapters.video.wvp.alarms import TYPES, standard
from domain.messages import Event, RawMessage
from services.polling import SourceAway
from services.video_ports import PlatformAlarm, TimedOut

T = 1_795_000_000_000
CODE = "44190000081320000001"


class Platform:
    """Has one alarm of every word that WVP writes."""

    name = "hall"

    def __init__(self) -> None:
        self.asked: list[tuple[int, int]] = []
        self.wrong = False

    def alarms(self, since: int, until: int) -> Iterator[PlatformAlarm]:
        self.asked.append((since, until))
        if self.wrong:
            raise TimedOut
        for number, word in enumerate((*TYPES, "Other")):
            yield PlatformAlarm(str(number), CODE, T + number, standard({"alarmType": word, "description": "路口"}))


def test_every_alarm_of_a_newer_wvp_is_read_as_the_standards_own() -> None:
    feed = Gb28181Feed(FeedSetup("gb28181", (), load_catalogue(), 300_000))
    found: list[Any] = []
    for topic, payload in PlatformAlarms(Platform(), "gb28181", lambda: T).fetch():  # type: ignore[arg-type]
        outputs, _ = feed.parse(RawMessage(topic, payload, T + 60_000), {})
        found += outputs
    events = [one for one in found if isinstance(one, Event)]
    assert len(events) == len(found) == len(TYPES) + 1 and {one.device_id for one in events} == {CODE}
    types = [one.facts["type"] for one in events]
    assert types[:3] == ["video_loss", "tampered", "storage_full"] and "intrusion" in types and types[-1] == "other"
    assert events[0].at == T and events[0].facts["said"] == "路口"


def test_an_older_one_writes_the_numbers_itself() -> None:
    assert standard({"alarmMethod": "5", "alarmType": "6"}) == {"alarmMethod": "5", "alarmType": "6"}
    assert standard({"alarmType": 3}) == {"alarmType": 3}


def test_what_a_platform_lists_late_is_asked_for_again_and_a_failed_question_is_asked_whole() -> None:
    platform, now = Platform(), [T]
    source = PlatformAlarms(platform, "gb28181", lambda: now[0])  # type: ignore[arg-type]
    assert all(topic == TOPIC for topic, _ in source.fetch())
    now[0], platform.wrong = T + 10_000, True
    with pytest.raises(SourceAway, match="hall"):
        list(source.fetch())
    now[0], platform.wrong = T + 60_000, False
    list(source.fetch())
    assert [since for since, _ in platform.asked[1:]] == [T - OVERLAP_MS] * 2
