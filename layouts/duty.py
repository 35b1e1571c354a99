"""The duty page `/duty` 值班: who is on, the week, changes, logs, hand-over, numbers, roll calls, callings, tasks and notices.

Lists are rendered by callbacks into parts; what somebody is typing stands in fields of its own, which nothing renders again.
"""

from collections.abc import Mapping
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from domain.access import Actor
from layouts import duty_forms, notices, sheet
from layouts.marks import bar, loading
from layouts.words import Words

PARTS = (
    "gaps", "now", "warnings", "week", "changes", "log", "calls", "handover", "book", "rolls", "callings", "tasks", "reached", "sent",
)  # fmt: skip
LOOK_MS = 10_000
FORMS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "log": ("keep_log", "write_log", ("log_text",)),
    "calls": ("keep_log", "take_call", ("caller", "phone", "address", "call_text", "told")),
    "handover": ("keep_log", "hand_over", ("handover_note",)),
    "reached": ("see_duty", "test", ()),
    "tasks": ("act_on_incident", "", ("task_answer",)),
}
"""Part -> the right, the deed of its button (empty: the buttons are in the list), its fields."""
LONG = frozenset({"log_text", "call_text", "handover_note"})


def part(name: str) -> dict[str, str]:
    """The id of a part that callbacks render."""
    return {"type": "duty-part", "name": name}


def field(name: str) -> dict[str, str]:
    """The id of a field that somebody types into."""
    return {"type": "duty-field", "name": name}


def act(deed: str, thing: str = "") -> dict[str, str]:
    """The id of a button that does a deed with a thing."""
    return {"type": "duty-act", "deed": deed, "thing": thing}


def fields_of(deed: str) -> tuple[str, ...]:
    """What is typed for a deed: emptied once it is done, and nothing else is."""
    return next((fields for _, own, fields in FORMS.values() if deed == (own or "task_finish")), ())


def build(words: Words, city: Mapping[str, Any], actor: Actor | None) -> Component:
    """The page in its loading state. What the actor may not do isn't there."""
    sections = [_section(words, name, actor) for name in PARTS]
    answer = html.Div("", id={"type": "duty-answer", "page": "duty"}, className="toast", role="status")
    held = [dcc.Interval(id={"type": "tick", "of": "duty"}, interval=LOOK_MS), dcc.Store(id={"type": "duty-done", "page": "duty"})]
    top = bar(words, city, "duty")
    top.children.insert(-1, notices.bell(words, "duty"))
    top.children.insert(2, html.A(words("face.plans"), href=f"/plans?lang={words.lang}", className="bar-link"))
    return html.Main(
        [top, html.Div(sections, className="duty-parts", **{"data-scroll": "y"}), answer, *held, *sheet.frame(words)],
        className="face face-duty",
        **{"data-face": "duty", "data-lang": words.lang},
    )


def _section(words: Words, name: str, actor: Actor | None) -> html.Section:
    right, deed, fields = FORMS.get(name, ("", "", ()))
    may = bool(right) and actor is not None and actor.may(right)
    form = [_form(words, name, deed, fields)] if may else []
    tools = [
        sheet.button(words, f"sheet.{tool}", tool)
        for tool, needed in duty_forms.TOOLS.get(name, ())
        if actor is not None and actor.may(needed)
    ]
    head = html.Div([html.H2(words(f"duty.{name}"), className="panel-title"), *tools], className="duty-head")
    return html.Section(
        [head, *form, html.Div(loading(words), id=part(name), className="duty-body")],
        className=f"panel duty-{name}",
        **{"data-panel": f"duty-{name}"},
    )


def _form(words: Words, name: str, deed: str, fields: tuple[str, ...]) -> html.Div:
    inputs = [
        dcc.Textarea(id=field(one), placeholder=words(f"duty.field.{one}"), className="field", value="")
        if one in LONG
        else dcc.Input(id=field(one), placeholder=words(f"duty.field.{one}"), className="field", value="")
        for one in fields
    ]
    button = [html.Button(words(f"duty.act.{deed}"), id=act(deed), className="button", n_clicks=0)] if deed else []
    return html.Div([*inputs, *button], className=f"duty-form duty-form-{name}")
