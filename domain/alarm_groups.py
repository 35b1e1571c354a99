"""Many alarms near each other in time, place and kind are one group: a pure function of the alarms shown."""

from collections.abc import Hashable, Sequence
from typing import NamedTuple, TypeVar

from domain.alarm_care import Nearness
from domain.distance import METRES_PER_DEGREE, metres_between

Key = TypeVar("Key", bound=Hashable)


class Placed(NamedTuple):
    """What grouping asks of an alarm: its kind (the rule), when it was raised (epoch ms), where it is; no place: it stands alone."""

    kind: str
    raised_at: int
    lon: float | None
    lat: float | None


def groups(alarms: Sequence[tuple[Key, Placed]], nearness: Nearness) -> list[list[Key]]:
    """The keys in groups. An alarm belongs to the group of every other one of its kind within `within_m` and `within_s`, so that a
    group may reach further than that. Groups come in the order of their first member here, members in the order given."""
    parent = list(range(len(alarms)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for cell in _cells(alarms, nearness):
        for a, b in cell:
            if _near(alarms[a][1], alarms[b][1], nearness):
                low, high = sorted((root(a), root(b)))
                parent[high] = low
    found: dict[int, list[Key]] = {}
    for i, (key, _) in enumerate(alarms):
        found.setdefault(root(i), []).append(key)
    return list(found.values())


def _near(one: Placed, other: Placed, nearness: Nearness) -> bool:
    if one.lon is None or one.lat is None or other.lon is None or other.lat is None:
        return False
    soon = abs(one.raised_at - other.raised_at) <= nearness.within_s * 1000
    return soon and metres_between(one.lon, one.lat, other.lon, other.lat) <= nearness.within_m


def _cells(alarms: Sequence[tuple[Key, Placed]], nearness: Nearness) -> list[list[tuple[int, int]]]:
    """Pairs worth measuring: of one kind, in the same or neighbouring strips of latitude and stretches of time.

    A strip is rather too wide than too narrow."""
    strip, stretch = 1.01 * max(nearness.within_m, 1.0) / METRES_PER_DEGREE, max(nearness.within_s, 1.0) * 1000
    cells: dict[tuple[str, int, int], list[int]] = {}
    for i, (_, one) in enumerate(alarms):
        if one.lon is not None and one.lat is not None:
            cells.setdefault((one.kind, int(one.lat // strip), int(one.raised_at // stretch)), []).append(i)
    found = []
    for (kind, y, t), members in cells.items():
        beside = [j for dy in (-1, 0, 1) for dt in (-1, 0, 1) for j in cells.get((kind, y + dy, t + dt), ())]
        found.append([(i, j) for i in members for j in beside if i < j])
    return found
