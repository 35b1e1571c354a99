"""Reads scenes, walls and rules of takeover in config/displays.yaml, strictly: an error names file, entry, key and what was expected."""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from config.displays import FIGURE_KEYS, FILE, TREND_KEYS, DisplayError, displays_tree, items
from config.strict import (
    REQUIRED,
    ConfigError,
    Field,
    above_zero,
    named_entries,
    one_of,
    read_entry,
    several_of,
    text,
    whole,
    wrong,
    yes_or_no,
)
from domain.displays import LAYERS, Display
from domain.incident_states import SPINES
from domain.takeover import KINDS, Rule
from domain.walls import LARGEST_U, SHAPES, SMALLEST_U, Areas, Cells, Geometry, Scene, Step, Wall, type_u

Entry = Mapping[str, Any]
DEFAULT = "default"
"""The wall of /big without a name."""
LONGEST_S = 86_400


class Walls(NamedTuple):
    """`displays`: scene -> what its panels show, its places not yet fitted to a wall."""

    scenes: Mapping[str, Scene]
    walls: Mapping[str, Wall]
    rules: Mapping[str, Rule]
    displays: Mapping[str, Display]


class Known(NamedTuple):
    """The names that there are; None where nobody knows them."""

    panels: Collection[str] | None = None
    indicators: Collection[str] | None = None
    kinds: Collection[str] | None = None


def load_walls(
    path: Path = FILE,
    panels: Collection[str] | None = None,
    indicators: Collection[str] | None = None,
    kinds: Collection[str] | None = None,
) -> Walls:
    """The scenes and walls. `panels`, `indicators`, `kinds`: the names that there are, where they are known. Raises DisplayError."""
    try:
        return _read(path, displays_tree(path), Known(panels, indicators, kinds))
    except ConfigError as error:
        raise DisplayError(str(error)) from error


def _read(path: Path, held: Entry, known: Known) -> Walls:
    for section in ("scenes", "takeover", "walls"):
        named_entries(path, held[section] if isinstance(held[section], dict) else {section: held[section]})
    fields = scene_fields(_library(path, held, known))
    read = {code: read_entry(path, f"scenes.{code}", one, fields) for code, one in held["scenes"].items()}
    rule_keys = takeover_fields(read)
    rules = {name: _rule(name, read_entry(path, f"takeover.{name}", one, rule_keys)) for name, one in held["takeover"].items()}
    wall_keys = wall_fields(read, rules, known.panels)
    walls = {code: _wall(path, code, read_entry(path, f"walls.{code}", one, wall_keys)) for code, one in held["walls"].items()}
    if DEFAULT not in walls:
        raise DisplayError(f"{path.name}: walls: {DEFAULT}: is missing")
    scenes = {code: Scene(code, one["zh"], one["en"], one["areas"]) for code, one in read.items()}
    displays = {code: _display(scenes[code], one, held["big"]) for code, one in read.items()}
    return Walls(scenes, walls, rules, displays)


class Library(NamedTuple):
    """What a scene may name."""

    figures: Mapping[str, Any]
    trends: Mapping[str, Any]
    known: Known


def _library(path: Path, held: Entry, known: Known) -> Library:
    figures = items(path, "figures", [*held["figures"], *held["more_figures"]], FIGURE_KEYS)
    trends = items(path, "trends", [*held["trends"], *held["more_trends"]], TREND_KEYS)
    return Library({one.id: one for one in figures}, {one.metric: one for one in trends}, known)


def _named(library: Mapping[str, Any]) -> Callable[[Any], tuple[Any, ...]]:
    names = several_of(library)
    return lambda raw: tuple(library[one] for one in names(raw))


def _codes(known: Collection[str] | None) -> Callable[[Any], tuple[str, ...]]:
    def read(raw: Any) -> tuple[str, ...]:
        if not isinstance(raw, list) or not all(isinstance(one, str) for one in raw):
            raise ValueError("a list of names")
        unknown = [one for one in raw if known is not None and one not in known]
        if unknown:
            raise ValueError(f"known names, not {', '.join(unknown)}")
        return tuple(raw)

    return read


def _maybe(known: Collection[str] | None) -> Callable[[Any], str]:
    return lambda raw: _codes(known)([raw])[0] if raw else ""


def scene_fields(library: Library) -> Mapping[str, Field]:
    """The keys of a scene."""
    none: tuple[str, ...] = ()
    return {
        "zh": (text, REQUIRED),
        "en": (text, REQUIRED),
        "areas": (_all_areas(library.known.panels), REQUIRED),
        "figures": (_named(library.figures), none),
        "trends": (_named(library.trends), none),
        "ranked": (_named(library.figures), none),
        "indicators": (_codes(library.known.indicators), none),
        "shade": (_maybe(library.known.indicators), ""),
        "kinds": (_codes(library.known.kinds), none),
        "spines": (several_of(SPINES), none),
        "layers": (several_of(dict.fromkeys(LAYERS)), none),
        "rows": (_rows, {}),
    }


def _rows(raw: Any) -> dict[str, int]:
    if not isinstance(raw, dict):
        raise ValueError("panel: lines at most")
    return {str(name): whole(1)(most) for name, most in raw.items()}


def _all_areas(panels: Collection[str] | None) -> Callable[[Any], dict[str, Areas]]:
    def read(raw: Any) -> dict[str, Areas]:
        if not isinstance(raw, dict) or set(raw) != set(SHAPES):
            raise ValueError(f"a grid for each of {', '.join(SHAPES)}")
        found = {shape: _areas(raw[shape]) for shape in SHAPES}
        held = [{name for line in one.grid for name in line} for one in found.values()]
        if held[0] != held[1]:
            raise ValueError(f"the same panels in every shape; {', '.join(sorted(held[0] ^ held[1]))} is missing in one")
        _codes(panels)(sorted(held[0]))
        return found

    return read


