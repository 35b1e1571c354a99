"""Briefs over a period, each actor's own scope: as data and as documents."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

from domain.access import Actor, Forbidden
from domain.brief import PARTS, Brief, Major, brief
from domain.duty import Shift
from services.incident_board import IncidentBoard
from services.picture import Picture
from services.report_desk import FORMATS, Word
from services.report_ports import Typesetter


class OnDuty(Protocol):
    """Who is on duty, as briefs need it (services/duty.py)."""

    def on_duty(self, actor: Actor, now: int, at: int | None = None) -> list[Shift]:
        """Raises Forbidden."""


class Names(NamedTuple):
    """What codes are called: class, region, department, (spine, state), feed; and the town that holds a region."""

    incident_class: Callable[[str], str]
    region: Callable[[str], str]
    department: Callable[[str], str]
    owed: Callable[[str, str], str]
    town: Callable[[str], str]
    feed: Callable[[str], str] = str


class Briefs:
    """Of incidents, alarms, feeds and duty."""

    def __init__(
        self,
        board: IncidentBoard,
        picture: Picture,
        duty: OnDuty,
        names: Names,
        major: Collection[str],
        typesetter: Typesetter,
        words: Word,
        zone: str,
    ) -> None:
        """`major`: grades that make an incident major; `words(id, values)`: a text of the Chinese catalogue."""
        self._board, self._picture, self._duty, self._names, self._major_grades = board, picture, duty, names, major
        self._typesetter, self._words, self._zone = typesetter, words, ZoneInfo(zone)

    def of(self, actor: Actor, since: int, until: int, now: int) -> Brief:
        """The brief of a period; its end is no later than now. Raises Forbidden, ValueError for a period that ends before it begins."""
        until = min(until, now)
        if since >= until:
            raise ValueError("the period ends before it begins")
        snapshot = self._picture.snapshot(actor, until if until < now else None)
        received, standing = self._board.between(actor, since, until), self._board.past(actor, until)
        feeds = snapshot.notes.get("feeds") or {}
        on_duty, span = self._on_duty(actor, now, until), (since, until)
        return brief(received, standing, self._names.town, snapshot.alarms, feeds, on_duty, span, self._major_grades)

    def _on_duty(self, actor: Actor, now: int, until: int) -> Sequence[Shift]:
        try:
            return self._duty.on_duty(actor, now, until if until < now else None)
        except Forbidden:
            return []

    def document(self, actor: Actor, kind: str, form: str, since: int, until: int, now: int) -> tuple[bytes, str, str]:
        """A brief as bytes, with its media type and a file name. Raises LookupError for an unknown kind or form, Forbidden, ValueError."""
        if form not in FORMATS or kind not in PARTS:
            raise LookupError(form)
        found = self.of(actor, since, until, now)
        span = f"{self._time(found.since)} — {self._time(found.until)}"
        lines = [
            (self._words("brief.period", {}), span),
            *((self._words(f"brief.{part}", {}), self._said(found, part)) for part in PARTS[kind]),
        ]
        make = self._typesetter.pdf if form == "pdf" else self._typesetter.docx
        name = f"{kind}-{self._time(found.until).replace(' ', '-').replace(':', '')}.{form}"
        return (
            make(self._words(f"brief.title.{kind}", {}), lines, f"{self._time(now)} · {actor.name or actor.username}"),
            FORMATS[form],
            name,
        )

    def _said(self, found: Brief, part: str) -> str:
        none = self._words("brief.none", {})
        said = {
            "totals": lambda: self._words("brief.totals_line", found.totals),
            "major": lambda: "\n".join(self._major(one) for one in found.major),
            "by_class": lambda: "；".join(f"{self._names.incident_class(code)} {n}" for code, n in found.by_class.items()),
            "by_town": lambda: "；".join(f"{self._names.region(code)} {n}" for code, n in found.by_town.items()),
            "alarms": lambda: "；".join(f"{self._words(f'severity.{name}', {})} {n}" for name, n in found.alarms.items()),
            "feeds": lambda: "；".join(self._names.feed(name) for name in found.feeds),
            "on_duty": lambda: "\n".join(self._guard(one) for one in found.on_duty),
        }
        return said[part]() or none

    def _guard(self, one: Shift) -> str:
        unit = self._names.department(one.department) if one.department else ""
        return " ".join(part for part in (self._words(f"brief.post.{one.post}", {}), unit, one.name, one.phone) if part)

    def _major(self, one: Major) -> str:
        clock = self._words(f"clock.{one.clock}", {}) if one.due_at else ""
        due = (
            self._words("brief.overdue" if one.overdue else "brief.due", {"clock": clock, "time": self._time(one.due_at)})
            if one.due_at
            else ""
        )
        lead = self._names.department(one.lead) if one.lead else self._words("brief.nobody", {})
        return "，".join(part for part in (f"{one.number} {one.title}", self._names.owed(one.spine, one.state), lead, due) if part)

    def _time(self, at: int) -> str:
        return datetime.fromtimestamp(at / 1000, self._zone).strftime("%Y-%m-%d %H:%M")
