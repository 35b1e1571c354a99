"""The queue: a rail of tabs by what is owed, a search with filters, and rows that are read at a glance."""

from collections.abc import Mapping, Sequence
from typing import Any

import dash_ag_grid as dag
from dash import html
from dash.development.base_component import Component

from domain.access import Actor
from domain.incident_states import URGENCIES
from layouts.incidents.fields import Field, slot
from layouts.incidents.naming import SHAPES, SOURCES, Naming
from layouts.incidents.tabs import BREAKS, TABS, WARNS, holds, tab_of
from layouts.words import Words
from services.incident_ports import Query

BLOCK = 100
"""Rows of one request; the grid keeps no more than KEPT_BLOCKS of them."""
KEPT_BLOCKS = 12
SORTS = frozenset({"urgency", "title", "due_at", "reported_at"})
SINCE_MS = {"day": 86_400_000, "week": 7 * 86_400_000, "month": 30 * 86_400_000}
CHOSEN = ("spine", "class_code", "region", "department", "urgency", "source", "since")
"""Filters beside the tab and the text, each a choice out of a list."""
LONGEST_TEXT = 80


def build(words: Words) -> html.Section:
    """The frame; JavaScript asks for rows (assets/incident_queue.js), callbacks/incidents.py answers."""
    search = slot(words, Field("text", "search", "queue.search", hint="queue.search"), "queue")
    tools = [
        html.Button("", className="queue-news", hidden=True, **{"data-queue": "news", "data-text": words("queue.news", n="{n}")}),
        html.Button(words("queue.filters"), className="desk-button", **{"data-queue": "filters", "aria-expanded": "false"}),
        html.Button(words("intake.new"), className="desk-button is-main", **{"data-intake": "open", "title": words("keys.n")}),
    ]
    main = [
        html.Div([search, *tools], className="queue-head"),
        html.Div(id=part("filters"), className="queue-filters", hidden=True),
        html.Div(className="queue-saved", **{"data-queue": "saved"}),
        _grid(words),
        html.Div("", className="queue-foot", **{"data-queue": "foot", "data-text": words("queue.total", n="{n}")}),
    ]
    rail = html.Nav(id=part("rail"), className="queue-rail", **{"aria-label": words("queue.tabs")})
    return html.Section([rail, html.Div(main, className="queue-main")], className="panel desk-queue", **{"data-panel": "queue"})


def part(name: str) -> dict[str, str]:
    """The id of a part of the desk that callbacks render."""
    return {"type": "incident-part", "name": name}


def store(name: str) -> dict[str, str]:
    """The id of a small store between the browser's script and the callbacks."""
    return {"type": "incident-store", "name": name}


def _grid(words: Words) -> dag.AgGrid:
    columns = [
        ("urgency", "queue.state", "IncidentState", {"width": 104}),
        ("title", "queue.incident", "IncidentTitle", {"flex": 1, "minWidth": 96 if words.lang == "en" else 120}),
        ("due_at", "queue.left", "IncidentLeft", {"width": 98}),
        ("reported_at", "queue.reported", "IncidentReported", {"width": 62}),
    ]
    definitions = [{"colId": c, "headerName": words(name), "cellRenderer": renderer, **size} for c, name, renderer, size in columns]
    options = {
        "rowHeight": 46, "headerHeight": 30, "animateRows": False, "cacheBlockSize": BLOCK, "maxBlocksInCache": KEPT_BLOCKS,
        "maxConcurrentDatasourceRequests": 1, "blockLoadDebounceMillis": 60, "suppressCellFocus": True, "infiniteInitialRowCount": 1,
        "localeText": {"noRowsToShow": words("queue.none")},
        "rowSelection": {"mode": "singleRow", "checkboxes": False, "enableClickSelection": True},
    }  # fmt: skip
    return dag.AgGrid(
        id={"type": "grid", "name": "incidents"},
        columnDefs=definitions,
        rowModelType="infinite",
        getRowId="params.data.key",
        defaultColDef={"sortable": True, "resizable": False, "suppressMovable": True, "sortingOrder": ["desc", "asc", None]},
        dashGridOptions=options,
        rowClassRules={"is-gone": "params.data && params.data.gone", "is-critical": "params.data && params.data.urgency == 'critical'"},
        className="ag-theme-quartz-dark grid",
        style={"height": "100%", "width": "100%"},
    )


def rail(words: Words, held: Mapping[str, int]) -> list[Component]:
    """The tabs with how many incidents are on each; which one is shown is the script's to mark."""
    return [_tab(words, tab.name, held.get(tab.name) if tab.open is not False else None) for tab in TABS]


def _tab(words: Words, name: str, count: int | None) -> html.Button:
    tone = " is-warned" if name in WARNS and count else ""
    return html.Button(
        [html.Span(words(f"tab.{name}")), html.B("" if count is None else words.number(count))],
        className=f"queue-tab queue-tab-{name}{' is-apart' if name in BREAKS else ''}{tone}{'' if count else ' is-empty'}",
        **{"data-queue-tab": name},
    )


