"""The auditor's tab: the log searched on the server, leafed through block by block, exported as CSV."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from domain.access import Actor
from domain.event_time import DAY_MS
from layouts.admin_parts import grid, panel
from layouts.words import Words
from services.account_ports import AuditEntry

COLUMNS = {"at": 150, "actor": 120, "action": 150, "object": 190, "outcome": 84, "address": 120, "detail": 300}
TEXTS = ("text", "actor", "object", "address")
OUTCOMES = ("ok", "failed", "refused")
PERIODS = {"day": DAY_MS, "week": 7 * DAY_MS, "month": 30 * DAY_MS, "quarter": 90 * DAY_MS}
"""How far back a search looks; anything else is everything."""
BLOCK = 100
ASKED = "asked"
"""A hidden column whose filter is the moment of the search: when it changes, the grid forgets its blocks and asks for them anew."""


def build(words: Words, actor: Actor) -> Component:
    """The search's fields, the grid in its loading state, the way to the export."""
    texts = [dmc.TextInput(id=_field(name), label=words(f"audit.{name}"), size="xs", value="", w=130) for name in TEXTS]
    lists = [
        dmc.Select(id=_field("action"), label=words("col.action"), size="xs", data=[], searchable=True, clearable=True, w=170),
        dmc.Select(
            id=_field("outcome"), label=words("col.outcome"), size="xs", data=_choices(words, "outcome", OUTCOMES), clearable=True, w=110
        ),
        dmc.Select(
            id=_field("period"),
            label=words("audit.period"),
            size="xs",
            data=_choices(words, "period", (*PERIODS, "all")),
            value="week",
            w=120,
        ),
    ]
    search = dmc.Button(words("audit.search"), id={"type": "audit-search"}, size="xs", variant="white", n_clicks=0)
    export = html.A(
        words("audit.export"), id={"type": "audit-export"}, href="/api/v1/audit.csv", className="button button-quiet", download=""
    )
    found = html.Span("", id={"type": "audit-found"}, className="panel-note", role="status")
    infinite = {"rowBuffer": 0, "cacheBlockSize": BLOCK, "maxBlocksInCache": 20, "infiniteInitialRowCount": 1}
    table = grid(words, "audit", COLUMNS, "audit.none", rowModelType="infinite", dashGridOptions=infinite)
    table.defaultColDef = {"sortable": False, "resizable": True}
    table.columnDefs.append({"field": ASKED, "hide": True, "filter": "agTextColumnFilter"})
    form = html.Div([*texts, *lists, search, export], className="audit-form")
    return panel(words, "audit", form, table, dcc.Store(id={"type": "audit-query"}), tools=[found])


def asked_at(now: int) -> dict[str, Any]:
    """The grid's filter that stands for a search made at `now`."""
    return {ASKED: {"filterType": "text", "type": "equals", "filter": str(now)}}


def rows(words: Words, entries: Any) -> list[dict[str, Any]]:
    """Entries for the grid."""
    return [_row(words, entry) for entry in entries]


def _row(words: Words, entry: AuditEntry) -> dict[str, Any]:
    detail = "; ".join(f"{key}: {_flat(value)}" for key, value in entry.detail.items())
    named = {"action": action(words, entry.action), "outcome": _named(words, "outcome", entry.outcome)}
    return {**entry._asdict(), "at": words.full(entry.at), "detail": detail, **named}


def action(words: Words, name: str) -> str:
    """The deed in words; its id where the catalogue doesn't know it."""
    return _named(words, "deed", name)


def export_address(query: Mapping[str, Any]) -> str:
    """Where the CSV of this search is."""
    asked = {name: value for name, value in query.items() if value}
    return f"/api/v1/audit.csv?{urlencode(asked)}" if asked else "/api/v1/audit.csv"


def _flat(value: Any) -> str:
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)


def _named(words: Words, kind: str, name: str) -> str:
    return words(f"{kind}.{name}") if words.has(f"{kind}.{name}") else name


def _choices(words: Words, kind: str, names: Any) -> list[dict[str, str]]:
    return [{"value": name, "label": words(f"{kind}.{name}")} for name in names]


def _field(name: str) -> dict[str, str]:
    return {"type": "audit-field", "name": name}
