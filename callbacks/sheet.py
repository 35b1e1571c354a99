"""The sheet of /duty and /plans: one callback opens the form that was asked for, and does what was sent with it."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from dash import Dash, Input, Output, State, ctx, no_update
from dash.development.base_component import Component

from callbacks.duty import Look, tried
from callbacks.faces import Faces, now_ms
from callbacks.moments import past
from callbacks.said import short
from layouts import sheet

Said = Mapping[str, Any]


class Sheets(NamedTuple):
    """The forms of a page: how each is opened (None: nobody's) and what sending it does; what that returns as a text is said as wrong."""

    open: Mapping[str, Callable[[Look, str], Component]]
    send: Mapping[str, Callable[[Look, str, Said], str | None]]


def register(app: Dash, faces: Faces, sheets: Sheets) -> None:
    """The one callback of the sheet."""

    @app.callback(
        Output(sheet.BODY, "children"),
        Output(sheet.WRONG, "children"),
        Output(sheet.TOLD, "children"),
        Output(sheet.store("kept"), "data"),
        Input(sheet.store("asked"), "data"),
        Input(sheet.store("sent"), "data"),
        State("moment", "data"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def act(asked: Any, sent: Any, moment: Any, search: str | None) -> Any:
        actor = faces.actor()
        if actor is None or past(moment) is not None:
            return [no_update] * 4
        look = Look(faces, actor, search)
        return opened(sheets, look, asked) if ctx.triggered_id == sheet.store("asked") else done(sheets, look, sent)


def opened(sheets: Sheets, look: Look, asked: Any) -> tuple[Any, Any, Any, Any]:
    """The form that was asked for, the empty sheet for none of its name, or why it is not open to this person."""
    name, thing = short(asked, "form"), short(asked, "thing")
    if name not in sheets.open:
        return None, "", no_update, no_update
    found: list[Component] = []
    wrong, _ = tried(look, lambda: found.append(sheets.open[name](look, thing)))
    return (found[0], "", "", no_update) if found else (None, "", sheet.answer(wrong, now_ms()), no_update)


def done(sheets: Sheets, look: Look, sent: Any) -> tuple[Any, Any, Any, Any]:
    """Do what was sent; the sheet is shut once it is done, else it says why not."""
    name, thing = short(sent, "form"), short(sent, "thing")
    said = sent.get("said") if isinstance(sent, dict) else None
    if name not in sheets.send or not isinstance(said, dict):
        return (no_update,) * 4
    answer, is_done = tried(look, lambda: sheets.send[name](look, thing, said))
    return (
        (None, "", sheet.answer(answer, now_ms()), look.now)
        if is_done
        else (no_update, sheet.refusal(answer, now_ms()), no_update, no_update)
    )
