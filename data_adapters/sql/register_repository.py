"""The register in PostgreSQL (services/register_ports.py, RegisterStore). Rows keep their past: valid_from <= at < valid_to."""

from typing import Any

from sqlalchemy import Engine, text

from data_adapters.sql.audit_repository import write_entry
from domain.event_time import to_datetime
from domain.registry import Department, Device, Region
from services.account_ports import AuditEntry
from services.register_ports import Place, RegionArea

NOW = "valid_to IS NULL"
THEN = "valid_from <= :at AND (valid_to IS NULL OR valid_to > :at)"
REGION = "code, name, parent, level, name_en, population"
REGIONS = f"SELECT {REGION} FROM regions WHERE {{when}} ORDER BY code"
AREAS = f"SELECT {REGION}, outline, lon, lat, schematic FROM regions WHERE valid_to IS NULL ORDER BY code"
DEPARTMENTS = "SELECT code, name, name_en FROM departments WHERE {when} ORDER BY code"
DEVICE_COLUMNS = "device_id, name, kind, region, department, lon, lat, interval_s, status = 'adopted', coalesce(attributes->>'name_en', '')"
DEVICES = f"SELECT {DEVICE_COLUMNS} FROM devices WHERE {{when}} AND status = 'adopted'"
UNADOPTED = f"SELECT {DEVICE_COLUMNS} FROM devices WHERE valid_to IS NULL AND status = 'unadopted' ORDER BY device_id"
PLACES = "SELECT place_id, name, kind, region, lon, lat, attributes FROM places ORDER BY place_id"
STAMP = """SELECT md5(string_agg(t::text, ' ')) FROM (SELECT count(*), max(valid_from), max(valid_to) FROM devices
    UNION ALL SELECT count(*), max(valid_from), max(valid_to) FROM regions
    UNION ALL SELECT count(*), max(valid_from), max(valid_to) FROM departments
    UNION ALL SELECT hashtext(settings::text), NULL, NULL FROM city) AS t"""
CHANGES = """SELECT DISTINCT CAST(ceil(extract(epoch FROM moment) * 1000) AS bigint) FROM (
    SELECT unnest(ARRAY[valid_from, valid_to]) AS moment FROM devices WHERE status = 'adopted'
    UNION ALL SELECT unnest(ARRAY[valid_from, valid_to]) FROM regions
    UNION ALL SELECT unnest(ARRAY[valid_from, valid_to]) FROM departments) AS t WHERE moment IS NOT NULL ORDER BY 1"""
CLOSE = """UPDATE devices SET valid_to = greatest(CAST(:moment AS timestamptz), valid_from + interval '1 ms')
    WHERE device_id = :device_id AND valid_to IS NULL AND status = 'unadopted' RETURNING valid_to"""
OPEN = """INSERT INTO devices (device_id, name, kind, region, department, lon, lat, interval_s, status, attributes, valid_from)
    VALUES (:device_id, :name, :kind, :region, :department, :lon, :lat, :interval_s, 'adopted',
            jsonb_build_object('source', 'steward', 'by', CAST(:actor AS text)), :moment)"""


class RegisterRepository:
    """The RegisterStore port."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def changes(self) -> list[int]:
        return [row[0] for row in self._rows(CHANGES)]

    def regions(self, at: int | None) -> list[Region]:
        return [Region(*row) for row in self._rows(REGIONS, at)]

    def areas(self) -> list[RegionArea]:
        return [RegionArea(Region(*row[:6]), *row[6:]) for row in self._rows(AREAS)]

    def departments(self, at: int | None) -> list[Department]:
        return [Department(*row) for row in self._rows(DEPARTMENTS, at)]

    def devices(self, at: int | None) -> list[Device]:
        return [Device(*row) for row in self._rows(f"{DEVICES} ORDER BY device_id", at)]

    def device(self, device_id: str, at: int | None) -> Device | None:
        rows = self._rows(f"{DEVICES} AND device_id = :device_id", at, device_id=device_id)
        return Device(*rows[0]) if rows else None

    def unadopted(self) -> list[Device]:
        return [Device(*row) for row in self._rows(UNADOPTED)]

    def places(self) -> list[Place]:
        return [Place(*row) for row in self._rows(PLACES)]

    def city(self) -> dict[str, Any]:
        rows = self._rows("SELECT settings FROM city")
        return dict(rows[0][0]) if rows else {}

    def stamp(self) -> Any:
        """Another one whenever something of the register of now has changed."""
        return self._rows(STAMP)[0][0]

    def adopt(self, device: Device, entry: AuditEntry) -> bool:
        with self._engine.begin() as connection:
            closed = connection.execute(text(CLOSE), {"device_id": device.device_id, "moment": to_datetime(entry.at)}).scalar()
            if closed is None:
                return False
            connection.execute(text(OPEN), {**device._asdict(), "actor": entry.actor, "moment": closed})
            write_entry(connection, entry)
        return True

    def _rows(self, query: str, at: int | None = None, **parameters: Any) -> list[Any]:
        when = {} if at is None else {"at": to_datetime(at)}
        with self._engine.connect() as connection:
            return list(connection.execute(text(query.format(when=THEN if when else NOW)), {**when, **parameters}))
