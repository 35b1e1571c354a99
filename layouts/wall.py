"""A screen of the wall: which wall and scene it shows, where the panels stand, and how many lines their lists hold there."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from dash import dcc, html
from dash.development.base_component import Component

from domain.displays import Display
from domain.told import FOR_VISITORS
from domain.walls import GAP_U, HEADER_U, SHAPES, SUB_ROWS, Areas, Scene, Wall, cell_layout, fitting, heights, shape_of, type_u
from layouts.panels import PANELS
from layouts.words import Words

DEFAULT = "default"
FACE = "big"
FIXED = ("header", "map")
"""The parts of a wall that stay while scenes change."""
HEAD_EM = 2.9
"""A panel's padding and title."""


class Screen(NamedTuple):
    """What a browser shows: a wall's code, a scene, whether it was asked to stay there, and what the scene is about (`kind:id`)."""

    wall: str
    scene: str
    pinned: bool = False
    focus: str = ""

    @property
    def page(self) -> str:
        """The page's name in the ids of its panels."""
        return ".".join(filter(None, (FACE, self.wall, self.scene, self.focus)))


def screen_of(page: str) -> Screen | None:
    """The screen of a page's name; None for another face."""
    face, _, rest = page.partition(".")
    wall, _, rest = rest.partition(".")
    scene, _, focus = rest.partition(".")
    return Screen(wall, scene, focus=focus) if face == FACE and scene else None


def asked(walls: Any, search: str | None) -> Screen:
    """What an address asks for: ?wall= and ?scene=, the default wall and a wall's first scene where it says nothing that there is."""
    said = parse_qs((search or "").lstrip("?"))
    code = said.get("wall", [DEFAULT])[0]
    wall: Wall = walls.walls.get(code, walls.walls[DEFAULT])
    scene = said.get("scene", [""])[0]
    pinned = scene in walls.scenes
    return Screen(wall.code, scene if pinned else wall.playlist[0].scene if wall.playlist else wall.scenes[0], pinned)


def shown(walls: Any, screen: Screen, scene: str, focus: str = "") -> Screen:
    """The screen with another scene; unchanged where there is none of that code."""
    return screen._replace(scene=scene, focus=focus) if scene in walls.scenes else screen


def display_of(walls: Any, screen: Screen) -> Display:
    """What a scene shows on a wall: its lists as long as there is room, where the panels stand on cells, the wall's rules of takeover."""
    wall: Wall = walls.walls[screen.wall]
    display: Display = walls.displays[screen.scene]
    places = cell_layout(display.panels, wall.geometry, _fill(wall, display)) or None
    tall = {name: one.height for name, one in places.items()} if places else _tall(walls.scenes[screen.scene], wall)
    em = type_u(wall.geometry)
    rows = {name: fitting(height, PANELS[name].row_em, HEAD_EM, em) for name, height in tall.items() if PANELS[name].row_em}
    capped = {name: min(most, display.rows.get(name, most)) for name, most in rows.items()}
    panels = tuple(name for name in (places or display.panels) if name not in FIXED)
    return display._replace(panels=panels, rows=capped, places=places, takeover=tuple(walls.rules[name] for name in wall.takeover))


def _fill(wall: Wall, display: Display) -> tuple[str, ...]:
    """What takes the cells that a scene leaves free; beside a scene for visitors stands nothing that names people."""
    ours = set(display.panels) <= FOR_VISITORS
    return tuple(name for name in wall.fill if name in FOR_VISITORS) if ours else wall.fill


def _tall(scene: Scene, wall: Wall) -> dict[str, float]:
    """Panel -> its height in u; on a wall of no known shape the lower one."""
    known = shape_of(wall.geometry)
    found = [heights(scene.areas[shape]) for shape in ((known,) if known else SHAPES)]
    return {name: min(one[name] for one in found) for name in found[0]}


