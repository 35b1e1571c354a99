"""Whose rosters, logs and numbers somebody sees: the center's own everybody on duty, a unit's those whose scope covers it."""

from collections.abc import Mapping

from domain.access import Actor, Forbidden
from domain.registry import Region, ancestors


def sees_unit(actor: Actor, unit: str, regions: Mapping[str, Region]) -> bool:
    """Whether the actor sees duty matters of a unit (a department's or a region's code, empty for the center)."""
    if not actor.may("see_duty"):
        return False
    if not unit:
        return True
    if unit in regions:
        return not actor.regions or bool(actor.regions.intersection(ancestors(unit, dict(regions))))
    return not actor.departments or unit in actor.departments


def must(actor: Actor, action: str, unit: str, regions: Mapping[str, Region]) -> None:
    """Raises Forbidden without the right, LookupError for a unit outside the scope. The center's own matters are for those whose scope
    is the whole city."""
    if not actor.may(action):
        raise Forbidden(action)
    if not sees_unit(actor, unit, regions) or (not unit and (actor.regions or actor.departments)):
        raise LookupError(unit)


def may(actor: Actor, action: str, unit: str, regions: Mapping[str, Region]) -> bool:
    """Whether `must` lets it pass."""
    try:
        must(actor, action, unit, regions)
    except (Forbidden, LookupError):
        return False
    return True
