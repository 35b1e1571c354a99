"""What every page stands in: the address, the live cursor, and the place where the page is put."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

from dash import Dash, dcc, html
from dash.development.base_component import Component

NOWHERE: set[str] = set()
OFFICES = {"/desk", "/admin"}
LARGE = {"/big", "/mid", "/desk", "/duty", "/plans", "/admin", "/account"}
THE_PAST = {"?at="}
HEAVY = {
    "dash_mantine_components/": OFFICES,
    "dash_ag_grid/": OFFICES,
    "dash/dash_table/": NOWHERE,
    "dash/dcc/dash_core_components-shared": LARGE,
    "dash/deps/polyfill": LARGE,
    "assets/dispatch": {"/desk"},
    "assets/incident_": {"/desk"},
    "assets/incident_fields": {"/desk", "/duty", "/plans"},
    "assets/duty_forms": {"/duty", "/plans"},
    "assets/plans": {"/plans"},
    "assets/moment": THE_PAST,
    "assets/replay": THE_PAST,
    "assets/briefs": {"/desk", "/mid"},
    "assets/map.css": {"/big", "/mid", "/desk"},
    "assets/city_": {"/big", "/mid", "/desk"},
    "assets/field_worker": NOWHERE,
    "assets/field_": {"/mobile"},
}
"""Libraries and scripts -> the only pages that load them (the longest name that fits counts), `?at=` for any page of a past moment; a phone
shouldn't carry the desk's grid. Charts and sliders share a chunk, and charts need the polyfill."""
COMPRESSED = {
    "COMPRESS_MIMETYPES": ["text/html", "text/css", "text/javascript", "application/javascript", "application/json", "image/x-icon"],
    "COMPRESS_LEVEL": 1,
}
"""What is sent compressed (Flask-Compress), and how hard gzip tries: answers are asked for by hundreds of screens at once."""


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
        """The page's HTML without the libraries of other pages."""
        page = self._path()
        for part in ("scripts", "css"):
            kwargs[part] = "\n".join(line for line in kwargs.get(part, "").splitlines() if used(line, page))
        return super().interpolate_index(*args, **kwargs)  # type: ignore[no-untyped-call]
