"""Beside an incident stand the plan of its class and the warnings over its place."""

from typing import Any

import pytest

from domain.access import Actor, Forbidden
from domain.incident_life import Incident
from domain.plans import Plan, PlanStep
from domain.warnings import Area, Level
from services.applying import Applying
from services.plans import Plans
from tests.services.incident_fakes import REGIONS
from tests.services.test_warnings import ADMIN, EAST, NOW, OFFICER, SOUTH, Desk, warned

HELD = {"applying.to"}
"""What this file holds to scope; the rest of it is public (warnings) or asked of services that are held."""
STEP = PlanStep("pump", "抽排", "Pump", ("3", "4"), "water", "seat", 30)
INCIDENT = Incident("i1", "E-441900-0000001", class_code="standing_water", region=SOUTH)
LINEAGE = {"standing_water": ("standing_water", "water", "natural_disaster")}


class Incidents:
    """The desk: everybody of the city sees the one incident, who is bound to another town doesn't."""

    def mine(self, actor: Actor, incident_id: str) -> Incident:
        if actor.regions and SOUTH not in actor.regions:
            raise LookupError(incident_id)
        return INCIDENT


class Drawer:
    """PlanStore: versions of plans."""

    def __init__(self, *plans: Plan) -> None:
        self._plans = list(plans)

    def plans(self) -> list[Plan]:
        return self._plans


def plan(code: str, classes: tuple[str, ...], state: str = "approved") -> Plan:
    return Plan(code, code, 1, code, "", "special", classes, (STEP,), "", state, "leader", NOW - 1)


def applying(desk: Desk, *plans: Plan) -> Applying:
    drawer: Any = Drawer(*plans)
    incidents: Any = Incidents()
    return Applying(incidents, Plans(drawer, (), lambda: ()), desk.warnings, lambda: REGIONS, lambda code: LINEAGE.get(code, ()))


def test_the_approved_plan_that_names_the_class_most_narrowly_stands_beside_its_incident() -> None:
    plans = plan("all", ("natural_disaster",)), plan("water", ("water",)), plan("draft", ("standing_water",), "draft")
    found = applying(Desk(), *plans).to(OFFICER, "i1", NOW)
    assert found.plan and found.plan.code == "water" and found.plan.steps == (STEP,)
    assert applying(Desk(), plans[2]).to(OFFICER, "i1", NOW).plan is None


def test_warnings_over_the_place_stand_there_gravest_first_and_those_of_another_town_do_not() -> None:
    desk = Desk()
    city = warned("city")
    desk.state(city, *(warned(f"of-{town}", level=Level.RED, areas=(Area("", (("GB/T 2260", town),)),)) for town in (SOUTH, EAST)))
    found = applying(desk).to(OFFICER, "i1", NOW)
    assert [one.heard.said.statement for one in found.warnings] == [f"of-{SOUTH}", "city"]


def test_who_sees_neither_incident_nor_plans_gets_neither() -> None:
    elsewhere = Actor("east", frozenset({"duty_officer"}), regions=frozenset({EAST}))
    with pytest.raises(LookupError):
        applying(Desk()).to(elsewhere, "i1", NOW)
    with pytest.raises(Forbidden):
        applying(Desk(), plan("water", ("water",))).to(ADMIN, "i1", NOW)
