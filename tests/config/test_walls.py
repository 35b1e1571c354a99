"""Scenes, walls and rules of takeover in config/displays.yaml: what is wrong is said with its place."""

import pytest
import yaml

from config.displays import FILE, DisplayError
from config.strict import FOLDER, ConfigError
from config.wall_care import load_wall_care
from config.walls import load_walls
from layouts.panels import PANELS
from layouts.wall import Screen, asked, display_of

INDICATORS = yaml.safe_load(FILE.with_name("indicators.yaml").read_text("utf-8"))
KINDS = yaml.safe_load(FILE.with_name("device_kinds.yaml").read_text("utf-8"))


def test_every_scene_of_the_city_names_panels_indicators_and_kinds_that_there_are():
    walls = load_walls(panels=PANELS, indicators=INDICATORS)
    assert {"overview", "traffic", "environment", "city", "safety", "appeals", "utilities", "cloud", "command", "duty"} <= set(walls.scenes)
    assert {kind for display in walls.displays.values() for kind in display.kinds} <= set(KINDS)
    for wall in walls.walls:
        for scene in walls.scenes:
            display = display_of(walls, Screen(wall, scene))
            assert all(1 <= rows <= 60 for rows in display.rows.values())


def test_a_wall_read_from_farther_away_has_larger_type_and_shorter_lists():
    walls = load_walls()
    near, far = (display_of(walls, Screen(wall, "duty")).rows["alarms"] for wall in ("hall", "default"))
    assert near > far


WRONG = [
    ("    shade: congestion", "    shade: weather", "scenes.traffic: shade: 'weather'"),
    ("    trends: [speed, flow]", "    trends: [speed, tides]", "scenes.traffic: trends"),
    (
        'grid: ["command map timeline", "crew map timeline", "crew video alarms"]',
        'grid: ["command map timeline", "crew map map", "crew video alarms"]',
        "a rectangle for",
    ),
    ('"on_duty map alarms", "units map pressing"', '"on_duty map alarms", "units map tides"', "scenes.duty: areas"),
    ("kinds: [traffic_flow, parking, vehicle]", "kinds: [traffic_flow, parkings]", "scenes.traffic: kinds"),
    ("height_m: 2.4, distance_m: 5,", "height_m: 2.4, distance_m: 50,", "walls.hall: distance_m: 50"),
    ("pixels: [3840, 2160]", "pixels: [3840]", "walls.hall: pixels"),
    ("scene: command, seconds: 60", "scene: comand, seconds: 60", "takeover.grave: scene: 'comand'"),
    ("rest_s: 300, takeover: [grave, critical], fill: []}", "rest_s: 300, takeover: [great], fill: []}", "walls.default: takeover"),
    ("\n  led:\n", "\n  hall:\n", "'hall' is there twice"),
    ("\n  led:\n", "\n  led: 3\n  other:\n", "led: 3: expected a name with keys"),
    ("\ntakeover:\n", "\ntake_over:\n", "takeover: is missing"),
    ("\nscenes:\n", "\nscenes: [\n", "is not YAML"),
    ("{scene: traffic, seconds: 30}", "{scene: traffic, seconds: 1}", "walls.hall: playlist"),
]


@pytest.mark.parametrize(("right", "wrong", "said"), WRONG, ids=[said for _, _, said in WRONG])
def test_a_wrong_entry_is_named_with_its_place(tmp_path, right, wrong, said):
    text = FILE.read_text("utf-8")
    assert right in text
    spoiled = tmp_path / "displays.yaml"
    spoiled.write_text(text.replace(right, wrong, 1), "utf-8")
    with pytest.raises(DisplayError) as error:
        load_walls(spoiled, PANELS, INDICATORS, KINDS)
    assert str(error.value).startswith("displays.yaml: ") and said in str(error.value)


def test_an_address_chooses_wall_and_scene_and_falls_back_to_the_first():
    walls = load_walls()
    assert asked(walls, None) == Screen("default", "overview")
    assert asked(walls, "?wall=hall&scene=traffic") == Screen("hall", "traffic", True)
    assert asked(walls, "?wall=nowhere&scene=nothing") == Screen("default", "overview")


def test_every_wall_is_taken_over_by_all_rules_unless_it_names_its_own(tmp_path):
    assert all(wall.takeover == ("grave", "critical") for wall in load_walls().walls.values())
    text = FILE.read_text("utf-8")
    for said, takes in (("takeover: [grave, critical], ", "takeover: [], "), ("takeover: [grave, critical], ", "")):
        assert said in text
        changed = tmp_path / "displays.yaml"
        changed.write_text(text.replace(said, takes, 1), "utf-8")
        assert load_walls(changed).walls["default"].takeover == (() if takes else ("grave", "critical"))


@pytest.mark.parametrize(("screens", "said"), [("paired", ""), ("any", ""), ("all", "wall_care.yaml: default: screens: 'all'")])
def test_whom_the_care_of_a_wall_is_for_is_configuration(tmp_path, screens, said):
    text = (FOLDER / "wall_care.yaml").read_text("utf-8")
    assert load_wall_care()["default"].screens == "named" and text.count("screens: named") == 1
    changed = tmp_path / "wall_care.yaml"
    changed.write_text(text.replace("screens: named", f"screens: {screens}"), "utf-8")
    if not said:
        assert load_wall_care(changed)["default"].screens == screens
        return
    with pytest.raises(ConfigError) as error:
        load_wall_care(changed)
    assert said in str(error.value)
