"""A storm of alarms on a phone: its word, how many of each severity nobody has taken, and where most of them are, before the cards."""

from collections import Counter
from typing import Any

from dash import html

from layouts.alarm_groups import is_silenced
from layouts.marks import mark
from layouts.view import SEVERITIES, View

TOWNS = 4
"""So many of the towns where most wait are named."""


def overview(view: View) -> list[html.Div]:
    """Nothing where there is no storm: then each alarm can be looked at by itself (EEMUA 191: in a flood, an overview first)."""
    words, storm = view.words, view.gathered["storm"]
    lit = [one for one in view.snapshot.alarms if one["state"] == "active" and not is_silenced(one)]
    new = storm.raised((one["raised_at"] for one in lit), view.snapshot.at)
    if not storm.is_on(new):
        return []
    waiting = [one for one in lit if one["acknowledged_at"] is None]
    said = words("office.alarms.storm", n=words.number(new), time=words.span(storm.within_s * 1000))
    head = html.Div([html.Strong(said), html.Span(words("alarms.note", active=len(lit), waiting=len(waiting)))], className="storm-head")
    most = Counter(view.home(one["region"]) for one in waiting if one["region"]).most_common(TOWNS)
    towns = [html.Span([view.region_name(code), " ", html.B(words.number(n))]) for code, n in most]
    where = html.Div([html.Span(words("office.alarms.most")), *towns], className="storm-towns")
    return [html.Div([head, _severities(view, Counter(one["severity"] for one in waiting)), where], className="storm", role="status")]


def _severities(view: View, waiting: Counter[Any]) -> html.Div:
    """How many of each nobody has taken, with its shape and its word."""
    words = view.words
    names = [(one, words(f"severity.{one}")) for one in SEVERITIES]
    parts = [html.Div([mark(one, name), html.B(words.number(waiting[one])), html.Span(name)], className=f"is-{one}") for one, name in names]
    return html.Div(parts, className="storm-severities")
