"""What a video platform's own list of alarms says, put into the inbox for the feed that reads GB/T 28181 (data_adapters/feeds/gb28181)."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

from services.polling import SourceAway
from services.ports import Clock
from services.video_ports import NotOffered, PlatformAlarm, VideoError, VideoPlatform

EVERY_S = 10.0
OVERLAP_MS = 120_000
"""Asked for again: a platform may list an alarm late. The feed knows the same statement when it comes again."""
BEGIN_MS = 600_000
"""How far back the first question goes: what was stated while nobody asked."""
TOPIC = "gb28181/alarm"
SAID = ("alarmMethod", "alarmType", "alarmPriority", "longitude", "latitude")


class PlatformAlarms:
    """The Source port (services/polling.py) on a platform's alarms."""

    every_s = EVERY_S

    def __init__(self, platform: VideoPlatform, feed: str, clock: Clock) -> None:
        self.feed, self._platform, self._clock = feed, platform, clock
        self._asked_until: int | None = None

    def fetch(self) -> Iterator[tuple[str, bytes]]:
        """One message an alarm, oldest first. Raises SourceAway."""
        until = self._clock()
        since = until - BEGIN_MS if self._asked_until is None else self._asked_until - OVERLAP_MS
        try:
            for alarm in self._platform.alarms(since, until):
                yield TOPIC, message_of(alarm)
        except NotOffered:
            return
        except VideoError as error:
            raise SourceAway(f"the alarms of {self._platform.name}: {error}") from None
        self._asked_until = until


def message_of(alarm: PlatformAlarm) -> bytes:
    """The names of the standard, as a gateway writes them; the time with its offset."""
    facts = alarm.facts
    told = {name: facts[name] for name in SAID if facts.get(name) not in (None, "")}
    said = facts.get("alarmDescription") or facts.get("description")
    at = datetime.fromtimestamp(alarm.at / 1000, UTC).isoformat()
    document = {"deviceId": alarm.channel, "alarmTime": at, **told, **({"alarmDescription": said} if said else {})}
    return json.dumps(document, ensure_ascii=False).encode()
