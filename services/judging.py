"""The tick: durations and silences are judged against how far ingest has come, never against the clock (DESIGN §3.5)."""

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol


class WorkerProgress(Protocol):
    """What one ingest worker last said of itself."""

    @property
    def worker(self) -> int: ...
    @property
    def progressed_to(self) -> int: ...
    @property
    def lag_s(self) -> float: ...
    @property
    def beat_at(self) -> int: ...


class Judgement(NamedTuple):
    """Up to when may be judged, or None while paused; `lag_s` is the slowest worker's."""

    judged_at: int | None
    lag_s: float
    workers_missing: int

    def shown(self) -> Mapping[str, object]:
        """What the picture's `ingest` note says."""
        return {
            "lag_s": round(self.lag_s, 1),
            "paused": self.judged_at is None,
            "judged_at": self.judged_at,
            "workers_missing": self.workers_missing,
        }


def judge(progress: Sequence[WorkerProgress], workers: int, now: int, within_ms: int) -> Judgement:
    """Every worker must have spoken, and none may be more than `within_ms` late: what is not stored yet could still change the answer;
    else judging pauses, and the screens say so."""
    alive = [one for one in progress if now - one.beat_at <= within_ms]
    lag_s = max((one.lag_s + max(0, now - one.beat_at) / 1000 for one in progress), default=0.0)
    ready = len(alive) == workers and all(one.progressed_to and now - one.progressed_to <= within_ms for one in alive)
    return Judgement(min(one.progressed_to for one in alive) if ready else None, lag_s, workers - len(alive))


def tick_payload(judged_at: int) -> bytes:
    """The inbox message that makes an ingest worker judge."""
    return json.dumps({"judged_at": judged_at}).encode()
