"""Accounts, for the two administrators who look after them: the list, and beside it what the actor may do with the chosen one."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, cast

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from domain.access import ROLES, Actor
from layouts import admin_portfolio
from layouts.admin_parts import ONE_ROW, answer, grid, panel, scope
from layouts.words import Words
from services.account_ports import Person, Session

COLUMNS = {"username": 120, "name": 96, "state": 110, "roles": 136, "regions": 100, "departments": 90, "seen": 96, "sessions": 112}
FIELDS = ("roles", "regions", "departments")
CONFIRMED = ("reset", "lock", "end_all")
"""Deeds that are asked about once more."""


def build(words: Words, actor: Actor) -> Component:
    """The list in its loading state, the forms empty."""
    search = dmc.TextInput(
        id={"type": "user-search"}, placeholder=words("admin.search_users"), debounce=200, size="xs", value="", className="search"
    )
    table = grid(words, "users", COLUMNS, "admin.no_users", dashGridOptions={"rowSelection": ONE_ROW}, getRowId="params.data.username")
    forms = [form(words) for right, form in FORMS if actor.may(right)]
    return html.Div(
        [
            panel(words, "users", table, tools=[search]),
            html.Div(
                [html.Div(words("admin.pick_user"), id={"type": "user-chosen"}, className="admin-chosen"), *forms],
                className="admin-side",
                **{"data-scroll": "y"},
            ),
            dcc.Store(id={"type": "users-changed"}, data=0),
        ],
        className="admin-users-grid",
    )


def _making(words: Words) -> html.Section:
    fields = [
        dmc.TextInput(id={"type": "new-user", "name": name}, label=words(f"admin.new_{name}"), size="xs", value="")
        for name in ("username", "name")
    ]
    parts = [*fields, html.Div([_button(words, "create"), _button(words, "reset")], className="admin-buttons"), answer("system")]
    note = html.P(words("admin.create_note"), className="admin-note")
    return panel(words, "identity", html.Div([note, *parts], className="admin-form"))


def _rights(words: Words) -> html.Section:
    roles = dmc.MultiSelect(id=_field("roles"), label=words("col.roles"), size="xs", data=options(words), value=[], clearable=True)
    places = [scope(_field(name), words, f"col.{name}") for name in FIELDS[1:]]
    first = html.Div([_button(words, "grant")], className="admin-buttons")
    second = html.Div([_button(words, name) for name in ("lock", "unlock", "lift", "end_all")], className="admin-buttons")
    form = html.Div([roles, *places, first, second, answer("security")], className="admin-form")
    held = html.Div(id={"type": "user-sessions"}, className="admin-sessions", **{"data-scroll": "y"})
    return panel(words, "rights", form, html.H3(words("admin.sessions_of"), className="admin-sub"), held)


FORMS: tuple[tuple[str, Callable[[Words], html.Section]], ...] = (
    ("create_user", _making),
    ("manage_users", _rights),
    ("manage_users", admin_portfolio.build),
)
"""Right -> the form that it opens."""


def options(words: Words) -> list[dict[str, str]]:
    """The roles to choose from."""
    return [{"value": role, "label": words(f"role.{role}")} for role in ROLES]


def rows(words: Words, people: Iterable[Person], names: Callable[[str, str], str], now: int) -> list[dict[str, Any]]:
    """Accounts for the grid. `names(kind, code)` names a region or a department."""
    return [_row(words, one, names, now) for one in people]


def _row(words: Words, one: Person, names: Callable[[str, str], str], now: int) -> dict[str, Any]:
    account, scope = one.account, one.scope
    held = {"role_ids": sorted(scope.roles), "region_ids": sorted(scope.regions), "department_ids": sorted(scope.departments)}
    return {
        "username": account.username,
        "name": account.name,
        "state": state(words, one, now),
        "roles": ("、" if words.lang == "zh" else ", ").join(words(f"role.{role}") for role in held["role_ids"]),
        "regions": ", ".join(names("region", code) for code in held["region_ids"]) or words("admin.all"),
        "departments": ", ".join(names("department", code) for code in held["department_ids"]) or words("admin.all"),
        "seen": words.day_clock(one.last_seen_at) if one.last_seen_at else "",
        "sessions": f"{one.sessions} / {one.tokens}",
        **held,
    }


def state(words: Words, one: Person, now: int) -> str:
    """What stands in the way of the account, the gravest first."""
    waits = one.blocked_until is not None and one.blocked_until > now
    found = (
        (not one.account.active, "locked"),
        (waits, "waits"),
        (one.suspended, "suspended"),
        (one.account.initial, "initial"),
        (not one.scope.roles, "no_roles"),
    )
    return words(f"admin.state_{next((name for holds, name in found if holds), 'active')}")


def sessions(words: Words, held: Sequence[Session]) -> Any:
    """Somebody's sessions and tokens, each with a button that ends it."""
    if not held:
        return html.Div(words("admin.no_sessions"), className="state")
    return [_session(words, one) for one in held]


def _session(words: Words, one: Session) -> html.Div:
    kind = words(f"session.{one.kind}")
    about = " · ".join(part for part in (kind, one.label, one.address, words("session.seen", at=words.day_clock(one.last_seen_at))) if part)
    button = dmc.Button(
        words("session.end"), id={"type": "end-session", "session": one.token_id}, size="compact-xs", variant="default", n_clicks=0
    )
    return html.Div([html.Span(about, title=one.agent), button], className="session-line")


def _button(words: Words, name: str) -> Component:
    """A button for a deed; those that hurt are asked about once more."""
    button: Any = dmc.Button(words(f"admin.do_{name}"), id={"type": "user-deed", "name": name}, size="xs", variant="default", n_clicks=0)
    if name not in CONFIRMED:
        return cast(Component, button)
    button.id = {"type": "user-button", "name": name}
    confirmed: Component = dcc.ConfirmDialogProvider(button, id={"type": "user-confirm", "name": name}, message=words(f"admin.sure_{name}"))
    return confirmed


def _field(name: str) -> dict[str, str]:
    return {"type": "user-scope", "name": name}
