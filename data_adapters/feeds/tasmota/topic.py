"""Tasmota's FullTopic: where %prefix% (cmnd, stat, tele) and %topic%, the device, stand."""

import re
from typing import Any, NamedTuple

DEFAULT = "%prefix%/%topic%/"
PREFIXES = ("cmnd", "stat", "tele")


class Heard(NamedTuple):
    """What a topic says: prefix, device, and the kind of message."""

    prefix: str
    device: str
    kind: str


class FullTopic:
    """Raises ValueError for what is no FullTopic."""

    def __init__(self, raw: Any) -> None:
        if not isinstance(raw, str) or not 0 < len(raw) <= 200 or any(raw.count(token) != 1 for token in ("%prefix%", "%topic%")):
            raise ValueError("a FullTopic with %prefix% and %topic%, such as %prefix%/%topic%/")
        pattern = re.escape(raw.rstrip("/"))
        pattern = pattern.replace("%prefix%", f"(?P<prefix>{'|'.join(PREFIXES)})").replace("%topic%", "(?P<device>[^/]+)")
        self._matches = re.compile(pattern + "/(?P<kind>[^/]+)").fullmatch

    def read(self, topic: str) -> Heard | None:
        """None for a topic of another shape."""
        found = self._matches(topic)
        return Heard(found["prefix"], found["device"], found["kind"]) if found else None
