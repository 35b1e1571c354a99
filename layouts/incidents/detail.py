"""One incident in full: what is owed and by when, what, where, who; then everything that hangs on it."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from dash import html
from dash.development.base_component import Component

from domain.clocks import Clock, Standing
from domain.incident_decisions import Move
from domain.incident_life import Incident
from domain.units import CANCELLED
from layouts.incidents import appeal, evidence
from layouts.incidents.deeds import NO_RULES
from layouts.incidents.naming import Naming
from services.appeal_desk import AppealSeen
from services.incident_ports import Attachment

TONES = {"overdue": "is-overdue", "missed": "is-overdue", "near_due": "is-near", "paused": "is-paused", "unknown": "is-paused"}


class Around(NamedTuple):
    """What else is known: alarms of the picture by id (with `text`, and `now`: value and limit as they are drawn), numbers of other
    incidents by id, when the picture was made, the files that the reader must not be given."""

    alarms: Mapping[str, Mapping[str, Any]]
    others: Mapping[str, str]
    at: int
    withheld: frozenset[str] = frozenset()


def build(
    naming: Naming,
    incident: Incident,
    standings: Mapping[str, Standing],
    attachments: Sequence[Attachment],
    around: Around,
    seen: AppealSeen | None = None,
    moves: Sequence[Move] = (),
) -> list[Component]:
    """`seen`: of a hotline order; `moves`: what is open to the reader.

    From the top: head, clocks, facts, and what hangs on it; parts that are empty are not there."""
    parts = [
        _facts(naming, incident),
        *appeal.build(naming, seen, appeal.forms_of(incident, moves)),
        *evidence.alarms(naming, incident, around.alarms),
        *evidence.pictures(naming, incident, attachments, around.withheld),
        *evidence.figures(naming, incident),
        *evidence.instructions(naming, incident),
        *evidence.chains(naming, incident),
        *evidence.links(naming, incident, around.others),
    ]
    contradicted = evidence.contradiction(naming, incident, around.alarms)
    contradicted += appeal.contradiction(naming, seen)
    return [_head(naming, incident, standings), *contradicted, html.Div(parts, className="incident-parts")]


def _head(naming: Naming, incident: Incident, standings: Mapping[str, Standing]) -> html.Header:
    name, clock = incident.pressing
    owed = html.Strong(naming.owed(incident.spine, incident.state), className="incident-owed" + ("" if incident.open else " is-ended"))
    title = html.H2([naming.urgency_mark(incident.urgency), html.Span(incident.title)])
    pressing = [_clock(naming, name, clock, standings[name])] if clock is not None and name in standings else []
    other = [_small_clock(naming, one, standings[one]) for one in incident.clocks if one != name and one in standings]
    return html.Header(
        [
            title,
            html.Div(_line(naming, incident), className="incident-line"),
            html.Div([owed, *pressing, *other], className="incident-clocks"),
        ],
        className="incident-head is-exercise" if incident.exercise else "incident-head",
        **{"data-incident": incident.incident_id, "data-version": str(incident.version)},
    )


def _line(naming: Naming, incident: Incident) -> list[Component]:
    """Number, spine, marks; the ways to its own window and to its place."""
    words = naming.words
    said = [f"flag.{flag}" for flag in ("supervised", "carried", "exercise", "joint") if getattr(incident, flag)]
    said += [f"grade.{incident.grade}"] if incident.grade != "ungraded" else []
    said += [f"response.{incident.response_level}"] if incident.response_level else []
    alone = f"/desk?incident={incident.incident_id}&lang={words.lang}"
    return [
        html.Span(incident.number, className="incident-number"),
        html.Span(words(f"spine.{incident.spine}")),
        *(html.Span(words(message), className="tag is-exercise" if message == "flag.exercise" else "tag") for message in said),
        html.A(words("incident.alone"), href=alone, target="_blank", className="bar-link"),
        html.Button(words("incident.on_map"), className="bar-link", **_point(incident)),
    ]


def _point(incident: Incident) -> dict[str, str]:
    place = incident.place
    return {"data-go": f"{place['lon']},{place['lat']}"} if place.get("lon") is not None else {"hidden": "hidden"}


def _clock(naming: Naming, name: str, clock: Clock, standing: Standing) -> html.Div:
    words = naming.words
    state = words(f"standing.{standing.state}")
    left = naming.left(standing.left_ms or 0, clock.unit)
    due = words("standing.due", time=words.day_clock(clock.due_at)) if clock.due_at else clock.note
    parts = [
        html.Span(words(f"clock.{name}")),
        html.B(left if standing.left_ms is not None else state),
        html.Small(f"{state} · {due}" if due else state),
    ]
    return html.Div(parts, className=f"incident-clock {TONES.get(standing.state, '')}")


def _small_clock(naming: Naming, name: str, standing: Standing) -> html.Span:
    words = naming.words
    return html.Span(
        f"{words(f'clock.{name}')} {words(f'standing.{standing.state}')}", className=f"incident-small {TONES.get(standing.state, '')}"
    )


def _facts(naming: Naming, incident: Incident) -> Component:
    words, place = naming.words, incident.place
    caller = " ".join(str(incident.caller[one]) for one in ("name", "phone") if incident.caller.get(one))
    where = [naming.region(incident.region), place.get("address") or ""]
    rows = {
        "what": incident.description,
        "class": f"{naming.class_name(incident.class_code)}" if incident.class_code else words("incident.unclassed"),
        "where": " · ".join(one for one in where if one),
        "source": naming.source(incident.source) + _reporter(naming, incident),
        "reported": words.day_clock(incident.reported_at),
        "occurred": words.day_clock(incident.occurred_at) if incident.occurred_at else "",
        "caller": caller,
        "told": incident.told,
        "lead": _lead(naming, incident),
        "assisting": naming.each_department(incident.assisting),
        "rule": _rule(naming, incident),
        "owner": words.person(incident.owner),
        "handled": words("list.comma").join(sorted(map(words.person, incident.handled_by))),
        "deferred": words.day_clock(incident.deferred_until) if incident.deferred_until else "",
        "score": str(incident.score) if incident.score else "",
    }
    pairs = [
        part for name, text in rows.items() if text for part in (html.Dt(words(f"fact.{name}")), html.Dd(text, className=f"fact-{name}"))
    ]
    return html.Dl(pairs, className="incident-facts")


def _reporter(naming: Naming, incident: Incident) -> str:
    """The person who wrote it down; that a rule or another desk's order did is what the source says."""
    return f" · {naming.words.person(incident.reported_by)}" if incident.reported_by and ":" not in incident.reported_by else ""


def _lead(naming: Naming, incident: Incident) -> str:
    """Who leads; units may be sent without one."""
    if incident.lead:
        return naming.department(incident.lead)
    sent = sum(unit.get("status") != CANCELLED for unit in incident.units.values())
    return naming.words("incident.units_only", n=sent) if sent else naming.words("incident.nobody")


def _rule(naming: Naming, incident: Incident) -> str:
    if not incident.rule_id:
        return ""
    return naming.words(f"rule.{incident.rule_id}") if incident.rule_id in NO_RULES else naming.words("rule.of", rule=incident.rule_id)
