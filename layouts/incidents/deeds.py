"""What may be done with an incident: the open moves as buttons, each with its small form, proposals to approve or refuse."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from domain.clocks import UNITS
from domain.duties import Duty
from domain.incident_decisions import Move
from domain.incident_fields import ALSO
from domain.incident_guards import FIGURES, REPORTS
from domain.incident_life import Incident
from domain.incident_states import GRADES, RESPONSE_LEVELS, URGENCIES
from domain.incidents import APPROVALS, OF_SPINE, TRANSITIONS
from layouts.incidents.fields import Choice, Field, slot
from layouts.incidents.naming import SOURCES, Naming
from services.incident_desk import ADDING

NOT_BY_HAND = frozenset({"recount", "receipt", "hand_back", "absorb", "open_source", "unit", "file_report", "task"})
"""Deeds that follow from others, or that other screens write."""
SIDE_FIRST = ("say", "call", "attach", "figure", "remind", "extend", "ask_for_help")
KINDS: dict[str, tuple[str, str]] = {
    **{name: ("lines", name) for name in ("reason", "note", "text", "answer", "decision", "summary", "lessons", "description",
        "override_reason", "unpublished_because", "told", "caller_said")},
    **{name: ("text", name) for name in ("who", "source", "to_level", "what_for", "title", "owner")},
    **{name: ("select", name) for name in ("lead", "grade", "response_level", "urgency", "spine", "what", "unit", "score", "region",
        "alarm_id", "instruction")},
    **{name: ("yes_no", name) for name in ("satisfied", "picture_agrees")},
    **{name: ("number", name) for name in ("value", "amount")},
    "assisting": ("checks", "assisting"), "until": ("moment", "until"), "class_code": ("class", "class_code"), "into": ("incident", "into"),
    "which": ("select", "which"), "called_at": ("moment", "called_at"),
    "place": ("place", "place"), "attachment_id": ("file", "attachment_id"),
}  # fmt: skip
"""Field of domain/incident_fields.py -> its control here and the word for it (`field.<word>`)."""
LEFT_OUT = frozenset({"rule_id", "units", "to_units", "deadline", "incident_id", "number", "alarms", "lon", "lat", "caller", "occurred_at",
    "what_for"})  # fmt: skip
"""What a deed could also say, but nobody types."""
MORE: dict[str, tuple[str, ...]] = {"dispatch": ("deadline_amount", "deadline_unit"), "attach": ("phase",)}
KINDS |= {"deadline_amount": ("number", "deadline"), "deadline_unit": ("select", "unit"), "phase": ("select", "phase")}
DANGEROUS = frozenset({"void", "decline", "decline_filing"})
DIGITS = "123456789"


def moves(naming: Naming, incident: Incident, found: Sequence[Move]) -> list[Component]:
    """The moves: on the incident's way first and numbered for the keyboard, proposals before all, the rest after `more`."""
    words = naming.words
    answers = [move for move in found if move.deed.partition(":")[0] in APPROVALS]
    own = {one.deed for one in OF_SPINE[incident.spine]}
    ahead = [move for move in found if move.deed in own]
    known = [move for move in found if move not in answers and move not in ahead and move.deed not in NOT_BY_HAND]
    beside = sorted(known, key=lambda move: SIDE_FIRST.index(move.deed) if move.deed in SIDE_FIRST else len(SIDE_FIRST))
    proposals = [_proposal(naming, incident, deed) for deed in incident.proposals]
    keys = iter(DIGITS)
    main: list[Component] = [_button(naming, incident.spine, move, next(keys, ""), n == 0) for n, move in enumerate([*answers, *ahead])]
    if not found:
        main = [html.Span(words("moves.none"), className="moves-none")]
    side = [_button(naming, incident.spine, move, "", False) for move in beside]
    return [*proposals, html.Div(main, className="moves-main"), html.Div(side, className="moves-side")]


def _button(naming: Naming, spine: str, move: Move, key: str, first: bool) -> html.Button:
    words = naming.words
    asks = [html.Small(words("moves.asks", role=words(f"role.{move.approval}")))] if move.approval else []
    digit = [html.Kbd(key)] if key else []
    tone = " is-danger" if move.deed in DANGEROUS else " is-main" if first else ""
    return html.Button(
        [*digit, html.Span(naming.deed(move.deed, spine)), *asks], className=f"move{tone}", **{"data-deed": move.deed, "data-key": key}
    )


