"""A dispatch finds the entry of the responsibility matrix that speaks of it most specifically."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.clocks import Allowance
from domain.duties import Duty, DutyMatrix, Tie
from domain.incident_classes import ClassCatalogue, IncidentClass, Section


def a_class(code: str, group: str, section: str = "", day_and_night: bool = False) -> IncidentClass:
    return IncidentClass(code, code, code, group, section, "case", "normal", day_and_night, (), "a test")


CLASSES = ClassCatalogue(
    [Section("facilities", "公用设施", "Facilities", "component", "a test")],
    [
        a_class("cover", "component", "facilities"),
        a_class("lamp", "component", "facilities"),
        a_class("rubbish", "event"),
        a_class("hole", "component", "facilities", day_and_night=True),
    ],
)
TOWN = ("grid", "village", "town", "city")


def duty(rule_id: str, code: str, region: str = "", owner: str = "", deadline: Allowance = Allowance(4, "working_hours")) -> Duty:  # noqa: B008
    return Duty(rule_id, (code,), (region,) if region else (), owner, "urban_management", (), deadline, "a test")


def found(duties: list[Duty], code: str = "cover", chain: tuple[str, ...] = TOWN, owner: str = "") -> str | None:
    one = DutyMatrix(duties, CLASSES).find(code, chain, owner)
    return one.rule_id if one else None


LADDER = [
    duty(f"{owner or 'anyone'} {region or 'anywhere'} {code}", code, region, owner)
    for owner, region, code in product(("telecom", ""), ("village", "city", ""), ("cover", "facilities", "component"))
]
"""Most specific first."""


@pytest.mark.parametrize("missing", range(len(LADDER)))
def test_the_owner_goes_before_the_nearest_region_and_that_before_the_class(missing: int) -> None:
    assert found(LADDER[missing:], owner="telecom") == LADDER[missing].rule_id


@given(st.permutations(LADDER), st.integers(0, len(LADDER)))
def test_the_order_in_the_file_does_not_matter(shuffled: list[Duty], kept: int) -> None:
    best = min(shuffled[:kept], key=LADDER.index, default=None)
    assert found(shuffled[:kept], owner="telecom") == (best.rule_id if best else None)


def test_an_entry_for_an_owner_says_nothing_of_others() -> None:
    owned = duty("owned", "cover", owner="telecom")
    assert found([owned]) is None
    assert found([owned], owner="power_supply") is None
    assert found([owned, duty("any", "component")], owner="power_supply") == "any"


def test_an_entry_for_a_region_covers_what_is_below_it_and_nothing_else() -> None:
    local = duty("local", "cover", region="village")
    assert found([local], chain=("grid", "village", "town")) == "local"
    assert found([local], chain=("town", "city")) is None
    assert found([local], chain=()) is None


def test_an_entry_for_several_classes_and_regions_speaks_of_each() -> None:
    several = duty("several", "cover")._replace(classes=("cover", "rubbish"), regions=("village", "elsewhere"))
    assert [found([several], code, (region,)) for code in ("cover", "rubbish") for region in ("village", "elsewhere")] == ["several"] * 4


def test_where_nothing_fits_there_is_no_duty() -> None:
    assert found([duty("any", "component")], code="rubbish") is None
    assert found([duty("any", "component")], code="unheard_of") is None
    assert found([], code="cover") is None


def test_two_entries_that_are_equally_specific_are_refused() -> None:
    twice = [duty("first", "cover"), duty("second", "cover")._replace(classes=("lamp", "cover"))]
    with pytest.raises(Tie, match="second and first both speak of cover for the same region and owner") as tie:
        DutyMatrix(twice, CLASSES)
    assert (tie.value.rule_id, tie.value.other, tie.value.code) == ("second", "first", "cover")


def test_working_hours_of_a_class_that_runs_day_and_night_are_natural_hours() -> None:
    matrix = DutyMatrix([duty("any", "component"), duty("days", "event", deadline=Allowance(2, "working_days"))], CLASSES)
    deadlines = {code: one.deadline for code in ("cover", "hole") if (one := matrix.find(code, TOWN))}
    assert deadlines == {"cover": Allowance(4, "working_hours"), "hole": Allowance(4, "natural_hours")}


def test_working_days_stay_working_days_also_for_a_class_that_runs_day_and_night() -> None:
    deadline = Allowance(2, "working_days")
    one = DutyMatrix([duty("any", "component", deadline=deadline)], CLASSES).find("hole", TOWN)
    assert one is not None and one.deadline == deadline
