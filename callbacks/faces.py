"""What the callbacks work with: the city's services, and the words, names and displays of the faces."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from dash import ctx

from callbacks.turns import Turns
from domain.access import Actor
from domain.displays import Display
from domain.incident_classes import ClassCatalogue
from domain.registry import compared_level
from layouts.view import Names
from layouts.words import Words, language_of

SESSION_COOKIE = "citydeck_session"
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

    def words(self, search: str | None) -> Words:
        """The language that the page's address asks for."""
        lang = language_of(search)
        register = self.city.register
        return Words(lang, self.catalogues[lang], register.city()["timezone"], compared_level(register.regions().values()))

    def actor(self) -> Actor | None:
        """Who is looking, by the session cookie of the running callback."""
        token = ctx.cookies.get(SESSION_COOKIE)
        return self.city.accounts.actor_of(token, now_ms()) if token else None


def address() -> str:
    """Where the running callback's request came from, for the audit log."""
    return (ctx.remote or "")[:LONGEST_ADDRESS]


def now_ms() -> int:
    """Now, in epoch milliseconds."""
    return int(time.time() * 1000)
