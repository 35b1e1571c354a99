"""Today against normal: the score of each domain that the leader answers for, and its indicators with 同比 and 环比, the worst first."""

from typing import Any

from dash import html

from domain.comparison import Change
from domain.figures import signed
from layouts.panels.vitals import naming_of
from layouts.sign_parts import Naming, change, change_note, empty, score, tally, value
from layouts.value import look, notes, now, why
from layouts.view import View
from services.vital_signs import Sign

ROWS = 9
COLUMNS = ("indicator", "now", "last_year", "before")


def render(view: View) -> list[Any]:
    """A tile a domain, then a line an indicator. A year that is not held is said to be not held."""
    seen, words = view.gathered["office"], view.words
    if not any(one.value for one in seen.overview.signs):
        return [empty(words)]
    held, overview = seen.portfolio, seen.overview
    domains = [_domain(view, name, rolled) for name, rolled in overview.domains.items() if held.has_domain(name)]
    mine = [one for one in overview.signs if held.has_domain(one.indicator.domain)]
    shown = sorted(mine, key=_worst)[: view.display.rows.get("office_today", ROWS)]
    naming = naming_of(view)
    head = html.Div([html.Span(words(f"office.col.{name}")) for name in COLUMNS], className="office-line is-head")
    lines = [_line(naming, one, seen.changes.get(one.indicator.code, {}), view.snapshot.at) for one in shown]
    off = sum(one.outside for one in mine)
    note = html.Div(words("office.today_note", region=view.region_name(overview.region), n=len(mine), off=off), className="panel-note")
    table = [html.Div(head, className="office-heads"), *lines]
    return [note, html.Div(domains, className="office-domains"), html.Div(table, className="office-lines", **{"data-scroll": "y"})]


def _worst(one: Sign) -> tuple[bool, float]:
    """What is anomalous or outside normal first; what has no score last."""
    return (one.scored.score is None, one.scored.score or 0.0)


def _domain(view: View, name: str, rolled: Any) -> html.A:
    words = view.words
    ones = [one for one in view.gathered["office"].overview.signs if one.indicator.domain == name]
    parts = [html.Span(words(f"domain.{name}"), className="sign-name"), score(words, rolled), html.Small(tally(words, ones, rolled))]
    region = view.gathered["office"].overview.region
    return html.A(parts, href=f"/vitals?domain={name}&region={region}&lang={words.lang}", className="office-domain")


def _line(naming: Naming, one: Sign, changes: dict[str, Change], at: int) -> html.Div:
    words, held = naming.words, value(naming, one)
    name = html.A(
        naming.indicator(one), href=f"/vitals?indicator={one.indicator.code}&region={one.region}&lang={words.lang}", className="office-name"
    )
    about = html.Span(notes(words, held, at), className="office-normal")
    cells = [html.Span([name, about], className="office-what"), now(words, held), _change(naming, changes.get("last_year"))]
    return html.Div([*cells, _change(naming, changes.get("before")), *why(words, held)], className=f"office-line {look(held)}")


def _change(naming: Naming, one: Change | None) -> html.Span:
    words = naming.words
    if one is None or one.change is None:
        return html.Span(words("office.no_base"), className="office-none", title=change(words, one) if one else words("value.no_data"))
    sign = "%" if not one.in_points else words("office.points")
    return html.Span(f"{signed(one.change)}{sign}", className="office-change", title=change_note(words, one) or change(words, one))
