"""How an alarm came about and what became of it, for the wall: its value before and since, and a line for each thing that happened."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import plotly.graph_objects as go
from dash import html

from layouts.alarm_groups import is_silenced
from layouts.charts import PALETTE, TEMPLATE, band, graph, local_times, unit_title
from layouts.panels.alarms import Alarm
from layouts.view import View


class Happened(NamedTuple):
    """One line: when (epoch ms), what, and beside it who or how much. `owed`: it is going on, and somebody has to do something."""

    at: int
    what: str
    about: str = ""
    owed: bool = False


def happened(view: View, alarm: Alarm) -> list[Happened]:
    """From the last value in the normal range to now, oldest first."""
    found = [*_measured(view, alarm), _raised(view, alarm), *_called(view), *_taken(view, alarm)]
    return sorted(found, key=lambda one: one.at)


def chart(view: View, alarm: Alarm) -> html.Div | None:
    """Its value since an hour before the raise, what is allowed behind it, a line at the raise. None where too little was measured."""
    points = [one for one in view.gathered.get("alarm_points") or () if one.mean is not None]
    if len(points) < 2:
        return None
    words, zone = view.words, view.words.zone
    name = unit_title(view.names.metric(words, alarm["metric"]), view.names.unit(words, alarm["metric"]))
    drawn = go.Figure(go.Scatter(x=local_times([one.at for one in points], zone), y=[one.mean for one in points], mode="lines"))
    drawn.update_layout(title={"text": name, "x": 0, "xref": "paper", "y": 1, "yref": "paper", "yanchor": "bottom", "pad": {"b": 6}})
    drawn.update_layout(template=TEMPLATE, title_font={"size": 13, "color": PALETTE["title"]}, uirevision=alarm["alarm_id"])
    allowed = _allowed(alarm)
    if shape := band(allowed, [one.mean for one in points]):
        drawn.add_hrect(y0=shape[0], y1=shape[1], fillcolor=PALETTE["band"], opacity=0.7, line_width=0, layer="below")
    drawn.add_vline(x=local_times([alarm["raised_at"]], zone)[0], line={"color": PALETTE["mark"], "width": 2, "dash": "dot"})
    return html.Div(graph(drawn, words, name, "trend-graph"), className="trend-cell course-chart")


def _allowed(alarm: Alarm) -> tuple[float | None, float | None]:
    """The range that its limit leaves; the raise lies on the other side of it."""
    limit, value = alarm["limit_value"], alarm["raised_value"]
    if limit is None or value is None or value == limit:
        return None, None
    return (None, limit) if value > limit else (limit, None)


def _measured(view: View, alarm: Alarm) -> Iterable[Happened]:
    """The last value that was allowed, and the worst one since the raise."""
    low, high = _allowed(alarm)
    if low is None and high is None:
        return
    points = [one for one in view.gathered.get("alarm_points") or () if one.mean is not None]
    before = [one for one in points if one.at < alarm["raised_at"] and (one.mean <= high if high is not None else one.mean >= low)]
    since = [one for one in points if one.at > alarm["raised_at"]]
    if before:
        yield Happened(before[-1].at, view.words("course.allowed"), _amount(view, alarm, before[-1].mean))
    worst = (max if high is not None else min)(since, key=lambda one: one.mean, default=None)
    if worst is not None and (worst.mean > alarm["raised_value"] if high is not None else worst.mean < alarm["raised_value"]):
        yield Happened(worst.at, view.words("course.worst"), _amount(view, alarm, worst.mean))


def _amount(view: View, alarm: Alarm, value: float) -> str:
    return view.names.value(view.words, alarm["metric"], value, alone=True)


def _raised(view: View, alarm: Alarm) -> Happened:
    value = _amount(view, alarm, alarm["raised_value"]) if alarm["raised_value"] is not None else ""
    about = " ".join(filter(None, (value, view.names.limit(view.words, alarm))))
    return Happened(alarm["raised_at"], view.words("course.raised", rule=view.names.rule(view.words, alarm["rule_id"])), about)


def _called(view: View) -> Sequence[Happened]:
    """Each person once a call; then who answered, or that nobody did."""
    held, words = view.gathered.get("chain"), view.words
    if held is None:
        return []
    calls = sorted({(one.created_at, one.username) for one in held.notices})
    found = [Happened(at, words("course.called", who=words.person(who))) for at, who in calls]
    calling, now = held.calling, view.snapshot.at
    if calling.state == "answered":
        found.append(Happened(calling.answered_at or now, words("course.answered", who=words.person(calling.answered_by))))
    if calling.state == "calling":
        left = words.span(max(0, calling.next_at - now))
        found.append(Happened(now, words("chain.calling", who=words.person(calling.person), n=calling.call, left=left), owed=True))
    if calling.state == "exhausted":
        found.append(Happened(now, words("chain.exhausted", superior=words.person(calling.superior)), owed=True))
    return found


def _taken(view: View, alarm: Alarm) -> Iterable[Happened]:
    """Who took it; while nobody has, for how long it has waited. A silenced one waits for nobody."""
    words, now = view.words, view.snapshot.at
    if alarm["acknowledged_at"] is not None:
        yield Happened(alarm["acknowledged_at"], words("course.taken"), words.person(alarm["acknowledged_by"]))
    if alarm["cleared_at"] is not None:
        yield Happened(alarm["cleared_at"], words("alarm.cleared"))
    elif alarm["acknowledged_at"] is None and not is_silenced(alarm):
        yield Happened(now, words("course.waits", time=words.span(now - alarm["raised_at"])), words("course.owed"), owed=True)
