"""One figure of the page of vital signs, down to its rows: value, formula, inputs, source, comparison, course, towns, rows."""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go
from dash import html
from dash.development.base_component import Component

from layouts.charts import PALETTE, graph, local_times, unit_title
from layouts.marks import age, empty
from layouts.sign_parts import Naming, about, change, change_note, normal, number, quality, state_class, unit
from layouts.sign_parts import value as shown_value
from layouts.value import now as drawn
from layouts.vitals import pick
from layouts.words import Words
from services.explaining import Explained, Rows
from services.indicator_ports import Expected, Value
from services.vital_signs import Sign

LISTED_ROWS, HEIGHT = 40, 190
TICKS = {"hour": "%m-%d %H:%M", "month": "%Y-%m"}
"""Cycle -> how its times stand below the axis; days for the others."""
QUIET, BAND, LINE, DOT = (PALETTE[name] for name in ("quiet", "band", "line", "mark"))


def detail(
    naming: Naming, one: Explained, held: Sequence[Value], ahead: Sequence[Expected], places: Sequence[Sign], rows: Rows, now: int
) -> list[Any]:
    """Everything about one figure of one region."""
    words = naming.words
    head = [drawn(words, shown_value(naming, one.sign)), html.Span(_score(naming, one.sign)), *_age(naming, one, now)]
    return [
        html.Div(
            [html.Strong(naming.indicator(one.sign)), html.Span(naming.regions.get(one.sign.region, one.sign.region), className="tag")],
            className="signs-now",
        ),
        html.Div(head, className=f"signs-now {state_class(naming, one.sign)}"),
        html.Dl([part for pair in _facts(naming, one) for part in (html.Dt(pair[0]), html.Dd(pair[1]))], className="signs-facts"),
        course(naming, one.sign, held, ahead),
        *_places(naming, places),
        *_rows(naming, rows),
    ]


def _score(naming: Naming, sign: Sign) -> str:
    words = naming.words
    if sign.scored.score is None:
        return words(f"signs.why.{sign.scored.why_not}")
    return words("signs.scored", score=words.number(sign.scored.score, 1))


def _age(naming: Naming, one: Explained, now: int) -> list[Component]:
    value = one.sign.value
    return (
        []
        if value is None
        else [html.Span([naming.words("signs.ended"), " ", age(naming.words, value.ends_at, now)], className="sign-about")]
    )


def _facts(naming: Naming, one: Explained) -> list[tuple[str, str]]:
    """Name and text of everything that the figure comes from."""
    words, sign, made = naming.words, one.sign, one.sign.indicator.made
    value, year, earlier = sign.value, one.changes.get("last_year"), one.changes.get("before")
    places = max(1, sign.indicator.decimals)
    learnt = sign.band is not None and sign.band.days is not None
    basis = words(f"signs.basis.{sign.band.basis}", days=sign.band.days) if learnt and sign.band else words.basis(sign.indicator.source)
    aim = (
        []
        if sign.indicator.target is None
        else [words("signs.target", value=f"{number(words, sign, sign.indicator.target)} {unit(words, sign)}")]
    )
    facts = [
        ("normal", " · ".join([normal(words, sign), *aim, basis])),
        ("last_year", " · ".join(filter(None, [change(words, year, places), change_note(words, year)]))),
        ("before", " · ".join(filter(None, [change(words, earlier, places), change_note(words, earlier)]))),
        ("formula", one.formula),
        ("inputs", _inputs(naming, value)),
        ("source", f"{naming.source(sign)} · {made.library}.{made.query}{_given(made.parameters)}"),
        ("owner", naming.departments.get(sign.indicator.owner, sign.indicator.owner)),
        ("quality", quality(words, sign)),
        ("time", about(naming, sign)),
    ]
    if value is not None and value.anomaly_since is not None:
        facts.insert(1, ("anomaly", words("signs.anomaly_since", time=words.full(value.anomaly_since))))
    if len(one.versions) > 1:
        said = (f"{words.day_clock(it.computed_at)} {number(words, sign, it.value)}" for it in one.versions)
        facts.append(("versions", " → ".join(said)))
    return [(words(f"signs.fact.{name}"), text) for name, text in facts]


