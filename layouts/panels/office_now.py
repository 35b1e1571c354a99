"""What needs the leader now: five numbers that lead on, the major incidents with who has them and what is due next, what is overdue."""

from collections.abc import Mapping
from typing import Any

from dash import html

from domain.instructions import ANSWERED
from layouts import sheet
from layouts.marks import age, empty, mark
from layouts.office import LEDGER, call, found, is_major, left, pick
from layouts.office_alarms import lit, untaken
from layouts.view import View
from services.office import Major

ROWS, LATE = 4, 12
NUMBERS = ("major", "overdue", "supervised", "near_due")
LOUD = frozenset({"overdue"})
"""Numbers that are coloured where they are not nought."""


def render(view: View) -> list[Any]:
    """The numbers, then the incidents; a calm sentence where there is none."""
    seen = view.gathered["office"]
    numbers: list[Any] = [_number(view, name, len(found(view, seen.portfolio, name))) for name in NUMBERS]
    at, user = view.snapshot.at, view.gathered["username"]
    mine = [one for one in seen.ledger if one.given_by == user]
    waiting = sum(one.overdue(at) or one.state == ANSWERED for one in mine)
    numbers.append(_waiting(view, waiting))
    rows = view.display.rows.get("office_now", ROWS)
    majors = [_major(view, one) for one in seen.majors[:rows]] or [_no_major(view)]
    more = [html.Div(view.words("office.more", n=len(seen.majors) - rows), className="office-more")] if len(seen.majors) > rows else []
    body = html.Div([*majors, *more, *_late(view)], className="office-majors", **{"data-scroll": "y"})
    return [html.Div(numbers, className="office-numbers"), body]


def _no_major(view: View) -> html.Div:
    """A calm sentence; a critical alarm that nobody has taken is named in the same breath, and there is no tick."""
    waiting = [one for one in untaken(lit(view, view.gathered["office"].portfolio)) if one["severity"] == "critical"]
    if not waiting:
        return empty(view.words, "office.no_major")
    said = html.Span(view.words("office.no_major_but", n=view.words.number(len(waiting))))
    return html.Div([mark("critical", view.words("severity.critical")), said], className="state state-empty is-but")


def _late(view: View) -> list[Any]:
    """What is overdue or supervised and not told above, the longest overdue first."""
    held, at = view.gathered["office"].portfolio, view.snapshot.at
    wanted = {one["incident_id"]: one for name in ("overdue", "supervised") for one in found(view, held, name) if not is_major(one)}
    lines = [_case(view, one, at) for one in list(wanted.values())[: view.display.rows.get("office_late", LATE)]]
    return [html.H3(view.words("office.late_work"), className="office-sub"), *lines] if lines else []


def _case(view: View, one: Mapping[str, Any], at: int) -> html.A:
    words, naming = view.words, view.gathered["naming"]
    tags = [html.Span(words("flag.supervised"), className="tag")] if one["supervised"] else []
    lead = naming.department(one["lead"]) if one["lead"] else words("office.nobody")
    parts = [
        html.Span([one["title"] or one["number"], " ", *tags], className="office-name"),
        html.Span(f"{naming.town(one['region'])} · {lead}", className="office-where"),
        left(words, one["due_at"], at),
    ]
    return html.A(
        parts, href=f"/desk?incident={one['incident_id']}&lang={words.lang}", className="office-late", **{"data-case": one["incident_id"]}
    )


def _number(view: View, name: str, n: int) -> html.Button:
    look = "is-none" if not n else "is-late" if name in LOUD else ""
    parts = [html.B(view.words.number(n)), html.Span(view.words(f"office.number.{name}"))]
    return html.Button(parts, id=pick(name), n_clicks=0, className=f"office-number {look}".strip(), **{"data-number": name})


def _waiting(view: View, n: int) -> html.A:
    """Instructions whose answer is overdue or waits to be read: their ledger."""
    parts = [html.B(view.words.number(n)), html.Span(view.words("office.number.instructions"))]
    return html.A(parts, href=f"{LEDGER}?lang={view.words.lang}", className=f"office-number{'' if n else ' is-none'}")


def _major(view: View, one: Major) -> html.Div:
    words, naming, incident = view.words, view.gathered["naming"], one.incident
    grade = [html.Span(words(f"grade.{incident.grade}"), className="tag")] if incident.grade != "ungraded" else []
    level = [html.Span(words(f"response.{incident.response_level}"), className="tag")] if incident.response_level else []
    mine = [mark("critical", words("urgency.critical"))] if incident.urgency == "critical" else []
    head = [
        *mine,
        html.Strong(incident.title or incident.number),
        *grade,
        *level,
        html.Span([naming.town(incident.region), " ", age(words, incident.reported_at, view.snapshot.at)], className="office-town"),
    ]
    lead = naming.department(incident.lead) if incident.lead else words("office.nobody")
    names = view.gathered["office"].units
    there = words("list.comma").join(names.get(unit, unit) for unit in one.there) or words("office.nobody_there")
    coming = f" · {words('office.coming', n=len(one.coming))}" if one.coming else ""
    clock = words(f"clock.{one.clock}") if one.clock else words("office.next")
    facts = [
        (words("office.state"), naming.owed(incident.spine, incident.state)),
        (clock, left(words, one.due_at, view.snapshot.at)),
        (words("office.in_charge"), [lead, *(part for guard in one.guards[:1] for part in (" · ", call(guard.name, guard.phone)))]),
        (words("office.on_scene"), f"{there}{coming}"),
    ]
    told = html.Dl([html.Div([html.Dt(name), html.Dd(text)]) for name, text in facts], className="office-facts")
    opens = html.A(head, href=f"/desk?incident={incident.incident_id}&lang={words.lang}", className="office-head")
    write = []
    if "give_instruction" in view.rights:
        write = [sheet.button(words, "office.instruct_this", "instruct", f"incident:{incident.incident_id}:")]
    return html.Div(
        [html.Div([opens, *write], className="office-top"), told],
        className=f"office-major{' is-late' if one.overdue else ''}",
        **{"data-major": incident.incident_id},
    )
