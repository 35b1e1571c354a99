"""The alarm list. A line answers: what and how much against which limit, where, for how long, and who has it."""

from collections.abc import Sequence
from typing import Any

from dash import html

from layouts.alarm_groups import grouped, is_silenced, tags
from layouts.marks import age, empty, mark, note
from layouts.view import View

Alarm = dict[str, Any]
ACKNOWLEDGED = {False: "alarm.unacknowledged", True: "alarm.acknowledged"}
NAMED = 3
"""So many other places of a group are named on its line."""
FEWEST_ROWS = 6
"""Lines grow no taller than this many would be."""


def render(view: View) -> list[Any]:
    """The worst first; what nobody has taken stands out. One line says how many more there are."""
    words, held = view.words, list(view.snapshot.alarms)
    groups = grouped(view, held)
    rows = view.display.rows.get("alarms", len(held))
    head = note(tally(view), *more(view, sum(map(len, groups[rows:]))))
    if not held:
        return [head, empty(words, silence(view))]
    lines = [line(view, group[0], group[1:]) for group in groups[:rows]]
    return [head, html.Div(lines, className="lines", style={"--rows": str(min(rows, max(len(groups), FEWEST_ROWS)))})]


def tally(view: View) -> str:
    """How many are lit, how many of them nobody has taken, how many are silenced."""
    lit = [alarm for alarm in view.snapshot.alarms if not is_silenced(alarm)]
    active = sum(1 for alarm in lit if alarm["state"] == "active")
    waiting = sum(1 for alarm in lit if alarm["acknowledged_at"] is None)
    said, silenced = view.words("alarms.note", active=active, waiting=waiting), len(view.snapshot.alarms) - len(lit)
    return f"{said} · {view.words('alarms.silenced', n=silenced)}" if silenced else said


def silence(view: View) -> str:
    """What an empty list means: only a city that is heard, and judged, may be called quiet."""
    if not view.snapshot.devices:
        return "alarms.unheard"
    return "alarms.unjudged" if view.snapshot.notes.get("ingest", {}).get("paused") else "alarms.none"


def more(view: View, hidden: int) -> list[html.Span]:
    """How many lines the list doesn't show."""
    return [html.Span(view.words("alarms.more", n=hidden), className="more")] if hidden > 0 else []


def line(view: View, alarm: Alarm, others: Sequence[Alarm] = ()) -> html.Div:
    """One alarm, or the head of a group with its `others`, whose places are named: nobody can open a group on a wall."""
    words = view.words
    severity = alarm["severity"]
    town, name = view.place_and_name(alarm)
    return html.Div(
        [
            mark(severity, words(f"severity.{severity}")),
            html.Div(
                [
                    html.Div([html.Span(town, className="where"), " ", name, *_with(view, alarm, others)]),
                    html.Div([*what(view, alarm), *tags(view, alarm)], className="line-what"),
                ],
                className="line-main",
            ),
            html.Div([html.Div(age(words, alarm["raised_at"], view.snapshot.at)), *_since(view, alarm)], className="line-time"),
            html.Div(
                [html.Div(state(view, alarm)), html.Div(taken(view, alarm), className="line-who")],
                className="line-state",
            ),
        ],
        className=f"line {alarm_class(alarm)}",
        tabIndex=0,
        **{"data-alarm": alarm["alarm_id"], "data-device": alarm["device_id"], "data-town": view.home(alarm["region"])},
    )


def _with(view: View, head: Alarm, others: Sequence[Alarm]) -> list[Any]:
    """How many a group has, and the first places of its others, each once, with their town where it is another one."""
    here = view.town_of(head["region"])
    placed = [view.place_and_name(one) for one in others]
    names = list(dict.fromkeys(name if town == here else f"{town} {name}" for town, name in placed))
    if not names:
        return []
    words, comma = view.words, view.words("list.comma")
    listed = comma.join(names[:NAMED])
    listed = listed if len(names) <= NAMED else words("alarm.and_more", names=listed, n=len(names))
    count = html.Span(words("alarm.group", n=len(others) + 1), className="alarm-tag")
    return [count, html.Span(words("alarm.with", names=listed), className="line-with")]


def alarm_class(alarm: Alarm) -> str:
    """The classes that its severity and its state give a line."""
    waiting = "is-waiting" if alarm["acknowledged_at"] is None and not is_silenced(alarm) else "is-taken"
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
    return cleared + state(view, alarm)


def state(view: View, alarm: Alarm) -> str:
    """Whether somebody has taken it; a silenced one asks nobody."""
    return view.words("alarm.silenced" if is_silenced(alarm) else ACKNOWLEDGED[alarm["acknowledged_at"] is not None])


def taken(view: View, alarm: Alarm) -> str:
    """Who took it and when; while nobody has, when it cleared by itself, or its printed number."""
    if alarm["acknowledged_at"] is None:
        if alarm["cleared_at"] is None:
            return str(alarm["number"])
        return f"{view.words('alarm.cleared')} {view.words.clock(alarm['cleared_at'])}"
    return f"{alarm['acknowledged_by']} {view.words.clock(alarm['acknowledged_at'])}"


def _since(view: View, alarm: Alarm) -> list[html.Div]:
    return [html.Div(view.words("alarm.since", time=view.words.clock(alarm["raised_at"])), className="line-who")]
