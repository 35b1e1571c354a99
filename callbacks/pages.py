"""Puts the page of the address into the shell."""

from typing import Any

from dash import Dash, Input, Output

from callbacks.faces import Faces
from domain.access import Actor
from layouts import pages
from layouts.words import Words


def register(app: Dash, faces: Faces) -> None:
    """The one callback that owns the page."""

    @app.callback(Output("page", "children"), Input("url", "pathname"), Input("url", "search"))
    def show(path: str | None, search: str | None) -> Any:
        return page_of(faces, faces.words(search), path or "/", faces.actor())


def page_of(faces: Faces, words: Words, path: str, actor: Actor | None) -> Any:
    """The page's layout in its loading state; sign-in for nobody, and a way on where no page is."""
    context = pages.Context(words, faces.displays, faces.city.register.city(), actor)
    return pages.build(path.rstrip("/") or "/", context)
