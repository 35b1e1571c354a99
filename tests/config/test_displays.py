"""config/displays.yaml: what a map may show beside the rest."""

from pathlib import Path

import pytest

from config.displays import FILE, DisplayError, load_displays
from layouts.panels import PANELS


def test_the_desk_shows_blind_spots_and_the_wall_where_a_city_says_so(tmp_path: Path) -> None:
    assert {name: one.layers for name, one in load_displays().items() if one.layers} == {"desk": ("blind_spots",)}
    chosen = tmp_path / "displays.yaml"
    chosen.write_text(FILE.read_text("utf-8").replace("layers: []", "layers: [blind_spots]"), "utf-8")
    assert load_displays(chosen)["big"].layers == ("blind_spots",)


@pytest.mark.parametrize("wrong", ["[weather]", "blind_spots", "true"])
def test_a_layer_that_no_map_has_is_named(tmp_path: Path, wrong: str) -> None:
    spoiled = tmp_path / "displays.yaml"
    spoiled.write_text(FILE.read_text("utf-8").replace("layers: []", f"layers: {wrong}", 1), "utf-8")
    with pytest.raises(DisplayError, match=r"big.layers .*: expected a list out of blind_spots"):
        load_displays(spoiled)


@pytest.mark.parametrize("face", ["mid", "mobile", "desk"])
def test_a_panel_that_there_is_not_stops_the_start_by_name(tmp_path: Path, face: str) -> None:
    assert load_displays(panels=PANELS)
    spoiled = tmp_path / "displays.yaml"
    spoiled.write_text(FILE.read_text("utf-8").replace(f"\n{face}:\n  panels: [", f"\n{face}:\n  panels: [weather, "), "utf-8")
    with pytest.raises(DisplayError, match=rf"displays.yaml: {face}.panels: weather: expected"):
        load_displays(spoiled, PANELS)


def test_a_face_of_the_wall_says_only_what_all_its_scenes_share(tmp_path: Path) -> None:
    spoiled = tmp_path / "displays.yaml"
    spoiled.write_text(FILE.read_text("utf-8").replace("\nbig:\n", "\nbig:\n  panels: [alarms]\n"), "utf-8")
    with pytest.raises(DisplayError, match=r"displays.yaml: big: panels: expected exactly exercises, hours, layers, pictures"):
        load_displays(spoiled)


@pytest.mark.parametrize(("right", "wrong"), [("hours: 24", "hours: day"), ("exercises: true", "exercises: maybe")])
def test_a_word_that_is_no_number_or_no_yes_is_named(tmp_path: Path, right: str, wrong: str) -> None:
    spoiled = tmp_path / "displays.yaml"
    spoiled.write_text(FILE.read_text("utf-8").replace(right, wrong, 1), "utf-8")
    with pytest.raises(DisplayError, match=rf"displays.yaml: big: {wrong.partition(':')[0]}: '\w+': expected "):
        load_displays(spoiled)