def _given(parameters: Any) -> str:
    return f" ({', '.join(f'{name} = {value}' for name, value in parameters.items())})" if parameters else ""


def _inputs(naming: Naming, value: Value | None) -> str:
    words = naming.words
    if value is None:
        return words("value.no_data")
    below = [] if value.denominator is None else [_exact(words, value.denominator)]
    said = words("signs.rows_of", rows=words.number(value.rows), usual=words.number(value.usual))
    return f"{' / '.join([_exact(words, value.numerator), *below])} · {said}"


def _exact(words: Words, count: float | None) -> str:
    """A count of whole things has no decimals."""
    return words.number(count, 0 if count is None or float(count).is_integer() else 2)


def course(naming: Naming, sign: Sign, held: Sequence[Value], ahead: Sequence[Expected]) -> Any:
    """The values over time with gaps left open, what was normal, and what is expected next with its band."""
    words, step = naming.words, sign.indicator
    shown = [one for one in held if one.value is not None]
    if not shown:
        return empty(words, "trends.none")
    chart = go.Figure()
    times = local_times([one.at for one in shown], words.zone)
    if ahead:
        soon = local_times([one.at for one in ahead], words.zone)
        there, back = [one.ahead.high for one in ahead], [one.ahead.low for one in ahead]
        chart.add_trace(
            go.Scatter(x=[*soon, *soon[::-1]], y=[*there, *back[::-1]], fill="toself", fillcolor=BAND, line={"width": 0}, hoverinfo="skip")
        )
        chart.add_trace(go.Scatter(x=soon, y=[one.ahead.value for one in ahead], line={"color": QUIET, "dash": "dot"}))
    chart.add_trace(
        go.Scatter(x=times, y=[one.value for one in shown], mode="lines" if len(shown) > 1 else "markers", line={"color": LINE})
    )
    odd = [(at, one.value) for at, one in zip(times, shown, strict=True) if one.anomaly_since is not None]
    chart.add_trace(go.Scatter(x=[at for at, _ in odd], y=[value for _, value in odd], mode="markers", marker={"color": DOT, "size": 7}))
    for end in (sign.band.low, sign.band.high) if sign.band else ():
        if end is not None:
            chart.add_hline(y=end, line={"color": QUIET, "width": 1, "dash": "dash"})
    chart.update_layout(margin={"t": 8, "b": 20}, height=HEIGHT)
    chart.update_xaxes(tickformat=TICKS.get(step.cycle, "%y-%m-%d"))
    chart.update_yaxes(rangemode="normal", nticks=5, title={"text": unit(words, sign)})
    return graph(chart, words, unit_title(naming.indicator(sign), unit(words, sign)), "signs-chart")


def _places(naming: Naming, places: Sequence[Sign]) -> list[Any]:
    if not places:
        return []
    buttons = [
        html.Button(
            [
                html.Span(naming.regions.get(one.region, one.region), className="sign-name"),
                drawn(naming.words, shown_value(naming, one)),
            ],
            id=pick("place", one.region),
            n_clicks=0,
            className=f"signs-row {state_class(naming, one)}",
            title=about(naming, one),
        )
        for one in places
    ]
    return [html.Div(naming.words("signs.places"), className="signs-sub"), html.Div(buttons, className="signs-places")]


def _rows(naming: Naming, rows: Rows) -> list[Any]:
    words = naming.words
    head = html.Div(words("signs.rows", shown=min(LISTED_ROWS, len(rows.rows)), total=rows.total), className="signs-sub")
    if rows.away:
        return [head, html.Div(words("signs.rows_away", why=rows.away), className="state")]
    if not rows.rows:
        return [head]
    columns = list(rows.rows[0])
    body = [html.Tr([html.Td(_cell(naming, column, row.get(column))) for column in columns]) for row in rows.rows[:LISTED_ROWS]]
    table = html.Table([html.Thead(html.Tr([html.Th(column) for column in columns])), html.Tbody(body)])
    return [head, html.Div(table, className="signs-rows", tabIndex=0, **{"data-scroll": "x"})]


def _cell(naming: Naming, column: str, value: Any) -> str:
    if column == "region":
        return naming.regions.get(str(value), str(value))
    return f"{value:,.6g}" if isinstance(value, float) else "–" if value is None else str(value)
