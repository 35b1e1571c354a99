"""Reads feeds.yaml: what this city listens to, one entry a feed (docs/add-a-feed.md). Strictly, as config/strict.py says."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import combinations, zip_longest
from pathlib import Path
from typing import Any, NamedTuple

from config.strict import FOLDER, REQUIRED, Field, not_negative, number, one_of, read_entries, read_entry, wrong, yes_or_no

NAME = re.compile(r"[a-z][a-z0-9_]{0,31}\Z")
SECRET = re.compile(r"(env:[A-Za-z_][A-Za-z0-9_]*|file:/.+)\Z")
TOLD = re.compile(r"passw|secret|token|api_?key|credential", re.IGNORECASE)
"""Names of settings that look like something nobody else may know."""
DATUMS = ("wgs84", "gcj02", "bd09")
DEMO = "demo/feeds.yaml"
"""What speaks to the demo city besides; no other city knows it."""
RESERVED = ("part", "$")
"""First levels that are the broker's: `part/<n>/…` is where several workers find their devices."""


class Topic(NamedTuple):
    """An MQTT topic filter. `key_level`, counted from 1, is the level that names the device: what says the same there stays in order,
    and several workers share the feed by it. None: one worker takes all of it."""

    filter: str
    key_level: int | None = None


@dataclass(frozen=True)
class FeedConfig:
    """One feed of this city.

    `interval_s` is the longest the feed as a whole is expected to be silent, None when it reports on change; `clock_ahead_s` how far a
    device's time may lie in the future, None for CITYDECK_CLOCK_AHEAD_S; `settings` are the adapter's, who checks them; `secrets` maps
    a name to `env:NAME` or `file:/path`.
    """

    name: str
    adapter: str
    topics: tuple[Topic, ...] = ()
    enabled: bool = True
    interval_s: float | None = None
    datum: str = "wgs84"
    clock_ahead_s: float | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)

    @property
    def filters(self) -> tuple[str, ...]:
        """Its topic filters alone."""
        return tuple(topic.filter for topic in self.topics)


def _topics(raw: Any) -> tuple[Topic, ...]:
    if not isinstance(raw, list):
        raise ValueError("a list of topic filters, each text or {filter, key_level}")
    return tuple(_topic({"filter": one} if isinstance(one, str) else one) for one in raw)


def _topic(raw: Any) -> Topic:
    if not isinstance(raw, dict) or not {"filter"} <= set(raw) <= {"filter", "key_level"}:
        raise ValueError("topic filters, each text or {filter, key_level}")
    topic = Topic(raw["filter"], raw.get("key_level"))
    if not isinstance(topic.filter, str) or not _is_filter(topic.filter):
        raise ValueError(f"MQTT topic filters that don't begin with {' or '.join(RESERVED)}, and {topic.filter!r} is none")
    if topic.key_level is not None and not _is_key(topic.filter.split("/"), topic.key_level):
        raise ValueError(f"a key_level where {topic.filter!r} has + or #, counted from 1")
    return topic


def _is_filter(raw: str) -> bool:
    levels = raw.split("/")
    whole = all(level in ("+", "#") or not set("+# \x00") & set(level) for level in levels)
    return raw not in ("", "#", "+") and whole and "#" not in levels[:-1] and levels[0] not in ("#", "+", *RESERVED) and raw[0] != "$"


def _is_key(levels: list[str], level: Any) -> bool:
    if isinstance(level, bool) or not isinstance(level, int) or level < 1:
        return False
    return levels[level - 1] in ("+", "#") if level <= len(levels) else levels[-1] == "#"


def overlap(one: str, other: str) -> bool:
    """Whether some topic is taken by both filters."""
    for a, b in zip_longest(one.split("/"), other.split("/")):
        if "#" in (a, b):
            return True
        if a is None or b is None or (a != b and "+" not in (a, b)):
            return False
    return True


def _interval(raw: Any) -> float | None:
    if raw is None:
        return None
    if number(raw) <= 0:
        raise ValueError("seconds above 0, or null for a feed that reports on change")
    return float(raw)


def plain_settings(raw: Any) -> Mapping[str, Any]:
    """Settings, none of which looks like a secret. Raises ValueError."""
    if not isinstance(raw, dict) or not all(isinstance(key, str) for key in raw):
        raise ValueError("names with values")
    told = [key for key in raw if TOLD.search(key)]
    if told:
        raise ValueError(f"{told[0]!r} under `secrets`, as env:NAME or file:/path")
    return raw


def secret_references(raw: Any) -> Mapping[str, str]:
    """Where secrets are to be found. Raises ValueError."""
    if not isinstance(raw, dict) or not all(isinstance(key, str) for key in raw):
        raise ValueError("names, each with env:NAME or file:/path")
    for key, reference in raw.items():
        if not isinstance(reference, str) or not SECRET.match(reference):
            raise ValueError(f"env:NAME or file:/path for {key!r}, never the secret itself")
    return raw


def fields(adapters: Collection[str]) -> dict[str, Field]:
    """The keys of an entry."""
    return {
        "adapter": (one_of(*adapters), REQUIRED),
        "topics": (_topics, ()),
        "enabled": (yes_or_no, True),
        "interval_s": (_interval, None),
        "datum": (one_of(*DATUMS), "wgs84"),
        "clock_ahead_s": (lambda raw: None if raw is None else not_negative(raw), None),
        "settings": (plain_settings, {}),
        "secrets": (secret_references, {}),
    }


def load_feeds(adapters: Collection[str], folder: Path = FOLDER, demo: bool = False) -> dict[str, FeedConfig]:
    """Every feed of feeds.yaml by its name, those that are off included; with `demo` also those of demo/feeds.yaml, each in the place of
    one that is off. `adapters` are the known ones. Raises ConfigError."""
    path, demos = folder / "feeds.yaml", folder / DEMO
    found = _read(path, adapters)
    if demo:
        on = {name for name, feed in found.items() if feed.enabled}
        found |= {name: feed for name, feed in _read(demos, adapters).items() if name not in on}
    taken = [(feed.name, topic) for feed in found.values() if feed.enabled for topic in feed.filters]
    for (one, topic), (other, also) in combinations(taken, 2):
        if overlap(topic, also):
            raise wrong(path, other, "topics", also, f"topics that no other filter takes, and {topic!r} of {one} does")
    return found


def _read(path: Path, adapters: Collection[str]) -> dict[str, FeedConfig]:
    return {name: FeedConfig(name=name, **one) for name, one in named_entries(path, fields(adapters)).items()}


def named_entries(path: Path, known: Mapping[str, Field]) -> dict[str, dict[str, Any]]:
    """Every entry of a file by its name, which becomes part of addresses. Raises ConfigError."""
    found = read_entries(path, lambda _: known)
    for name in found:
        if not NAME.match(name):
            raise wrong(path, name, "name", name, "a small letter and up to 31 more of a-z 0-9 _")
    return found


def read_settings(feed: str, settings: Mapping[str, Any], known: Mapping[str, Field], folder: Path = FOLDER) -> dict[str, Any]:
    """An adapter's settings, checked against the keys it knows. Raises ConfigError."""
    return read_entry(folder / "feeds.yaml", f"{feed}: settings", settings, known)


__all__ = ["DATUMS", "FeedConfig", "Topic", "fields", "load_feeds", "overlap", "read_settings"]
