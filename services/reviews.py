"""The review of one incident, within an actor's scope, and as a document to print."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from domain.access import Actor
from domain.appeal_papers import reads_clear
from domain.incident_clocks import ClockBook
from domain.incident_life import Event, Incident
from domain.masking import masked
from domain.reports import due
from domain.review import Review, Told, review
from domain.spans import span_parts
from services.incident_desk import IncidentDesk, Seen
from services.incident_words import deed_told, doer, written
from services.report_desk import FORMATS
from services.report_ports import ReportStore, Typesetter

NAMED = {"clock": "clock", "report": "report", "phone": "report"}
"""What was late -> the kind of words that its name has."""


class Reviews:
    """Whoever sees the incident sees its review."""

    def __init__(
        self,
        desk: IncidentDesk,
        reports: ReportStore,
        told: Callable[[str], Sequence[Told]],
        clocks: ClockBook,
        names: Callable[[Incident], Mapping[str, str]],
        typesetter: Typesetter,
        catalogue: Mapping[str, str],
        zone: str,
        sources: Callable[[Sequence[str]], Mapping[str, str]],
        people: Callable[[str], str] = str,
    ) -> None:
        """`told(incident_id)`: the notices about it, oldest first; `clocks`: by when reports are owed; `names`: what its codes are called;
        `catalogue`: the language of its papers; `sources`: what cameras, sensors and units are called, by their ids;
        `people`: what somebody is called, by username."""
        self._desk, self._reports, self._told, self._clocks, self._names = desk, reports, told, clocks, names
        self._typesetter, self._catalogue, self._zone, self._sources = typesetter, catalogue, ZoneInfo(zone), sources
        self._people = people

    def of(self, actor: Actor, incident_id: str, now: int) -> Review:
        """The incident weighed now. Raises LookupError."""
        return self._review(self._desk.one(actor, incident_id, now), now)

    def _review(self, seen: Seen, now: int) -> Review:
        incident_id = seen.incident.incident_id
        reports, owed = self._reports.of(incident_id), due(seen.incident, self._clocks, "phone")
        return review(seen.incident, seen.events, seen.standings, reports, self._told(incident_id), now, owed)

    def document(self, actor: Actor, incident_id: str, form: str, now: int) -> tuple[bytes, str, str]:
        """The review as bytes, with its media type and a file name; personal data of an appeal masked for those who have no right to it.

        Raises LookupError."""
        if form not in FORMATS:
            raise LookupError(form)
        seen = self._desk.one(actor, incident_id, now)
        one, found = seen.incident, self._review(seen, now)
        mark = self._words("report.exercise", {}) if one.exercise else ""
        title = f"{mark}{self._words('review.title', {})} {one.title}"
        lines = [*self._facts(one), *self._weighed(found), (self._words("review.timeline", {}), self._timeline(one.spine, seen.events))]
        if not reads_clear(actor, one):
            title, lines = masked(title), [(name, masked(text)) for name, text in lines]
        make = self._typesetter.pdf if form == "pdf" else self._typesetter.docx
        return (
            make(title, [line for line in lines if line[1]], f"{one.number} · {self._time(now)}"),
            FORMATS[form],
            f"{one.number}-review.{form}",
        )

    def _facts(self, one: Incident) -> list[tuple[str, str]]:
        names = self._names(one)
        said = {"received_at": self._time(one.reported_at), "place": names.get("region", ""), "nature": names.get("class", "")}
        return [(self._words(f"report.field.{name}", {}), text) for name, text in said.items()]

    def _weighed(self, found: Review) -> list[tuple[str, str]]:
        targets = "\n".join(
            self._words("review.line.target", {
                "clock": self._words(f"clock.{one.name}", {}), "allowed": self._span(one.allowed_ms),
                "used": "–" if one.used_ms is None else self._span(one.used_ms), "state": self._words(f"standing.{one.state}", {}),
            })
            for one in found.targets
        )  # fmt: skip
        called = self._sources([*(one.source for one in found.opened), *(one.unit_id for one in found.units)])
        units = "\n".join(
            f"{self._time(one.at)} {called.get(one.unit_id, one.unit_id)} {self._words(f'review.unit.{one.status}', {})}"
            for one in found.units
        )
        told = "\n".join(
            f"{self._time(one.created_at)} {self._people(one.username)} "
            f"{self._catalogue.get(f'review.channel.{one.channel}', one.channel)} {self._words(f'review.notice.{one.state}', {})}"
            for one in found.told
        )
        late = "\n".join(self.late(what, name) for what, name in found.late) or self._words("review.nothing_late", {})
        opened = "\n".join(
            f"{self._time(one.at)} {self._people(one.username)} {called.get(one.source, one.source)}" for one in found.opened
        )
        parts = {"targets": targets, "units": units, "told": told, "opened": opened, "late": late}
        parts |= {"summary": found.summary, "lessons": found.lessons}
        return [(self._words(f"review.{name}", {}), text) for name, text in parts.items()]

    def late(self, what: str, name: str) -> str:
        """One thing that was late, in words."""
        named = self._words(f"{NAMED[what]}.{name}", {"n": ""}) if what in NAMED else self._people(name)
        return self._words(f"review.late.{what}", {"name": named})

    def _timeline(self, spine: str, events: Sequence[Event]) -> str:
        return "\n".join(self._event(spine, event) for event in events)

    def _event(self, spine: str, event: Event) -> str:
        did = f"{doer(event.actor, self._catalogue, self._people)} {deed_told(self._catalogue, spine, event, self._people)}"
        said = written(event)
        return f"{self._time(event.at)} {did}" + (f"：{said}" if said else "")

    def _span(self, ms: int) -> str:
        return " ".join(self._words(f"span.{unit}", {"n": n}) for n, unit in span_parts(ms))

    def _words(self, message: str, values: Mapping[str, Any]) -> str:
        return self._catalogue[message].format(**values)

    def _time(self, at: int) -> str:
        return datetime.fromtimestamp(at / 1000, self._zone).strftime("%Y-%m-%d %H:%M")
