"""The page of leaders' instructions 批示 `/instructions`: the ledger, one instruction with everything that was written, and its forms."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from dash import dcc, html
from dash.development.base_component import Component

from domain.access import Actor
from domain.instructions import DEEDS, Event, Instruction
from layouts import notices, sheet
from layouts.incidents.fields import Choice, Field
from layouts.marks import BAR, bar, empty, loading
from layouts.office import left
from layouts.panels.office_instructions import address, state, subject
from layouts.words import Words
from services.instructions import Seen

LIST, DETAIL, CHOSEN = ({"type": "instructions", "part": part} for part in ("list", "detail", "chosen"))
LOOK_MS = 10_000
MAIN = ("answer", "take", "close")
"""The deeds that lead on: the first that is open stands out."""
FIELDS = (
    Field("object", "class", "instruct.field.object", True, "instruct.hint.object"),
    Field("department", "class", "instruct.field.department", True),
    Field("text", "lines", "instruct.field.text", True),
    Field("due_at", "moment", "instruct.field.due_at"),
)
OF_DEED: Mapping[str, tuple[Field, ...]] = {
    "answer": (Field("text", "lines", "instruct.field.answer", True),),
    "send_back": (Field("text", "lines", "instruct.field.reason", True), Field("due_at", "moment", "instruct.field.due_at")),
    "extend": (Field("due_at", "moment", "instruct.field.due_at", True),),
    "withdraw": (Field("text", "lines", "instruct.field.reason", True),),
}
"""Deed -> what its form asks for; the others ask for nothing."""


class Naming(NamedTuple):
    """Words, and how departments and regions are called."""

    words: Words
    units: Mapping[str, str]

    def unit(self, code: str) -> str:
        """A department's or a region's name."""
        return self.units.get(code, code)


def pick(instruction_id: str) -> dict[str, str]:
    """The id of the button that chooses one."""
    return {"type": "instruction-pick", "id": instruction_id}


def build(words: Words, city: Mapping[str, Any], actor: Actor | None) -> Component:
    """The page in its loading state. What the actor may not do isn't there."""
    top = bar(words, city, "instructions", pages=(*BAR, "instructions"))
    top.children.insert(-1, notices.bell(words, "instructions"))
    may = actor is not None and actor.may("give_instruction")
    new = [sheet.button(words, "office.instruct", "instruct", quiet=False)] if may else []
    head = html.Div([html.H2(words("instructions.title"), className="panel-title"), *new], className="duty-head")
    listed = html.Section(
        [head, html.Div(loading(words), id=LIST, className="ledger-list", **{"data-scroll": "y"})],
        className="panel ledger-all",
        **{"data-panel": "instructions"},
    )
    shown = html.Section(
        html.Div(loading(words), id=DETAIL, className="ledger-detail", **{"data-scroll": "y"}),
        className="panel ledger-one",
        **{"data-panel": "instruction"},
    )
    held = [dcc.Interval(id={"type": "tick", "of": "instructions"}, interval=LOOK_MS), dcc.Store(id=CHOSEN)]
    return html.Main(
        [top, html.Div([listed, shown], className="ledger-parts"), *held, *sheet.frame(words)],
        className="face face-instructions",
        **{"data-face": "instructions", "data-lang": words.lang},
    )


def listing(naming: Naming, ledger: Sequence[Instruction], chosen: str, at: int) -> list[Component]:
    """A line an instruction, what needs somebody first."""
    if not ledger:
        return [empty(naming.words, "office.no_instructions")]
    return [_line(naming, one, one.instruction_id == chosen, at) for one in ledger]


def _line(naming: Naming, one: Instruction, chosen: bool, at: int) -> Component:
    words = naming.words
    about = f"{words(f'instruct.about.{one.about}')} · {subject(one, naming.unit)} → {naming.unit(one.department)}"
    due = [left(words, one.due_at, at)] if one.due_at is not None and not one.answer and one.ended_at is None else []
    parts = [
        html.Span(one.text, className="office-text"),
        state(words, one, at),
        *due,
        html.Small(f"{one.number} · {one.given_by} · {about}"),
    ]
    if one.about == "incident":
        return html.A(parts, href=address(words, one), className="office-instruction")
    pressed = {"aria-pressed": "true" if chosen else "false"}
    return html.Button(parts, id=pick(one.instruction_id), n_clicks=0, className="office-instruction", **pressed)


def detail(naming: Naming, seen: Seen, at: int) -> list[Component]:
    """One instruction: about what, to whom, by when; its ledger; and what is open to whoever looks."""
    words, one = naming.words, seen.instruction
    facts = [
        (words("instruct.field.object"), f"{words(f'instruct.about.{one.about}')} · {subject(one, naming.unit)}"),
        (words("instruct.field.department"), naming.unit(one.department)),
        (words("instruct.field.due_at"), words.full(one.due_at) if one.due_at is not None else words("office.no_deadline")),
    ]
    told = html.Dl([part for name, text in facts for part in (html.Dt(name), html.Dd(text))], className="ledger-facts")
    due = [left(words, one.due_at, at)] if one.due_at is not None and one.ended_at is None and not one.answer else []
    head = html.Div([html.H2(one.number), state(words, one, at), *due], className="ledger-head")
    tools = html.Div(
        [_button(words, name, one, name == next((d for d in MAIN if d in seen.deeds), "")) for name in seen.deeds], className="ledger-tools"
    )
    lines = [_event(words, event) for event in seen.events]
    return [head, html.P(one.text, className="ledger-text"), told, tools, html.Ol(lines, className="ledger-events")]


def _button(words: Words, deed: str, one: Instruction, main: bool) -> html.Button:
    return sheet.button(words, f"sheet.instruction_{deed}", f"instruction_{deed}", one.instruction_id, quiet=not main)


def _event(words: Words, event: Event) -> html.Li:
    due = [html.Small(words("instruct.until", time=words.full(event.data["due_at"])))] if event.data.get("due_at") else []
    said = [html.Span(str(event.data["text"]))] if event.data.get("text") else []
    head = [
        html.Time(words.full(event.at)),
        html.Strong(words.person(event.actor)),
        html.Span(words(f"instruct.deed.{event.deed}"), className="tag"),
    ]
    return html.Li([html.Div(head), *said, *due])


def form(words: Words, thing: str, objects: Sequence[Choice], departments: Sequence[Choice], values: Mapping[str, Any]) -> html.Div:
    """A new instruction; `values` are what is known already."""
    return sheet.form(words, "instruct", thing, FIELDS, {"object": objects, "department": departments}, values)


def deed_form(words: Words, deed: str, one: Instruction) -> html.Div:
    """One of DEEDS; its lead repeats the instruction."""
    return sheet.form(
        words, f"instruction_{deed}", one.instruction_id, OF_DEED.get(deed, ()), {}, {}, [html.P(one.text, className="ledger-text")]
    )


FORMS = tuple(f"instruction_{deed}" for deed in DEEDS)
