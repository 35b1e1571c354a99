"""A class knows its group, its section and its spine; one that nobody described has none, and becomes a case."""

from domain.incident_classes import ClassCatalogue, IncidentClass, Section

LAMP = IncidentClass("lamp", "路灯", "Lamp", "component", "facilities", "case", "normal", False, ("street_light",), "a test")
FLOOD = IncidentClass("flood", "洪水", "Flood", "natural_disaster", "", "emergency", "critical", True, ("rain_gauge",), "a test")
CATALOGUE = ClassCatalogue([Section("facilities", "公用设施", "Facilities", "component", "a test")], [LAMP, FLOOD])


def test_a_class_is_found_with_its_group_and_spine() -> None:
    assert CATALOGUE.get("flood") == FLOOD
    assert (CATALOGUE.group("flood"), CATALOGUE.spine("flood")) == ("natural_disaster", "emergency")
    assert list(CATALOGUE) == [LAMP, FLOOD] and len(CATALOGUE) == 2


def test_a_class_that_nobody_described_is_a_case_of_no_group() -> None:
    assert CATALOGUE.get("unheard_of") is None
    assert (CATALOGUE.group("unheard_of"), CATALOGUE.spine("unheard_of")) == ("", "case")


def test_a_class_is_meant_by_its_own_name_its_section_and_its_group() -> None:
    assert LAMP.lineage == ("lamp", "facilities", "component")
    assert FLOOD.lineage == ("flood", "natural_disaster")


def test_each_kind_of_device_knows_what_it_could_have_seen() -> None:
    assert CATALOGUE.seen_by("street_light") == [LAMP]
    assert CATALOGUE.seen_by("parking") == []
