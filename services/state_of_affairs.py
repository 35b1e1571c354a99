"""Whether the city's own parts work, and the figures that say how well: what /readyz and /metrics answer."""

from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol

from domain.freshness import Freshness


class IngestState(NamedTuple):
    """How ingest stands: seconds behind, seconds since its slowest worker last said so (None: it never did), workers that spoke."""

    lag_s: float
    beat_age_s: float | None
    workers: int


class FeedCount(NamedTuple):
    """Messages or values of one feed with one outcome: stored, duplicate or rejected."""

    feed: str
    outcome: str
    n: int


class Facts(Protocol):
    """The figures, from the database and Redis, so that every web worker answers the same. Methods may raise anything."""

    def ingest(self) -> IngestState:
        """How ingest stands."""

    def feeds(self) -> list[FeedCount]:
        """Counts since the city began."""

    def open_incidents(self) -> int:
        """Incidents that are not over, without exercises."""

    def active_alarms(self) -> int:
        """Alarms that are lit."""

    def alarms_of_rules(self) -> Mapping[str, tuple[int, int]]:
        """Rule -> how many alarms it raised in the last 24 hours, and how many of them were said to be false."""

    def suggestions(self) -> Mapping[str, Mapping[str, int]]:
        """Theme and department suggested for appeals: target -> what became of those of the last 30 days -> how many."""

    def notices(self) -> Mapping[str, int]:
        """Notices that leave the city, by state: waiting, sent, failed, unsure."""

    def screens(self) -> tuple[int, int]:
        """Screens of all web workers, and bytes of the last frame."""


REASONS = {
    "workers_missing": "{n} of {of} ingest workers have started",
    "worker_silent": "an ingest worker has said nothing for {s} s",
    "ingest_behind": "ingest is {s} s behind",
    "disk_full": "only {free} GB of {total} GB are free",
    "over_limit": "the database holds {used} GB, the limit is {limit} GB",
}
"""Code -> the reason in English, as /readyz says it; the pages say `health.<code>`."""


class Reason(str):
    """Why a check fails, in English; `code` and `values` are for whoever says it in another language."""

    code: str
    values: dict[str, object]

    def __new__(cls, code: str, **values: object) -> "Reason":
        made = super().__new__(cls, REASONS[code].format(**values))
        made.code, made.values = code, values
        return made


class StateOfAffairs:
    """Checks by name; a check returns None or the reason why not, and may raise."""

    def __init__(self, facts: Facts, checks: Mapping[str, Callable[[], str | None]], workers: int, freshness: Freshness) -> None:
        self.facts = facts
        self._checks = {**checks, "ingest": self._ingest}
        self._workers, self._freshness = workers, freshness

    def ready(self) -> dict[str, str]:
        """Check -> why it fails; empty when everything works."""
        reasons: dict[str, str] = {}
        for name, check in self._checks.items():
            try:
                reason = check()
            except Exception as error:
                reason = f"{type(error).__name__}: {str(error).splitlines()[0][:200] if str(error) else 'failed'}"
            if reason:
                reasons[name] = reason
        return reasons

    def _ingest(self) -> str | None:
        state = self.facts.ingest()
        if state.beat_age_s is None or state.workers < self._workers:
            return Reason("workers_missing", n=state.workers, of=self._workers)
        if state.beat_age_s > self._freshness.beat_limit_s:
            return Reason("worker_silent", s=f"{state.beat_age_s:.0f}")
        if state.lag_s > self._freshness.lag_limit_s:
            return Reason("ingest_behind", s=f"{state.lag_s:.0f}")
        return None


def disk_reason(used_bytes: int | None, limit_gb: float | None, free_bytes: int, total_bytes: int, left: float) -> str | None:
    """Why the disk is a worry, or None. `used_bytes` is what the city uses, held against its own limit; `left` the share to stay free."""
    if free_bytes < left * total_bytes:
        return Reason("disk_full", free=f"{free_bytes / 1e9:.1f}", total=f"{total_bytes / 1e9:.0f}")
    if limit_gb is not None and used_bytes is not None and used_bytes > limit_gb * 1e9:
        return Reason("over_limit", used=f"{used_bytes / 1e9:.2f}", limit=f"{limit_gb:g}")
    return None
