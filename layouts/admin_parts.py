"""What the administrators' tabs are made of: a panel with a head, a grid in the house's dress, a table, an answer to a deed."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import dash_ag_grid as dag
import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from layouts.words import Words

OPTIONS = {"rowHeight": 34, "headerHeight": 34, "animateRows": False, "suppressCellFocus": False}
ONE_ROW = {"mode": "singleRow", "checkboxes": False, "enableClickSelection": True}


def panel(words: Words, name: str, *children: Any, tools: Iterable[Any] = ()) -> html.Section:
    """A panel with its title, and what stands beside the title."""
    head = html.Div([html.H2(words(f"admin.{name}")), *tools], className="panel-head")
    return html.Section([head, *children], className=f"panel admin-{name}", **{"data-panel": f"admin-{name}"})


def grid(words: Words, name: str, columns: Mapping[str, int], empty: str, **more: Any) -> dag.AgGrid:
    """A grid in its loading state. `columns`: field -> width in parts; `empty`: the words for no rows."""
    texts = {"noRowsToShow": words(empty), "loadingOoo": words("state.loading")}
    definitions = [
        {"field": field, "headerName": words(f"col.{field}"), "flex": width, "minWidth": min(width, 84), "tooltipField": field}
        for field, width in columns.items()
    ]
    options = {**OPTIONS, **more.pop("dashGridOptions", {}), "localeText": texts}
    return dag.AgGrid(
        id={"type": "grid", "name": name},
        columnDefs=definitions,
        defaultColDef={"sortable": True, "resizable": True},
        dashGridOptions=options,
        className="ag-theme-quartz-dark grid",
        style={"height": "100%", "width": "100%"},
        **more,
    )


def facts(rows: Iterable[tuple[Any, ...]], heads: Iterable[str] = ()) -> Component:
    """A plain table of words."""
    titles = list(heads)
    head = [dmc.TableThead(dmc.TableTr([dmc.TableTh(title) for title in titles]))] if titles else []
    body = dmc.TableTbody([dmc.TableTr([dmc.TableTd(cell) for cell in row]) for row in rows])
    held: Component = dmc.Table([*head, body], verticalSpacing=4, horizontalSpacing="sm", className="admin-table")
    return held


def scope(identity: Mapping[str, str], words: Words, label: str, data: Sequence[Mapping[str, str]] = (), **more: Any) -> Component:
    """A choice of several; none means all. `label`: the words above it; `data`: what there is, where that is known now."""
    held: Component = dmc.MultiSelect(
        id=identity,
        label=words(label),
        placeholder=words("admin.all"),
        size="xs",
        data=list(data),
        value=[],
        searchable=True,
        clearable=True,
        **more,
    )
    return held


def answer(kind: str) -> html.Div:
    """Where the answer to a deed is said, and read out."""
    return html.Div(id={"type": "answer", "of": kind}, className="admin-answer", role="status", **{"aria-live": "polite"})


def said(text: str, good: bool = True) -> Component:
    """The answer to a deed."""
    held: Component = dmc.Alert(text, color="gray" if good else "orange", variant="outline" if good else "light", p="xs")
    return held


def secret(words: Words, told: str, value: str) -> Component:
    """Something that is shown this once, with a button that copies it."""
    copy = dmc.CopyButton(value=value, children=words("admin.copy"), copiedChildren=words("admin.copied"), color="gray", size="xs")
    line = html.Div([html.Code(value, className="secret"), copy], className="secret-line")
    held: Component = dmc.Alert([html.Div(told), line], color="gray", variant="outline", p="xs")
    return held
