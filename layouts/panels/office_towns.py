"""The towns in tiers and per head: what was reported in the last days, by how much of it was done in time; a town leads to its cases."""

from typing import Any, NamedTuple

from dash import html

from domain.performance import Performance
from layouts.marks import empty
from layouts.office import found, pick
from layouts.view import View

NONE = Performance("", 0, 0, None, None, None, None, None, None, None)
COLUMNS = ("town", "score", "per_head", "on_time", "open", "overdue")


class Line(NamedTuple):
    """A town with its tier (1 is the best; 0: nothing of it could be judged), its figures, score, open and overdue incidents."""

    code: str
    name: str
    tier: int
    figures: Performance
    score: float | None
    open: int
    overdue: int


def render(view: View) -> list[Any]:
    """The tier that needs most first; within it the towns that most is overdue in."""
    words, lines = view.words, _lines(view)
    if not lines:
        return [empty(words, "towns.none")]
    heads = html.Div([html.Span(words(f"office.town.{name}")) for name in COLUMNS], className="office-town-line is-head")
    tiers = sorted({one.tier for one in lines}, reverse=True)
    parts: list[Any] = [html.Div(heads, className="office-heads")]
    for tier in tiers:
        title = words("office.tier", n=tier) if tier else words("office.tier_none")
        parts += [html.Div(title, className="office-tier"), *(_row(view, one) for one in lines if one.tier == tier)]
    counted = sum(one.figures.per_10k is not None for one in lines)
    note = words("office.towns_note", n=len(lines)) if counted else words("office.no_heads")
    return [html.Div(note, className="panel-note"), html.Div(parts, className="office-towns", **{"data-scroll": "y"})]


def _lines(view: View) -> list[Line]:
    held, compared = view.gathered["office"].portfolio, view.gathered["office_towns"]
    tier = {key: number for number, band in enumerate(compared.tiers, 1) for key in band}
    figures, scores = {row.key: row for row in compared.rows}, {one.region: one.city.score for one in view.sign_towns}
    known = dict(view.regions)
    lines = [
        Line(
            town.code,
            town.name,
            tier.get(town.code, 0),
            figures.get(town.code, NONE),
            scores.get(town.code),
            len(found(view, held, "open", town.code)),
            len(found(view, held, "overdue", town.code)),
        )
        for town in view.towns
        if held.has_region(town.code, known)
    ]
    return sorted(lines, key=lambda one: (-one.overdue, one.score is None, one.score or 0.0, one.code))


def _row(view: View, one: Line) -> html.Button:
    words = view.words
    heads = "–" if one.figures.per_10k is None else words.number(one.figures.per_10k, 2)
    share = "–" if one.figures.on_time is None else f"{100 * one.figures.on_time:.0f}%"
    off = one.score is not None and one.score < 60
    cells = [
        html.Span(one.name, className="office-name"),
        html.Span("–" if one.score is None else words.number(one.score), className="is-off" if off else ""),
        html.Span(heads),
        html.Span(share),
        html.Span(words.number(one.open)),
        html.Span(words.number(one.overdue), className="is-late" if one.overdue else ""),
    ]
    title = words("office.town_title", n=one.figures.incidents)
    return html.Button(cells, id=pick("open", one.code, "towns"), n_clicks=0, className="office-town-line", title=title)