def _proposal(naming: Naming, incident: Incident, deed: str) -> html.Div:
    words, asked = naming.words, incident.proposals[deed]
    said = said_of(naming, asked["data"])
    what = words("moves.proposed", deed=naming.deed(deed, incident.spine))
    line = [html.Strong(what), html.Span(f"{asked['by']} · {words.day_clock(asked['at'])}")]
    return html.Div([html.Div(line), *([html.Div(said, className="proposal-said")] if said else [])], className="proposal")


def form(
    naming: Naming, incident: Incident, deed: str, advice: Duty | None, alarms: Sequence[Choice] = (), largest: int | None = None
) -> Component | None:
    """The form of a deed; None for one that its spine does not know or that nobody does by hand. What is typed stays in the browser.

    `largest`: bytes that a file has at most, where the deed takes one.
    """
    answer, _, asked = deed.partition(":")
    one = TRANSITIONS.get((incident.spine, asked or deed))
    if one is None or deed in NOT_BY_HAND:
        return None
    needs = (("reason",) if answer == "refuse" else ()) if asked else one.needs
    known = LEFT_OUT | ({"class_code"} if incident.class_code and deed != "correct" else set())
    known |= {"instruction"} if deed == "instruct" else set()
    also = () if asked else tuple(name for name in (*ALSO.get(deed, ()), *MORE.get(deed, ())) if name not in known)
    begun = _begun(incident, deed, advice)
    options = _options(naming, incident, alarms)
    names = dict.fromkeys((*needs, *also, *(() if asked or "note" in needs or deed in ("attach", "correct") else ("note",))))
    fields = [
        slot(naming.words, _field(name, name in needs and not (deed == "correct" and name != "reason")), "deed", options.get(name, ()),
            begun.get(name)) for name in names
    ]  # fmt: skip
    version = (
        "none" if not asked and one.kind in ADDING and one.to is None and not one.clocks and not one.approval else str(incident.version)
    )
    body = [html.Div(fields, className="deed-fields"), *_advice(naming, advice if deed in ("dispatch", "reassign") else None)]
    return _frame(naming, incident, deed, {"data-version": version} | ({} if largest is None else {"data-most": str(largest)}), body)


def _field(name: str, wanted: bool) -> Field:
    kind, word = KINDS[name]
    return Field(name, kind, f"field.{word}", wanted)


def _frame(naming: Naming, incident: Incident, deed: str, said: dict[str, str], body: list[Component]) -> html.Div:
    words, name = naming.words, naming.deed(deed, incident.spine)
    send = html.Button([words("deed.send", deed=name), html.Kbd("Ctrl+Enter")], className="move is-main", **{"data-send": "deed"})
    back = html.Button([words("deed.back"), html.Kbd("Esc")], className="move", **{"data-close": "deed"})
    about = {"data-incident": incident.incident_id, "data-deed-form": deed, "data-seen": str(incident.version), **said}
    parts = [html.H3(name), *body, html.Div([send, back], className="deed-send")]
    return html.Div(parts, className="deed-form", key=f"{incident.incident_id}:{deed}", **about)


def _begun(incident: Incident, deed: str, advice: Duty | None) -> dict[str, Any]:
    """What a form begins with: the matrix' answer for a dispatch, what is known for a correction."""
    if deed == "dispatch":
        lead = incident.lead if incident.joint else advice.lead if advice else ""
        assisting = list(incident.assisting) if incident.joint else list(advice.assisting) if advice else []
        return {"lead": lead, "assisting": assisting}
    if deed == "answer_instruction" and len(incident.owes_answers) == 1:
        return {"instruction": next(iter(incident.owes_answers))}
    if deed == "correct":
        names = ("title", "description", "class_code", "urgency", "region", "owner", "told", "grade")
        return {**{name: getattr(incident, name) for name in names}, "place": dict(incident.place)}
    return {}


