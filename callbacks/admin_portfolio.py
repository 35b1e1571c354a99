"""What a leader answers for, set by the administrator who looks after them."""

from typing import Any

from dash import Dash, Input, Output, State, no_update

from callbacks.admin_users import CHOSEN, chosen, done
from callbacks.faces import Faces, address, now_ms
from domain.access import Actor, Forbidden
from domain.registry import compared_level
from layouts import admin_portfolio as form
from layouts.admin_parts import said
from layouts.rows import choices
from layouts.words import Words


def register(app: Dash, faces: Faces) -> None:
    """One callback fills the form for the chosen account, one keeps what was set."""

    @app.callback(
        *(Output(form.field(name), "value") for name in form.FIELDS),
        Output(form.field("regions"), "data"),
        *(Output(part, "disabled") for part in (*map(form.field, form.FIELDS), form.SAVE)),
        Input({"type": "grid", "name": "users"}, "selectedRows"),
        State("url", "search"),
    )
    def fill(rows: list[Any] | None, search: str | None) -> Any:
        actor, row = faces.actor(), (rows or [{}])[0]
        held = held_by(faces, actor, row) if actor is not None else None
        shut = held is None
        return *(held or ([], [])), _places(faces, faces.words(search)), shut, shut, shut

    @app.callback(
        Output({"type": "answer", "of": form.KIND}, "children"),
        Input(form.SAVE, "n_clicks"),
        *(State(form.field(name), "value") for name in form.FIELDS),
        CHOSEN,
        State("url", "search"),
        prevent_initial_call=True,
    )
    def keep(pressed: int | None, domains: Any, regions: Any, rows: list[Any] | None, search: str | None) -> Any:
        if not pressed:
            return no_update

        def write(_desk: Any, actor: Actor, words: Words, username: str, _given: Any) -> Any:
            faces.city.portfolios.write(actor, username, domains or (), regions or (), now_ms(), address())
            return said(words("admin.portfolio_kept", username=username))

        return done(faces, faces.words(search), write, chosen(rows), None)


def held_by(faces: Faces, actor: Actor, row: dict[str, Any]) -> tuple[list[str], list[str]] | None:
    """Domains and towns that the account answers for; None where it answers for nothing, or the actor doesn't look after it."""
    if not form.is_leader(row):
        return None
    try:
        held = faces.city.portfolios.held(actor, row["username"], now_ms())
    except (Forbidden, LookupError):
        return None
    return list(held.domains), list(held.regions)


def _places(faces: Faces, words: Words) -> list[dict[str, str]]:
    """The towns to choose from."""
    known = faces.city.register.regions()
    level = compared_level(known.values())
    return choices((code, words.pick(one.name, one.name_en)) for code, one in known.items() if one.level == level)
