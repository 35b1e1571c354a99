"""A scope: the set of pieces that a person may see. Screens of one scope get the same bytes."""

import hashlib
from typing import NamedTuple

from domain.access import Actor
from domain.registry import Region, ancestors


class Scope(NamedTuple):
    """Regions (each with all below it) and departments; an empty set means all."""

    regions: frozenset[str]
    departments: frozenset[str]

    @property
    def mark(self) -> str:
        """A short name by which a screen can tell whether its scope is still the one it was."""
        told = "\n".join([",".join(sorted(self.regions)), ",".join(sorted(self.departments))])
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    def covers(self, region: str, department: str, tree: dict[str, Region]) -> bool:
        """Whether a thing of `region` and `department` is in the scope; as Actor.sees, without the right to look at all."""
        if self.departments and department not in self.departments:
            return False
        return self.covers_region(region, tree)

    def covers_region(self, region: str, tree: dict[str, Region]) -> bool:
        """Whether the region as a whole is in the scope."""
        return not self.regions or bool(self.regions.intersection(ancestors(region, tree)))


def scope_of(actor: Actor) -> Scope:
    """The scope of an actor who may see the picture."""
    return Scope(actor.regions, actor.departments)


def split_piece(name: str) -> tuple[str, str, str]:
    """`region|department|section` in its three parts."""
    place, _, section = name.rpartition("|")
    region, _, department = place.partition("|")
    return region, department, section