def style(walls: Any, screen: Screen) -> dict[str, str]:
    """The grid of the scene on the wall, as custom properties that big.css draws with."""
    wall, scene = walls.walls[screen.wall], walls.scenes[screen.scene]
    base = {"--type": f"{type_u(wall.geometry):.3f}"}
    if wall.geometry.cells:
        return base | _cells(wall, display_of(walls, screen))
    known = shape_of(wall.geometry)
    for shape in SHAPES:
        base |= {f"--{key}-{shape}": value for key, value in _grid(scene.areas[known or shape]).items()}
    return base


def _grid(areas: Areas) -> dict[str, str]:
    header = " ".join(["header"] * len(areas.columns))
    lines = " ".join(f'"{line}"' for line in (header, *(" ".join(line) for line in areas.grid)))
    rows = [f"calc({one[:-1]} * var(--u))" if isinstance(one, str) else f"minmax(0, {one:g}fr)" for one in (f"{HEADER_U}u", *areas.rows)]
    return {"areas": lines, "cols": " ".join(f"minmax(0, {one:g}fr)" for one in areas.columns), "rows": " ".join(rows)}


def _cells(wall: Wall, display: Display) -> dict[str, str]:
    cells, (width, height) = wall.geometry.cells, wall.geometry.pixels or (1, 1)
    assert cells is not None
    columns = f" {100 * cells.bezel / width:.4f}vw ".join(["minmax(0, 1fr)"] * cells.columns)
    rows = f" {100 * cells.bezel / height:.4f}vh ".join([f"repeat({SUB_ROWS}, minmax(0, 1fr))"] * cells.rows)
    found = {"--gap": f"{GAP_U / 2}vh"}
    for shape in SHAPES:
        found |= {f"--areas-{shape}": "none", f"--cols-{shape}": columns, f"--rows-{shape}": rows}
    return found | {f"--{name}-at": place(display, name) for name in FIXED}


def place(display: Display, name: str) -> str:
    """Where a panel stands, as CSS has it."""
    if not display.places or name not in display.places:
        return name
    held = display.places[name]
    return f"{held.row} / {held.column} / {held.row_end} / {held.column_end}"


def panels(words: Words, walls: Any, screen: Screen) -> list[Component]:
    """The panels of the scene in their loading state, and what tells the browser what is shown."""
    display = display_of(walls, screen)
    found: list[Component] = []
    for name in display.panels:
        made: Any = PANELS[name].build(screen.page, name, words)
        made.style = {"gridArea": place(display, name)}
        found.append(made)
    for name in ("shade", "takeover"):
        found.append(PANELS[name].build(screen.page, name, words))
    about = {
        "data-scene": screen.scene,
        "data-focus": screen.focus,
        "data-kinds": " ".join(display.kinds),
        "data-layers": " ".join(display.layers),
    }
    has_map = "yes" if "map" in (display.places or walls.displays[screen.scene].panels) else "no"
    return [*found, html.I(hidden=True, className="wall-now", **about, **{"data-with-map": has_map})]


def tabs(words: Words, walls: Any, screen: Screen) -> html.Nav:
    """The wall's scenes; wall.js marks the one that is shown."""
    buttons = [
        html.Button(
            words.pick(walls.scenes[code].zh, walls.scenes[code].en),
            **{"data-scene-tab": code, "aria-current": "true" if code == screen.scene else "false"},
        )
        for code in dict.fromkeys((*walls.walls[screen.wall].scenes, screen.scene))
    ]
    return html.Nav(buttons, className="scene-tabs", **{"aria-label": words("wall.scenes")})


def stores(screen: Screen) -> Component:
    """What wall.js moves to show another scene."""
    return dcc.Store(id={"type": "wall-scene", "wall": screen.wall})


def plan(walls: Any, screen: Screen) -> str:
    """The wall's playlist and rules for wall.js, as JSON."""
    wall: Wall = walls.walls[screen.wall]
    with_video = next((code for code in wall.scenes if "video" in walls.displays[code].panels), "")
    told: Mapping[str, Any] = {
        "scenes": wall.scenes,
        "playlist": [list(step) for step in wall.playlist],
        "rest": wall.rest_s,
        "pinned": screen.pinned,
        "video": with_video,
    }
    return json.dumps(told)
