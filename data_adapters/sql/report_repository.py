"""Information reports in PostgreSQL: the ReportStore port."""

from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql import bindparam

from data_adapters.sql.incident_repository import IncidentRepository
from domain.event_time import to_datetime, to_ms
from domain.reports import Report
from services.incident_ports import Step
from services.report_ports import ReportTaken
from services.signing import ToSign

COLUMNS = """report_id::text, incident_id::text, kind, ordinal, state, fields, version, drafted_by, drafted_at, reviewed_by, reviewed_at,
    issued_by, issued_at, due_at, returned"""
TIMES = ("drafted_at", "reviewed_at", "issued_at", "due_at")
ADD = text(f"""
    INSERT INTO reports ({COLUMNS.replace("::text", "")})
    VALUES (:report_id, :incident_id, :kind, :ordinal, :state, :fields, :version, :drafted_by, :drafted_at, :reviewed_by, :reviewed_at,
        :issued_by, :issued_at, :due_at, :returned)""").bindparams(bindparam("fields", type_=JSONB))
SAVE = text("""
    UPDATE reports SET state = :state, fields = :fields, version = :version, reviewed_by = :reviewed_by, reviewed_at = :reviewed_at,
        issued_by = :issued_by, issued_at = :issued_at, returned = :returned
    WHERE report_id = CAST(:report_id AS uuid) AND version = :version - 1""").bindparams(bindparam("fields", type_=JSONB))


TO_SIGN = text("""
    SELECT r.report_id::text, r.version, r.incident_id::text, i.number, i.title, i.region, i.exercise, r.drafted_by, r.reviewed_by
    FROM reports r JOIN incidents i USING (incident_id) WHERE r.state = 'reviewed' ORDER BY r.reviewed_at, r.report_id LIMIT 200""")


class ReportRepository:
    """The ReportStore port; an event goes into the incident by the incidents' own repository, in the same transaction."""

    def __init__(self, engine: Engine, incidents: IncidentRepository) -> None:
        self._engine, self._incidents = engine, incidents

    def add(self, report: Report) -> None:
        try:
            with self._engine.begin() as tx:
                tx.execute(ADD, _values(report))
        except IntegrityError as error:
            raise ReportTaken(report.report_id) from error

    def save(self, report: Report, step: Step | None = None) -> None:
        with self._engine.begin() as tx:
            if not tx.execute(SAVE, _values(report)).rowcount:
                raise ReportTaken(report.report_id)
            if step is not None:
                self._incidents.append_within(tx, step)

    def find(self, report_id: str) -> Report | None:
        asked = text(f"SELECT {COLUMNS} FROM reports WHERE report_id = CAST(:id AS uuid)")
        with self._engine.connect() as tx:
            row = tx.execute(asked, {"id": report_id}).first()
        return _report(row) if row else None

    def of(self, incident_id: str) -> list[Report]:
        asked = text(f"SELECT {COLUMNS} FROM reports WHERE incident_id = CAST(:id AS uuid) ORDER BY drafted_at, report_id")
        with self._engine.connect() as tx:
            return [_report(row) for row in tx.execute(asked, {"id": incident_id})]

    def to_sign(self) -> list[ToSign]:
        """See services/signing.py."""
        with self._engine.connect() as tx:
            return [ToSign(*row) for row in tx.execute(TO_SIGN)]


def _values(report: Report) -> dict[str, Any]:
    plain = {**report._asdict(), "fields": dict(report.fields)}
    return plain | {name: None if plain[name] is None else to_datetime(plain[name]) for name in TIMES}


def _report(row: Any) -> Report:
    plain = dict(zip(Report._fields, row, strict=True))
    return Report(**{**plain, **{name: None if plain[name] is None else to_ms(plain[name]) for name in TIMES}})
