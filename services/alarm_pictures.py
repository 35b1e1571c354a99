"""What a video alarm shows to whom: how often it was stated, its pictures, or why there is none. For those who may view video, in their
scope; what is shown where a face says (config/displays.yaml, `pictures`)."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol

from domain.access import Actor, Forbidden
from domain.alarm_statements import STATED
from domain.registry import Region
from services.incident_ports import Blobs
from services.ports import AlarmRecord

RIGHT = "view_video"
MOST = 12


class Picture(NamedTuple):
    """One picture. `state`: waiting, kept, missing (`reason`: a word of services/event_pictures.py); `said`: the platform's words."""

    picture_id: str
    at: int
    state: str
    reason: str
    said: str


class Shown(NamedTuple):
    """How often the alarm was stated, and its pictures, oldest first."""

    stated: int
    pictures: Sequence[Picture]


class Pictures(Protocol):
    """The noted pictures (data_adapters/sql/event_picture_repository.py)."""

    def of(self, device_id: str, alarm_type: str, since: int, until: int | None, most: int) -> Shown:
        """Those of a device's alarm of this type from `since` to `until` (epoch ms; None: to now)."""

    def find(self, picture_id: str) -> tuple[str, str, int, str, str] | None:
        """Device, type, time, SHA-256 and media type of a kept picture."""


class AlarmPictures:
    """Lists and gives pictures."""

    def __init__(
        self,
        find: Callable[[str], AlarmRecord | None],
        regions: Callable[[], Mapping[str, Region]],
        pictures: Pictures,
        blobs: Blobs,
    ) -> None:
        """`find` gives an alarm by its id."""
        self._find, self._regions, self._pictures, self._blobs = find, regions, pictures, blobs

    def of(self, actor: Actor, alarm_id: str, at: int | None = None) -> Shown | None:
        """What is there of the alarm, by what was stated until `at` (None: now); None for one that is no video alarm. Raises Forbidden
        without the right, and alike for an alarm outside the scope and an unknown one."""
        alarm = self._mine(actor, alarm_id)
        if not alarm.metric.startswith(STATED):
            return None
        return self._pictures.of(alarm.device_id, alarm.metric.removeprefix(STATED), alarm.raised_at, _earlier(alarm.cleared_at, at), MOST)

    def read(self, actor: Actor, alarm_id: str, picture_id: str) -> tuple[str, bytes]:
        """A kept picture of the alarm: media type and bytes. Raises Forbidden as `of`, LookupError for one that is not there, not the
        alarm's, or whose bytes are gone."""
        alarm, found = self._mine(actor, alarm_id), self._pictures.find(picture_id)
        if found is None:
            raise LookupError(picture_id)
        device_id, alarm_type, at, sha256, media_type = found
        is_its = (device_id, STATED + alarm_type) == (alarm.device_id, alarm.metric)
        content = self._blobs.get(sha256)
        if not is_its or at < alarm.raised_at or (alarm.cleared_at is not None and at > alarm.cleared_at) or content is None:
            raise LookupError(picture_id)
        return media_type, content

    def _mine(self, actor: Actor, alarm_id: str) -> AlarmRecord:
        if not actor.may(RIGHT):
            raise Forbidden(f"{RIGHT}: no role of yours has this right")
        alarm = self._find(alarm_id)
        if alarm is None or not actor.sees(alarm.region, alarm.department, dict(self._regions())):
            raise Forbidden(f"{RIGHT}: no such alarm in your scope")
        return alarm


def _earlier(cleared_at: int | None, at: int | None) -> int | None:
    known = [moment for moment in (cleared_at, at) if moment is not None]
    return min(known, default=None)
