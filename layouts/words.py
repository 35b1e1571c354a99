"""Words on the screen, in the language asked for, and how numbers, times and ages are written.

Message ids are stable keys (`panel.alarms`); the catalogues are config/locale/<lang>/LC_MESSAGES/citydeck.po.
"""

import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

from domain.figures import figure
from domain.incident_life import Event
from services.incident_words import deed_name, deed_told, doer

LANGUAGES = ("zh", "en")
AGE_STEPS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))
SPANS = {"d": "days", "h": "hours", "min": "minutes", "s": "seconds"}
"""A unit's symbol -> its word's message."""

MANY = 100_000
"""Up to five digits are read as they are; more are told in 万 and 亿."""
ONE_HOUR, TEN_HOURS = 3_600_000, 36_000_000


class Words:
    """One language: `words("alarm.count", n=3)` gives the text of that message id; an unknown id is a KeyError.

    `places` is the level that the city compares: where a message has a form for it (`panel.towns.district`), that one is taken.
    `called` gives a person's name for a username.
    """

    def __init__(
        self,
        lang: str,
        catalogue: Mapping[str, str],
        zone: str = "Asia/Shanghai",
        places: str = "town",
        called: Callable[[str], str] = str,
    ) -> None:
        self.lang = lang
        self.zone = zone
        self._catalogue = catalogue
        self._zone = ZoneInfo(zone)
        self._places = places
        self._called = called

    def __call__(self, message: str, **values: Any) -> str:
        text = self._catalogue.get(f"{message}.{self._places}") or self._catalogue[message]
        return text.format(**values) if values else text

    def has(self, message: str) -> bool:
        """Whether the catalogue knows this id (names of feeds and roles may be newer than the catalogue)."""
        return message in self._catalogue

    def basis(self, source: str) -> str:
        """Where a limit comes from, as a configuration file says it; in this language where the catalogue has it."""
        return self._catalogue.get(f"basis.{source}", source)

    def beginning(self, start: str) -> dict[str, str]:
        """The messages whose id begins so, without that beginning."""
        return {message[len(start) :]: text for message, text in self._catalogue.items() if message.startswith(start)}

    def pick(self, zh: str, en: str) -> str:
        """The name in this language; the Chinese one where no English one is given."""
        return en if self.lang == "en" and en else zh

    def person(self, actor: str | None) -> str:
        """Who did it, by name, the system or another desk (services/incident_words.py); nothing where nobody did."""
        return doer(actor, self._catalogue, self._called) if actor else ""

    def deed(self, deed: str, spine: str = "") -> str:
        """The name of a deed (services/incident_words.py)."""
        return deed_name(self._catalogue, deed, spine)

    def told(self, spine: str, event: Event) -> str:
        """What an incident's event says was done (services/incident_words.py)."""
        return deed_told(self._catalogue, spine, event, self._called)

    def number(self, value: float | None, decimals: int = 0) -> str:
        """`12,345.6`, below nought with a true minus; an en dash where there is no value."""
        return "–" if value is None else figure(value, decimals)

    def amount(self, value: float, decimals: int = 0) -> tuple[str, str]:
        """A number and what it is counted in: `12,345`; from MANY on four digits of 万 or 亿 (`12.35 万`; in English k and M)."""
        if abs(value) < MANY:
            return self.number(value, decimals), ""
        steps = [step.partition(":") for step in self("amount.steps").split()]
        size, name = next((float(size), name) for size, _, name in steps if abs(value) >= float(size))
        return self.number(value / size, max(0, 3 - int(math.log10(abs(value) / size)))), name

    def clock(self, at: int, seconds: bool = False) -> str:
        """Time of day in the city's zone."""
        return self._local(at).strftime("%H:%M:%S" if seconds else "%H:%M")

    def day_clock(self, at: int) -> str:
        """Month, day and time of day in the city's zone."""
        return self._local(at).strftime("%m-%d %H:%M")

    def full(self, at: int) -> str:
        """Date and time of day in the city's zone, to the second."""
        return self._local(at).strftime("%Y-%m-%d %H:%M:%S")

    def age(self, milliseconds: float) -> str:
        """A span in its largest unit, in two from one to ten hours: `3 s`, `12 min`, `1 h 20 min`, `16 h`, `2 d`."""
        left = max(0, int(milliseconds // 1000))
        parts: list[str] = []
        for length, unit in AGE_STEPS:
            if left >= length and len(parts) < 2:
                parts.append(f"{left // length} {unit}")
                left %= length
            elif parts:
                break
        return " ".join(parts[: 2 if ONE_HOUR <= milliseconds < TEN_HOURS else 1]) or "0 s"

    def span(self, milliseconds: float) -> str:
        """An age in words, for a sentence: `12 分钟`, `1 小时 20 分钟`."""
        said = self.age(milliseconds).split()
        return " ".join(self(f"span.{SPANS[unit]}", n=n) for n, unit in zip(said[::2], said[1::2], strict=True))

    def _local(self, at: int) -> datetime:
        return datetime.fromtimestamp(at / 1000, UTC).astimezone(self._zone)


def language_of(search: str | None) -> str:
    """The language that a page's query string asks for; Chinese unless it says otherwise."""
    asked = parse_qs((search or "").lstrip("?")).get("lang", ["zh"])[0]
    return asked if asked in LANGUAGES else "zh"
