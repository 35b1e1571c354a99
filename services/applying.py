"""What holds for an incident where it is: the plan that speaks of its class, and the public warnings in force over its place."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from domain.access import Actor
from domain.plans import Plan, chosen
from domain.registry import Region, ancestors
from services.incident_desk import IncidentDesk
from services.plans import Plans
from services.warnings import Active, Warnings


class Applies(NamedTuple):
    """The approved plan of the incident's class (None: there is none, or the actor sees no plans), and the warnings, gravest first."""

    plan: Plan | None
    warnings: Sequence[Active]


class Applying:
    """`lineage(class_code)`: class, section, group."""

    def __init__(
        self,
        desk: IncidentDesk,
        plans: Plans,
        warnings: Warnings,
        regions: Callable[[], Mapping[str, Region]],
        lineage: Callable[[str], Sequence[str]],
    ) -> None:
        self._desk, self._plans, self._warnings, self._regions, self._lineage = desk, plans, warnings, regions, lineage

    def to(self, actor: Actor, incident_id: str, at: int) -> Applies:
        """What holds for the incident at `at` (epoch ms). Raises LookupError for one outside the actor's scope, Forbidden."""
        incident = self._desk.mine(actor, incident_id)
        above = set(ancestors(incident.region, dict(self._regions())))
        plans = self._plans.all(actor, at) if actor.may("see_duty") else []
        held = [one for one in self._warnings.active(actor, at) if above.intersection(one.heard.placed.regions)]
        return Applies(chosen(plans, self._lineage(incident.class_code)), held)
