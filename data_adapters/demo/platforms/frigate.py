"""A network video recorder Frigate (0.14 to 0.17: docs.frigate.video/integrations/mqtt) that watches the fences of pumping stations.

It tracks who comes by, seldom at night; a person at night is a review of the severity alert, anything else a detection. Every minute it
says its statistics; a camera now and then gives no pictures for a while.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from data_adapters.city_pack.contents import Pack
from data_adapters.demo.chance import share
from data_adapters.demo.day import Moment
from data_adapters.demo.platforms.cast import Due, moments, own_devices
from data_adapters.demo.platforms.happenings import Happening
from data_adapters.demo.play import Message

MINUTE = 60_000
STATS_MS, SLOT_MS = MINUTE, 20 * MINUTE
DARK = Happening("dark", 0.08, 25 * MINUTE)
"""A camera gives no pictures."""
NIGHT = (22, 5)
BY_DAY, BY_NIGHT = 0.3, 0.06
"""How likely somebody comes by a camera within twenty minutes."""
LABELS = ("person", "car", "person", "bicycle", "dog")
VERSION = "0.16.1-e664cb2"


class Sighting(NamedTuple):
    """Something that a camera saw: from `begin` to `end`, epoch ms."""

    camera: str
    begin: int
    end: int
    label: str
    severity: str

    @property
    def subject(self) -> str:
        """As Frigate names it: when it began and six letters."""
        letters = "".join(chr(97 + int(26 * share(self.camera, self.begin, place))) for place in range(6))
        return f"{self.begin / 1000:.6f}-{letters}"


class Frigate:
    """The recorder and its cameras."""

    def __init__(self, pack: Pack) -> None:
        self._cameras = [device.device_id for device in own_devices(pack, "frigate") if device.kind == "camera"]

    def said(self, since: int, until: int) -> Iterator[Due]:
        """Statistics, tracked objects, reviews."""
        for at in moments(since, until, STATS_MS):
            yield Due(at, Message("frigate/stats", self._stats(at)))
        for slot in moments(since - 2 * SLOT_MS, until, SLOT_MS):
            for seen in (found for camera in self._cameras if (found := sighting(camera, slot)) is not None):
                yield from (due for due in _told(seen) if since < due.at <= until)

    def standing(self, now: int) -> Iterator[Message]:
        """The recorder is there; its statistics say which cameras are."""
        yield Message("frigate/available", "online", retain=True)
        yield Message("frigate/stats", self._stats(now))

    def _stats(self, at: int) -> dict[str, Any]:
        cameras = {camera: _figures(0.0 if DARK.holds(camera, at) else 5.0, number) for number, camera in enumerate(self._cameras)}
        return {
            "cameras": cameras,
            "detectors": {"ov": {"inference_speed": 11.3, "detection_start": 0.0, "pid": 391}},
            "detection_fps": round(sum(one["detection_fps"] for one in cameras.values()), 1),
            "service": {"uptime": at // 1000 % 864_000, "version": VERSION, "last_updated": at // 1000},
        }


def sighting(camera: str, slot: int) -> Sighting | None:
    """What the camera saw in the twenty minutes that begin at `slot`, if anything."""
    begin = slot + int(share(camera, slot, "at") * (SLOT_MS - 2 * MINUTE))
    hour = Moment(begin, None).hour
    night = hour >= NIGHT[0] or hour < NIGHT[1]
    if share(camera, slot, "seen") >= (BY_NIGHT if night else BY_DAY) or DARK.holds(camera, begin):
        return None
    label = LABELS[int(share(camera, slot, "label") * len(LABELS))]
    end = begin + 15_000 + int(share(camera, slot, "stays") * 75_000)
    return Sighting(camera, begin, end, label, "alert" if night and label == "person" else "detection")


def _told(seen: Sighting) -> Iterator[Due]:
    """An object and its review: new, update, end."""
    middle = (seen.begin + seen.end) // 2
    for kind, at in (("new", seen.begin), ("update", middle), ("end", seen.end)):
        yield Due(at, Message("frigate/events", {"type": kind, "before": _object(seen, seen.begin), "after": _object(seen, at)}))
        later = at + 1_000
        yield Due(later, Message("frigate/reviews", {"type": kind, "before": _review(seen, seen.begin), "after": _review(seen, at)}))


def _object(seen: Sighting, at: int) -> dict[str, Any]:
    score = round(0.72 + 0.24 * share(seen.subject, "score"), 4)
    return {
        "id": seen.subject,
        "camera": seen.camera,
        "frame_time": at / 1000,
        "label": seen.label,
        "sub_label": None,
        "top_score": score,
        "false_positive": False,
        "start_time": seen.begin / 1000,
        "end_time": seen.end / 1000 if at >= seen.end else None,
        "score": score,
        "box": [424, 380, 536, 592],
        "area": 23_744,
        "active": True,
        "stationary": False,
        "current_zones": ["fence"],
        "entered_zones": ["fence"],
        "thumbnail": None,
        "has_snapshot": at > seen.begin,
        "has_clip": True,
    }


def _review(seen: Sighting, at: int) -> dict[str, Any]:
    data = {"detections": [seen.subject], "objects": [seen.label], "sub_labels": [], "zones": ["fence"], "audio": []}
    name = f"{(seen.begin + 1_000) / 1000:.6f}-{seen.subject[-6:]}"
    return {
        "id": name,
        "camera": seen.camera,
        "start_time": seen.begin / 1000,
        "end_time": seen.end / 1000 if at >= seen.end else None,
        "severity": seen.severity,
        "thumb_path": f"/media/frigate/clips/review/thumb-{seen.camera}-{name}.webp",
        "data": data,
    }


def _figures(fps: float, number: int) -> dict[str, Any]:
    quiet = {"process_fps": fps, "skipped_fps": 0.0, "detection_fps": round(fps * 0.3, 1), "detection_enabled": True}
    return {"camera_fps": fps, **quiet, "pid": 400 + number, "capture_pid": 500 + number, "ffmpeg_pid": 600 + number}
