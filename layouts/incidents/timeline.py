"""An incident's events as sentences: who did what when, and what was said with it."""

from collections.abc import Iterable, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from domain.incident_life import Event, Incident
from domain.incident_states import FIRST
from layouts.incidents.deeds import said_of, value_of
from layouts.incidents.naming import Naming

GROUPS: dict[str, tuple[str, ...]] = {
    "flow": ("state", "assignment", "level"),
    "messages": ("message", "instruction", "call", "report", "task"),
    "evidence": ("attachment", "figure", "place"),
    "links": ("link", "unit"),
}
"""What the timeline can be narrowed to -> kinds of events."""
GROUP_OF = {kind: group for group, kinds in GROUPS.items() for kind in kinds}


def build(naming: Naming, incident: Incident, events: Sequence[Event]) -> list[Component]:
    """The newest first, with the buttons that narrow it."""
    words = naming.words
    chosen = [html.Button(words(f"timeline.{name}"), className="chip", **{"data-timeline": name}) for name in ("all", *GROUPS)]
    head = html.Div([html.H3(words("timeline.title")), *chosen], className="timeline-head")
    return [head, html.Ol(lines(naming, incident.spine, reversed(events)), className="timeline")]


def lines(naming: Naming, spine: str, events: Iterable[Event]) -> list[Component]:
    """One line an event."""
    return [_line(naming, spine, event) for event in events]


def _line(naming: Naming, spine: str, event: Event) -> html.Li:
    words = naming.words
    late = event.recorded_at - event.at > 60_000
    times = [
        html.Time(words.day_clock(event.at)),
        *([html.Small(words("timeline.late", time=words.clock(event.recorded_at)))] if late else []),
    ]
    body: list[Any] = [
        html.Div([html.Strong(words.person(event.actor)), " ", sentence(naming, spine, event), *_step(naming, spine, event)])
    ]
    said = said_of(naming, _shown(event))
    if said:
        body.append(html.Div(said, className="timeline-said"))
    return html.Li(
        [html.Div(times, className="timeline-time"), html.Div(body)],
        className=f"timeline-line is-{GROUP_OF.get(event.kind, 'flow')}",
        key=str(event.version),
    )


def sentence(naming: Naming, spine: str, event: Event) -> str:
    """What was done, as a short sentence without its subject."""
    words, data = naming.words, event.data
    if event.deed in ("propose", "refuse") or data.get("proposed_by"):
        return words.told(spine, event)
    if event.deed in ("figure", "confirm_figure"):
        return words(f"event.{event.deed}", what=value_of(naming, "what", data["what"]), value=f"{data['value']:g}")
    if event.deed == "extend":
        return words("event.extend", time=words("amount.of", n=f"{data['amount']:g}", unit=words(f"unit.{data['unit']}")))
    if event.deed == "open_source":
        return words("event.open_source", what=naming.looked_at(data.get("source", "")))
    if event.deed == "unit":
        return words("event.unit", unit=naming.unit(data["unit_id"]), state=naming.step(data["status"]))
    if event.deed == "task" and words.has(f"event.task.{data['status']}"):
        return words(f"event.task.{data['status']}")
    if event.deed == "report":
        return words("event.report", source=naming.source(data.get("source", "")))
    return words(f"event.{event.deed}") if words.has(f"event.{event.deed}") else naming.deed(event.deed, spine)


def _shown(event: Event) -> dict[str, Any]:
    data = event.data["data"] if event.deed == "propose" else event.data
    hidden = {"figure": ("what", "value"), "confirm_figure": ("what", "value"), "report": ("title", "source", "place", "region", "spine")}
    hidden["open_source"] = ("source",)
    return {name: value for name, value in data.items() if name not in hidden.get(event.deed, ())}


def _step(naming: Naming, spine: str, event: Event) -> list[Component]:
    before, after = event.data.get("from"), event.data.get("to")
    if not after:
        return []
    return [html.Span([naming.owed(spine, before or FIRST), html.I("→"), naming.owed(spine, after)], className="timeline-step")]
