"""The data steward's panel of the desk: devices that speak and nobody has registered, and the form that takes one in."""

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from layouts.admin_parts import ONE_ROW, grid
from layouts.words import Words
from services.adoption import Heard

COLUMNS = {"id": 170, "last": 100, "values": 84, "metrics": 190}
TEXTS, LISTS, NUMBERS = ("name",), {"kind": "kind", "region": "town", "department": "departments"}, ("lon", "lat", "interval")
FIELDS = (*TEXTS, *LISTS, *NUMBERS)
BOUNDS = {"lon": (-180, 180), "lat": (-90, 90), "interval": (1, 31_536_000)}
LONGEST_NAME = 128


def build(words: Words) -> html.Section:
    """The panel in its loading state, the form empty."""
    search = dmc.TextInput(
        id={"type": "adopt-search"}, placeholder=words("adopt.search"), debounce=300, size="xs", value="", className="search"
    )
    table = grid(words, "unadopted", COLUMNS, "desk.no_unadopted", getRowId="params.data.key", dashGridOptions={"rowSelection": ONE_ROW})
    button = dmc.Button(words("desk.adopt"), id={"type": "adopt", "page": "desk"}, size="xs", variant="white", n_clicks=0)
    told = html.Div("", id={"type": "adopt-answer", "page": "desk"}, className="panel-note", role="status", **{"aria-live": "polite"})
    form = html.Div([*(_field(words, name) for name in FIELDS), button], className="adopt-form")
    head = html.Div([html.H2(words("desk.unadopted")), search], className="panel-head")
    return html.Section(
        [head, table, form, told, dcc.Store(id={"type": "adopt-doubted"})], className="panel desk-unadopted", **{"data-panel": "unadopted"}
    )


def _field(words: Words, name: str) -> Any:
    identity = {"type": "adopt-field", "name": name}
    if name in LISTS:
        return dmc.Select(id=identity, placeholder=words(f"col.{LISTS[name]}"), size="xs", data=[], searchable=True, clearable=True)
    if name in NUMBERS:
        low, high = BOUNDS[name]
        return dmc.NumberInput(id=identity, placeholder=words(f"adopt.{name}"), size="xs", min=low, max=high, hideControls=True, value="")
    return dmc.TextInput(id=identity, placeholder=words(f"col.{name}"), size="xs", value="")


def rows(words: Words, waiting: Sequence[Heard], names: Any) -> list[dict[str, Any]]:
    """Devices for the grid; `names` is layouts.names.Names."""
    return [
        {
            "key": one.device_id,
            "id": one.device_id,
            "last": words.day_clock(one.last_at) if one.last_at else words("value.no_data"),
            "values": words.number(one.values),
            "metrics": ", ".join(names.metric(words, metric) for metric in one.metrics),
        }
        for one in waiting
    ]
