"""Units, their steps and places, and resources in PostgreSQL (services/unit_ports.py, UnitStore)."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Engine, text

from domain.event_time import to_datetime, to_ms
from domain.identity import uuid7
from domain.units import ASSIGNED, Status, Unit
from services.unit_ports import Resource, TrackPoint, UnitNow, UnitStep, UnitTaken

LOAD_H = 12
NOW = f"""
SELECT u.unit_id, u.name, u.kind, u.capabilities, u.home_lon, u.home_lat, u.region, u.department, u.devices, u.members, u.phone, u.on_shift,
    s.state, s.since, s.run, s.lon AS step_lon, s.lat AS step_lat, s.times, coalesce(s.version, 0) AS version, p.lon, p.lat, p.at,
    (SELECT count(*) FROM unit_steps t WHERE t.unit_id = u.unit_id AND t.state = '{ASSIGNED}'
        AND t.recorded_at > CAST(:now AS timestamptz) - interval '{LOAD_H} hours') AS load
FROM units u LEFT JOIN unit_status s USING (unit_id)
LEFT JOIN LATERAL (SELECT q.lon, q.lat, q.at FROM unnest(u.devices) AS d (device_id) CROSS JOIN LATERAL (
    SELECT lon, lat, at FROM positions WHERE device_id = d.device_id ORDER BY at DESC LIMIT 1) q ORDER BY q.at DESC LIMIT 1) p ON true
WHERE u.active ORDER BY u.unit_id"""
ADD_STEP = text("""
    INSERT INTO unit_steps (step_id, unit_id, state, at, recorded_at, incident_id, lon, lat, actor, irregular)
    VALUES (:step_id, :unit_id, :state, :at, :recorded_at, CAST(:incident_id AS uuid), :lon, :lat, :actor, :irregular)""")
SET_STATUS = text("""
    INSERT INTO unit_status AS s (unit_id, state, since, run, lon, lat, times, version)
    VALUES (:unit_id, :state, :since, :run, :lon, :lat, CAST(:times AS jsonb), :expected_version + 1)
    ON CONFLICT (unit_id) DO UPDATE SET state = excluded.state, since = excluded.since, run = excluded.run, lon = excluded.lon,
        lat = excluded.lat, times = excluded.times, version = excluded.version
    WHERE s.version = :expected_version""")
TRACK = text("""
    SELECT at, lon, lat, speed, course FROM unit_positions WHERE unit_id = :unit_id AND at >= :since AND at < :until ORDER BY at""")
RESOURCES = """SELECT resource_id, name, kind, region, department, lon, lat, phone, capabilities, capacity, free, stock FROM resources
    ORDER BY resource_id"""
BRING_UNIT = text("""
    INSERT INTO units AS u (unit_id, name, kind, capabilities, home_lon, home_lat, region, department, devices, members, phone, source)
    VALUES (:unit_id, :name, :kind, :capabilities, :home_lon, :home_lat, :region, :department, :devices, :members, :phone, :source)
    ON CONFLICT (unit_id) DO UPDATE SET name = excluded.name, kind = excluded.kind, capabilities = excluded.capabilities,
        home_lon = excluded.home_lon, home_lat = excluded.home_lat, region = excluded.region, department = excluded.department,
        devices = excluded.devices, members = excluded.members, phone = excluded.phone, source = excluded.source, active = true
    WHERE (u.name, u.kind, u.capabilities, u.home_lon, u.home_lat, u.region, u.department, u.devices, u.members, u.phone, u.source,
            u.active)
        IS DISTINCT FROM (excluded.name, excluded.kind, excluded.capabilities, excluded.home_lon, excluded.home_lat, excluded.region,
            excluded.department, excluded.devices, excluded.members, excluded.phone, excluded.source, true)""")
GONE_UNITS = text("UPDATE units SET active = false WHERE source = :source AND active AND NOT unit_id = ANY(:kept)")
BRING_RESOURCE = text("""
    INSERT INTO resources AS r (resource_id, name, kind, region, department, lon, lat, phone, capabilities, capacity, free, stock, source,
        updated_at)
    VALUES (:resource_id, :name, :kind, :region, :department, :lon, :lat, :phone, :capabilities, :capacity, :free, CAST(:stock AS jsonb),
        :source, :updated_at)
    ON CONFLICT (resource_id) DO UPDATE SET name = excluded.name, kind = excluded.kind, region = excluded.region,
        department = excluded.department, lon = excluded.lon, lat = excluded.lat, phone = excluded.phone,
        capabilities = excluded.capabilities, capacity = excluded.capacity, free = excluded.free, stock = excluded.stock,
        source = excluded.source, updated_at = excluded.updated_at
    WHERE (r.name, r.kind, r.region, r.department, r.lon, r.lat, r.phone, r.capabilities, r.capacity, r.free, r.stock, r.source)
        IS DISTINCT FROM (excluded.name, excluded.kind, excluded.region, excluded.department, excluded.lon, excluded.lat, excluded.phone,
            excluded.capabilities, excluded.capacity, excluded.free, excluded.stock, excluded.source)""")
GONE_RESOURCES = text("DELETE FROM resources WHERE source = :source AND NOT resource_id = ANY(:kept)")


class UnitRepository:
    """The UnitStore port."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def units(self, now: int) -> list[UnitNow]:
        with self._engine.connect() as tx:
            return [_unit_now(row) for row in tx.execute(text(NOW), {"now": to_datetime(now)})]

    def write(self, step: UnitStep) -> None:
        with self._engine.begin() as tx:
            write_step(tx, step)

    def track(self, unit_id: str, since: int, until: int) -> list[TrackPoint]:
        asked = {"unit_id": unit_id, "since": to_datetime(since), "until": to_datetime(until)}
        with self._engine.connect() as tx:
            return [TrackPoint(to_ms(row.at), row.lon, row.lat, row.speed, row.course) for row in tx.execute(TRACK, asked)]

    def resources(self) -> list[Resource]:
        with self._engine.connect() as tx:
            return [Resource(**{**row, "capabilities": tuple(row["capabilities"])}) for row in tx.execute(text(RESOURCES)).mappings()]

    def bring(self, units: Sequence[tuple[Unit, tuple[str, ...], str]], resources: Sequence[Resource], source: str, now: int) -> int:
        with self._engine.begin() as tx:
            return bring_forces(tx, units, resources, source, now)


