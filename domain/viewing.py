"""Watching a camera: what is asked for, what is shared by those who watch the same, and when nobody watches any more.

Times are epoch milliseconds.
"""

from collections.abc import Mapping
from typing import NamedTuple

SIZES = ("main", "sub")
RIGHT = {"live": "view_video", "playback": "view_recordings"}
"""What one must be allowed to, by what is watched."""


class Wanted(NamedTuple):
    """What somebody wants to see of a camera: what it sees now, large or small, or what was recorded from `start` to `end`."""

    size: str = "main"
    start: int | None = None
    end: int | None = None

    @property
    def kind(self) -> str:
        """`live` or `playback`."""
        return "live" if self.start is None else "playback"

    @property
    def key(self) -> str:
        """The same for all who can share one stream."""
        return self.size if self.start is None else f"playback:{self.start}-{self.end}"


class ViewingLimits(NamedTuple):
    """What a city decides about watching (config/viewing.yaml). Lengths are milliseconds."""

    per_user: int
    whole: int
    beat_ms: int
    unwatched_ms: int
    linger_ms: int
    start_ms: int
    ticket_ms: int
    part_ms: int
    longest_recording_ms: int
    oldest_recording_ms: int
    shown_beside: int
    by_stream: int
    replay_before_ms: int
    replay_after_ms: int


class BadWish(ValueError):
    """What is wanted can't be shown by anybody; the text names what is wrong with it."""


def checked(wanted: Wanted, limits: ViewingLimits, now: int) -> Wanted:
    """`wanted`, when it makes sense at `now`. Raises BadWish."""
    if wanted.size not in SIZES:
        raise BadWish(f"`size` is one of {', '.join(SIZES)}")
    if (wanted.start is None) != (wanted.end is None):
        raise BadWish("`start` and `end` are given together, or neither")
    if wanted.start is None or wanted.end is None:
        return wanted
    if not now - limits.oldest_recording_ms <= wanted.start < wanted.end <= now:
        raise BadWish("a recording begins before it ends, ends before now, and is not older than recordings are kept")
    if wanted.end - wanted.start > limits.longest_recording_ms:
        raise BadWish(f"a recording is at most {limits.longest_recording_ms // 60_000} minutes long")
    return wanted


def is_watched(seen_at: int, limits: ViewingLimits, now: int) -> bool:
    """Whether a player that was last heard of at `seen_at` still counts as one."""
    return now - seen_at < limits.unwatched_ms


def watermark(name: str, username: str) -> Mapping[str, str]:
    """Who watches, as it is drawn over the picture; the player adds the time that runs."""
    return {"who": f"{name} {username}".strip()}
