"""travel.yaml and needs.yaml: what is shipped can be used, and what is wrong is told in one line."""

import pytest

from config.incident_files import load_classes
from config.needs import load_needs
from config.travel import load_travel
from domain.incident_classes import GROUPS
from domain.travel import BANDS
from tests.config.spoiling import assert_refused

LOADERS = {"travel.yaml": load_travel, "needs.yaml": lambda folder: load_needs(load_classes(), folder)}


def test_crews_drive_slower_at_peak_and_every_hour_belongs_to_a_part_of_the_day():
    rules = load_travel()
    assert {rules.band(hour) for hour in range(24)} == set(BANDS)
    assert all(0 < one.factors["peak"] <= one.factors["day"] <= one.factors["night"] for one in rules.classes.values())
    assert rules.road_class("cart track") == rules.classes["other"]


def test_every_incident_that_is_not_an_appeal_needs_somebody():
    classes = load_classes()
    book = load_needs(classes)
    without = [one.code for one in classes if one.group != "appeal" and not book.of(one.lineage)]
    assert without == [] and {one.group for one in classes} <= set(GROUPS)


def test_the_narrowest_entry_says_what_is_needed():
    book = load_needs(load_classes())
    assert [need.capability for need in book.of(("fire", "accident"))] == ["fire_engine", "ladder", "ambulance"]
    assert [need.capability for need in book.of(("work_accident", "accident"))] == ["rescue"]
    assert book.of(("consult", "appeal")) == ()


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("travel.yaml", "hours: [7, 8", "hours: [22, 8", "an hour in only one of them"),
        ("travel.yaml", "hours: [7, 8", "hours: [24, 8", "hours from 0 to 23"),
        ("travel.yaml", "kmh: 100", "kmh: 0", "a number above 0"),
        ("travel.yaml", "calm: 1.", "calm: 0.", "1 or more"),
        ("travel.yaml", "\nother:", "\nothers:", "other: is missing"),
        ("needs.yaml", "capability: ladder, number: 1", "capability: ladder, number: 0", "a number of units from 1 on"),
        ("needs.yaml", "classes: [fire, ", "classes: [fires, ", "a class, section or group"),
        ("needs.yaml", "classes: [public_health]", "classes: [fire]", "no other entry speaks of"),
        ("needs.yaml", "available: 1.0", "resting: 1.0", "states with their factors"),
        ("needs.yaml", "own_region: 0.84", "own_region: -1", "a factor above 0"),
        ("needs.yaml", "ladder: 0.49", "ladder: -0.49", "a number, 0 or more"),
        ("needs.yaml", "{fire_engine: 0.49, ladder: 0.49}", "[ladder]", "capabilities with their exponents"),
    ],
)
def test_a_wrong_value_is_one_line_that_names_it(tmp_path, name, old, new, says):
    assert_refused(LOADERS[name], tmp_path, (name, old, new), says)
