"""The list of accounts, and the deeds of the two administrators who look after them."""

from collections.abc import Callable, Mapping
from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update

from callbacks.faces import Faces, address, now_ms
from domain.access import Actor, Forbidden
from layouts import admin_users
from layouts.admin_parts import said, secret
from layouts.rows import choices
from layouts.words import Words
from services.account_ports import Scope
from services.user_desk import NotTaken

CHOSEN = State({"type": "grid", "name": "users"}, "selectedRows")
ENDED = {"type": "end-session", "session": ALL}


def register(app: Dash, faces: Faces) -> None:
    """The list; the deeds of one role each, for the other role's form isn't on the page; the chosen account."""
    _list(app, faces)
    _system(app, faces)
    _security(app, faces)
    _rights(app, faces)
    _chosen(app, faces)


def _list(app: Dash, faces: Faces) -> None:
    @app.callback(
        Output({"type": "grid", "name": "users"}, "rowData"),
        Input({"type": "users-changed"}, "data"),
        Input({"type": "user-search"}, "value"),
        State("url", "search"),
    )
    def people(_changed: int, wanted: str | None, search: str | None) -> Any:
        actor = faces.actor()
        if actor is None:
            return no_update
        return found(faces, actor, faces.words(search), wanted or "")


def _system(app: Dash, faces: Faces) -> None:
    @app.callback(
        Output({"type": "answer", "of": "system"}, "children"),
        Input({"type": "user-deed", "name": "create"}, "n_clicks"),
        Input({"type": "user-confirm", "name": "reset"}, "submit_n_clicks"),
        State({"type": "new-user", "name": ALL}, "value"),
        CHOSEN,
        State("url", "search"),
        prevent_initial_call=True,
    )
    def make(_create: int, _reset: int, fields: list[str], rows: list[Any] | None, search: str | None) -> Any:
        return done(faces, faces.words(search), SYSTEM[ctx.triggered_id["name"]], chosen(rows), fields)


def _security(app: Dash, faces: Faces) -> None:
    @app.callback(
        Output({"type": "answer", "of": "security"}, "children"),
        *(Input({"type": "user-deed", "name": name}, "n_clicks") for name in ("grant", "unlock", "lift")),
        *(Input({"type": "user-confirm", "name": name}, "submit_n_clicks") for name in ("lock", "end_all")),
        Input(ENDED, "n_clicks"),
        State({"type": "user-scope", "name": ALL}, "value"),
        CHOSEN,
        State("url", "search"),
        prevent_initial_call=True,
    )
    def decide(*given: Any) -> Any:
        if not any(one["value"] for one in ctx.triggered):
            return no_update
        fields, rows, search = given[-3:]
        which = ctx.triggered_id
        deed = SECURITY[which.get("name", "end_one")]
        return done(faces, faces.words(search), deed, chosen(rows), which if "session" in which else fields)


def _rights(app: Dash, faces: Faces) -> None:
    @app.callback(
        Output({"type": "user-scope", "name": "roles"}, "value"),
        Output({"type": "user-scope", "name": "regions"}, "value"),
        Output({"type": "user-scope", "name": "departments"}, "value"),
        Output({"type": "user-scope", "name": "regions"}, "data"),
        Output({"type": "user-scope", "name": "departments"}, "data"),
        Input({"type": "grid", "name": "users"}, "selectedRows"),
        State("url", "search"),
    )
    def fill(rows: list[Any] | None, search: str | None) -> Any:
        words, row = faces.words(search), (rows or [{}])[0]
        held = [row.get(name, []) for name in ("role_ids", "region_ids", "department_ids")]
        return *held, *(choices((code, words.pick(one.name, one.name_en)) for code, one in known.items()) for known in places(faces))

    @app.callback(
        Output({"type": "user-sessions"}, "children"),
        Input({"type": "grid", "name": "users"}, "selectedRows"),
        Input({"type": "answer", "of": "security"}, "children"),
        State("url", "search"),
    )
    def sessions(rows: list[Any] | None, _answer: Any, search: str | None) -> Any:
        actor, username = faces.actor(), chosen(rows)
        if actor is None or not username or not actor.may("manage_users"):
            return no_update
        return admin_users.sessions(faces.words(search), faces.city.user_desk.sessions_of(actor, username, now_ms()))


