"""Alarms that go on and off: a series that changes too often is marked and counted, and shown once."""

from collections.abc import Sequence
from typing import NamedTuple


class Flapping(NamedTuple):
    """A series flaps when its alarms were raised and cleared at least `changes` times within `within_s` seconds; 0: never."""

    changes: int
    within_s: float


NEVER = Flapping(0, 0.0)


class Life(NamedTuple):
    """When one alarm was raised, and cleared (None: it is active). Epoch milliseconds."""

    raised_at: int
    cleared_at: int | None

    @property
    def last_change(self) -> int:
        """When it was raised or cleared, whichever came last."""
        return self.raised_at if self.cleared_at is None else self.cleared_at


class Mark(NamedTuple):
    """`times`: how often the series was raised within the window that ends with this alarm's last change, itself included.
    `superseded`: a later alarm of the same flapping series counts this one and stands for it."""

    times: int = 1
    flapping: bool = False
    superseded: bool = False


def marks(lives: Sequence[Life], policy: Flapping) -> list[Mark]:
    """One mark for each alarm of a series; `lives` are sorted by `raised_at`, alarms that never were left out."""
    if not policy.changes:
        return [Mark() for _ in lives]
    found = [_mark(lives, i, policy) for i in range(len(lives))]
    return [mark._replace(superseded=_superseded(lives, found, i, policy)) for i, mark in enumerate(found)]


def window_start(life: Life, policy: Flapping) -> int:
    """What changed later than this counts with `life`."""
    return life.last_change - round(policy.within_s * 1000)


def _mark(lives: Sequence[Life], i: int, policy: Flapping) -> Mark:
    since, raised, changes = window_start(lives[i], policy), 0, 0
    for life in reversed(lives[: i + 1]):
        if life.last_change <= since:
            break
        raised += life.raised_at > since
        changes += (life.raised_at > since) + (life.cleared_at is not None)
    return Mark(max(raised, 1), changes >= policy.changes)


def _superseded(lives: Sequence[Life], found: Sequence[Mark], i: int, policy: Flapping) -> bool:
    reach = round(policy.within_s * 1000)
    for later in range(i + 1, len(lives)):
        if lives[later].raised_at - lives[i].last_change >= reach:
            return False
        if found[later].flapping and window_start(lives[later], policy) < lives[i].last_change:
            return True
    return False
