"""The desk's third view: every unit in scope, what helps, and who goes where when several incidents wait at once."""

import dash_ag_grid as dag
from dash import html
from dash.development.base_component import Component

from domain.access import Actor
from layouts.dispatch import frame
from layouts.words import Words

UNIT_COLUMNS = (("name", 150), ("state_name", 78), ("town", 86), ("can", 120), ("load", 60), ("seen", 84), ("shift", 66))
RESOURCE_COLUMNS = (("name", 150), ("kind_name", 76), ("town", 86), ("room", 70), ("stock", 120), ("phone", 90))
RULES = {"unit-old": "params.data.old", "unit-busy": "params.data.busy", "unit-out": "params.data.out"}
NARROWEST = 56


def build(words: Words, actor: Actor | None) -> list[Component]:
    """The panels of the view, and the words of the script."""
    return [_units(words), _resources(words), _several(words), frame.names(actor)]


def _units(words: Words) -> html.Section:
    search = html.Label(className="board-search", **{"data-board": "search", "data-hint": words("dispatch.search_units")})
    head = html.Div(
        [html.H2(words("dispatch.units")), search, html.Span("", className="panel-note", **{"data-board": "total"})], className="panel-head"
    )
    chips = html.Div(className="board-states", role="group", **{"data-board": "states", "aria-label": words("dispatch.by_state")})
    parts = [head, chips, _grid(words, "units", UNIT_COLUMNS), html.Div(className="board-track", role="status", **{"data-board": "track"})]
    return html.Section(parts, className="panel board-units", **{"data-panel": "units"})


def _resources(words: Words) -> html.Section:
    head = html.Div(html.H2(words("dispatch.resources")), className="panel-head")
    return html.Section(
        [head, _grid(words, "resources", RESOURCE_COLUMNS)], className="panel board-resources", **{"data-panel": "resources"}
    )


def _several(words: Words) -> html.Section:
    compare = html.Button(words("dispatch.compare"), className="desk-button is-main", disabled=True, **{"data-board": "compare"})
    head = html.Div([html.H2(words("dispatch.several")), html.Span("", className="panel-note"), compare], className="panel-head")
    body = [
        html.Div(className="several-plans", role="status", **{"data-board": "plans"}),
        html.Div(className="several-list", **{"data-board": "incidents"}),
    ]
    scroll = html.Div(body, className="several-scroll", **{"data-scroll": "y"})
    return html.Section([head, scroll], className="panel board-several", **{"data-panel": "several"})


def _grid(words: Words, name: str, columns: tuple[tuple[str, int], ...]) -> dag.AgGrid:
    definitions = [
        {"field": field, "headerName": words(f"dispatch.col_{field}"), "flex": width, "minWidth": NARROWEST} for field, width in columns
    ]
    return dag.AgGrid(
        id={"type": "grid", "name": name},
        columnDefs=definitions,
        rowData=[],
        getRowId="params.data.key",
        defaultColDef={"sortable": True, "resizable": True},
        dashGridOptions={
            "rowHeight": 32,
            "headerHeight": 30,
            "animateRows": False,
            "rowSelection": {"mode": "singleRow", "checkboxes": False, "enableClickSelection": True},
            "localeText": {"noRowsToShow": words(f"dispatch.no_{name}")},
        },
        rowClassRules=RULES if name == "units" else {},
        className="ag-theme-quartz-dark grid",
        style={"height": "100%", "width": "100%"},
    )
