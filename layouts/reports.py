"""The tabs of one incident beside its overview: information reports (state, deadline, fields, what may be done), and where they stand."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from dash import dcc, html
from dash.development.base_component import Component

from domain.access import Actor
from domain.incident_life import Incident
from domain.incidents import TRANSITIONS
from domain.reports import FIELDS, ISSUED, STEPS, WRITTEN, Report, phoned_at
from layouts.incidents.fields import Field, slot
from layouts.incidents.naming import Naming
from layouts.incidents.queue import part, store
from layouts.words import Words
from services.report_desk import DRAFTERS, Owed

TABS = ("reports", "review")
LINES = frozenset({"scope", "trend", "leaders_on_scene", "measures", "asked_for", "cause"})
TIMES = frozenset({"received_at", "occurred_at"})
FORMATS = ("pdf", "docx")
SAYS = ("kept", "lost", "sent", "meanwhile", "signed_out")


class Shown(NamedTuple):
    """What the tab shows, at `now` (epoch ms), to `actor`; `needed`: kind -> the fields that a report must have."""

    naming: Naming
    incident: Incident
    reports: Sequence[Report]
    owed: Owed
    actor: Actor
    now: int
    needed: Mapping[str, Sequence[str]]


def tabs(words: Words) -> list[Component]:
    """The tabs for papers, beside those that dispatch has put over an incident (layouts/dispatch/frame.py)."""
    about = {"className": "dispatch-tab", "aria-pressed": "false"}
    return [html.Button(html.Span(words(f"incident.tab.{name}")), **{**about, "data-dispatch-tab": name}) for name in TABS]


def frame(words: Words) -> html.Div:
    """Where reports and the review stand, and the stores by which they are asked for."""
    bodies = [html.Div(id=part(name), className=f"incident-{name}") for name in TABS]
    answer = html.Div(id=part("report-answer"), className="desk-answer", role="status")
    texts = {f"data-text-{name.replace('_', '-')}": words(f"reports.{name}") for name in SAYS}
    parts = [*bodies, answer, dcc.Store(id=store("reports")), dcc.Store(id=store("report-refused"))]
    return html.Div(parts, className="incident-papers", **{"data-scroll": "y", **texts})


def heading(naming: Naming, incident: Incident) -> html.H2:
    """Of which incident the papers are; an exercise is marked."""
    mark = [html.Strong(naming.words("flag.exercise"), className="tag is-exercise")] if incident.exercise else []
    return html.H2(
        [naming.urgency_mark(incident.urgency), html.Span(incident.title), *mark, html.Small(incident.number)], className="papers-title"
    )


def build(shown: Shown) -> list[Component]:
    """What is owed and the next one to begin; then every report, the newest first."""
    return [heading(shown.naming, shown.incident), _head(shown), *(_report(shown, one) for one in reversed(shown.reports))]


def _head(shown: Shown) -> html.Div:
    words, owed = shown.naming.words, shown.owed
    dues = [_due(shown, words(f"report.form.{form}"), at, _said_by(shown, form)) for form, at in owed.dues.items()]
    none = [] if dues else [html.Span(words("reports.no_deadline"), className="reports-quiet")]
    parts: list[Component] = [html.Div([*dues, *none], className="reports-owed"), *_phoned(shown)]
    if owed.refused:
        return html.Div([*parts, html.Span(words(f"refused.{owed.refused}"), className="reports-quiet")], className="reports-head")
    if not shown.actor.roles & DRAFTERS:
        return html.Div([*parts, html.Span(words("reports.by_drafters"), className="reports-quiet")], className="reports-head")
    begin = words("reports.begin", kind=words(f"report.{owed.kind}", n=owed.ordinal))
    button = html.Button(begin, className="move is-main", **{"data-report-begin": shown.incident.incident_id})
    return html.Div([*parts, button], className="reports-head")


def _phoned(shown: Shown) -> list[Component]:
    """The reports that were given by phone, and for those who give them the way to write one down."""
    words = shown.naming.words
    said = [
        html.Li(
            words(
                "reports.phoned",
                kind=words(f"report.{one['which']}", n=""),
                who=one["who"],
                by=words.person(one["by"]),
                time=words.day_clock(one["at"]),
            )
        )
        for one in shown.incident.phoned
    ]
    done: list[Component] = [html.Ul(said, className="reports-phoned")] if said else []
    may = shown.actor.roles & TRANSITIONS[shown.incident.spine, "phone_report"].roles
    button = html.Button(words("deed.phone_report"), className="move", **{"data-deed": "phone_report"})
    return [*done, button] if may else done


def _said_by(shown: Shown, form: str) -> int | None:
    """When what is owed was done: a written report once it was signed, one by phone when it was given."""
    if form == "phone":
        return phoned_at(shown.incident)
    first = next((one for one in shown.reports if one.kind == "first"), None)
    return first.issued_at if first else None


def _due(shown: Shown, label: str, at: int, done: int | None) -> html.Span:
    """A deadline: time left, overdue in red, or kept and missed once it is done."""
    naming, words = shown.naming, shown.naming.words
    moment = shown.now if done is None else done
    late = moment > at
    state = "left" if done is None and not late else "over" if done is None else "missed" if late else "met"
    text = words(f"reports.{state}", time=naming.span(at - moment))
    tone = "is-overdue" if late else "is-met" if done else ""
    return html.Span([f"{label} {words.day_clock(at)} · ", html.B(text)], className=f"reports-due {tone}", **{"data-due": state})


def _report(shown: Shown, one: Report) -> html.Section:
    words = shown.naming.words
    editing = one.state == STEPS["edit"].start and bool(shown.actor.roles & STEPS["edit"].roles)
    state = html.Span(words(f"report.state.{one.state}"), className=f"tag report-state is-{one.state}")
    head = [html.H3(words(f"report.{one.kind}", n=one.ordinal)), state, *_files(words, one)]
    back = [html.P(words("reports.returned", reason=one.returned), className="report-returned")] if one.returned else []
    body = _form(shown, one) if editing else _text(shown, one)
    parts = [
        html.Div(head, className="report-head"),
        html.Div(_hands(shown, one), className="report-hands"),
        *back,
        body,
        _deeds(shown, one),
    ]
    about = {"data-report": one.report_id, "data-version": str(one.version), "data-state": one.state}
    return html.Section(parts, className="report", key=f"{one.report_id}:{one.version}", **about)


def _files(words: Words, one: Report) -> list[Component]:
    return [
        html.A(words(f"reports.{form}"), href=f"/api/v1/reports/{one.report_id}/{form}", className="bar-link", **{"data-file": form})
        for form in FORMATS
    ]


def _hands(shown: Shown, one: Report) -> str:
    """Through whose hands it has gone, and when."""
    words = shown.naming.words
    steps = (("drafted", one.drafted_by, one.drafted_at), ("reviewed", one.reviewed_by, one.reviewed_at))
    done = [(name, who, at) for name, who, at in (*steps, ("issued", one.issued_by, one.issued_at)) if at is not None]
    return " → ".join(words(f"reports.hand.{name}", who=words.person(who), time=words.day_clock(at)) for name, who, at in done)


def _form(shown: Shown, one: Report) -> html.Div:
    words, needed = shown.naming.words, shown.needed[one.kind]
    names = [name for name in FIELDS if name in WRITTEN]
    fields = [
        slot(
            words,
            Field(name, "lines" if name in LINES else "text", f"report.field.{name}", name in needed),
            "report",
            value=str(one.fields.get(name, "")),
        )
        for name in names
    ]
    return html.Div([_text(shown, one, tuple(TIMES)), html.Div(fields, className="deed-fields")], className="report-form")


def _text(shown: Shown, one: Report, names: Sequence[str] = FIELDS) -> html.Dl:
    words = shown.naming.words
    rows = [(name, one.fields[name]) for name in FIELDS if name in names and one.fields.get(name)]
    said = [(name, words.day_clock(value) if name in TIMES and isinstance(value, int) else str(value)) for name, value in rows]
    return html.Dl(
        [cell for name, text in said for cell in (html.Dt(words(f"report.field.{name}")), html.Dd(text))], className="report-text"
    )


def _deeds(shown: Shown, one: Report) -> html.Div:
    """What this person may do with it; for anybody else who is waited for."""
    words, actor = shown.naming.words, shown.actor
    if one.state == ISSUED:
        return html.Div(className="deed-send")
    open_now = [name for name, step in STEPS.items() if step.start == one.state and actor.roles & step.roles]
    own = actor.username in (one.drafted_by, one.reviewed_by)
    may = [name for name in open_now if not (name == "review" and actor.username == one.drafted_by) and not (name == "sign" and own)]
    reason = [slot(words, Field("reason", "text", "reports.reason"), "report-return")] if "return" in may else []
    buttons = [
        html.Button(words(f"reports.do.{name}"), className="move" + (" is-main" if name == may[-1] else ""), **{"data-report-do": name})
        for name in may
    ]
    waits = [] if set(may) - {"edit", "return"} else [html.Span(words(f"reports.waits.{one.state}"), className="reports-quiet")]
    status = html.Span("", className="deed-status", role="status")
    return html.Div([*reason, *buttons, *waits, status], className="deed-send")


def refusal(words: Words, said: Mapping[str, Any]) -> Component:
    """Why the server refused, with the fields that it names."""
    code, params = str(said.get("code", "")), said.get("params")
    text = words(f"refused.{code}") if words.has(f"refused.{code}") else words("refused.other", code=code)
    fields = params.get("fields", []) if isinstance(params, dict) else []
    named = [words(f"report.field.{name}") for name in fields if isinstance(name, str) and words.has(f"report.field.{name}")]
    return html.Div([html.Strong(text), html.Span(words("list.comma").join(named))], className="answer is-refused")
