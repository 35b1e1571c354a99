"""The sheet over /duty and /plans: one form at a time, rendered when a button asks for it, filled and sent by duty_forms.js."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from layouts.incidents.fields import Choice, Field, slot
from layouts.words import Words

BODY = {"type": "sheet", "page": "sheet"}
TOLD = {"type": "sheet-told", "page": "sheet"}
WRONG = {"type": "sheet-wrong", "page": "sheet"}


def store(name: str) -> dict[str, str]:
    """The id of a store that carries a message: `asked` (which form), `sent` (what was typed), `kept` (when something was written)."""
    return {"type": "sheet-store", "name": name}


def frame(words: Words) -> list[Component]:
    """The empty sheet, where what was done is said, and the stores."""
    wrong = html.P("", id=WRONG, className="sheet-wrong", role="alert")
    missing = html.P(className="sheet-missing", role="alert")
    box = html.Div(
        [html.Div(id=BODY, className="sheet-body"), missing, wrong], className="sheet-box", role="dialog", **{"aria-modal": "true"}
    )
    told = html.Div(id=TOLD, role="status", **{"aria-live": "polite"})
    sheet = html.Div(box, className="sheet", **{"data-text-missing": words("sheet.missing")})
    return [sheet, told, *(dcc.Store(id=store(name)) for name in ("asked", "sent", "kept"))]


def refusal(text: str, now: int) -> html.Span:
    """Why something was not done; a new one each time, so that the same answer again is seen to be one."""
    return html.Span(text, key=str(now))


def answer(text: str, now: int) -> html.Div:
    """What was done, or that nothing can be; it leaves by itself."""
    return html.Div(text, key=str(now), className="toast is-passing")


def button(words: Words, message: str, form: str, thing: str = "", quiet: bool = True) -> html.Button:
    """A button that opens a form about a thing."""
    about = {"data-sheet-form": form, "data-thing": thing, "aria-haspopup": "dialog"}
    return html.Button(words(message), className="button button-quiet" if quiet else "button", **about)


def form(
    words: Words,
    name: str,
    thing: str,
    fields: Sequence[Field],
    options: Mapping[str, Sequence[Choice]],
    values: Mapping[str, Any],
    lead: Sequence[Any] = (),
    more: Sequence[Component] = (),
) -> html.Div:
    """A form with its title, its fields and its buttons. `lead` stands before the fields, `more` after them."""
    slots = [slot(words, field, "sheet", options.get(field.name, ()), values.get(field.name)) for field in fields]
    send = html.Button([words(f"sheet.{name}.send"), html.Kbd("Ctrl+Enter")], className="move is-main", **{"data-sheet-send": "yes"})
    back = html.Button([words("deed.back"), html.Kbd("Esc")], className="move", **{"data-sheet-shut": "yes"})
    parts = [
        html.H2(words(f"sheet.{name}")),
        *lead,
        html.Div(slots, className="deed-fields"),
        *more,
        html.Div([send, back], className="deed-send"),
    ]
    return html.Div(parts, className="sheet-form", **{"data-form": name, "data-thing": thing}, key=f"{name}:{thing}")
