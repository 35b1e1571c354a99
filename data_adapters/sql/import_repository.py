"""Manual imports in PostgreSQL (services/import_ports.py: ImportStore)."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import Engine, text

from data_adapters.sql.catalogue_repository import moment
from domain.event_time import to_datetime, to_ms
from domain.imports import Row, RowError
from services.import_ports import DROPPED, KEPT, UNDONE, Import
from services.topic_ports import Value

COLUMNS = "import_id, library, table_name, file_name, digest, state, imported_by, at, rows, errors, error_count, encoding"
ADD = f"""INSERT INTO topic_imports ({COLUMNS}) VALUES (:import_id, :library, :table, :file_name, :digest, :state, :imported_by, :at, :rows,
    CAST(:errors AS jsonb), :error_count, :encoding)"""
ROWS = """INSERT INTO topic_import_rows (import_id, row_number, record_key, facts) SELECT CAST(:import_id AS uuid), * FROM unnest(
    CAST(:numbers AS integer[]), CAST(:keys AS text[]), CAST(:facts AS jsonb[]))"""
FIND = "SELECT *, import_id::text AS id FROM topic_imports"
TURN = """UPDATE topic_imports SET state = :state, confirmed_at = CASE WHEN :kept THEN :now ELSE confirmed_at END,
    undone_at = CASE WHEN :undone THEN :now END, undone_by = CASE WHEN :undone THEN CAST(:by AS text) END
    WHERE import_id = CAST(:id AS uuid) AND state = :expected"""
RECORDS = """SELECT DISTINCT ON (r.record_key) r.facts FROM topic_import_rows r JOIN topic_imports i USING (import_id)
    WHERE i.library = :library AND i.table_name = :table AND i.state = 'kept'
    ORDER BY r.record_key, i.confirmed_at DESC, i.import_id DESC"""


class ImportRepository:
    """The ImportStore port."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, found: Import, rows: Sequence[Row]) -> None:
        said = found._asdict() | {"at": to_datetime(found.at), "errors": orjson.dumps([list(error) for error in found.errors]).decode()}
        given: dict[str, Any] = {
            "import_id": found.import_id,
            "numbers": [row.number for row in rows],
            "keys": [row.record_key for row in rows],
            "facts": [orjson.dumps(row.values).decode() for row in rows],
        }
        with self._engine.begin() as tx:
            tx.execute(text(ADD), said)
            tx.execute(text(ROWS), given)

    def find(self, import_id: str) -> Import | None:
        with self._engine.connect() as tx:
            row = tx.execute(text(f"{FIND} WHERE import_id = CAST(:id AS uuid)"), {"id": import_id}).mappings().first()
        return _import(row) if row else None

    def rows_of(self, import_id: str, most: int) -> list[Row]:
        said = "SELECT * FROM topic_import_rows WHERE import_id = CAST(:id AS uuid) ORDER BY row_number LIMIT :most"
        with self._engine.connect() as tx:
            rows = tx.execute(text(said), {"id": import_id, "most": most})
            return [Row(row.row_number, row.record_key, row.facts) for row in rows]

    def turn(self, import_id: str, expected: str, state: str, by: str, now: int) -> bool:
        given = {"id": import_id, "expected": expected, "state": state, "by": by, "now": to_datetime(now)}
        ways = {"kept": state == KEPT, "undone": state in (UNDONE, DROPPED)}
        with self._engine.begin() as tx:
            return tx.execute(text(TURN), {**given, **ways}).rowcount == 1

    def newest(self, most: int) -> list[Import]:
        with self._engine.connect() as tx:
            rows = tx.execute(text(f"{FIND} ORDER BY at DESC, import_id DESC LIMIT :most"), {"most": most}).mappings()
            return [_import(row) for row in rows]

    def known(self, library: str, table: str, digest: str) -> bool:
        said = "SELECT EXISTS (SELECT FROM topic_imports WHERE library = :library AND table_name = :table AND digest = :digest)"
        with self._engine.connect() as tx:
            return bool(tx.execute(text(said), {"library": library, "table": table, "digest": digest}).scalar())

    def records(self, library: str, table: str) -> list[Mapping[str, Value]]:
        with self._engine.connect() as tx:
            return list(tx.execute(text(RECORDS), {"library": library, "table": table}).scalars())


def _import(row: Any) -> Import:
    of = (row["id"], row["library"], row["table_name"], row["file_name"], row["digest"], row["state"], row["imported_by"], to_ms(row["at"]))
    errors = [RowError(*error) for error in row["errors"]]
    turned = (moment(row["confirmed_at"]), moment(row["undone_at"]), row["undone_by"])
    return Import(*of, row["rows"], errors, row["error_count"], row["encoding"], *turned)
