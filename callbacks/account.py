"""The own account: browsers that are signed in, API tokens. The password goes through account.js, which gets the new cookie."""

from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update

from callbacks.faces import SESSION_COOKIE, Faces, address, now_ms
from domain.access import Actor, Forbidden
from domain.registry import compared_level
from layouts import account
from layouts.words import Words
from services.user_desk import NotTaken


def register(app: Dash, faces: Faces) -> None:
    """One callback owns the list of browsers, one the tokens and what is said about a new one, one what a leader answers for."""

    @app.callback(
        Output({"type": "own", "list": "sessions"}, "children"),
        Input({"type": "own-end", "kind": "session", "session": ALL}, "n_clicks"),
        State("url", "search"),
    )
    def sessions(clicks: list[int], search: str | None) -> Any:
        actor = faces.actor()
        if actor is None:
            return no_update
        if any(clicks):
            end(faces, actor, ctx.triggered_id)
        return sessions_of(faces, actor, faces.words(search))

    @app.callback(
        Output({"type": "own", "list": "tokens"}, "children"),
        Output({"type": "token-made"}, "children"),
        Input({"type": "token-make"}, "n_clicks"),
        Input({"type": "own-end", "kind": "token", "session": ALL}, "n_clicks"),
        State({"type": "token", "field": ALL}, "value"),
        State("url", "search"),
    )
    def tokens(made: int | None, ended: list[int], fields: list[Any], search: str | None) -> Any:
        actor = faces.actor()
        if actor is None:
            return no_update, no_update
        words, said = faces.words(search), no_update
        if any(ended):
            end(faces, actor, ctx.triggered_id)
        elif made and ctx.triggered_id == {"type": "token-make"}:
            said = make(faces, actor, words, *fields)
        return account.tokens(words, faces.city.own_account.tokens(actor, now_ms())), said

    _answering(app, faces)


def _answering(app: Dash, faces: Faces) -> None:
    @app.callback(
        Output(account.portfolio_field("domains"), "value"),
        Output(account.portfolio_field("regions"), "value"),
        Output(account.portfolio_field("regions"), "options"),
        Output({"type": "portfolio-said"}, "children"),
        Input({"type": "portfolio-save"}, "n_clicks"),
        State(account.portfolio_field("domains"), "value"),
        State(account.portfolio_field("regions"), "value"),
        State("url", "search"),
    )
    def portfolio(saved: int | None, domains: Any, regions: Any, search: str | None) -> Any:
        actor = faces.actor()
        if actor is None or not actor.may("give_instruction"):
            return [no_update] * 4
        return portfolio_of(faces, actor, faces.words(search), (domains, regions) if saved else None)


def portfolio_of(faces: Faces, actor: Actor, words: Words, given: tuple[Any, Any] | None) -> tuple[Any, Any, Any, str]:
    """What the actor answers for, after what was `given` (domains, regions) is kept; the places to choose from; what to say."""
    said, register = "", faces.city.register
    if given is not None:
        try:
            faces.city.portfolios.write(
                actor, actor.username, *(one if isinstance(one, list) else [] for one in given), now_ms(), address()
            )
            said = words("portfolio.saved")
        except NotTaken as error:
            said = words(f"refused.{error.code}")
    held, known = faces.city.portfolios.of(actor), register.regions()
    level = compared_level(known.values())
    options = [{"label": words.pick(one.name, one.name_en), "value": code} for code, one in known.items() if one.level == level]
    return list(held.domains), list(held.regions), options, said


def sessions_of(faces: Faces, actor: Actor, words: Words) -> Any:
    """The own browsers, this one marked."""
    own, token = faces.city.own_account, ctx.cookies.get(SESSION_COOKIE, "")
    held = own.sessions(actor, now_ms())
    here = next((one.token_id for one in held if own.is_this(one, token)), "")
    return account.sessions(words, held, here)


def end(faces: Faces, actor: Actor, which: Any) -> None:
    """Sign a browser out or revoke a token; one that is gone already is as good."""
    deed = {"session": faces.city.own_account.end_session, "token": faces.city.own_account.revoke_token}[which["kind"]]
    try:
        deed(actor, which["session"], now_ms(), address())
    except LookupError:
        return


def make(faces: Faces, actor: Actor, words: Words, label: Any, days: Any, scope: Any) -> Any:
    """A new token, or why there is none."""
    if not isinstance(days, int):
        return account.refused(words("refused.days"))
    try:
        token, _ = faces.city.own_account.make_token(actor, (label or "").strip(), days, now_ms(), address(), scope)
    except NotTaken as error:
        return account.refused(words(f"refused.{error.code}"))
    except Forbidden:
        return account.refused(words("alarm.refused"))
    return account.made(words, token)
