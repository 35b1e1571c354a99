"""The alarm list for a thumb: one card an alarm, the same shapes and words as on the wall, one obvious next action."""

from typing import Any

from dash import html

from layouts import alarm_storm, cover
from layouts.alarm_groups import grouped, is_silenced, tags
from layouts.alarm_pictures import thumbnail
from layouts.marks import age, empty, mark, note
from layouts.panels.alarms import Alarm, alarm_class, origin, owed, silence, taken, tally, what
from layouts.view import View


def render(view: View) -> list[Any]:
    """The worst first; in a storm an overview before them."""
    head = note(tally(view))
    groups = grouped(view, view.snapshot.alarms)
    items = cover.among(view, groups, lambda one: cover.card(view, one), lambda group: _group(view, group))
    if not items:
        return [head, empty(view.words, silence(view))]
    return [head, *alarm_storm.overview(view), html.Div([make() for _, make in items[: view.display.rows["alarms"]]], className="cards")]


def _group(view: View, group: list[Alarm]) -> html.Div:
    """A group opens on its other alarms."""
    head = _card(view, group[0], len(group))
    if len(group) == 1:
        return head
    others = html.Details([html.Summary(view.words("alarm.others", n=len(group) - 1)), *(_card(view, alarm) for alarm in group[1:])])
    return html.Div([head, others], className="card-group")


def _card(view: View, alarm: Alarm, members: int = 1) -> html.Div:
    words, severity = view.words, alarm["severity"]
    label = words(f"severity.{severity}")
    head = [mark(severity, label), html.Strong(view.device_name(alarm["device_id"])), html.Span(label, className="tag")]
    facts = [view.town_of(alarm["region"]), " · ", age(words, alarm["raised_at"], view.snapshot.at), " · ", owed(view, alarm)]
    if alarm["acknowledged_at"] is not None:
        facts += [" · ", taken(view, alarm)]
    facts += origin(view, alarm)
    return html.Div(
        [
            html.A(
                [html.Div(head, className="card-head"), html.Div([*what(view, alarm), *tags(view, alarm, members)], className="card-what")],
                **_opens(alarm["device_id"], alarm["alarm_id"]),
            ),
            *thumbnail(view, alarm),
            html.Div(facts, className="card-facts"),
            *_action(view, alarm),
        ],
        className=f"card {alarm_class(alarm)}",
        **{"data-alarm": alarm["alarm_id"]},
    )


def _opens(device_id: str, alarm_id: str) -> dict[str, Any]:
    return {
        "href": "#detail",
        "id": {"type": "open-device", "device": device_id, "alarm": alarm_id},
        "className": "card-open",
        "n_clicks": 0,
    }


def _action(view: View, alarm: Alarm) -> list[html.Button]:
    if alarm["acknowledged_at"] is not None or is_silenced(alarm) or "acknowledge_alarm" not in view.rights:
        return []
    identity = {"type": "acknowledge", "alarm": alarm["alarm_id"]}
    return [html.Button(view.words("alarm.acknowledge"), id=identity, className="button button-main", n_clicks=0)]
