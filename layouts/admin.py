"""The administrators' page `/admin`: a tab for each work that the roles allow. No live picture here: administrators don't see it."""

from collections.abc import Callable, Mapping
from typing import Any

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from domain.access import Actor
from layouts import admin_audit, admin_system, admin_users
from layouts.marks import BAR
from layouts.marks import bar as top_line
from layouts.words import Words

TABS: tuple[tuple[str, tuple[str, ...], Callable[[Words, Actor], Component]], ...] = (
    ("users", ("create_user", "manage_users"), admin_users.build),
    ("system", ("read_system",), admin_system.build),
    ("settings", ("read_system",), admin_system.build_settings),
    ("audit", ("read_audit",), admin_audit.build),
)
"""Tab -> the rights of which one opens it, and what is in it."""
STILL = ("admin", "account")
"""Pages that assets/live.js leaves alone."""


def tabs_of(actor: Actor) -> list[str]:
    """The tabs that the actor gets; none for somebody who administers nothing."""
    return [name for name, rights, _ in TABS if any(actor.may(right) for right in rights)]


def build(words: Words, city: Mapping[str, Any], actor: Actor) -> Component:
    """The page in its loading state."""
    mine = tabs_of(actor)
    tabs = dmc.TabsList([dmc.TabsTab(words(f"admin.{name}"), value=name) for name in mine])
    bodies = [dmc.TabsPanel(make(words, actor), value=name, className="admin-tab") for name, _, make in TABS if name in mine]
    page = html.Main(
        [
            bar(words, city, "admin", actor),
            dmc.Tabs([tabs, *bodies], value=mine[0], id={"type": "tabs", "page": "admin"}, className="admin-tabs"),
        ],
        className="face face-admin",
        **{"data-face": "admin", "data-lang": words.lang},
    )
    held: Component = dmc.MantineProvider(page, defaultColorScheme="dark", theme={"fontFamily": "inherit", "primaryColor": "gray"})
    return held


def bar(words: Words, city: Mapping[str, Any], page: str, actor: Actor) -> html.Header:
    """The desk's top line with the pages that the actor may open, and who is signed in."""
    sees = actor.may("see_picture")
    pages = [*(BAR if sees else ()), *(("upkeep",) if actor.may("read_operations") else ()), *(("admin",) if tabs_of(actor) else ())]
    return top_line(words, city, page, pages=pages, who=who(words, actor), live=sees and page not in STILL)


def who(words: Words, actor: Actor) -> str:
    """The person and their roles."""
    roles = [words(f"role.{role}") for role in sorted(actor.roles)]
    name = actor.name or actor.username
    return " · ".join([name, *(role for role in roles if role != name)])
