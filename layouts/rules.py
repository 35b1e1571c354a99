"""How good the alarm rules are, on the desk: how often each raised an alarm, how many of these were false or flapped, the worst first."""

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from layouts.names import Names
from layouts.words import Words
from services.alarm_quality import RuleFigures

DAYS = (1, 7, 30)
USUAL_DAYS = 7
LOOK_MS = 60_000


def build(words: Words) -> html.Section:
    """The panel in its loading state, with the choice of the time that is looked at."""
    choices = [{"value": str(n), "label": words("rules.days", n=n)} for n in DAYS]
    days = dmc.SegmentedControl(id={"type": "rules-days"}, data=choices, value=str(USUAL_DAYS), size="xs")
    total = html.Span("", id={"type": "rules-total"}, className="panel-note")
    head = html.Div([days, total], className="panel-head")
    body = html.Div(id={"type": "rules"}, className="rules", **{"data-scroll": "y"})
    tick = dcc.Interval(id={"type": "rules-tick"}, interval=LOOK_MS)
    return html.Section([head, body, tick], className="panel desk-rules", **{"data-panel": "rules"})


def rows(words: Words, names: Names, found: Sequence[RuleFigures]) -> Any:
    """One line a rule, the one with most false alarms first; a rule that raised nothing isn't there."""
    if not found:
        return html.Div(words("rules.none"), className="state")
    head = html.Tr([html.Th(words(f"rules.{name}")) for name in ("rule", "raised", "false", "share", "flapping")])
    return html.Table([html.Thead(head), html.Tbody([_row(words, names, one) for one in found])], className="rules-table")


def _row(words: Words, names: Names, one: RuleFigures) -> html.Tr:
    share = html.Td(html.Span(f"{100 * one.share:.0f} %", style={"--share": f"{one.share:.2f}"}), className="rules-share")
    figures = [html.Td(words.number(n), className="" if n else "is-none") for n in (one.raised, one.false)]
    flapping = html.Td(words.number(one.flapping), className="" if one.flapping else "is-none")
    return html.Tr([html.Td(names.rule(words, one.rule_id)), *figures, share, flapping], **{"data-rule": one.rule_id})


def total(words: Words, found: Sequence[RuleFigures]) -> str:
    """All alarms of the time, and how many of them were false."""
    return words("rules.total", raised=sum(one.raised for one in found), false=sum(one.false for one in found)) if found else ""
