"""How many devices and alarms a region has, itself and below: kept by addition, never by counting again."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from domain.registry import Region, ancestors

FIELDS = ("devices", "online", "stale", "critical", "major", "minor", "warning", "unacknowledged")
SEVERITIES = ("critical", "major", "minor", "warning")


def fields_of(section: str, value: Any) -> Iterator[str]:
    """Which counts one entry of a section adds one to."""
    if section == "_about":
        yield "devices"
    elif section == "alarms" and not value.get("silence_id"):
        if value["state"] == "active":
            yield value["severity"]
        if value["acknowledged_at"] is None:
            yield "unacknowledged"


def shown(numbers: Mapping[str, int]) -> dict[str, Any]:
    """The counts of a region as the screens get them."""
    return {
        "devices": numbers["devices"],
        "online": numbers["online"],
        "stale": numbers["stale"],
        "alarms": {severity: numbers[severity] for severity in SEVERITIES},
        "unacknowledged": numbers["unacknowledged"],
    }


class Counts:
    """Counts per region and set of departments (the empty set: all)."""

    def __init__(self, tree: dict[str, Region]) -> None:
        self.tree = tree
        self.changed: set[str] = set()
        self._cells: dict[tuple[str, str], dict[str, int]] = {}
        self._totals: dict[frozenset[str], dict[str, dict[str, int]]] = {}
        self._chains: dict[str, list[str]] = {}

    def add(self, region: str, department: str, fields: Iterator[str] | tuple[str, ...], n: int) -> None:
        """Add `n` (1 or -1) to these fields of a region and of all above it."""
        for name in fields:
            cell = self._cells.setdefault((region, department), defaultdict(int))
            cell[name] += n
            for departments, regions in self._totals.items():
                if not departments or department in departments:
                    self._add_up(regions, region, name, n)
            self.changed.update(self._chain(region))

    def of(self, departments: frozenset[str]) -> dict[str, dict[str, int]]:
        """Region -> counts over these departments."""
        if departments not in self._totals:
            regions: dict[str, dict[str, int]] = {}
            for (region, department), cell in self._cells.items():
                if not departments or department in departments:
                    for name, n in cell.items():
                        self._add_up(regions, region, name, n)
            self._totals[departments] = regions
        return self._totals[departments]

    def plant(self, tree: dict[str, Region]) -> None:
        """Take another region tree; every region counts as changed."""
        self.tree = tree
        self._totals.clear()
        self._chains.clear()
        self.changed.update(self.of(frozenset()))

    def _add_up(self, regions: dict[str, dict[str, int]], region: str, name: str, n: int) -> None:
        for code in self._chain(region):
            regions.setdefault(code, dict.fromkeys(FIELDS, 0))[name] += n

    def _chain(self, region: str) -> list[str]:
        chain = self._chains.get(region)
        if chain is None:
            chain = self._chains[region] = ancestors(region, self.tree) or ([region] if region else [])
        return chain
