"""Which page is at which address."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from dash import html
from dash.development.base_component import Component

from domain.access import Actor
from domain.displays import Display
from domain.sign_in import Policy
from layouts import (
    account,
    admin,
    big_screen,
    cameras,
    catalogue,
    desk,
    duty,
    instructions,
    login,
    mid_screen,
    mobile,
    pair,
    plans,
    remote,
    upkeep,
    vitals,
    wall,
)
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
    walls: Any = None
    search: str | None = None
    places: Callable[[], tuple[Sequence[Any], ...]] = tuple
    """The city's regions and departments, for a page that lets somebody choose among them."""

    @property
    def doer(self) -> Actor | None:
        """Who may do something here: in a picture of the past, nobody."""
        return None if self.moment else self.actor


PAGES: dict[str, Callable[[Context], Component]] = {
    "/big": lambda context: big_screen.build(
        context.words, context.displays["big"], context.walls, wall.asked(context.walls, context.search)
    ),
    "/mid": lambda context: mid_screen.build(context.words, context.displays["mid"], context.city, context.doer),
    "/mobile": lambda context: mobile.build(
        context.words, context.displays["mobile"], context.city, context.actor, context.moment is not None
    ),
    "/desk": lambda context: desk.build(context.words, context.displays["desk"], context.city, context.doer),
    "/cameras": lambda context: cameras.build(context.words, context.city, context.doer),
    "/vitals": lambda context: vitals.build(context.words, context.city),
    "/plans": lambda context: plans.build(context.words, context.city, context.doer),
    "/catalogue": lambda context: catalogue.build(context.words, context.city, context.doer),
    "/instructions": lambda context: instructions.build(context.words, context.city, context.doer),
    "/duty": lambda context: duty.build(context.words, context.city, context.doer),
    "/remote": lambda context: remote.build(context.words, context.city, context.doer, *context.places()),
}

OFFICES: dict[str, Callable[[Context, Actor], Component]] = {
    "/admin": lambda context, actor: admin.build(context.words, context.city, actor),
    "/account": lambda context, actor: account.build(context.words, context.city, actor, context.policy),
    "/upkeep": lambda context, actor: upkeep.build(context.words, context.city, actor),
}
"""Pages that show nothing of the picture."""
OPEN_TO: dict[str, Callable[[Actor], bool]] = {
    "/admin": lambda actor: bool(admin.tabs_of(actor)),
    "/account": lambda actor: True,
    "/upkeep": lambda actor: actor.may("read_operations"),
}
"""Which of them somebody gets."""
OF_A_MOMENT = ("/upkeep",)
"""Those that can be of a past moment."""


def build(path: str, context: Context) -> Component:
    """The page at `path`. Nobody signed in, or somebody without the right to see the city: a page that says what to do."""
    if path == "/pair":
        return pair.build(context.words, context.city)
    if path == "/login" or context.actor is None:
        return login.build(context.words, context.city)
    if context.actor.token_scope == "screen" and path != "/big":
        return notice(context.words, "desk.no_right", "desk.no_right_hint", open_to(context.actor))
    if context.actor.must_change:
        return OFFICES["/account"](context, context.actor)
    if path in OFFICES and OPEN_TO[path](context.actor):
        page = OFFICES[path](context, context.actor)
        return around(page, context.words, path, context.moment) if context.moment and path in OF_A_MOMENT else page
    if path not in PAGES and path not in OFFICES:
        return notice(context.words, "page.unknown", "page.unknown_hint", open_to(context.actor))
    if path in OFFICES or not context.actor.may("see_picture"):
        return notice(context.words, "desk.no_right", "desk.no_right_hint", open_to(context.actor))
    if path == "/remote" and not remote.open_parts(context.doer):
        return notice(context.words, "desk.no_right", "remote.no_right_hint", open_to(context.actor))
    page = PAGES[path](context)
    return around(page, context.words, path, context.moment) if context.moment else page


def open_to(actor: Actor) -> list[str]:
    """The addresses that somebody may open: a screen its wall, somebody without the picture the offices of their rights."""
    if actor.token_scope == "screen":
        return ["/big"]
    seen = list(PAGES) if actor.may("see_picture") else []
    return [*seen, *(path for path in OFFICES if OPEN_TO[path](actor)), "/login"]


def notice(words: Words, title: str, hint: str, paths: Sequence[str] = (*PAGES, *OFFICES, "/login"), **values: str) -> Component:
    """A page that is only a sentence and the ways on, to `paths`."""
    links = [html.A(words(f"face.{path[1:]}"), href=f"{path}?lang={words.lang}") for path in paths]
    parts = [html.H1(words(title)), html.P(words(hint, **values)), html.Nav(links)]
    return html.Main(parts, className="face face-notice", **{"data-face": "notice"})
