"""Frigate: tracked objects, reviews, availability and statistics over MQTT (README.md beside this file)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from config.strict import Field, text
from config.video_alarms import load_video_alarms
from data_adapters.feeds.measured import Measured, float_of
from data_adapters.feeds.payloads import json_object
from data_adapters.feeds.pictures import PICTURE_FIELDS, PICTURE_SECRETS, path_at_platform, picture_in, types_of
from data_adapters.feeds.setup import FeedSetup
from data_adapters.feeds.stated import fingerprint, identity, said, stated, undated
from data_adapters.feeds.times import by_number, by_receipt
from data_adapters.feeds.topics import filled, template_names
from domain.event_time import EventTime, NotATime
from domain.messages import Memory, Output, Presence, RawMessage, Rejected

MAX_BYTES = 1024 * 1024
"""An ended object of an old version brings its thumbnail."""
MOST_CAMERAS = 1000
LABELS: Mapping[str, str] = {
    "person": "person",
    **dict.fromkeys(("car", "truck", "bus", "motorcycle", "bicycle", "boat", "train"), "vehicle"),
    **dict.fromkeys(("bark", "fire_alarm", "glass", "scream", "speech", "yell"), "sound"),
}
"""What Frigate's models call it -> type of video alarm; anything else is an `object`."""
SEVERITIES: Mapping[str, str] = {"alert": "video", "detection": "object"}
PHASES = {"new": "began", "update": "again", "end": "ended"}
NOT_HANDLED: Mapping[str, str] = {
    "tracked_object_update": "descriptions, names of faces and plates: personal, or invented by a language model",
    "triggers": "what resembles a stored picture or text",
    "camera_activity": "the same objects again, all at once",
    "model_state": "what Frigate loads",
    "embeddings_reindex_progress": "what Frigate reckons",
    "job_state": "what Frigate reckons",
    "audio_transcription_state": "what Frigate reckons",
    "restart": "an order to Frigate",
    "onConnect": "an order to Frigate",
    "notifications": "who is told by Frigate itself",
}
BELOW_A_CAMERA = "motion, counts, pictures and switches of one camera; the events tell what happened"


