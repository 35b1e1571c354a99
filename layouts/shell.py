"""What every page stands in: the address, the live cursor, and the place where the page is put."""

from collections.abc import Callable
from typing import Any

from dash import Dash, dcc, html
from dash.development.base_component import Component

NOWHERE: set[str] = set()
OFFICES = {"/desk", "/admin"}
HEAVY = {
    "dash_mantine_components/": OFFICES,
    "dash_ag_grid/": OFFICES,
    "dash/dash_table/": NOWHERE,
    "assets/incident_": {"/desk"},
    "assets/city_": {"/big", "/mid", "/desk"},
    "assets/field_worker": NOWHERE,
    "assets/field_": {"/mobile"},
}
"""Libraries and scripts -> the only pages that load them; a phone shouldn't carry the desk's grid."""


def build() -> Component:
    """The shell. `live-cursor` is moved by live.js: {section: version}; `moment` is the past moment that the page shows (epoch ms,
    none for now), moved by moment.js; `picked` is what was chosen on the map (city_picks.js); `slow-lane` holds what is on the page."""
    stores = [dcc.Store(id=name) for name in ("live-cursor", "moment", "picked", "slow-lane")]
    return html.Div([dcc.Location(id="url", refresh=False), *stores, html.Div(id="page")])


class FacesApp(Dash):
    """A Dash that gives each page only the scripts it uses. `path` tells which page the running request asks for."""

    def __init__(self, *args: Any, path: Callable[[], str], **kwargs: Any) -> None:
        self._path = path
        super().__init__(*args, **kwargs)

    def interpolate_index(self, *args: Any, **kwargs: Any) -> Any:
        """The page's HTML without the libraries of other pages."""
        page = self._path().rstrip("/")
        unused = [library for library, pages in HEAVY.items() if page not in pages]
        for part in ("scripts", "css"):
            lines = kwargs.get(part, "").splitlines()
            kwargs[part] = "\n".join(line for line in lines if not any(library in line for library in unused))
        return super().interpolate_index(*args, **kwargs)  # type: ignore[no-untyped-call]
