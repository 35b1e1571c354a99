"""The papers of the whole center in the bar of the office and the desk: briefs to keep, and how units and towns did."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from domain.brief import PARTS
from domain.performance import Performance
from layouts.words import Words

HOURS = (8, 12, 24, 168, 720)
DEFAULT_HOURS = 24
FORMATS = ("pdf", "docx")
BY = ("lead", "region", "post")
SHARES = ("on_time", "closing", "returned", "signed", "rework", "satisfied", "redone")
HOUR_MS = 3_600_000


def named(name: str) -> dict[str, str]:
    """The id of a part of these papers."""
    return {"type": "center-papers", "name": name}


def menu(words: Words) -> Component:
    """A fold in the bar: the period, each brief as PDF and Word, and the performance by unit, town or post; assets/briefs.js asks."""
    periods = [
        html.Option(
            words("brief.hours", n=n) if n < HOURS[3] else words("brief.days", n=n // 24), value=str(n), selected=n == DEFAULT_HOURS
        )
        for n in HOURS
    ]
    rows = [
        html.Div([html.Span(words(f"brief.title.{kind}")), *(_file(words, kind, form) for form in FORMATS)], className="brief-row")
        for kind in PARTS
    ]
    ways = [html.Button(words(f"performance.by_{by}"), className="chip", **{"data-performance": by}) for by in BY]
    body = html.Div(
        [
            html.Label([words("brief.period"), html.Select(periods, **{"data-brief-hours": "yes"})]),
            *rows,
            html.Div([html.Span(words("brief.performance")), *ways], className="brief-row"),
            html.Div(id=named("performance"), className="performance", **{"data-scroll": "y"}),
            dcc.Store(id=named("asked")),
        ],
        className="brief-box",
    )
    return html.Details([html.Summary(words("brief.open"), className="bar-link"), body], className="brief-menu")


def _file(words: Words, kind: str, form: str) -> html.A:
    return html.A(words(f"reports.{form}"), href=f"/api/v1/briefs/{form}?kind={kind}", className="bar-link", **{"data-brief": kind})


def performance(words: Words, rows: Sequence[Performance], bands: Sequence[Sequence[str]], names: Mapping[str, str]) -> list[Any]:
    """One line a unit, town or post with its tier; per head only where people have been counted. `bands`: keys, the best tier first."""
    if not rows:
        return [html.P(words("performance.none"))]
    heads = any(row.per_10k is not None for row in rows)
    tier = {key: number for number, band in enumerate(bands, 1) for key in band}
    columns = [
        words("performance.name"),
        words("performance.tier"),
        words("performance.incidents"),
        *(words(f"performance.{one}") for one in SHARES),
    ]
    body = [html.Tr([html.Td(cell) for cell in _cells(words, row, tier, names, heads)]) for row in rows]
    said = [] if heads else [html.P(words("performance.no_heads"), className="reports-quiet")]
    head = html.Tr([html.Th(one) for one in [*columns, *([words("performance.per_10k")] if heads else [])]])
    return [html.Table([html.Thead(head), html.Tbody(body)], className="review-table"), *said]


def _cells(words: Words, row: Performance, tier: Mapping[str, int], names: Mapping[str, str], heads: bool) -> list[str]:
    shares = [getattr(row, name) for name in SHARES]
    said = ["–" if share is None else f"{share * 100:.0f}%" for share in shares]
    place = words("performance.tier_of", n=tier[row.key]) if row.key in tier else "–"
    return [names.get(row.key, row.key), place, words.number(row.incidents), *said, *([_heads(words, row)] if heads else [])]


def _heads(words: Words, row: Performance) -> str:
    return words("performance.unknown") if row.per_10k is None else words.number(row.per_10k, 2)
