"""The alarm list. A line answers: what and how much against which limit, where, for how long, and who has it."""

from typing import Any

from dash import html

from layouts.marks import age, empty, mark, note
from layouts.view import View

Alarm = dict[str, Any]
ACKNOWLEDGED = {False: "alarm.unacknowledged", True: "alarm.acknowledged"}
FEWEST_ROWS = 6
"""Lines grow no taller than this many would be."""


def render(view: View) -> list[Any]:
    """The worst first; what nobody has taken stands out. One line says how many more there are."""
    words, held = view.words, list(view.snapshot.alarms)
    active = sum(1 for alarm in held if alarm["state"] == "active")
    waiting = sum(1 for alarm in held if alarm["acknowledged_at"] is None)
    rows = view.display.rows.get("alarms", len(held))
    head = note(words("alarms.note", active=active, waiting=waiting), *more(view, len(held) - rows))
    if not held:
        return [head, empty(words, silence(view))]
    return [
        head,
        html.Div(
            [line(view, alarm) for alarm in held[:rows]], className="lines", style={"--rows": str(min(rows, max(len(held), FEWEST_ROWS)))}
        ),
    ]


def silence(view: View) -> str:
    """What an empty list means: only a city that is heard, and judged, may be called quiet."""
    if not view.snapshot.devices:
        return "alarms.unheard"
    return "alarms.unjudged" if view.snapshot.notes.get("ingest", {}).get("paused") else "alarms.none"


def more(view: View, hidden: int) -> list[html.Span]:
    """How many lines the list doesn't show."""
    return [html.Span(view.words("alarms.more", n=hidden), className="more")] if hidden > 0 else []


def line(view: View, alarm: Alarm) -> html.Div:
    """One alarm."""
    words = view.words
    severity = alarm["severity"]
    town, name = view.place_and_name(alarm)
    return html.Div(
        [
            mark(severity, words(f"severity.{severity}")),
            html.Div(
                [
                    html.Div([html.Span(town, className="where"), " ", name]),
                    html.Div(what(view, alarm), className="line-what"),
                ],
                className="line-main",
            ),
            html.Div([html.Div(age(words, alarm["raised_at"], view.snapshot.at)), *_since(view, alarm)], className="line-time"),
            html.Div(
                [html.Div(words(ACKNOWLEDGED[alarm["acknowledged_at"] is not None])), html.Div(taken(view, alarm), className="line-who")],
                className="line-state",
            ),
        ],
        className=f"line {alarm_class(alarm)}",
        tabIndex=0,
        **{"data-alarm": alarm["alarm_id"], "data-device": alarm["device_id"], "data-town": view.home(alarm["region"])},
    )


def alarm_class(alarm: Alarm) -> str:
    """The classes that its severity and its state give a line."""
    waiting = "is-waiting" if alarm["acknowledged_at"] is None else "is-taken"
    return f"line-{alarm['severity']} {waiting} is-{alarm['state']}"


def what(view: View, alarm: Alarm) -> list[Any]:
    """The rule, the value now and the limit; the value at the raise stands in where the device has gone silent."""
    names, words, metric = view.names, view.words, alarm["metric"]
    held = view.snapshot.devices.get(alarm["device_id"], {}).get("values", {}).get(metric)
    value = held[1] if held and alarm["raised_value"] is not None else alarm["raised_value"]
    parts: list[Any] = [names.rule(words, alarm["rule_id"])]
    if value is not None:
        parts += [" ", html.B(names.value(words, metric, value))]
    if limit := names.limit(words, alarm):
        parts += [html.Span(limit, className="limit")]
    if held and held[2] == "suspect":
        parts += [html.Span(words("state.suspect"), className="suspect")]
    return parts


def owed(view: View, alarm: Alarm) -> str:
    """The state, named by what is owed."""
    cleared = view.words("alarm.cleared") + " · " if alarm["state"] == "cleared" else ""
    return cleared + view.words(ACKNOWLEDGED[alarm["acknowledged_at"] is not None])


def taken(view: View, alarm: Alarm) -> str:
    """Who took it and when; while nobody has, when it cleared by itself, or its printed number."""
    if alarm["acknowledged_at"] is None:
        if alarm["cleared_at"] is None:
            return str(alarm["number"])
        return f"{view.words('alarm.cleared')} {view.words.clock(alarm['cleared_at'])}"
    return f"{alarm['acknowledged_by']} {view.words.clock(alarm['acknowledged_at'])}"


def _since(view: View, alarm: Alarm) -> list[html.Div]:
    return [html.Div(view.words("alarm.since", time=view.words.clock(alarm["raised_at"])), className="line-who")]
