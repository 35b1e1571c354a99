"""The resource catalogue in PostgreSQL, as it is read (services/catalogue_ports.py: CatalogueStore)."""

from typing import Any

from sqlalchemy import Engine, text

from domain.catalogue import Resource, ResourceField
from domain.event_time import to_ms
from services.catalogue_ports import Difference, Entry, LibraryState, Reconciliation, Run, Spelled

ENTRIES = "SELECT * FROM data_resources ORDER BY code"
FIELDS = "SELECT * FROM resource_fields ORDER BY resource, position"
LIBRARIES = "SELECT * FROM topic_libraries WHERE present ORDER BY code"
STAMP = "SELECT count(*), max(inspected_at), max(newest_at), max(landed_at), max(gone_at) FROM data_resources"
RUNS = "SELECT * FROM topic_runs WHERE library = :library ORDER BY started_at DESC, run_id DESC LIMIT :most"
COMPARED = "SELECT DISTINCT ON (resource) * FROM reconciliations ORDER BY resource, at DESC, reconciliation_id DESC"
DIFFERENT = """SELECT d.* FROM reconciliation_differences d WHERE d.reconciliation_id = (SELECT reconciliation_id FROM reconciliations
    WHERE resource = :resource ORDER BY at DESC, reconciliation_id DESC LIMIT 1) ORDER BY record_key LIMIT :most"""
SAME = ("summary", "provider", "provider_code", "category", "carrier", "record_form", "storage", "format", "share", "share_condition")
ALSO = ("share_way", "open", "cycle", "version", "published_on")


class CatalogueRepository:
    """The CatalogueStore port."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def entries(self) -> list[Entry]:
        with self._engine.connect() as tx:
            fields: dict[str, list[Any]] = {}
            for row in tx.execute(text(FIELDS)).mappings():
                fields.setdefault(row["resource"], []).append(row)
            return [_entry(row, fields.get(row["code"], [])) for row in tx.execute(text(ENTRIES)).mappings()]

    def libraries(self) -> list[LibraryState]:
        with self._engine.connect() as tx:
            return [_state(row) for row in tx.execute(text(LIBRARIES)).mappings()]

    def stamp(self) -> Any:
        with self._engine.connect() as tx:
            return tuple(tx.execute(text(STAMP)).one())

    def runs(self, library: str, most: int) -> list[Run]:
        with self._engine.connect() as tx:
            rows = tx.execute(text(RUNS), {"library": library, "most": most}).mappings()
            return [Run(row["library"], row["what"], to_ms(row["started_at"]), row["took_ms"], row["rows"], row["error"]) for row in rows]

    def reconciliations(self) -> list[Reconciliation]:
        with self._engine.connect() as tx:
            return [_reconciliation(row) for row in tx.execute(text(COMPARED)).mappings()]

    def differences(self, resource: str, most: int) -> list[Difference]:
        with self._engine.connect() as tx:
            rows = tx.execute(text(DIFFERENT), {"resource": resource, "most": most}).mappings()
            return [Difference(row["record_key"], row["kind"], row["source"], row["landed"]) for row in rows]


def moment(found: Any) -> int | None:
    """Epoch ms of a column that may be empty."""
    return None if found is None else to_ms(found)


def _entry(row: Any, fields: list[Any]) -> Entry:
    listed = tuple(ResourceField(one["name"], one["title"], one["type"], one["is_key"], one["declared"]) for one in fields)
    said = {name: row[name] for name in (*SAME, *ALSO)}
    resource = Resource(
        code=row["code"],
        library=row["library"],
        table=row["source_table"],
        title=row["title"],
        related=tuple(row["related"]),
        fields=listed,
        gone_at=moment(row["gone_at"]),
        **said,
    )
    times = {name: moment(row[name]) for name in ("inspected_at", "newest_at", "landed_at")}
    spelled = [Spelled(one["pinyin"], one["initials"]) for one in fields]
    return Entry(resource, row["landed"], Spelled(row["pinyin"], row["initials"]), spelled, **times, landed_rows=row["landed_rows"])


def _state(row: Any) -> LibraryState:
    names = ("code", "name", "name_en", "kind", "layer", "provider", "provider_code", "every_s", "error")
    said: dict[str, Any] = {name: row[name] for name in names}
    return LibraryState(**said, last_ok_at=moment(row["last_ok_at"]), failing_since=moment(row["failing_since"]))


def _reconciliation(row: Any) -> Reconciliation:
    return Reconciliation(
        row["resource"], to_ms(row["at"]), row["source_rows"], row["landed_rows"], row["sums"], row["differences"], row["error"]
    )
