"""The alarm list. A line answers: what and how much against which limit, where, for how long, and who has it."""

from collections.abc import Sequence
from typing import Any

from dash import html

from domain.alarm_statements import STATED
from layouts import cover, origins
from layouts.alarm_groups import grouped, is_silenced, tags
from layouts.alarm_pictures import thumbnail
from layouts.marks import age, empty, mark, note
from layouts.value import Value, now, said, state_of, why
from layouts.view import View

Alarm = dict[str, Any]
ACKNOWLEDGED = {False: "alarm.unacknowledged", True: "alarm.acknowledged"}
NAMED = 3
"""So many other places of a group are named on its line."""
FEWEST_ROWS = 6
"""Lines grow no taller than this many would be."""


def render(view: View) -> list[Any]:
    """The worst first; what nobody has taken stands out. One line says how many more there are."""
    groups = grouped(view, _of_the_scene(view))
    items = cover.among(view, groups, lambda one: cover.line(view, one), lambda group: line(view, group[0], group[1:]))
    rows = view.display.rows.get("alarms", len(items))
    head = note(tally(view), *more(view, sum(n for n, _ in items[rows:])))
    if not items:
        return [head, empty(view.words, silence(view) if not view.display.kinds else "wall.alarms.none")]
    lines = [make() for _, make in items[:rows]]
    return [head, html.Div(lines, className="lines", style={"--rows": str(min(rows, max(len(items), FEWEST_ROWS)))})]


def _of_the_scene(view: View) -> list[Alarm]:
    """Those of the kinds of devices that a scene of the wall is about; all where it is about none."""
    kinds, devices = view.display.kinds, view.devices
    return [one for one in view.snapshot.alarms if not kinds or (one["device_id"] in devices and devices[one["device_id"]].kind in kinds)]


def tally(view: View) -> str:
    """How many are lit, how many of them nobody has taken, how many are silenced; how many posts are short."""
    held = _of_the_scene(view)
    lit = [alarm for alarm in held if not is_silenced(alarm)]
    active = sum(1 for alarm in lit if alarm["state"] == "active")
    waiting = sum(1 for alarm in lit if alarm["acknowledged_at"] is None)
    said, silenced = view.words("alarms.note", active=active, waiting=waiting), len(held) - len(lit)
    more_said = (view.words("alarms.silenced", n=silenced) if silenced else "", cover.tally(view))
    return " · ".join((said, *filter(None, more_said)))


def silence(view: View) -> str:
    """What an empty list means: only a city that is heard, and judged, may be called quiet."""
    if not view.snapshot.devices:
        return "alarms.unheard"
    if 2 * sum(town.online for town in view.towns) < sum(town.devices for town in view.towns):
        return "alarms.deaf"
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
                    html.Div([*told(view, alarm), *tags(view, alarm), *thumbnail(view, alarm)], className="line-what"),
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
    words = view.words
    shown = value(view, alarm)
    parts: list[Any] = [named(view, alarm)]
    if shown is not None:
        parts += [" ", now(words, shown)]
    if limit := view.names.limit(words, alarm):
        parts += [html.Span(limit, className="limit")]
    return [*parts, *(said(words, shown) if shown is not None else [])]


def told(view: View, alarm: Alarm) -> list[Any]:
    """What it is, with the way to where its value comes from."""
    return [*what(view, alarm), *origin(view, alarm)]


def origin(view: View, alarm: Alarm) -> list[html.Button]:
    """The way to where the alarm's value comes from; none for an alarm without a value."""
    shown = value(view, alarm)
    return why(view.words, shown) if shown is not None else []


def value(view: View, alarm: Alarm) -> Value | None:
    """What is measured now, or at the raise where nothing newer is known; None for an alarm without a value."""
    if alarm["raised_value"] is None:
        return None
    known = view.snapshot.devices.get(alarm["device_id"], {}).get("values", {}).get(alarm["metric"])
    at, amount, quality = known or (alarm["raised_at"], alarm["raised_value"], "good")
    text, unit = view.names.parts(view.words, alarm["metric"], amount, alone=True)
    device = view.devices.get(alarm["device_id"])
    source = origins.of_metric(view, device, alarm["metric"], (at, amount, quality)) if device else None
    return Value(text, unit, state_of(at, bool(known) and view.is_stale(alarm["device_id"], at), quality), at, origin=source)


def named(view: View, alarm: Alarm) -> str:
    """The rule's name; of a video alarm with what the platform saw."""
    rule = view.names.rule(view.words, alarm["rule_id"])
    return f"{rule} · {view.names.metric(view.words, alarm['metric'])}" if alarm["metric"].startswith(STATED) else rule


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
    return f"{view.words.person(alarm['acknowledged_by'])} {view.words.clock(alarm['acknowledged_at'])}"


def _since(view: View, alarm: Alarm) -> list[html.Div]:
    return [html.Div(view.words("alarm.since", time=view.words.clock(alarm["raised_at"])), className="line-who")]
