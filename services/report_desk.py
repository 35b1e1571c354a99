"""Information reports at work: drafted from the incident, edited, reviewed, signed, and given out as documents."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from domain.access import Actor, Forbidden
from domain.identity import uuid7
from domain.incident_clocks import ClockBook
from domain.incident_life import Incident
from domain.incidents import Refused
from domain.reports import FIELDS, ISSUED, Report, do, draft, due, next_kind
from services.incident_desk import IncidentDesk
from services.report_ports import ReportStore, Typesetter

DRAFTERS = frozenset({"operator", "duty_officer"})
FORMATS = {"pdf": "application/pdf", "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}
FORMS = ("phone", "written")
Word = Callable[[str, Mapping[str, Any]], str]


class Owed(NamedTuple):
    """The report that comes next. `refused`: why none can be begun now, else empty; `dues`: form -> by when the first one is owed."""

    kind: str
    ordinal: int
    refused: str
    dues: Mapping[str, int]


class ReportDesk:
    """Reports within an actor's scope: whoever sees the incident sees its reports."""

    def __init__(
        self,
        store: ReportStore,
        desk: IncidentDesk,
        clocks: ClockBook,
        names: Callable[[Incident], Mapping[str, str]],
        typesetter: Typesetter,
        words: Word,
        zone: str,
        needed: Mapping[str, Sequence[str]],
    ) -> None:
        """`names`: what an incident's codes are called; `words(id, values)`: a text of the Chinese catalogue; `needed`: kind -> the fields
        that a report of it must have before it is reviewed."""
        self.needed = needed
        self._store, self._desk, self._clocks, self._names = store, desk, clocks, names
        self._typesetter, self._words, self._zone = typesetter, words, ZoneInfo(zone)

    def of(self, actor: Actor, incident_id: str) -> Sequence[Report]:
        """An incident's reports, oldest first. Raises LookupError."""
        self._desk.mine(actor, incident_id)
        return self._store.of(incident_id)

    def owed(self, actor: Actor, incident_id: str) -> Owed:
        """Which report comes next, and by when the first one is due. Raises LookupError."""
        incident, known = self._desk.mine(actor, incident_id), self._store.of(incident_id)
        dues = {form: at for form in FORMS if (at := due(incident, self._clocks, form)) is not None}
        try:
            kind, ordinal = next_kind(known, incident)
        except Refused as refused:
            return Owed("", 0, refused.code, dues)
        return Owed(kind, ordinal, "", dues)

    def draft(self, actor: Actor, incident_id: str, now: int) -> Report:
        """Begin the next report from what the incident tells. Raises LookupError, Forbidden, Refused, ReportTaken."""
        if not actor.may("act_on_incident") or not actor.roles & DRAFTERS:
            raise Forbidden("draft_report")
        incident = self._desk.mine(actor, incident_id)
        known = self._store.of(incident_id)
        kind, ordinal = next_kind(known, incident)
        fields = draft(incident, self._desk.store.events(incident_id), known, self._names(incident))
        owed = due(incident, self._clocks) if kind == "first" else None
        made = Report(str(uuid7(now)), incident_id, kind, ordinal, "drafted", fields, 1, actor.username, now, due_at=owed)
        self._store.add(made)
        return made

    def act(self, actor: Actor, report_id: str, deed: str, version: int, said: Mapping[str, Any], now: int) -> Report:
        """Edit, review, return or sign. `said`: `fields`, `reason`. Signing is written into the incident.

        Raises LookupError, Forbidden, Refused, ReportTaken, Changed.
        """
        if not actor.may("act_on_incident"):
            raise Forbidden("act_on_incident")
        report, incident = self._mine(actor, report_id)
        if report.version != version:
            raise Refused("changed", {"version": report.version})
        fields, reason = said.get("fields") or {}, said.get("reason") or ""
        if not isinstance(fields, Mapping) or not isinstance(reason, str):
            raise Refused("bad_field", {"fields": ["fields", "reason"]})
        after = do(report, deed, actor, now, self.needed[report.kind], fields, reason)
        step = self._desk.next_step(incident, "file_report", actor, {"report_id": report_id, "note": after.kind}, now)
        self._store.save(after, step if after.state == ISSUED else None)
        return after

    def _mine(self, actor: Actor, report_id: str) -> tuple[Report, Incident]:
        report = self._store.find(report_id)
        if report is None:
            raise LookupError(report_id)
        return report, self._desk.mine(actor, report.incident_id)

    def document(self, actor: Actor, report_id: str, form: str, now: int) -> tuple[bytes, str, str]:
        """The report as bytes, with its media type and a file name; one that is not signed says so. Raises LookupError."""
        report, incident = self._mine(actor, report_id)
        if form not in FORMATS:
            raise LookupError(form)
        mark = self._words("report.exercise", {}) if incident.exercise else ""
        title = f"{mark}{self._words(f'report.{report.kind}', {'n': report.ordinal})} {incident.title}"
        written = [name for name in FIELDS if report.fields.get(name)]
        lines = [(self._words(f"report.field.{name}", {}), self._said(name, report.fields[name])) for name in written]
        footer = " · ".join([incident.number, self._words(f"report.state.{report.state}", {}), self._said("received_at", now)])
        make = self._typesetter.pdf if form == "pdf" else self._typesetter.docx
        return make(title, lines, footer), FORMATS[form], f"{incident.number}-{report.kind}{report.ordinal or ''}.{form}"

    def _said(self, name: str, value: Any) -> str:
        if name in ("received_at", "occurred_at") and isinstance(value, int):
            return datetime.fromtimestamp(value / 1000, self._zone).strftime("%Y年%m月%d日 %H:%M")
        return str(value)
