"""The leader's instructions 批示: what needs them first, with department, deadline and answer; the ledger is one tap away."""

from collections.abc import Callable
from typing import Any

from dash import html

from domain.instructions import OPEN, Instruction
from layouts.marks import age, empty
from layouts.office import LEDGER, left
from layouts.view import View
from layouts.words import Words

ROWS = 5


def render(view: View) -> list[Any]:
    """A line an instruction that is open, answers to be read first."""
    words, seen, at = view.words, view.gathered["office"], view.snapshot.at
    ledger = [one for one in seen.ledger if one.state in OPEN]
    rows = view.display.rows.get("office_instructions", ROWS)
    late = sum(one.overdue(at) for one in ledger)
    note = html.A(words("office.ledger_note", n=len(ledger), late=late), href=f"{LEDGER}?lang={words.lang}", className="panel-note")
    if not ledger:
        return [note, empty(words, "office.no_instructions")]
    return [note, html.Div([_line(view, one, at) for one in ledger[:rows]], className="office-ledger", **{"data-scroll": "y"})]


def state(words: Words, one: Instruction, at: int) -> html.Span:
    """Where it stands; overdue before anything else."""
    name = "overdue" if one.overdue(at) else one.state
    return html.Span(words(f"instruction.state.{name}"), className=f"tag{' is-late' if name == 'overdue' else ''}")


def subject(one: Instruction, region: Callable[[str], str]) -> str:
    """What it is about, a region in the reader's language: `region` names a code, an unknown one by itself."""
    named = region(one.object) if one.about == "region" else ""
    return named if named not in ("", one.object) else one.title


def address(words: Words, one: Instruction) -> str:
    """Where it is answered and closed: in its incident, else in the ledger."""
    if one.about == "incident":
        return f"/desk?incident={one.object}&lang={words.lang}"
    return f"{LEDGER}?id={one.instruction_id}&lang={words.lang}"


def _about(view: View, one: Instruction) -> str:
    """`subject`; an indicator in the reader's language too, where it is still there."""
    signs = view.gathered["office"].overview.signs if one.about == "indicator" else []
    named = (view.words.pick(sign.indicator.zh, sign.indicator.en) for sign in signs if sign.indicator.code == one.object)
    return next(named, subject(one, view.region_name))


def _line(view: View, one: Instruction, at: int) -> html.A:
    words = view.words
    unit = view.department_name(one.department) if one.department in view.departments else view.region_name(one.department)
    due = [left(words, one.due_at, at)] if one.due_at is not None and not one.answer else []
    about = unit if one.about == "matter" else f"{_about(view, one)} · {unit}"
    said = html.Small([words("office.answered", said=one.answer) if one.answer else about, " · ", age(words, one.given_at, at)])
    parts = [html.Span(one.text, className="office-text"), state(words, one, at), *due, said]
    return html.A(parts, href=address(words, one), className="office-instruction", **{"data-instruction": one.instruction_id})
