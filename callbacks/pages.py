"""Puts the page of the address into the shell."""

from typing import Any

from dash import Dash, Input, Output

from callbacks.faces import Faces, now_ms
from callbacks.moments import WrongMoment, moment_asked
from domain.access import Actor
from layouts import pages
from layouts.moment import Moment
from layouts.words import Words


def register(app: Dash, faces: Faces) -> None:
    """The one callback that owns the page."""

    @app.callback(Output("page", "children"), Output("moment", "data"), Input("url", "pathname"), Input("url", "search"))
    def show(path: str | None, search: str | None) -> tuple[Any, int | None]:
        words, now = faces.words(search), now_ms()
        try:
            at = moment_asked(search, now)
        except WrongMoment as wrong:
            return pages.notice(words, "moment.wrong", wrong.message, text=wrong.text), None
        return page_of(faces, words, path or "/", faces.actor(), None if at is None else Moment(at, now), search), at


def page_of(faces: Faces, words: Words, path: str, actor: Actor | None, moment: Moment | None = None, search: str | None = None) -> Any:
    """The page's layout in its loading state; sign-in for nobody, and a way on where no page is."""
    city = faces.city

    def places() -> tuple[list[Any], list[Any]]:
        return list(city.register.regions().values()), list(city.register.departments().values())

    context = pages.Context(words, faces.displays, city.register.city(), actor, moment, city.accounts.policy, faces.walls, search, places)
    return pages.build(path.rstrip("/") or "/", context)