class FrigateFeed:
    """Parses messages. It remembers nothing: each tells the whole of an object."""

    remembers = False

    def __init__(self, setup: FeedSetup) -> None:
        self._settings = setup.read(frigate_fields(), PICTURE_SECRETS)
        self.name, self._clock_ahead_ms = setup.name, setup.clock_ahead_ms
        self.topics: Sequence[str] = setup.topics
        self._measured = Measured(setup.catalogue)
        self._labels = {**LABELS, **self._settings["labels"]}
        self._severities = {**SEVERITIES, **self._settings["reviews"]}

    def partition_key(self, topic: str) -> str:
        """The feed: a recorder's events stay in order."""
        return self.name

    def parse(self, message: RawMessage, memory: Memory) -> tuple[list[Output], Memory]:
        """Events, presences, readings; Rejected for what the README lists. Never raises."""
        return list(self._outputs(message)), memory

    def _outputs(self, message: RawMessage) -> Iterator[Output]:
        prefix, _, last = message.topic.rpartition("/")
        handlers: dict[str, Callable[[RawMessage], Iterator[Output]]] = {
            "events": self._object,
            "reviews": self._review,
            "available": self._available,
            "stats": self._statistics,
        }
        if prefix.count("/") == self._settings["prefix"].count("/") and last in handlers:
            yield from handlers[last](message)
        elif last in NOT_HANDLED:
            yield Rejected("not_handled", f"{last}: {NOT_HANDLED[last]}")
        elif message.topic.startswith(f"{self._settings['prefix']}/") and "/" in message.topic[len(self._settings["prefix"]) + 1 :]:
            yield Rejected("not_handled", BELOW_A_CAMERA)
        else:
            yield Rejected("bad_topic", f"{message.topic[:80]!r} is no topic of Frigate's")

    def _object(self, message: RawMessage) -> Iterator[Output]:
        phase, after = self._after(message)
        if isinstance(after, Rejected):
            yield after
            return
        label = said(after.get("label"))
        times = {"began": ("start_time",), "again": ("frame_time",), "ended": ("end_time", "frame_time")}
        facts = {
            "type": self._labels.get(label, "object"),
            "score": float_of(after.get("top_score")),
            "zones": _words(after.get("entered_zones")),
            "said": label,
            "picture": _picture(after),
        }
        if after.get("false_positive") is True:
            yield Rejected("false_positive", f"Frigate itself says of {said(after.get('id'))[:60]} that it is none")
        else:
            yield self._stated(phase, after, times[phase], facts, message)

    def _review(self, message: RawMessage) -> Iterator[Output]:
        phase, after = self._after(message)
        if isinstance(after, Rejected):
            yield after
            return
        severity, data = after.get("severity"), after.get("data") if isinstance(after.get("data"), dict) else {}
        if severity not in self._severities:
            yield Rejected("unknown_severity", f"a review is an alert or a detection, not {severity!r:.40}")
            return
        detections = _words(data.get("detections"))
        facts = {
            "type": self._severities[severity],
            "zones": _words(data.get("zones")),
            "said": said(", ".join(_words(data.get("objects")) + _words(data.get("audio")))),
            "picture": path_at_platform(f"/api/events/{detections[0]}/snapshot.jpg") if detections and _plain(detections[0]) else None,
        }
        times = {"began": ("start_time",), "again": (), "ended": ("end_time",)}
        yield self._stated(phase, after, times[phase], facts, message)

    def _after(self, message: RawMessage) -> tuple[str, Any]:
        found = json_object(message.payload, MAX_BYTES)
        if isinstance(found, Rejected):
            return "", found
        after, kind = found.get("after"), found.get("type")
        if not isinstance(after, dict) or not isinstance(kind, str) or kind not in PHASES:
            return "", Rejected("wrong_type", "Frigate tells `type` (new, update, end) and `after`, an object")
        return PHASES[kind], after

    def _stated(self, phase: str, after: Mapping[str, Any], times: Sequence[str], facts: Mapping[str, Any], message: RawMessage) -> Output:
        camera, subject = after.get("camera"), after.get("id")
        if not isinstance(camera, str) or not camera or not isinstance(subject, str) or not subject:
            return Rejected("bad_device", "`after.camera` names the camera and `after.id` the object; one is missing")
        raw = next((after[name] for name in times if float_of(after.get(name))), None)
        when = self._when(raw, message)
        if isinstance(when, Rejected):
            return when
        event_id = identity(message.topic, subject, phase, fingerprint(message) if raw is None else raw, facts.get("said", ""))
        told = {**facts, "phase": phase, "subject": identity(subject)}
        return stated("video_alarm", event_id, filled(self._settings["device"], {"camera": camera}), told, when, message)

    def _when(self, raw: Any, message: RawMessage) -> EventTime | Rejected:
        """Seconds since 1970. An update of a review tells no time of its own."""
        if raw is None:
            return undated(message, "received")
        try:
            return by_number(float_of(raw) or 0.0, message, self._clock_ahead_ms)
        except NotATime as error:
            return Rejected("bad_time", str(error))

    def _available(self, message: RawMessage) -> Iterator[Output]:
        word = message.payload.strip().lower()
        if word not in (b"online", b"offline", b"stopped"):
            yield Rejected("wrong_type", "availability is `online`, `offline` or `stopped`")
        elif not message.redelivered:
            yield from self._state(self._settings["server"], word == b"online", message)

    def _statistics(self, message: RawMessage) -> Iterator[Output]:
        """A camera that gives no pictures is offline."""
        found = json_object(message.payload, MAX_BYTES)
        if isinstance(found, Rejected):
            yield found
            return
        cameras = found.get("cameras")
        if not isinstance(cameras, dict) or len(cameras) > MOST_CAMERAS:
            yield Rejected("wrong_type", f"`cameras` is an object of at most {MOST_CAMERAS}")
            return
        for camera, figures in cameras.items() if not message.redelivered else ():
            fps = float_of(figures.get("camera_fps")) if isinstance(figures, dict) else None
            if fps is None:
                yield Rejected("wrong_type", f"{camera[:40]!r}: `camera_fps` is a number")
            else:
                yield from self._state(filled(self._settings["device"], {"camera": camera}), fps > 0, message)

    def _state(self, device_id: str, online: bool, message: RawMessage) -> Iterator[Output]:
        when = by_receipt(message, "received")
        reading = (
            Rejected("no_time", "")
            if isinstance(when, Rejected)
            else self._measured.reading(device_id, "online", online, "", when, message)
        )
        if isinstance(reading, Rejected) and reading.reason != "no_time":
            yield reading
            return
        yield Presence(device_id, online, message.received_at)
        if not isinstance(reading, Rejected):
            yield reading


def frigate_fields() -> dict[str, Field]:
    """The settings."""
    known = load_video_alarms()
    return {
        **PICTURE_FIELDS,
        "prefix": (text, "frigate"),
        "device": (_device, "{camera}"),
        "server": (text, "frigate"),
        "labels": (partial(types_of, known), {}),
        "reviews": (partial(types_of, known), {}),
    }


def _device(raw: Any) -> str:
    if not template_names(raw, ("camera",)):
        raise ValueError("text with {camera}")
    return str(raw)


def _words(raw: Any) -> list[str]:
    return [said(one)[:100] for one in raw[:50] if isinstance(one, str)] if isinstance(raw, list) else []


def _plain(name: str) -> bool:
    return name.isascii() and name.replace(".", "").replace("-", "").isalnum()


def _picture(after: Mapping[str, Any]) -> dict[str, str] | None:
    """Its snapshot at the recorder's API, else the thumbnail that came along."""
    subject = after.get("id")
    if after.get("has_snapshot") is True and isinstance(subject, str) and _plain(subject):
        return path_at_platform(f"/api/events/{subject}/snapshot.jpg")
    return picture_in(after.get("thumbnail"))
