"""Which page is at which address."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from dash import html
from dash.development.base_component import Component

from domain.access import Actor
from domain.displays import Display
from domain.sign_in import Policy
from layouts import account, admin, big_screen, desk, duty, login, mid_screen, mobile, plans
from layouts.moment import Moment, around
from layouts.words import Words


class Context(NamedTuple):
    """What a page's layout depends on."""

    words: Words
    displays: Mapping[str, Display]
    city: Mapping[str, Any]
    actor: Actor | None
    moment: Moment | None = None
    policy: Policy = Policy()

    @property
    def doer(self) -> Actor | None:
        """Who may do something here: in a picture of the past, nobody."""
        return None if self.moment else self.actor


PAGES: dict[str, Callable[[Context], Component]] = {
    "/big": lambda context: big_screen.build(context.words, context.displays["big"]),
    "/mid": lambda context: mid_screen.build(context.words, context.displays["mid"], context.city),
    "/mobile": lambda context: mobile.build(
        context.words, context.displays["mobile"], context.city, context.actor, context.moment is not None
    ),
    "/desk": lambda context: desk.build(context.words, context.displays["desk"], context.city, context.doer),
    "/plans": lambda context: plans.build(context.words, context.city, context.doer),
    "/duty": lambda context: duty.build(context.words, context.city, context.doer),
}

OFFICES: dict[str, Callable[[Context, Actor], Component]] = {
    "/admin": lambda context, actor: admin.build(context.words, context.city, actor),
    "/account": lambda context, actor: account.build(context.words, context.city, actor, context.policy),
}
"""Pages that show nothing of the picture."""


def build(path: str, context: Context) -> Component:
    """The page at `path`. Nobody signed in, or somebody without the right to see the city: a page that says what to do."""
    if path == "/login" or context.actor is None:
        return login.build(context.words, context.city)
    if context.actor.must_change or path == "/account" or (path == "/admin" and admin.tabs_of(context.actor)):
        return OFFICES["/account" if context.actor.must_change else path](context, context.actor)
    if path not in PAGES and path not in OFFICES:
        return notice(context.words, "page.unknown", "page.unknown_hint")
    if path in OFFICES or not context.actor.may("see_picture"):
        return notice(context.words, "desk.no_right", "desk.no_right_hint")
    page = PAGES[path](context)
    return around(page, context.words, path, context.moment) if context.moment else page


def notice(words: Words, title: str, hint: str, **values: str) -> Component:
    """A page that is only a sentence and the ways on."""
    links = [html.A(words(f"face.{path[1:]}"), href=f"{path}?lang={words.lang}") for path in (*PAGES, *OFFICES, "/login")]
    parts = [html.H1(words(title)), html.P(words(hint, **values)), html.Nav(links)]
    return html.Main(parts, className="face face-notice", **{"data-face": "notice"})
