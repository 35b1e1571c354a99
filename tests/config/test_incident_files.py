"""What a city says of its incidents is read strictly, and what ships leaves no class without somebody who must handle it."""

from pathlib import Path

import pytest
import yaml

from config.files import load_kinds
from config.incident_files import load_classes, load_clocks, load_departments, load_duties
from config.strict import FOLDER, ConfigError
from domain.clocks import Allowance
from domain.incident_classes import GROUPS
from tests.config.spoiling import spoil

DEMO = FOLDER / "demo" / "dongguan.yaml"
CENTRE, ELSEWHERE = ("441900004", "441900-Z1", "441900"), ("441900119", "441900-Z3", "441900")


def test_every_class_that_ships_has_somebody_who_must_handle_it_anywhere() -> None:
    classes, matrix = load_classes(), load_duties()
    assert len(classes) >= 60 and {one.group for one in classes} == set(GROUPS)
    assert [one.code for one in classes if matrix.find(one.code, ()) is None] == []


def test_every_department_in_the_matrix_is_one_of_the_demo_city_too() -> None:
    named = {code for duty in load_duties() for code in (duty.lead, *duty.assisting, *filter(None, [duty.owner]))}
    demo = {one["code"] for one in yaml.safe_load(DEMO.read_text(encoding="utf-8"))["departments"]}
    assert named <= set(load_departments()) == demo


def test_every_kind_of_device_named_by_a_class_has_seen_something() -> None:
    assert {kind for one in load_classes() for kind in one.kinds} <= set(load_kinds())


@pytest.mark.parametrize(
    ("code", "deadline"),
    [
        ("standing_water", Allowance(4, "natural_hours")),
        ("exposed_rubbish", Allowance(4, "working_hours")),
        ("road_unclean", Allowance(2, "working_hours")),
        ("illegal_building", Allowance(4, "working_hours")),
        ("illegal_building_penalty", Allowance(7, "working_days")),
        ("illegal_building_demolition", Allowance(20, "working_days")),
        ("manhole_cover_missing", Allowance(4, "natural_hours")),
        ("consult", Allowance(1, "working_days")),
    ],
)
def test_the_demo_profile_has_its_deadlines(code: str, deadline: Allowance) -> None:
    found = load_duties().find(code, ELSEWHERE)
    assert found is not None and found.deadline == deadline


def test_the_owner_of_a_component_and_the_streets_of_the_centre_have_entries_of_their_own() -> None:
    matrix = load_duties()
    chains = {"elsewhere": ELSEWHERE, "centre": CENTRE}
    rules = {name: one.rule_id for name, chain in chains.items() if (one := matrix.find("shop_on_pavement", chain))}
    assert rules == {"elsewhere": "street_order", "centre": "street_order_centre"}
    owned = matrix.find("manhole_cover_missing", CENTRE, "telecom")
    assert owned is not None and (owned.rule_id, owned.lead) == ("owned_by_telecom", "telecom")


