"""ONVIF: events of cameras, by WS-BaseNotification or as JSON over MQTT (README.md beside this file)."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from config.strict import Field, one_of
from config.video_alarms import load_video_alarms
from data_adapters.feeds.onvif.notifications import Notification, notifications
from data_adapters.feeds.onvif.topics import ALARMS, NOT_HANDLED, PERSONAL, path_of, under
from data_adapters.feeds.pictures import PICTURE_FIELDS, PICTURE_SECRETS, picture_in, types_of
from data_adapters.feeds.setup import FeedSetup
from data_adapters.feeds.stated import fingerprint, identity, said, stated, undated
from data_adapters.feeds.times import by_text, zone
from data_adapters.feeds.topics import TopicPattern, filled, template_names, topic_pattern
from domain.event_time import EventTime, NotATime
from domain.messages import Memory, Output, RawMessage, Rejected

YES, NO = ("true", "1"), ("false", "0")
STATES = (
    "State",
    "IsMotion",
    "IsInside",
    "LogicalState",
    "IsTamper",
    "IsSoundDetected",
    "isSoundDetected",
    "Failed",
    "Critical",
    "IsLoitering",
    "state",
    "active",
)
"""Names of the item that says whether it is so; any other single yes-or-no item does too."""
PICTURES = ("Image", "ImageUri", "ImageURI", "Snapshot", "SnapshotUri", "SnapshotURI", "Picture")
OPERATIONS = ("Initialized", "Changed", "Deleted", "")
TOKENS = ("VideoSourceConfigurationToken", "VideoSourceToken", "VideoSource", "Source", "AlarmInToken", "InputToken", "Token")
"""Names of the item that says which picture or input of the device; the first that is there."""


class OnvifFeed:
    """Parses notifications. It remembers nothing: each says its state."""

    remembers = False

    def __init__(self, setup: FeedSetup) -> None:
        self._settings = setup.read(onvif_fields(), PICTURE_SECRETS)
        self.name, self._clock_ahead_ms = setup.name, setup.clock_ahead_ms
        self.topics: Sequence[str] = setup.topics
        self._pattern: TopicPattern = self._settings["topic"]
        self._device: str = self._settings["device"]
        self._types = {**ALARMS, **{path_of(topic): name for topic, name in self._settings["types"].items()}}
        self._names = template_names(self._device, (*self._pattern.names, "source"))

    def partition_key(self, topic: str) -> str:
        """The camera where the topic tells it, else the topic."""
        return "/".join((self._parts(topic) or {}).values()) or topic

    def parse(self, message: RawMessage, memory: Memory) -> tuple[list[Output], Memory]:
        """An event of the kind `video_alarm` for each notification that is one; Rejected for what the README lists. Never raises."""
        parts = self._parts(message.topic)
        if parts is None:
            return [Rejected("bad_topic", "the setting `topic` has another shape, and the camera's name stands there")], memory
        found = notifications(message.payload, message.topic)
        if isinstance(found, Rejected):
            return [found], memory
        return [self._output(one, parts, message) for one in found], memory

    def _parts(self, topic: str) -> dict[str, str] | None:
        """What the topic tells; as in MQTT, `#` is nothing too. None where the device's id wants more."""
        found = self._pattern.parts(topic) or self._pattern.parts(f"{topic}/")
        return {} if found is None and set(self._names) <= {"source"} else found

    def _output(self, one: Notification, parts: Mapping[str, str], message: RawMessage) -> Output:
        kind, personal, other = under(one.path, self._types), under(one.path, PERSONAL), under(one.path, NOT_HANDLED)
        if personal or not kind:
            reason = "personal" if personal else "not_handled" if other else "unknown_topic"
            return Rejected(reason, f"{one.path[:80]}: {personal or other or 'nobody knows this topic; the setting `types` can name it'}")
        if one.operation not in OPERATIONS:
            return Rejected("bad_operation", f"PropertyOperation is Initialized, Changed or Deleted, not {one.operation[:40]!r}")
        source = next((one.source[name] for name in TOKENS if one.source.get(name)), "")
        if "source" in self._names and not source:
            return Rejected("bad_device", "the notification names no source, and the setting `device` wants it")
        when = self._when(one.time, message)
        if isinstance(when, Rejected):
            return when
        return self._alarm(one, kind, filled(self._device, {**parts, "source": source}), when, message)

    def _alarm(self, one: Notification, kind: str, device_id: str, when: EventTime, message: RawMessage) -> Output:
        state, subject = _state(one.data), identity(*(f"{name}={value}" for name, value in sorted(one.source.items())))
        phase = "ended" if state is False or one.operation == "Deleted" else "began" if state else "again"
        facts = {
            "type": kind,
            "phase": phase,
            "source": said(one.path),
            "subject": subject,
            "said": said(one.source.get("Rule")),
            "picture": next((found for name in PICTURES if (found := picture_in(one.data.get(name)))), None),
        }
        event_id = identity(device_id, one.path, one.time or fingerprint(message), one.operation, phase, subject)
        return stated("video_alarm", event_id, device_id, facts, when, message)

    def _when(self, text: str, message: RawMessage) -> EventTime | Rejected:
        if not text:
            return undated(message, self._settings["without_time"])
        try:
            return by_text(text, message, self._clock_ahead_ms, self._settings["zone"])
        except NotATime as error:
            return Rejected("bad_time", f"UtcTime: {error}")


def onvif_fields() -> dict[str, Field]:
    """The settings."""
    return {
        **PICTURE_FIELDS,
        "topic": (topic_pattern, TopicPattern("onvif/{camera}/#")),
        "device": (_template, "{camera}"),
        "types": (partial(types_of, load_video_alarms()), {}),
        "zone": (zone, None),
        "without_time": (one_of("reject", "received"), "reject"),
    }


def _template(raw: Any) -> str:
    if not isinstance(raw, str) or "{" not in raw:
        raise ValueError("text with a part of the topic, such as {camera}, or {source}")
    return raw


def _state(data: Mapping[str, str]) -> bool | None:
    """Whether it is so; None where nobody says yes or no."""
    words = {name: value.lower() for name, value in data.items() if value.lower() in (*YES, *NO)}
    named = [words[name] for name in STATES if name in words]
    plain = [word for word in words.values() if word in ("true", "false")]
    found = named[:1] or (plain if len(plain) == 1 else [])
    return found[0] in YES if found else None
