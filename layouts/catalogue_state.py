"""How libraries and layers stand: each library's last runs, and what the night's comparison of source and landing library found."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from layouts.catalogue import Naming
from layouts.marks import empty
from services.catalogue import Standing
from services.catalogue_ports import Difference, Reconciliation

SHOWN_RUNS = 5
DIFFERENCES = {"type": "catalogue-part", "part": "differences"}


def compare(resource: str) -> dict[str, str]:
    """The id of the button that shows a resource's differences."""
    return {"type": "catalogue-compare", "resource": resource}


def libraries(naming: Naming, found: Sequence[Standing], now: int) -> Component:
    """A row a library: does it answer, how much it has, what is late, its last runs."""
    words = naming.words
    heads = [html.Th(words(f"catalogue.library.{name}")) for name in ("name", "provider", "kind", "size", "state", "runs")]
    rows = [html.Tr(_library(naming, one, now)) for one in found]
    if not rows:
        return empty(words, "catalogue.no_libraries")
    table = html.Table([html.Thead(html.Tr(heads)), html.Tbody(rows)], className="catalogue-table")
    return html.Section([html.H2(words("catalogue.libraries")), table], className="panel", **{"data-panel": "libraries"})


def _library(naming: Naming, one: Standing, now: int) -> list[Component]:
    words, state = naming.words, one.state
    name = [html.Strong(words.pick(state.name, state.name_en)), html.Small(words(f"layer.{state.layer}"))]
    size = words("catalogue.size", resources=one.resources, fields=words.number(one.fields))
    return [
        html.Td(name),
        html.Td(naming.provider(state.provider)),
        html.Td(words(f"kind.{state.kind}")),
        html.Td(size),
        html.Td(_state(naming, one, now)),
        html.Td(_runs(naming, one), className="catalogue-runs"),
    ]


def _state(naming: Naming, one: Standing, now: int) -> list[Any]:
    words, state = naming.words, one.state
    if state.failing_since is not None:
        said = words("catalogue.failing", age=words.span(now - state.failing_since))
        return [html.Span(said, className="tag is-late"), html.Small(state.error)]
    if state.last_ok_at is None:
        return [words("catalogue.not_asked")]
    answered = [html.Span(words("catalogue.answered", age=words.span(now - state.last_ok_at)))]
    late = [html.Span(words("catalogue.late_resources", n=len(one.late)), className="tag is-late")] if one.late else []
    return [*answered, *late, *([html.Small(state.error)] if state.error else [])]


def _runs(naming: Naming, one: Standing) -> list[Component]:
    words = naming.words
    return [
        html.Div(
            words(
                "catalogue.run", time=words.clock(run.started_at), what=run.what, rows=words.number(run.rows), ms=words.number(run.took_ms)
            )
            + (f" · {run.error}" if run.error else ""),
            className="is-late" if run.error else "",
        )
        for run in one.runs[:SHOWN_RUNS]
    ]


def comparisons(naming: Naming, found: Sequence[Reconciliation], titles: Mapping[str, str]) -> Component:
    """The newest comparison of each resource; those that disagree come first and can be opened."""
    words = naming.words
    heads = [html.Th(words(f"catalogue.compared.{name}")) for name in ("resource", "at", "rows", "sums", "verdict")]
    rows = [html.Tr(_comparison(naming, one, titles.get(one.resource, one.resource))) for one in found]
    table = [html.Table([html.Thead(html.Tr(heads)), html.Tbody(rows)], className="catalogue-table")] if rows else []
    told = [] if rows else [empty(words, "catalogue.not_compared")]
    return html.Section([html.H2(words("catalogue.comparisons")), *table, *told], className="panel", **{"data-panel": "comparisons"})


def _comparison(naming: Naming, one: Reconciliation, title: str) -> list[Component]:
    words = naming.words
    sums = "; ".join(f"{name} {words.number(a, 1)} / {words.number(b, 1)}" for name, (a, b) in one.sums.items())
    verdict = html.Span(words("catalogue.agrees")) if one.agrees else html.Span(words("catalogue.differs"), className="tag is-late")
    more = [
        html.Button(
            words("catalogue.show_differences", n=one.differences), id=compare(one.resource), className="button button-quiet", n_clicks=0
        )
    ]
    return [
        html.Td([html.Strong(title), html.Small(one.resource)]),
        html.Td(words.day_clock(one.at)),
        html.Td(f"{words.number(one.source_rows)} / {words.number(one.landed_rows)}"),
        html.Td(sums),
        html.Td([verdict, *([html.Small(one.error)] if one.error else []), *(more if one.differences else [])]),
    ]


def differences(naming: Naming, resource: str, found: Sequence[Difference]) -> list[Component]:
    """Row by row what source and landing library say."""
    words = naming.words
    if not resource:
        return []
    heads = [html.Th(words(f"catalogue.difference.{name}")) for name in ("key", "kind", "source", "landed")]
    rows = [
        html.Tr(
            [
                html.Td(one.record_key),
                html.Td(words(f"difference.{one.kind}")),
                html.Td(html.Code(_facts(one.source, one.landed))),
                html.Td(html.Code(_facts(one.landed, one.source))),
            ]
        )
        for one in found
    ]
    table = html.Table([html.Thead(html.Tr(heads)), html.Tbody(rows)], className="catalogue-table")
    return [html.Section([html.H2(words("catalogue.differences_of", resource=resource)), table], className="panel")]


def _facts(own: Mapping[str, Any] | None, other: Mapping[str, Any] | None) -> str:
    """What one side says; where both are there, only that in which they differ."""
    if own is None:
        return "–"
    shown = own if other is None else {name: value for name, value in own.items() if other.get(name) != value}
    return json.dumps(shown, ensure_ascii=False)
