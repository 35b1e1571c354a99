"""Maintenance silences 检修屏蔽: what they cover and when they are in force. Alarms under one are recorded and shown, and not lit."""

from typing import NamedTuple

REASON_AT_MOST = 500


class NotSilenced(ValueError):
    """A silence that cannot be made; the text is a code of the catalogue, `silence.<code>`."""


class Wanted(NamedTuple):
    """What somebody wants silenced: what is empty covers everything, but one of the four must be given. Epoch milliseconds."""

    starts: int
    ends: int
    reason: str
    device_id: str = ""
    kind: str = ""
    region: str = ""
    rule_id: str = ""


class Silence(NamedTuple):
    """A silence as it was made. `place`: the region it lies in, the device's where it is a device's; empty: the whole city.
    `departments`: whose alarms it covers, empty: everybody's. `ended_at`: ended before its time."""

    silence_id: str
    device_id: str
    kind: str
    region: str
    rule_id: str
    departments: tuple[str, ...]
    starts: int
    ends: int
    reason: str
    made_by: str
    recorded_at: int
    ended_at: int | None
    ended_by: str
    place: str

    def state(self, at: int) -> str:
        """`planned`, `in_force` or `over` at a moment."""
        if at >= self.ends or (self.ended_at is not None and at >= self.ended_at):
            return "over"
        return "planned" if at < self.starts else "in_force"


def check(wanted: Wanted, longest_ms: int, now: int) -> None:
    """Raises NotSilenced for one that covers nothing in particular, gives no reason, has no time left, or lasts longer than it may."""
    if not (wanted.device_id or wanted.kind or wanted.region or wanted.rule_id):
        raise NotSilenced("covers_nothing")
    if not wanted.reason.strip() or len(wanted.reason) > REASON_AT_MOST:
        raise NotSilenced("no_reason")
    if wanted.ends <= max(now, wanted.starts):
        raise NotSilenced("no_time")
    if wanted.ends - max(now, wanted.starts) > longest_ms:
        raise NotSilenced("too_long")
