"""What a city decides about its incidents in numbers and lists: config/incident_limits.yaml, where each has its source."""

from collections.abc import Mapping
from typing import NamedTuple


class Sameness(NamedTuple):
    """When a new report may be an incident that is open (domain/duplicates.py); shares are 0 to 1.

    By place: within `place_m` and `time_ms`; `place`, `time`, `kind` make up the likeness, and a class of the same group is worth
    `same_group` of the same class. By what was said: texts of `letters` or more, no farther apart than `words_m` where both places are
    known; `words` of the likeness are the words, the rest the time. From `likely` on an incident is offered, at most `offered` of them.
    """

    place_m: float
    time_ms: int
    words_m: float
    letters: int
    place: float
    time: float
    kind: float
    same_group: float
    words: float
    likely: float
    offered: int


class Unseen(NamedTuple):
    """When a report is a blind spot: no alarm of a device within `place_m` and `time_ms` of it. Shown for `shown_ms`."""

    place_m: float
    time_ms: int
    shown_ms: int


class Nearby(NamedTuple):
    """What is shown around an incident: within `place_m`; help that is there within `reach_s`; trends `trend_ms` before and after.

    `cameras` and `sensors`: at most so many; `sensitive`: the kinds of places that need care.
    """

    place_m: float
    reach_s: float
    trend_ms: int
    cameras: int
    sensors: int
    sensitive: frozenset[str]


class Scoring(NamedTuple):
    """How performance is told: a score from `satisfied` on is satisfied; rows are compared in `tiers` tiers."""

    satisfied: int
    tiers: int


class Deciding(NamedTuple):
    """What guards ask: so many returns lead to joint handling; whose own eyes verify; which groups have grades by law."""

    joint_returns: int
    collectors: frozenset[str]
    graded: frozenset[str]


class IncidentLimits(NamedTuple):
    """All of the file.

    `quiet_ms`: sensors are normal for so long before their incident may be closed; `attachment_bytes`: one file has at most so many;
    `track_ms`: the way of a unit is shown for so long; `major`: grades that are major; `needed`: kind of report -> the fields that it
    must have before it is reviewed; `calls_shown_ms`: a neighbouring centre's call is shown for so long after its last statement.
    """

    same: Sameness
    unseen: Unseen
    nearby: Nearby
    scoring: Scoring
    deciding: Deciding
    quiet_ms: int
    attachment_bytes: int
    track_ms: int
    major: frozenset[str]
    needed: Mapping[str, tuple[str, ...]]
    calls_shown_ms: int
