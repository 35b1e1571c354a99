"""Which stored alarm is which episode, after late readings have changed the past."""

from collections.abc import Sequence
from typing import NamedTuple

from domain.alarms import Episode

FOREVER = 1 << 62


class Span(NamedTuple):
    """A stored alarm's extent; `live` is False for a withdrawn one."""

    raised_at: int
    cleared_at: int | None
    live: bool


def match(episodes: Sequence[Episode], stored: Sequence[Span]) -> list[tuple[int | None, Episode | None]]:
    """Pairs of (index in `stored`, episode): each episode once, each stored one at most once.

    An episode takes the stored alarm that begins when it does, else the one it overlaps longest; living ones go before withdrawn
    ones. No episode: the alarm has vanished. No index: the episode is new. Withdrawn alarms that match nothing are left out.
    """
    free = set(range(len(stored)))
    pairs: list[tuple[int | None, Episode | None]] = []
    exact = {}
    for n, episode in enumerate(episodes):
        same = [i for i in free if stored[i].raised_at == episode.raised_at]
        if same:
            exact[n] = max(same, key=lambda i: (stored[i].live, -i))
            free.discard(exact[n])
    for n, episode in enumerate(episodes):
        found = exact.get(n)
        if found is None:
            found = _longest(episode, stored, free)
        pairs.append((found, episode))
        free.discard(-1 if found is None else found)
    return pairs + [(i, None) for i in sorted(free) if stored[i].live]


def _longest(episode: Episode, stored: Sequence[Span], free: set[int]) -> int | None:
    overlapping = [i for i in free if _overlap(episode, stored[i]) > 0]
    return max(overlapping, key=lambda i: (stored[i].live, _overlap(episode, stored[i]), -i), default=None)


def _overlap(episode: Episode, span: Span) -> int:
    end = min(_end(episode.cleared_at), _end(span.cleared_at))
    return end - max(episode.raised_at, span.raised_at)


def _end(cleared_at: int | None) -> int:
    return FOREVER if cleared_at is None else cleared_at