def test_the_steps_and_reports_of_the_demo_profile_have_their_clocks() -> None:
    book = load_clocks()
    assert {step: one.ms // 60_000 for step, one in book.of("case").items()} == {"verify": 30, "file": 30, "dispatch": 30, "check": 120}
    assert set(book.of("order")) == {"dispatch", "call_back"}
    reports = {(one.grade, one.form): one.allowance.ms // 60_000 for grade in ("I", "II", "III", "IV") for one in book.reports(grade)}
    written = {("I", "written"): 30, ("II", "written"): 30, ("III", "written"): 60}
    assert reports == {("I", "phone"): 15, ("II", "phone"): 15, ("III", "phone"): 30, **written}
    assert {one.counted_from for grade in ("I", "III") for one in book.reports(grade)} == {"occurred", "received"}


CLASSES, DUTIES, CLOCKS = "incident_classes.yaml", "duties.yaml", "incident_clocks.yaml"
LAMP = {
    "zh": "灯",
    "en": "Lamp",
    "group": "event",
    "spine": "case",
    "urgency": "normal",
    "day_and_night": False,
    "kinds": [],
    "source": "x",
}
RUBBISH = {
    "classes": ["exposed_rubbish"],
    "regions": "all",
    "lead": "urban_management",
    "assisting": [],
    "deadline": {"amount": 1, "unit": "working_days"},
    "source": "x",
}
CHECK = {"spine": "case", "clock": "check", "amount": 1, "unit": "working_days", "source": "x"}
WRONG = [
    (CLASSES, "fire", {"group": "disaster"}, "incident_classes.yaml: fire: group: 'disaster': expected one of natural_disaster, accident,"),
    (CLASSES, "fire", {"spine": "cases"}, "incident_classes.yaml: fire: spine: 'cases': expected one of case, order, emergency"),
    (CLASSES, "fire", {"urgency": "high"}, "incident_classes.yaml: fire: urgency: 'high': expected one of critical, urgent, normal"),
    (CLASSES, "fire", {"day_and_night": "yes"}, "incident_classes.yaml: fire: day_and_night: 'yes': expected true or false"),
    (CLASSES, "fire", {"kinds": ["smoke"]}, "incident_classes.yaml: fire: kinds: ['smoke']: expected a list, none twice, of air_quality,"),
    (CLASSES, "fire", {"source": ...}, "incident_classes.yaml: fire: source: is missing"),
    (CLASSES, "fire", {"colour": "red"}, "incident_classes.yaml: fire: colour: 'red': expected a known key: zh, en, group, spine,"),
    (CLASSES, "fire", {"part_of": "accident"}, "incident_classes.yaml: fire: group: 'accident': expected a known key: part_of,"),
    (
        CLASSES,
        "construction",
        {"part_of": "site"},
        "incident_classes.yaml: construction: part_of: 'site': expected one of natural_disaster,",
    ),
    (CLASSES, "event", LAMP, "incident_classes.yaml: event: expected another name, for this is a group's"),
    (DUTIES, "fires", {"classes": ["fires"]}, "duties.yaml: fires: classes: ['fires']: expected a list, none twice, of natural_disaster,"),
    (DUTIES, "fires", {"classes": []}, "duties.yaml: fires: classes: []: expected a list, none twice, of natural_disaster,"),
    (DUTIES, "fires", {"regions": []}, "duties.yaml: fires: regions: []: expected all, or a list of region codes as text, none twice"),
    (DUTIES, "fires", {"regions": [441900]}, "duties.yaml: fires: regions: [441900]: expected all, or a list of region codes as text"),
    (DUTIES, "fires", {"lead": "brigade"}, "duties.yaml: fires: lead: 'brigade': expected one of water, transport,"),
    (DUTIES, "fires", {"owner": "brigade"}, "duties.yaml: fires: owner: 'brigade': expected one of water, transport,"),
    (DUTIES, "fires", {"assisting": ["brigade"]}, "duties.yaml: fires: assisting: ['brigade']: expected a list, none twice, of water,"),
    (DUTIES, "fires", {"assisting": ["fire"]}, "duties.yaml: fires: assisting: ['fire']: expected others than the lead, fire"),
    (DUTIES, "fires", {"deadline": 4}, "duties.yaml: fires: deadline: 4: expected {amount, unit}"),
    (DUTIES, "fires", {"deadline": {"amount": 0, "unit": "working_days"}}, "duties.yaml: fires: deadline: {'amount': 0, 'unit': 'working_"),
    (
        DUTIES,
        "fires",
        {"deadline": {"amount": 4, "unit": "hours"}},
        "duties.yaml: fires: deadline: {'amount': 4, 'unit': 'hours'}:",
    ),
    (DUTIES, "fires", {"source": ...}, "duties.yaml: fires: source: is missing"),
    (
        DUTIES,
        "rubbish",
        RUBBISH,
        "duties.yaml: rubbish: classes: 'exposed_rubbish': expected what exposed_rubbish doesn't say of the same regions and owner",
    ),
    (CLOCKS, "case_check", {"clock": "handle"}, "incident_clocks.yaml: case_check: clock: 'handle': expected one of verify, file,"),
    (CLOCKS, "case_check", {"amount": -1}, "incident_clocks.yaml: case_check: amount: -1: expected a number above 0"),
    (CLOCKS, "case_check", {"unit": "minutes"}, "incident_clocks.yaml: case_check: unit: 'minutes': expected one of natural_hours,"),
    (CLOCKS, "case_check", {"grade": "I"}, "incident_clocks.yaml: case_check: spine: 'case': expected a known key: grade, form, from,"),
    (
        CLOCKS,
        "report_I_phone",
        {"from": "noticed"},
        "incident_clocks.yaml: report_I_phone: from: 'noticed': expected one of occurred,",
    ),
    (CLOCKS, "report_I_phone", {"source": ...}, "incident_clocks.yaml: report_I_phone: source: is missing"),
    (CLOCKS, "again", CHECK, "incident_clocks.yaml: again: expected another one than case_check, which says case check too"),
]


@pytest.mark.parametrize(("name", "entry", "changes", "line"), WRONG)
def test_an_error_names_file_entry_key_value_and_what_was_expected(
    folder: Path, name: str, entry: str, changes: dict[str, object], line: str
) -> None:
    spoil(folder, name, entry, **changes)
    with pytest.raises(ConfigError) as error:
        load_clocks(folder)
        load_duties(folder)
    assert str(error.value).startswith(line)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("content", ["departments", "- {zh: 水务局}", "- water", "[1"])
def test_departments_that_are_no_list_of_departments_are_one_line(folder: Path, content: str) -> None:
    (folder / "departments.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"departments\.yaml: .*expected a list of departments"):
        load_departments(folder)
