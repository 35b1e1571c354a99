"""The watch officer's desk `/desk`: alarms to acknowledge, devices to find, one device in full, feeds, devices to adopt."""

from collections.abc import Mapping
from typing import Any

import dash_ag_grid as dag
import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from domain.access import Actor
from domain.displays import Display
from layouts import blind_spots, briefs, notices, side, upkeep
from layouts.incidents import page as incidents
from layouts.marks import bar, loading, toast
from layouts.panels import PANELS
from layouts.player import words_box
from layouts.words import Words

GRID = {"rowHeight": 34, "headerHeight": 34, "animateRows": False, "suppressCellFocus": False}
NARROWEST = 76
ALARM_COLUMNS = (
    ("group", 52),
    ("severity", 110),
    ("town", 80),
    ("device", 178),
    ("what", 300),
    ("raised", 92),
    ("incident", 104),
    ("state", 142),
    ("by", 86),
    ("number", 78),
)
ALARM_CELLS: dict[str, dict[str, Any]] = {
    "group": {"minWidth": 36},
    "raised": {"minWidth": 90},
    "severity": {
        "minWidth": 62,
        "valueGetter": {"function": "params.data && [params.data.severity, params.data.by, params.data.brief].join(' ')"},
        "cellRenderer": "AlarmSeverity",
        "cellClassRules": {f"cell-{s}": f"params.data.severity_id == '{s}'" for s in ("critical", "major", "minor", "warning")},
    },
    "town": {"minWidth": 64},
    "device": {"minWidth": 76},
    "what": {
        "minWidth": 94,
        "tooltipField": "what",
        "cellRenderer": "AlarmWhat",
        "cellClassRules": {"cell-called": "params.data.calling"},
    },
    "incident": {"minWidth": 62, "cellRenderer": "AlarmIncident", "sortable": False},
    "by": {"cellClassRules": {"cell-calling": "params.data.calling"}, "tooltipField": "by"},
}
"""What a column of alarms has beside its width."""
ENGLISH = {"severity": 106}
"""Where English words need more: a list that is narrow scrolls rather than cut the word of the severity or of the state below it."""
DEVICE_COLUMNS = (("name", 210), ("town", 110), ("kind", 120), ("id", 150))
MENU = (("instructions", "answer_instruction"), ("catalogue", "see_catalogue"), ("remote", "steer_wall"))
"""Pages that the menu leads to, and the right that opens each."""


def build(words: Words, display: Display, city: Mapping[str, Any], actor: Actor | None) -> Component:
    """The page in its loading state; what the actor may not do isn't there."""
    sections = [_alarms(words, actor), *_map(words, display), _devices(words), _detail(words), side.build(words, display, actor)]
    top = bar(words, city, "desk", tuple(page for page, right in MENU if actor is not None and actor.may(right)))
    top.children.insert(-1, notices.bell(words, "desk"))
    top.children.insert(-2, briefs.menu(words))
    top.children[2:2] = [*incidents.switch(words, actor), *upkeep.alert(words, actor)]
    top.children.insert(2, PANELS["warnings"].build("desk", "warnings", words))
    if incidents.works(actor):
        menu = top.children[-1].children[-1]
        menu.children.insert(0, html.Button(words("desk.second"), className="bar-link", **{"data-desk-second": "map"}))
    sections = [*incidents.build(words, actor), *sections]
    fed = blind_spots.layer("desk", display.layers)
    parts = [top, *sections, *fed, toast("desk"), words_box(words)]
    page = html.Main(parts, className="face face-desk", **{"data-face": "desk", "data-lang": words.lang})
    held: Component = dmc.MantineProvider(page, defaultColorScheme="dark", theme={"fontFamily": "inherit", "primaryColor": "gray"})
    return held


def _alarms(words: Words, actor: Actor | None) -> html.Section:
    may = bool(actor and actor.may("acknowledge_alarm"))
    button = dmc.Button(
        words("alarm.acknowledge"), id={"type": "acknowledge-selected", "page": "desk"}, size="xs", variant="white", n_clicks=0
    )
    why = dmc.TextInput(id={"type": "false-reason"}, placeholder=words("alarm.false_reason"), size="xs", value="")
    false = dmc.Button(words("alarm.false"), id={"type": "false-alarm", "page": "desk"}, size="xs", variant="default", n_clicks=0)
    tools = [html.Span(words("desk.select"), className="panel-note"), button, why, false] if may else []
    selection = {"mode": "multiRow", "checkboxes": True, "headerCheckbox": False} if may else {"mode": "singleRow", "checkboxes": False}
    grid = _grid(words, "alarms", ALARM_COLUMNS, rowSelection=selection, selectionColumnDef={"width": 36, "minWidth": 36})
    unheard = html.Div(loading(words), id={"type": "alarms-unheard"}, className="desk-unheard", role="status")
    held = [dcc.Store(id={"type": "alarm-groups"}, data=[]), dcc.Store(id={"type": "alarm-callings"})]
    return html.Section(
        [html.Div([html.H2(words("panel.alarms")), *tools], className="panel-head"), unheard, grid, *held],
        className="panel desk-alarms",
        **_named("alarms"),
    )


def _map(words: Words, display: Display) -> list[Component]:
    return [PANELS[name].build("desk", name, words) for name in display.panels if name == side.MAP]


def _devices(words: Words) -> html.Section:
    box = dmc.TextInput(
        id={"type": "search", "page": "desk"}, placeholder=words("desk.search"), debounce=300, size="xs", value="", className="search"
    )
    grid = _grid(words, "devices", DEVICE_COLUMNS, rowSelection={"mode": "singleRow", "checkboxes": False, "enableClickSelection": True})
    return html.Section(
        [html.Div([html.H2(words("desk.results")), box], className="panel-head"), grid], className="panel desk-devices", **_named("devices")
    )


def _detail(words: Words) -> html.Section:
    body = html.Div(
        html.Div(words("desk.pick"), className="state"),
        id={"type": "detail", "page": "desk"},
        className="panel-body",
        **{"data-scroll": "y"},
    )
    return html.Section([html.H2(words("desk.detail"), className="panel-title"), body], className="panel desk-detail", **_named("detail"))


def _grid(words: Words, name: str, columns: tuple[tuple[str, int], ...], **options: Any) -> dag.AgGrid:
    definitions = [
        {"field": field, "headerName": words(f"col.{field}"), "flex": width, "minWidth": min(width, NARROWEST)} for field, width in columns
    ]
    if name == "alarms":
        for definition in definitions:
            definition |= ALARM_CELLS.get(str(definition["field"]), {})
            definition |= {"minWidth": ENGLISH[str(definition["field"])]} if words.lang == "en" and definition["field"] in ENGLISH else {}
    if name == "devices":
        definitions[0] |= {"cellRenderer": "DeviceName"}
    return dag.AgGrid(
        id={"type": "grid", "name": name},
        columnDefs=definitions,
        rowData=[],
        getRowId="params.data.key",
        defaultColDef={"sortable": True, "resizable": True, "tooltipField": None},
        dashGridOptions={**GRID, **options, "localeText": {"noRowsToShow": words(EMPTY[name])}},
        rowClassRules={"row-waiting": "params.data.waiting"},
        className="ag-theme-quartz-dark grid",
        style={"height": "100%", "width": "100%"},
    )


EMPTY = {"alarms": "alarms.none", "devices": "desk.no_results"}


def _named(name: str) -> dict[str, str]:
    return {"data-panel": name}
