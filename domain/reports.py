"""Information reports 信息报告: 初报, 续报一, 续报二 …, 终报; drafted, reviewed, signed 签发. Fields and roles: DOMAIN, Incidents.

A follow-up does not repeat the start: it says what has changed since the report before it. Times are written with 24 hours.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from domain.access import Actor
from domain.incident_clocks import ClockBook
from domain.incident_guards import FIGURES, REPORTS
from domain.incident_life import Event, Incident
from domain.incidents import Refused

KINDS = REPORTS
FIELDS = (
    "received_at", "source", "occurred_at", "place", "nature", "cause", "scope", *FIGURES, "trend", "leaders_on_scene", "measures",
    "asked_for", "contact", "signatory",
)  # fmt: skip
"""In the order in which they are read out."""
WRITTEN = frozenset(FIELDS) - {"received_at", "occurred_at", "signatory"}
"""What people write; the others come from the incident and from who signs."""
LONGEST = 4_000
DRAFTED, REVIEWED, ISSUED = "drafted", "reviewed", "issued"
STATES = (DRAFTED, REVIEWED, ISSUED)
"""待审核, 待签发, 已签发."""


class Report(NamedTuple):
    """One report. `ordinal` counts the follow-ups from 1; `due_at` is None where nothing is owed by a time (epoch ms)."""

    report_id: str
    incident_id: str
    kind: str
    ordinal: int
    state: str
    fields: Mapping[str, Any]
    version: int
    drafted_by: str
    drafted_at: int
    reviewed_by: str = ""
    reviewed_at: int | None = None
    issued_by: str = ""
    issued_at: int | None = None
    due_at: int | None = None
    returned: str = ""


class Step(NamedTuple):
    """What somebody does with a report: from which state to which, by which roles."""

    start: str
    to: str
    roles: frozenset[str]


STEPS = {
    "edit": Step(DRAFTED, DRAFTED, frozenset({"operator", "duty_officer"})),
    "review": Step(DRAFTED, REVIEWED, frozenset({"duty_officer"})),
    "return": Step(REVIEWED, DRAFTED, frozenset({"duty_officer", "leader"})),
    "sign": Step(REVIEWED, ISSUED, frozenset({"leader"})),
}
"""Drafted by the watch officer, reviewed by the shift leader, signed by the leader on duty (DOMAIN)."""


def next_kind(reports: Sequence[Report], incident: Incident) -> tuple[str, int]:
    """The kind and ordinal of the next report. Raises Refused when one is still being written, or the last has been issued."""
    if any(report.state != ISSUED for report in reports):
        raise Refused("report_open")
    if any(report.kind == "final" for report in reports):
        raise Refused("report_final")
    if not reports:
        return "first", 0
    done = not incident.open or incident.state in ("ended", "aftermath")
    return ("final", 0) if done else ("follow_up", sum(report.kind == "follow_up" for report in reports) + 1)


def draft(incident: Incident, events: Sequence[Event], reports: Sequence[Report], names: Mapping[str, str]) -> dict[str, Any]:
    """What the incident already tells: all of it in a first report, only what is new in a follow-up.

    `names`: words for codes (`class`, `region`, `source`, …) as they are to be read.
    """
    since = max((report.drafted_at for report in reports), default=0)
    said = [event for event in events if event.at > since and event.deed in MEASURES]
    found: dict[str, Any] = {"measures": "；".join(_measure(event) for event in said)}
    found |= {what: figure_text(incident, what) for what in FIGURES if what in incident.figures}
    if not reports:
        start = {
            "received_at": incident.reported_at,
            "occurred_at": incident.occurred_at or incident.reported_at,
            "source": names.get("source", incident.source),
            "place": " ".join(part for part in (names.get("region", ""), str(incident.place.get("address") or "")) if part),
            "nature": names.get("class", incident.class_code),
            "scope": incident.description,
            "contact": str(incident.caller.get("phone") or ""),
        }
        found = {**start, **found}
    return {name: value for name, value in found.items() if value not in ("", None)}


MEASURES = {
    "begin_initial_action": "note", "dispatch": "lead", "feed_back": "note", "answer": "note", "start_response": "response_level",
    "adjust_response": "reason", "joint": "decision", "publish": "text",
}  # fmt: skip
"""Deeds that are measures, and the field that says what was done."""


def _measure(event: Event) -> str:
    return str(event.data.get("note") or event.data.get(MEASURES[event.deed]) or event.deed)


def figure_text(incident: Incident, what: str) -> str:
    """The agreed figure with its version; where none is confirmed, every source with its own: never one of them as if it were agreed."""
    figure = incident.figures.get(what)
    if not figure:
        return ""
    if figure["agreed"]:
        return f"{figure['agreed']['value']:g}（统一口径第{figure['agreed']['version']}版）"
    claims = "，".join(f"{source}报{claim['value']:g}" for source, claim in sorted(figure["claims"].items()))
    return f"口径未统一：{claims}"


def checked(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What somebody wrote. Raises Refused `bad_field`, `unknown_field`."""
    if unknown := sorted(set(fields) - WRITTEN):
        raise Refused("unknown_field", {"fields": unknown})
    if bad := sorted(name for name, value in fields.items() if not isinstance(value, str) or len(value) > LONGEST or "\x00" in value):
        raise Refused("bad_field", {"fields": bad})
    return dict(fields)


