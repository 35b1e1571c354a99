"""Which incidents somebody sees: by region, by the departments an incident was given to, and always what they reported themselves."""

from collections.abc import Mapping

from domain.access import Actor
from domain.incident_life import Incident
from domain.registry import Region, ancestors
from services.incident_ports import Scoped


def sees_incident(actor: Actor, incident: Incident, regions: Mapping[str, Region]) -> bool:
    """Whether the incident lies in the actor's scope. One without a region is seen by those who see the whole city."""
    if not actor.may("see_picture"):
        return False
    if incident.reported_by == actor.username:
        return True
    if actor.departments and not actor.departments & incident.involved:
        return False
    return not actor.regions or bool(actor.regions.intersection(ancestors(incident.region, dict(regions))))


def scoped(actor: Actor, regions: Mapping[str, Region]) -> Scoped:
    """The scope as a store can ask for it: every region code that is covered, and the departments."""
    tree = dict(regions)
    covered = tuple(sorted(code for code in tree if actor.regions.intersection(ancestors(code, tree)))) if actor.regions else None
    return Scoped(covered, tuple(sorted(actor.departments)) if actor.departments else None)