def _chosen(app: Dash, faces: Faces) -> None:
    @app.callback(
        Output({"type": "user-chosen"}, "children"), Input({"type": "grid", "name": "users"}, "selectedRows"), State("url", "search")
    )
    def name(rows: list[Any] | None, search: str | None) -> Any:
        words = faces.words(search)
        return words("admin.chosen", name=rows[0]["name"], username=rows[0]["username"]) if rows else words("admin.pick_user")

    @app.callback(
        Output({"type": "users-changed"}, "data"),
        Input({"type": "answer", "of": ALL}, "children"),
        State({"type": "users-changed"}, "data"),
        prevent_initial_call=True,
    )
    def changed(_answers: list[Any], count: int) -> int:
        return count + 1


def found(faces: Faces, actor: Actor, words: Words, wanted: str) -> list[dict[str, Any]]:
    """The accounts whose row has every word that was typed."""
    regions, departments = places(faces)
    known: dict[str, Mapping[str, Any]] = {"region": regions, "department": departments}

    def named(kind: str, code: str) -> str:
        one = known[kind].get(code)
        return words.pick(one.name, one.name_en) if one else code

    rows = admin_users.rows(words, faces.city.user_desk.people(actor, now_ms()), named, now_ms())
    parts = wanted.casefold().split()
    return [row for row in rows if all(part in " ".join(str(value) for value in row.values()).casefold() for part in parts)]


def places(faces: Faces) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Regions and departments by code."""
    return faces.city.register.regions(), faces.city.register.departments()


def chosen(rows: list[Any] | None) -> str:
    """The username of the chosen row, empty for none."""
    return str(rows[0]["username"]) if rows else ""


Deed = Callable[[Any, Actor, Words, str, Any], Any]


def done(faces: Faces, words: Words, deed: Deed, username: str, given: Any) -> Any:
    """Do it as the one who is signed in; what to tell them."""
    actor = faces.actor()
    if actor is None:
        return no_update
    try:
        return deed(faces.city.user_desk, actor, words, username, given)
    except NotTaken as error:
        return said(words(f"refused.{error.code}", text=error) if error.code == "roles" else words(f"refused.{error.code}"), False)
    except Forbidden as error:
        return said(words("refused.forbidden", text=error), False)
    except LookupError:
        return said(words("admin.pick_user" if not username else "refused.gone"), False)


def _create(desk: Any, actor: Actor, words: Words, _username: str, given: list[str]) -> Any:
    username, name = (text.strip() for text in given)
    return secret(words, words("admin.created", username=username), desk.create(actor, username, name, None, now_ms(), address()))


def _reset(desk: Any, actor: Actor, words: Words, username: str, _given: Any) -> Any:
    return secret(words, words("admin.was_reset", username=username), desk.reset_password(actor, username, None, now_ms(), address()))


def _grant(desk: Any, actor: Actor, words: Words, username: str, given: list[Any]) -> Any:
    desk.set_scope(actor, username, Scope(*(frozenset(one or ()) for one in given)), now_ms(), address())
    return said(words("admin.granted", username=username))


def _active(active: bool) -> Deed:
    def deed(desk: Any, actor: Actor, words: Words, username: str, _given: Any) -> Any:
        desk.set_active(actor, username, active, now_ms(), address())
        return said(words("admin.let_in" if active else "admin.locked_out", username=username))

    return deed


def _lift(desk: Any, actor: Actor, words: Words, username: str, _given: Any) -> Any:
    desk.unlock(actor, username, now_ms(), address())
    return said(words("admin.lifted", username=username))


def _end_all(desk: Any, actor: Actor, words: Words, username: str, _given: Any) -> Any:
    return said(words("admin.ended", n=desk.end_sessions(actor, username, now_ms(), address())))


def _end_one(desk: Any, actor: Actor, words: Words, username: str, which: Mapping[str, str]) -> Any:
    desk.end_session(actor, username, which["session"], now_ms(), address())
    return said(words("admin.ended", n=1))


SYSTEM: dict[str, Deed] = {"create": _create, "reset": _reset}
SECURITY: dict[str, Deed] = {
    "grant": _grant,
    "lock": _active(False),
    "unlock": _active(True),
    "lift": _lift,
    "end_all": _end_all,
    "end_one": _end_one,
}