def filters(naming: Naming) -> list[Component]:
    """The choices, a button that keeps them under a name, one that drops them."""
    words = naming.words
    towns = [(code, naming.region(code)) for code, one in naming.regions.items() if one.level in ("town", "district")]
    options = {
        "spine": [(one, words(f"spine.{one}")) for one in ("case", "order", "emergency")],
        "class_code": [(one.code, naming.class_name(one.code)) for one in naming.classes],
        "region": towns,
        "department": [(code, naming.department(code)) for code in naming.departments],
        "urgency": [(one, words(f"urgency.{one}")) for one in URGENCIES],
        "source": [(one, words(f"source.{one}")) for one in SOURCES],
        "since": [(one, words(f"since.{one}")) for one in SINCE_MS],
    }
    fields = [slot(words, Field(name, "select", f"filter.{name}", hint="filter.any"), "queue", options[name]) for name in CHOSEN]
    buttons = [html.Button(words(f"queue.{name}"), className="desk-button", **{"data-queue": name}) for name in ("save", "clear")]
    return [*fields, html.Div(buttons, className="queue-filter-buttons")]


def query_of(asked: Any, actor: Actor, now: int) -> Query:
    """The question behind a request of the script: `filter` with tab, text and choices, `sort`, `start`. Strange parts are left out."""
    request = asked if isinstance(asked, dict) else {}
    chosen = filter_of(request.get("filter"))
    tab = tab_of(chosen.get("tab"), actor)
    start = request.get("start") if isinstance(request.get("start"), int) else 0
    since = SINCE_MS.get(chosen.get("since", ""))
    return Query(
        text=chosen.get("text", ""),
        spine=chosen.get("spine", ""),
        steps=tab.steps,
        open=tab.open,
        classes=(chosen["class_code"],) if "class_code" in chosen else (),
        regions=(chosen["region"],) if "region" in chosen else (),
        department=chosen.get("department", ""),
        urgency=chosen.get("urgency", ""),
        source=chosen.get("source", ""),
        since=None if since is None else now - since,
        sort=_sort(request.get("sort")),
        offset=max(0, min(start or 0, 1_000_000)),
        limit=BLOCK,
        **({tab.flag: True} if tab.flag else {}),
    )


def filter_of(said: Any) -> dict[str, str]:
    """The parts of a filter that say something, each a short text."""
    known = said if isinstance(said, dict) else {}
    return {name: known[name][:LONGEST_TEXT] for name in ("tab", "text", *CHOSEN) if isinstance(known.get(name), str) and known[name]}


def _sort(said: Any) -> str:
    first = said[0] if isinstance(said, list) and said and isinstance(said[0], dict) else {}
    name = first.get("colId")
    if name not in SORTS:
        return "-reported_at"
    return f"-{name}" if first.get("sort") == "desc" and name != "urgency" else name


def fits(naming: Naming, one: Mapping[str, Any], said: Any, actor: Actor, now: int) -> bool:
    """Whether an open incident of the live picture is what the filter asks for."""
    chosen = filter_of(said)
    if not holds(tab_of(chosen.get("tab"), actor), one, now):
        return False
    since = SINCE_MS.get(chosen.get("since", ""))
    text = chosen.get("text", "").lower()
    return (
        all(one[name] == chosen[name] for name in ("spine", "class_code", "urgency", "source") if name in chosen)
        and (not text or any(text in str(one[name]).lower() for name in ("number", "title", "address")))
        and ("region" not in chosen or naming.is_in(one["region"], chosen["region"]))
        and ("department" not in chosen or chosen["department"] in one["departments"])
        and (since is None or one["reported_at"] >= now - since)
    )


def row(naming: Naming, one: Mapping[str, Any], now: int, gone: bool = False) -> dict[str, Any]:
    """One line of the queue, from a list's row or from the live picture. `gone`: no longer what the tab shows."""
    words = naming.words
    clock = words.clock(one["reported_at"]) if now - one["reported_at"] < 20 * 3_600_000 else words.day_clock(one["reported_at"])
    about = [naming.class_name(one["class_code"]), naming.town(one["region"])]
    return {
        "key": one["incident_id"],
        "version": one["version"],
        "urgency": one["urgency"],
        "mark": SHAPES.get(one["urgency"], "●"),
        "owed": naming.owed_short(one["spine"], one["state"]),
        "number": one["number"].rpartition("-")[2],
        "title": one["title"],
        "about": " · ".join([*about, naming.department(one["lead"])] if one["lead"] else about),
        "clock": words(f"clock.{one['clock']}") if one["clock"] else "",
        "due_at": one["due_at"],
        "near_at": one["near_at"],
        "paused": one["paused"],
        "reported": clock,
        "number_kind": words(f"spine.{one['spine']}.short"),
        "flags": _flags(words, one),
        "gone": gone,
        "exercise": bool(one.get("exercise")),
    }


def _flags(words: Words, one: Mapping[str, Any]) -> Sequence[str]:
    flags = [words("flag.proposed")] if one["proposals"] else []
    flags += [words(f"flag.{name}") for name in ("contradicted", "supervised", "carried", "exercise") if one.get(name)]
    return [*flags, words("flag.alarm" if len(one["alarms"]) == 1 else "flag.alarms", n=len(one["alarms"]))] if one["alarms"] else flags