def _options(naming: Naming, incident: Incident, alarms: Sequence[Choice]) -> dict[str, Sequence[Choice]]:
    words = naming.words
    return {
        "lead": [(code, naming.department(code)) for code in naming.departments],
        "assisting": [(code, naming.department(code)) for code in naming.departments],
        "class_code": classes(naming),
        "region": [(code, naming.region(code)) for code in naming.regions],
        "grade": [(one, words(f"grade.{one}")) for one in GRADES],
        "response_level": [(one, words(f"response.{one}")) for one in RESPONSE_LEVELS],
        "urgency": [(one, words(f"urgency.{one}")) for one in URGENCIES],
        "spine": [(one, words(f"spine.{one}")) for one in OF_SPINE if one != incident.spine],
        "what": [(one, words(f"figure_of.{one}")) for one in FIGURES],
        "which": [(one, words(f"report.{one}", n="")) for one in REPORTS],
        "unit": [(one, words(f"unit.{one}")) for one in UNITS],
        "deadline_unit": [(one, words(f"unit.{one}")) for one in UNITS],
        "phase": [(one, words(f"phase.{one}")) for one in ("report", "before", "after", "check", "other")],
        "score": [(str(n), str(n)) for n in range(5, 0, -1)],
        "source": [(one, words(f"source.{one}")) for one in SOURCES],
        "alarm_id": alarms,
        "instruction": [(name, f"{one['by']} {words.clock(one['at'])} {one['text']}") for name, one in incident.owes_answers.items()],
    }


NO_RULES = ("joint", "none", "by_hand")
"""What stands for a rule of the matrix where none decided (services/incident_matrix.py)."""


def classes(naming: Naming) -> list[Choice]:
    """All classes by name, for a search by any part of it."""
    return [(one.code, f"{naming.class_name(one.code)} · {naming.group_name(one.group)}") for one in naming.classes]


def _advice(naming: Naming, duty: Duty | None) -> list[Component]:
    if duty is None:
        return []
    deadline = naming.words("amount.of", n=f"{duty.deadline.amount:g}", unit=naming.words(f"unit.{duty.deadline.unit}"))
    said = {"rule": duty.rule_id, "lead": naming.department(duty.lead), "deadline": deadline}
    return [html.P(naming.words("deed.by_matrix", **said), className="deed-advice")]


def said_of(naming: Naming, data: Mapping[str, Any]) -> list[Component]:
    """What was said with a deed, field by field, in words."""
    shown = [(name, value) for name, value in data.items() if name in SAID and value not in (None, "", [], ())]
    return [
        html.Span([html.I(naming.words(f"field.{SAID[name]}")), value_of(naming, name, value)], className="said") for name, value in shown
    ]


def value_of(naming: Naming, name: str, value: Any) -> str:
    """A field's value as people read it."""
    read = READ.get(name)
    return read(naming, value) if read else str(value)


def _deadline(naming: Naming, value: Mapping[str, Any]) -> str:
    return naming.words("amount.of", n=f"{value['amount']:g}", unit=naming.words(f"unit.{value['unit']}"))


SAID = {
    name: word for name, (_, word) in KINDS.items() if name not in ("into", "attachment_id", "instruction", "alarm_id", "unit", "amount")
}
SAID |= {"deadline": "deadline", "rule_id": "rule", "receipt": "receipt"}
READ: dict[str, Any] = {
    "lead": lambda n, v: n.department(v),
    "assisting": lambda n, v: n.each_department(v),
    "class_code": lambda n, v: n.class_name(v),
    "region": lambda n, v: n.region(v),
    "grade": lambda n, v: n.words(f"grade.{v}"),
    "response_level": lambda n, v: n.words(f"response.{v}"),
    "urgency": lambda n, v: n.words(f"urgency.{v}"),
    "spine": lambda n, v: n.words(f"spine.{v}"),
    "what": lambda n, v: n.words(f"figure_of.{v}"),
    "source": lambda n, v: n.source(v),
    "until": lambda n, v: n.words.day_clock(v),
    "called_at": lambda n, v: n.words.day_clock(v),
    "which": lambda n, v: n.words(f"report.{v}", n=""),
    "satisfied": lambda n, v: n.words("choice.yes" if v else "choice.no"),
    "picture_agrees": lambda n, v: n.words("choice.yes" if v else "choice.no"),
    "deadline": _deadline,
    "place": lambda n, v: v.get("address") or v.get("device_id") or f"{v.get('lon')}, {v.get('lat')}",
    "rule_id": lambda n, v: n.words(f"rule.{v}") if v in NO_RULES else str(v),
}
"""Field -> how its value is read."""
