"""What got worse since yesterday or last week, the gravest first; each line leads to the figure, its formula and its rows."""

from typing import Any

from dash import html

from layouts.marks import empty
from layouts.panels.vitals import naming_of
from layouts.sign_parts import number, unit
from layouts.view import View
from services.office import Worse

ROWS = 6


def render(view: View) -> list[Any]:
    """A line an indicator: since when, from what to what, and how many points that cost."""
    seen, words = view.gathered["office"], view.words
    rows = view.display.rows.get("office_worse", ROWS)
    if not seen.worse:
        return [empty(words, "office.nothing_worse" if any(one.value for one in seen.overview.signs) else "signs.none")]
    note = html.Div(words("office.worse_note", n=len(seen.worse)), className="panel-note")
    return [note, html.Div([_line(view, one) for one in seen.worse[:rows]], className="office-worse", **{"data-scroll": "y"})]


def _line(view: View, one: Worse) -> html.A:
    words, naming, sign = view.words, naming_of(view), one.sign
    now, then = (number(words, sign, held.value) for held in (sign.value, one.then) if held is not None)
    where = [html.Span(view.region_name(sign.region), className="tag")] if sign.region != view.gathered["office"].overview.region else []
    parts = [
        html.Span([naming.indicator(sign), *where], className="office-name"),
        html.Span([then, " → ", html.B(now), " ", unit(words, sign)], className="office-move"),
        html.Span(words(f"office.since_{one.since}"), className="office-since"),
        html.B(words("office.points_down", n=words.number(one.fall.points)), className="office-down"),
    ]
    why = words(
        "office.worse_why",
        before=words.number(one.fall.before),
        now=words.number(one.fall.now),
        owner=view.department_name(sign.indicator.owner),
    )
    href = f"/vitals?indicator={sign.indicator.code}&region={sign.region}&lang={words.lang}"
    return html.A(parts, href=href, className="office-worse-line", title=why)