def do(
    report: Report,
    deed: str,
    actor: Actor,
    now: int,
    needed: Sequence[str],
    fields: Mapping[str, Any] | None = None,
    reason: str = "",
) -> Report:
    """The report after a deed of STEPS; reviewed it has the fields that are `needed`. Nobody reviews or signs what they drafted.

    Raises Refused.
    """
    step = STEPS.get(deed)
    if step is None or report.state != step.start:
        raise Refused("wrong_state", {"state": report.state, "deed": deed})
    if not actor.roles & step.roles:
        raise Refused("wrong_role", {"roles": sorted(step.roles)})
    if deed in ("review", "sign") and actor.username == report.drafted_by:
        raise Refused("own_work")
    if deed == "sign" and actor.username == report.reviewed_by:
        raise Refused("own_work")
    if deed == "return" and not reason.strip():
        raise Refused("missing", {"fields": ["reason"]})
    after = report._replace(state=step.to, version=report.version + 1)
    written = checked(fields or {})
    missing = [name for name in needed if not {**report.fields, **written}.get(name)] if deed == "review" else []
    if missing:
        raise Refused("missing", {"fields": missing})
    return CHANGES[deed](after, actor, now, written, reason)


def _edit(report: Report, actor: Actor, now: int, fields: Mapping[str, Any], reason: str) -> Report:
    return report._replace(fields={**report.fields, **fields}, returned="")


def _review(report: Report, actor: Actor, now: int, fields: Mapping[str, Any], reason: str) -> Report:
    return report._replace(fields={**report.fields, **fields}, reviewed_by=actor.username, reviewed_at=now)


def _return(report: Report, actor: Actor, now: int, fields: Mapping[str, Any], reason: str) -> Report:
    return report._replace(reviewed_by="", reviewed_at=None, returned=reason)


def _sign(report: Report, actor: Actor, now: int, fields: Mapping[str, Any], reason: str) -> Report:
    return report._replace(issued_by=actor.username, issued_at=now, fields={**report.fields, "signatory": actor.name or actor.username})


CHANGES = {"edit": _edit, "review": _review, "return": _return, "sign": _sign}


def due(incident: Incident, clocks: ClockBook, form: str = "written") -> int | None:
    """By when the first report is owed (epoch ms): counted from when it occurred or was received, as the grade's rule says."""
    for rule in clocks.reports(incident.grade):
        if rule.form == form and rule.allowance.unit == "natural_hours":
            begins = incident.occurred_at if rule.counted_from == "occurred" and incident.occurred_at is not None else incident.reported_at
            return begins + rule.allowance.ms
    return None


def phoned_at(incident: Incident, kind: str = "first") -> int | None:
    """When the report of this kind was first given by phone (epoch ms)."""
    return min((int(one["at"]) for one in incident.phoned if one["which"] == kind), default=None)
