"""The own account: browsers that are signed in, API tokens. The password goes through account.js, which gets the new cookie."""

from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update

from callbacks.faces import SESSION_COOKIE, Faces, address, now_ms
from domain.access import Actor, Forbidden
from layouts import account
from layouts.words import Words
from services.user_desk import NotTaken


def register(app: Dash, faces: Faces) -> None:
    """One callback owns the list of browsers, one the tokens and what is said about a new one."""

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
