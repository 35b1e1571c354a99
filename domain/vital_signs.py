"""City vital signs 城市体征: each indicator's score from 0 to 100, a domain's by weights, the city's by its domains.

One straight line: 100 at the target, 60 at the edge of what is normal, and on with the same slope down to 0. So what scores less than 60
is outside normal. An indicator that should lie in a range scores 100 anywhere in it, and from 60 down as far outside as the range is wide.

What is missing, late or without a normal is never counted as good: it has no score, its weight is listed, and the share of the weight that
was scored is shown as coverage. Below the least coverage there is no score at all.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

EDGE = 60.0
WHY_NOT = ("missing", "late", "suspect", "nothing", "not_learnt", "no_target", "coverage")
"""Why something has no score."""


class Band(NamedTuple):
    """What is normal: from `low` to `high` (None: no bound), `middle` where it was learnt, of how many days."""

    low: float | None
    high: float | None
    middle: float | None = None
    days: int | None = None
    basis: str = ""

    def holds(self, value: float) -> bool:
        """Whether the value is normal."""
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


class Scored(NamedTuple):
    """A score from 0 to 100, or None and one of WHY_NOT."""

    score: float | None
    why_not: str = ""


class Part(NamedTuple):
    """What goes into a roll-up: a name, its weight, its score."""

    name: str
    weight: float
    scored: Scored


class Rolled(NamedTuple):
    """The score of a domain or of the city, the share of the weight that was scored, and what was not, with its weight and why."""

    score: float | None
    coverage: float
    missing: Sequence[Part]


def score(value: float, band: Band, target: float | None, direction: str) -> Scored:
    """The score of a value. `target` None: the middle of what was learnt."""
    if direction == "range":
        return _in_range(value, band)
    edge = band.low if direction == "higher" else band.high
    aim = band.middle if target is None else target
    if edge is None or aim is None:
        return Scored(None, "no_target")
    sign = 1.0 if direction == "higher" else -1.0
    span = sign * (aim - edge)
    if span <= 0:
        aim, span = edge, _scale(band, edge)
        return Scored(100.0 if sign * (value - edge) >= 0 else _clamp(EDGE + 40 * sign * (value - edge) / span))
    return Scored(_clamp(100 - 40 * sign * (aim - value) / span))


def _in_range(value: float, band: Band) -> Scored:
    if band.low is None or band.high is None:
        return Scored(None, "no_target")
    if band.holds(value):
        return Scored(100.0)
    far = max(band.low - value, value - band.high)
    return Scored(_clamp(EDGE - EDGE * far / _scale(band, band.high)))


def _scale(band: Band, edge: float) -> float:
    """How far is far: the width of the band; of an open one half of its edge."""
    width = band.high - band.low if band.low is not None and band.high is not None else 0.0
    return width or abs(edge) / 2 or 1.0


def _clamp(raw: float) -> float:
    return min(100.0, max(0.0, raw))


def roll_up(parts: Sequence[Part], least_coverage: float) -> Rolled:
    """The weighted mean of what has a score; None below `least_coverage` (a share of the weight)."""
    total = sum(part.weight for part in parts)
    there = [part for part in parts if part.scored.score is not None]
    weight = sum(part.weight for part in there)
    coverage = weight / total if total else 0.0
    missing = [part for part in parts if part.scored.score is None]
    if not weight or coverage < least_coverage:
        return Rolled(None, coverage, missing)
    return Rolled(sum(part.weight * (part.scored.score or 0.0) for part in there) / weight, coverage, missing)


class SignRules(NamedTuple):
    """`weights`: domain -> its weight in the city's score; `least_coverage`: below this share of the weight there is no score."""

    weights: Mapping[str, float]
    least_coverage: float
