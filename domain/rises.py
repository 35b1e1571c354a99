"""Hot themes and sudden rises of appeals: what came in the last span against the same span of the same weekday in the weeks before.

How many would come is not known for certain from a few weeks, so the count is compared with the negative binomial distribution that a
Poisson count has whose mean was learnt from those weeks (Gelman et al., Bayesian Data Analysis, 2.6, with Jeffreys' prior): fewer weeks,
less surprise.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import exp, lgamma, log
from typing import NamedTuple

PRIOR = 0.5


class RiseLimits(NamedTuple):
    """A rise has at least `least` appeals, at least `factor` times the usual, and so many or more would come with a chance of at most
    `chance`. Spans are `span_ms` long, compared with those `weeks` weeks before; at most `shown` are told."""

    span_ms: int
    weeks: int
    least: int
    factor: float
    chance: float
    shown: int


class Counted(NamedTuple):
    """Appeals of one theme in one town: `now` in the last span, `before` in the same span of each week before, the nearest first."""

    region: str
    theme: str
    now: int
    before: tuple[int, ...]


class Hot(NamedTuple):
    """What is told of it: `usual` is the mean of the weeks before, `chance` that so many or more come by chance; `rising`: it is a rise."""

    region: str
    theme: str
    now: int
    usual: float
    chance: float
    rising: bool


def chance(count: int, before: Sequence[int]) -> float:
    """The chance of `count` or more after such weeks; 1 for none."""
    shape, weeks = sum(before) + PRIOR, len(before)
    share = weeks / (weeks + 1)
    if not weeks:
        return 1.0
    below = sum(exp(lgamma(k + shape) - lgamma(shape) - lgamma(k + 1) + shape * log(share) + k * log(1 - share)) for k in range(count))
    return min(1.0, max(0.0, 1 - below))


def hot(counted: Iterable[Counted], limits: RiseLimits) -> list[Hot]:
    """Rises first, the most surprising of them first; then the themes with the most appeals; none with fewer than the least."""
    found = [_judged(one, limits) for one in counted if one.now >= limits.least]
    return sorted(found, key=lambda one: (not one.rising, one.chance if one.rising else 0, -one.now, one.region, one.theme))[: limits.shown]


def _judged(one: Counted, limits: RiseLimits) -> Hot:
    usual = sum(one.before) / len(one.before) if one.before else 0.0
    surprise = chance(one.now, one.before)
    rising = bool(one.before) and surprise <= limits.chance and one.now >= limits.factor * usual
    return Hot(one.region, one.theme, one.now, round(usual, 2), surprise, rising)


def by_town(counts: Mapping[tuple[str, str], Sequence[int]], town_of: Mapping[str, str]) -> list[Counted]:
    """Counts of (region, theme), the last span first, added up by the town that a region lies in; what lies in none is left out."""
    sums: dict[tuple[str, str], list[int]] = {}
    for (region, theme), spans in counts.items():
        town = town_of.get(region)
        if town:
            known = sums.setdefault((town, theme), [0] * len(spans))
            sums[town, theme] = [one + other for one, other in zip(known, spans, strict=True)]
    return [Counted(town, theme, spans[0], tuple(spans[1:])) for (town, theme), spans in sums.items()]