def bring_forces(
    tx: Connection, units: Sequence[tuple[Unit, tuple[str, ...], str]], resources: Sequence[Resource], source: str, now: int
) -> int:
    """See UnitStore.bring, within the caller's transaction."""
    changed = sum(tx.execute(BRING_UNIT, _unit_values(*one, source)).rowcount for one in units)
    changed += tx.execute(GONE_UNITS, {"source": source, "kept": [one[0].unit_id for one in units]}).rowcount
    for one in resources:
        plain = {**one._asdict(), "capabilities": list(one.capabilities), "stock": json.dumps(dict(one.stock))}
        changed += tx.execute(BRING_RESOURCE, {**plain, "source": source, "updated_at": to_datetime(now)}).rowcount
    return changed + tx.execute(GONE_RESOURCES, {"source": source, "kept": [one.resource_id for one in resources]}).rowcount


def write_step(tx: Connection, step: UnitStep) -> None:
    """Write a step and the unit's new status within the caller's transaction. Raises UnitTaken when the unit has gone on meanwhile."""
    status = step.status
    changed = tx.execute(
        SET_STATUS,
        {
            "unit_id": step.unit_id, "state": status.state, "since": None if status.since is None else to_datetime(status.since),
            "run": status.run, "lon": status.lon, "lat": status.lat, "times": json.dumps(status.times),
            "expected_version": step.expected_version,
        },
    ).rowcount  # fmt: skip
    if not changed:
        raise UnitTaken(step.unit_id)
    plain = {name: value for name, value in step._asdict().items() if name not in ("status", "expected_version")}
    times = {"at": to_datetime(step.at), "recorded_at": to_datetime(step.recorded_at), "step_id": uuid7(step.recorded_at)}
    tx.execute(ADD_STEP, {**plain, **times, "irregular": list(step.irregular)})


def _unit_now(row: Any) -> UnitNow:
    unit = Unit(
        row.unit_id,
        row.name,
        row.kind,
        frozenset(row.capabilities),
        row.home_lon,
        row.home_lat,
        row.region,
        row.department,
        tuple(row.devices),
    )
    since = None if row.since is None else to_ms(row.since)
    times = tuple((state, at) for state, at in row.times or ())
    status = Status(row.state, since, row.run, row.step_lon, row.step_lat, times) if row.state else Status()
    by_device = row.at is not None and (since is None or row.step_lon is None or to_ms(row.at) >= since)
    said = (row.step_lon, row.step_lat) if row.step_lon is not None else (unit.home_lon, unit.home_lat)
    lon, lat = (row.lon, row.lat) if by_device else said
    seen_at = to_ms(row.at) if by_device else since if row.step_lon is not None else None
    return UnitNow(unit, status, row.version, tuple(row.members), row.phone, row.on_shift, lon, lat, seen_at, row.load)


def _unit_values(unit: Unit, members: tuple[str, ...], phone: str, source: str) -> dict[str, Any]:
    lists = {"capabilities": sorted(unit.capabilities), "devices": list(unit.devices), "members": list(members)}
    return {**unit._asdict(), **lists, "phone": phone, "source": source}