def _areas(raw: Any) -> Areas:
    if not isinstance(raw, dict) or set(raw) != {"columns", "rows", "grid"}:
        raise ValueError("columns, rows and grid")
    grid = tuple(tuple(str(line).split()) for line in raw["grid"])
    columns, rows = tuple(above_zero(one) for one in raw["columns"]), tuple(_height(one) for one in raw["rows"])
    if len(grid) != len(rows) or any(len(line) != len(columns) for line in grid):
        raise ValueError("a line of the grid for each row, with a name for each column")
    for name in {name for line in grid for name in line}:
        _rectangle(name, grid)
    return Areas(columns, rows, grid)


def _height(raw: Any) -> float | str:
    if isinstance(raw, str) and raw.endswith("u"):
        above_zero(float(raw[:-1]))
        return raw
    return above_zero(raw)


def _rectangle(name: str, grid: Sequence[Sequence[str]]) -> None:
    at = [(row, column) for row, line in enumerate(grid) for column, one in enumerate(line) if one == name]
    (top, left), (low, right) = map(min, zip(*at, strict=True)), map(max, zip(*at, strict=True))
    if len(at) != math.prod((low - top + 1, right - left + 1)):
        raise ValueError(f"a rectangle for {name}")


def takeover_fields(scenes: Collection[str]) -> Mapping[str, Field]:
    """The keys of a rule of takeover."""
    return {
        "kind": (one_of(*KINDS), REQUIRED),
        "values": (_codes(None), REQUIRED),
        "scene": (one_of(*scenes), REQUIRED),
        "seconds": (whole(5, LONGEST_S), REQUIRED),
        "over_hold": (yes_or_no, REQUIRED),
        "exercises": (yes_or_no, REQUIRED),
        "until": (_codes(None), ()),
        "source": (text, REQUIRED),
    }


def _rule(name: str, said: Entry) -> Rule:
    kept = {key: value for key, value in said.items() if key != "source"}
    return Rule(name=name, **{**kept, "values": frozenset(kept["values"]), "until": frozenset(kept["until"])})


def wall_fields(scenes: Collection[str], rules: Mapping[str, Rule], panels: Collection[str] | None) -> Mapping[str, Field]:
    """The keys of a wall."""
    known = dict.fromkeys(scenes)
    return {
        "zh": (text, REQUIRED),
        "en": (text, REQUIRED),
        "pixels": (_pixels, None),
        "cells": (_cells, None),
        "height_m": (above_zero, None),
        "distance_m": (above_zero, None),
        "scenes": (several_of(known), REQUIRED),
        "playlist": (_playlist(known), ()),
        "rest_s": (whole(0, LONGEST_S), REQUIRED),
        "takeover": (several_of(rules), tuple(rules)),
        "fill": (_codes(panels), ()),
    }


def _pixels(raw: Any) -> tuple[int, int]:
    if not isinstance(raw, list) or len(raw) != 2:
        raise ValueError("[width, height] in pixels")
    return whole(320)(raw[0]), whole(240)(raw[1])


def _cells(raw: Any) -> Cells:
    if not isinstance(raw, dict) or set(raw) != set(Cells._fields):
        raise ValueError("columns, rows and bezel")
    return Cells(whole(1, 32)(raw["columns"]), whole(1, 32)(raw["rows"]), whole(0, 500)(raw["bezel"]))


def _playlist(known: Mapping[str, None]) -> Callable[[Any], tuple[Step, ...]]:
    def read(raw: Any) -> tuple[Step, ...]:
        if not isinstance(raw, list) or not all(isinstance(one, dict) and set(one) == {"scene", "seconds"} for one in raw):
            raise ValueError("a list of {scene, seconds}")
        return tuple(Step(one_of(*known)(one["scene"]), whole(5, LONGEST_S)(one["seconds"])) for one in raw)

    return read


def _wall(path: Path, code: str, said: Entry) -> Wall:
    shape = Geometry(said["pixels"], said["cells"], said["height_m"], said["distance_m"])
    if shape.cells and not shape.pixels:
        raise wrong(path, f"walls.{code}", "cells", said["cells"], "pixels beside them")
    if not SMALLEST_U <= type_u(shape) <= LARGEST_U:
        tall = f"a distance for which type is {SMALLEST_U} to {LARGEST_U} hundredths of height_m; it would be {type_u(shape):.2f}"
        raise wrong(path, f"walls.{code}", "distance_m", said["distance_m"], tall)
    if missing := [step.scene for step in said["playlist"] if step.scene not in said["scenes"]]:
        raise wrong(path, f"walls.{code}", "playlist", missing[0], "scenes of this wall")
    kept = {key: said[key] for key in ("zh", "en", "scenes", "playlist", "rest_s", "takeover", "fill")}
    return Wall(code=code, geometry=shape, **kept)


def _display(scene: Scene, said: Entry, face: Entry) -> Display:
    """What a scene shows; what it doesn't say is as on the face."""
    kept: dict[str, Any] = {
        key: said[key] for key in ("figures", "trends", "ranked", "indicators", "shade", "kinds", "spines", "layers", "rows")
    }
    return Display(scene.panels, hours=int(face["hours"]), exercises=face["exercises"] is True, pictures=face["pictures"] is True, **kept)
