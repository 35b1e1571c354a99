"""What every page stands in: the address, the live cursor, and the place where the page is put."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

from dash import Dash, dcc, html
from dash.development.base_component import Component

NOWHERE: set[str] = set()
OFFICES = {"/desk", "/admin"}
LARGE = {"/big", "/mid", "/desk", "/duty", "/plans", "/instructions", "/vitals", "/catalogue", "/remote", "/admin", "/account", "/upkeep"}
THE_PAST = {"?at="}
HEAVY = {
    "dash_mantine_components/": OFFICES,
    "dash_ag_grid/": OFFICES,
    "dash/dash_table/": NOWHERE,
    "dash/dcc/dash_core_components-shared": LARGE,
    "dash/deps/polyfill": LARGE,
    "assets/desk_": {"/desk"},
    "assets/dispatch": {"/desk"},
    "assets/incident_": {"/desk"},
    "assets/incidents": LARGE | {"/cameras"},
    "assets/reports": LARGE,
    "assets/incident_fields": {"/desk", "/mid", "/instructions", "/duty", "/plans"},
    "assets/duty_forms": {"/mid", "/instructions", "/duty", "/plans"},
    "assets/plans": {"/plans"},
    "assets/catalogue": {"/catalogue"},
    "assets/moment": THE_PAST,
    "assets/replay": THE_PAST,
    "assets/office": {"/mid", "/instructions"},
    "assets/briefs": {"/desk", "/mid"},
    "assets/map.css": {"/big", "/mid", "/desk", "/remote"},
    "assets/city_": {"/big", "/mid", "/desk", "/remote"},
    "assets/player": {"/big", "/cameras", "/desk"},
    "assets/appeals": {"/desk"},
    "assets/mosaic": {"/big"},
    "assets/wall": {"/big"},
    "assets/wall_draw": {"/big", "/remote"},
    "assets/wall_care.css": {"/big", "/remote"},
    "assets/remote": {"/remote"},
    "assets/cameras": {"/cameras"},
    "assets/device_cells": {"/desk"},
    "assets/camera_stills": {"/cameras", "/desk", "/remote"},
    "assets/vitals": {"/big", "/mid", "/vitals"},
    "assets/upkeep": {"/desk", "/upkeep"},
    "assets/duty.css": LARGE | {"/cameras"},
    "assets/admin.css": LARGE | {"/cameras"},
    "assets/bar": LARGE | {"/cameras"},
    "assets/pair": {"/pair"},
    "assets/charts": LARGE,
    "assets/value.js": {"/desk", "/mobile"},
    "assets/theme": NOWHERE,
    "assets/provenance": NOWHERE,
    "assets/field_worker": NOWHERE,
    "assets/field_": {"/mobile"},
}
"""Libraries and scripts -> the only pages that load them (the longest name that fits counts), `?at=` for any page of a past moment; a phone
shouldn't carry the desk's grid. Charts and sliders share a chunk, and charts need the polyfill. The theme stands in the head, and where
a value comes from is fetched when somebody asks."""
AHEAD = """<link rel="preload" as="script" href="/vendor/maplibre-gl.js"><link rel="preload" as="fetch" crossorigin href="/api/v1/map">"""
"""What the wall's map will ask for once its page is built; the browser fetches it while the page's scripts are read."""
ALONE = {"/big", "/pair"}
WATCHDOG = """<script>setTimeout(function look() {
  if (document.querySelector("[data-face]")) return;
  var again = function () { setTimeout(look, 5000); };
  fetch("/readyz", {cache: "no-store"}).then(function (answer) { answer.ok ? location.reload() : again(); }).catch(again);
}, 30000);</script>"""
"""For pages that nobody sits before: one that came without its scripts, from a server that went down meanwhile, loads itself again once the
server is ready. It stands in the page itself, since what is fetched may be what is missing."""
COMPRESSED = {
    "COMPRESS_MIMETYPES": ["text/html", "text/css", "text/javascript", "application/javascript", "application/json", "image/x-icon"],
    "COMPRESS_LEVEL": 1,
    "COMPRESS_ZSTD_LEVEL": 7,
}
"""What is sent compressed (Flask-Compress), and how hard it tries: answers are asked for by hundreds of screens at once. zstd at 7 takes
as long as gzip at 1 and sends 8 % less than at its default."""


def build() -> Component:
    """The shell. `live-cursor` is moved by live.js: {section: version}; `moment` is the past moment that the page shows (epoch ms,
    none for now), moved by moment.js; `picked` is what was chosen on the map (city_picks.js); `slow-lane` holds what is on the page."""
    stores = [dcc.Store(id=name) for name in ("live-cursor", "moment", "picked", "slow-lane")]
    return html.Div([dcc.Location(id="url", refresh=False), *stores, html.Div(id="page")])


def used(line: str, asked: str) -> bool:
    """Whether the page that is `asked` for, its query included, uses what this line of the HTML loads."""
    path, _, query = asked.partition("?")
    kinds = {path.rstrip("/"), *(THE_PAST if "at" in parse_qs(query, keep_blank_values=True) else ())}
    known = [library for library in HEAVY if library in line]
    return not known or bool(kinds & HEAVY[max(known, key=len)])


class FacesApp(Dash):
    """A Dash that gives each page only the scripts it uses. `path` tells which page the running request asks for, and its query."""

    def __init__(self, *args: Any, path: Callable[[], str], **kwargs: Any) -> None:
        self._path = path
        kwargs["server"].config.from_mapping(COMPRESSED)
        super().__init__(*args, **{"compress": True, **kwargs})

    def interpolate_index(self, *args: Any, **kwargs: Any) -> Any:
        """The page's HTML without the libraries of other pages, under CityDeck's own icon."""
        page = self._path()
        kwargs["favicon"] = f'<link rel="icon" type="image/svg+xml" href="{self.get_asset_url("icons/field.svg")}">'
        for part in ("scripts", "css"):
            kwargs[part] = "\n".join(line for line in kwargs.get(part, "").splitlines() if used(line, page))
        kwargs["css"] = f'<script src="{self.get_asset_url("theme.js")}"></script>\n' + kwargs["css"]
        path = page.partition("?")[0].rstrip("/")
        kwargs["css"] += AHEAD if path == "/big" else ""
        kwargs["css"] += WATCHDOG if path in ALONE else ""
        return super().interpolate_index(*args, **kwargs)  # type: ignore[no-untyped-call]
