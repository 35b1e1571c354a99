"""What the callbacks work with: the city's services, and the words, names and displays of the faces."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from dash import ctx

from callbacks.turns import Turns
from domain.access import Actor
from domain.alarm_care import STORM, Storm
from domain.displays import Display
from domain.incident_classes import ClassCatalogue
from domain.registry import compared_level
from layouts.names import Names
from layouts.wall import display_of, screen_of
from layouts.words import Words, language_of

SESSION_COOKIE = "citydeck_session"
SCREEN_COOKIE = "citydeck_screen"
LONGEST_ADDRESS = 64


class Memo(Protocol):
    """Renderings that screens share (Flask-Caching over Redis)."""

    def get(self, key: str) -> Any: ...

    def set(self, key: str, value: Any, timeout: int) -> Any: ...


@dataclass(frozen=True)
class Faces:
    """`city` is services.city.City; `displays` face -> what it shows; `catalogues` language -> message id -> text."""

    city: Any
    displays: Mapping[str, Display]
    catalogues: Mapping[str, Mapping[str, str]]
    names: Names
    memo: Memo
    classes: ClassCatalogue = field(default_factory=lambda: ClassCatalogue((), ()))
    turns: Turns = field(default_factory=Turns)
    urgency: Mapping[str, str] = field(default_factory=dict)
    """An alarm's severity -> the urgency of the incident that somebody makes of it; where it is silent: normal."""
    storm: Storm = STORM
    """How many new alarms the city calls a storm."""

    walls: Any = None
    """Scenes and walls (config.walls.Walls)."""
    fitted: dict[str, Display] = field(default_factory=dict)
    """Page of a wall's scene -> its display, once it was asked for."""

    def display(self, page: str) -> Display:
        """What a page shows: a face, or a scene on a wall."""
        screen = screen_of(page)
        if screen is None:
            return self.displays[page]
        key = screen._replace(focus="").page
        if key not in self.fitted:
            self.fitted[key] = display_of(self.walls, screen)
        return self.fitted[key]

    def words(self, search: str | None) -> Words:
        """The language that the page's address asks for."""
        lang = language_of(search)
        register = self.city.register
        level = compared_level(register.regions().values())
        return Words(lang, self.catalogues[lang], register.city()["timezone"], level, self.city.people.called)

    def actor(self) -> Actor | None:
        """Who is looking, by the cookies of the running callback: a person's session, or else a paired screen's."""
        tokens = (ctx.cookies.get(name) for name in (SESSION_COOKIE, SCREEN_COOKIE))
        actors = (self.city.accounts.actor_of(token, now_ms()) for token in tokens if token)
        return next((actor for actor in actors if actor), None)


def address() -> str:
    """Where the running callback's request came from, for the audit log."""
    return (ctx.remote or "")[:LONGEST_ADDRESS]


def now_ms() -> int:
    """Now, in epoch milliseconds."""
    return int(time.time() * 1000)
