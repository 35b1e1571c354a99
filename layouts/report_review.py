"""The review of an incident on the screen: targets, units, notices, what was late, lessons; printable, with the way to its replay."""

from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from domain.incident_life import Incident
from domain.review import Review, Target, ready
from layouts.incidents.naming import Naming
from layouts.reports import heading
from services.reviews import NAMED

AROUND_MS = 600_000
"""The replay begins so long before the report and ends so long after the end."""
FORMATS = ("pdf", "docx")


def build(naming: Naming, incident: Incident, found: Review) -> list[Component]:
    """From what was late to the single notices; an incident that still runs says so."""
    words = naming.words
    early = [] if ready(incident) else [html.P(words("review.early"), className="reports-quiet")]
    return [
        heading(naming, incident),
        html.Div(_ways(naming, incident), className="review-ways"),
        *early,
        _part(naming, "late", [_late(naming, found)]),
        _part(naming, "targets", [_targets(naming, found.targets)] if found.targets else []),
        _part(naming, "units", [_units(naming, found)] if found.units else []),
        _part(naming, "told", [_told(naming, found)] if found.told else []),
        _part(naming, "opened", [_opened(naming, found)] if found.opened else []),
        _part(naming, "summary", [html.P(found.summary)] if found.summary else []),
        _part(naming, "lessons", [html.P(found.lessons or words("review.no_lessons"))]),
    ]


def _part(naming: Naming, name: str, content: Sequence[Any]) -> Component:
    return html.Section([html.H3(naming.words(f"review.{name}")), *content], className=f"incident-part review-{name}", hidden=not content)


def _ways(naming: Naming, incident: Incident) -> list[Component]:
    words = naming.words
    since = min(incident.reported_at, incident.occurred_at or incident.reported_at) - AROUND_MS
    until = incident.changed_at + AROUND_MS
    replay = f"/desk?at={since}&from={since}&to={until}&replay={incident.incident_id}&lang={words.lang}"
    files = [
        html.A(
            words(f"reports.{form}"),
            href=f"/api/v1/incidents/{incident.incident_id}/review/{form}",
            className="bar-link",
            **{"data-file": form},
        )
        for form in FORMATS
    ]
    return [html.A(words("replay.open"), href=replay, target="_blank", className="move", **{"data-replay-open": "incident"}), *files]


def _late(naming: Naming, found: Review) -> Component:
    words = naming.words
    if not found.late:
        return html.P(words("review.nothing_late"))
    return html.Ul([html.Li(_late_line(naming, what, name)) for what, name in found.late], className="review-late-list")


def _late_line(naming: Naming, what: str, name: str) -> str:
    words = naming.words
    named = words(f"{NAMED[what]}.{name}", n="") if what in NAMED else words.person(name)
    return words(f"review.late.{what}", name=named)


def _targets(naming: Naming, targets: Sequence[Target]) -> Component:
    words = naming.words
    head = html.Tr([html.Th(words(f"review.col.{name}")) for name in ("clock", "allowed", "used", "result")])
    rows = [
        html.Tr(
            [
                html.Td(words(f"clock.{one.name}")),
                html.Td(naming.working_span(one.allowed_ms, one.unit)),
                html.Td("–" if one.used_ms is None else naming.working_span(one.used_ms, one.unit)),
                html.Td(words(f"standing.{one.state}"), className=f"is-{one.state}"),
            ]
        )
        for one in targets
    ]
    return html.Table([html.Thead(head), html.Tbody(rows)], className="review-table")


def _units(naming: Naming, found: Review) -> Component:
    words = naming.words
    rows = [
        html.Tr([html.Td(words.day_clock(one.at)), html.Td(naming.unit(one.unit_id)), html.Td(words(f"review.unit.{one.status}"))])
        for one in found.units
    ]
    return html.Table(html.Tbody(rows), className="review-table")


def _opened(naming: Naming, found: Review) -> Component:
    words = naming.words
    rows = [
        html.Tr([html.Td(words.day_clock(one.at)), html.Td(words.person(one.username)), html.Td(naming.looked_at(one.source))])
        for one in found.opened
    ]
    return html.Table(html.Tbody(rows), className="review-table")


def _told(naming: Naming, found: Review) -> Component:
    words = naming.words
    rows = [
        html.Tr(
            [
                html.Td(words.day_clock(one.created_at)),
                html.Td(words.person(one.username)),
                html.Td(words(f"review.channel.{one.channel}") if words.has(f"review.channel.{one.channel}") else one.channel),
                html.Td(words("review.read_at", time=words.day_clock(one.read_at)) if one.read_at else words(f"review.notice.{one.state}")),
            ]
        )
        for one in found.told
    ]
    return html.Table(html.Tbody(rows), className="review-table")
