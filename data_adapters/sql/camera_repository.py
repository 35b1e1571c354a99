"""Cameras as they are and were, in PostgreSQL (services/camera_ports.py, CameraStore)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, text

from data_adapters.sql.nearby import IN_BOX, box
from domain.cameras import Camera
from domain.event_time import to_datetime, to_ms
from services.camera_ports import Asked, Node, PlatformState, Scope

FRESH_S = 900
"""A moving camera whose last place is older than this is nowhere."""
FACTS = """c.camera_id, c.platform, c.channel, c.name, c.code, c.civil_code, c.path, c.region, c.department, c.direction, c.field_of_view,
    c.range_m, c.ptz, c.vehicle, c.device_id, c.codec, c.streams, c.wall, c.valid_from"""
PLACE = f"""LEFT JOIN LATERAL (SELECT lon, lat, at FROM positions WHERE device_id = c.vehicle AND at <= coalesce(:at, now())
    AND at > coalesce(:at, now()) - interval '{FRESH_S} s' ORDER BY at DESC LIMIT 1) p ON c.vehicle IS NOT NULL"""
PLACED = "coalesce(p.lon, c.lon) AS lon, coalesce(p.lat, c.lat) AS lat, p.at AS placed_at"
NOW = f"SELECT {FACTS}, {PLACED}, c.status, c.since FROM cameras c {PLACE} WHERE c.valid_to IS NULL"
THEN = f"""SELECT {FACTS}, {PLACED}, s.status, s.at AS since FROM cameras c {PLACE}
    JOIN LATERAL (SELECT status, at FROM camera_status WHERE camera_id = c.camera_id AND at <= :at ORDER BY at DESC LIMIT 1) s ON true
    WHERE c.valid_from <= :at AND (c.valid_to IS NULL OR c.valid_to > :at)"""
SCOPE = """ AND (CAST(:regions AS text[]) IS NULL OR c.region = ANY(:regions))
    AND (CAST(:departments AS text[]) IS NULL OR c.department = ANY(:departments))"""
FITS = """ AND (:platform = '' OR c.platform = :platform) AND c.path[1:cardinality(CAST(:path AS text[]))] = CAST(:path AS text[])
    AND NOT EXISTS (SELECT 1 FROM unnest(CAST(:words AS text[])) AS w
        WHERE position(w IN lower(c.name || ' ' || c.code || ' ' || c.camera_id || ' ' || array_to_string(c.path, ' '))) = 0)"""
AROUND = " AND (c.vehicle IS NOT NULL OR c.lat BETWEEN :south AND :north AND c.lon BETWEEN :west AND :east)"
"""Before statuses and places are looked up: those that may be in the box at all."""
AFTER = """SELECT * FROM ({}) AS found WHERE (CASE :status WHEN '' THEN status <> 'gone' ELSE status = :status END)
    AND (CAST(:name AS text) IS NULL OR (name COLLATE "C", camera_id) > (CAST(:name AS text) COLLATE "C", :camera_id))
    ORDER BY name COLLATE "C", camera_id LIMIT :most"""
ALIVE = " AND c.valid_to IS NULL AND c.status <> 'gone'"
PLATFORMS = f"""SELECT c.platform, count(*), count(*) FILTER (WHERE c.status = 'online') FROM cameras c WHERE true{ALIVE}{SCOPE}
    GROUP BY 1 ORDER BY 1"""
NODES = f"""SELECT c.path[CAST(:depth AS integer) + 1], count(*), count(*) FILTER (WHERE c.status = 'online') FROM cameras c
    WHERE c.platform = :platform AND c.path[1:CAST(:depth AS integer)] = CAST(:path AS text[])
        AND cardinality(c.path) > :depth{ALIVE}{SCOPE} GROUP BY 1 ORDER BY 1"""
RATE = text("""SELECT extract(epoch FROM sum(least(until, CAST(:until AS timestamptz)) - greatest(at, CAST(:since AS timestamptz)))
        FILTER (WHERE status = 'online')) AS up,
    extract(epoch FROM sum(least(until, CAST(:until AS timestamptz)) - greatest(at, CAST(:since AS timestamptz)))) AS known
    FROM (SELECT at, status, coalesce(lead(at) OVER (ORDER BY at), CAST(:until AS timestamptz)) AS until FROM camera_status
        WHERE camera_id = :camera_id AND at < :until) AS spans WHERE until > :since""")
STATES = "SELECT platform, asked_at, whole_at, cameras, failing_since, reason FROM video_platforms ORDER BY platform"


class CameraRepository:
    """The CameraStore port."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def one(self, camera_id: str, at: int | None) -> Camera | None:
        rows = self._cameras(_base(at) + " AND c.camera_id = :camera_id", at, {"camera_id": camera_id})
        return rows[0] if rows else None

    def search(self, scope: Scope, asked: Asked, at: int | None) -> list[Camera]:
        name, camera_id = asked.after or (None, "")
        values = {
            "words": asked.text.lower().split(), "platform": asked.platform, "status": asked.status, "path": list(asked.path),
            "name": name, "camera_id": camera_id, "most": asked.most,
        }  # fmt: skip
        return self._cameras(AFTER.format(_base(at) + SCOPE + FITS), at, {**_scope(scope), **values})

    def of_devices(self, scope: Scope, device_ids: Sequence[str]) -> list[Camera]:
        sql = f"{NOW}{SCOPE} AND c.status <> 'gone' AND c.device_id = ANY(:devices) ORDER BY c.camera_id"
        return self._cameras(sql, None, {**_scope(scope), "devices": list(device_ids)})

    def near(self, scope: Scope, lon: float, lat: float, metres: float, at: int) -> list[Camera]:
        sql = f"SELECT * FROM ({THEN}{SCOPE}{AROUND}) AS found WHERE status <> 'gone' AND {IN_BOX}"
        return self._cameras(sql, at, {**_scope(scope), **box(lon, lat, metres)})

    def nodes(self, scope: Scope, platform: str, path: Sequence[str]) -> list[Node]:
        sql = NODES if platform else PLATFORMS
        values = {**_scope(scope), "platform": platform, "path": list(path), "depth": len(path)} if platform else _scope(scope)
        with self._engine.connect() as tx:
            return [Node(row[0], row[1], row[2]) for row in tx.execute(text(sql), values)]

    def on_map(self, scope: Scope, most: int) -> list[Camera]:
        sql = f"{NOW}{SCOPE} AND c.status <> 'gone' AND c.vehicle IS NULL AND c.lat IS NOT NULL ORDER BY c.camera_id LIMIT :most"
        return self._cameras(sql, None, {**_scope(scope), "most": most})

    def for_wall(self, scope: Scope, most: int) -> list[Camera]:
        sql = f"{NOW}{SCOPE} AND c.status = 'online' AND c.wall ORDER BY c.name COLLATE \"C\", c.camera_id LIMIT :most"
        return self._cameras(sql, None, {**_scope(scope), "most": most})

    def platforms(self) -> list[PlatformState]:
        with self._engine.connect() as tx:
            return [
                PlatformState(name, to_ms(asked), _ms(whole), many, _ms(failing), reason)
                for name, asked, whole, many, failing, reason in tx.execute(text(STATES))
            ]

    def rate(self, camera_id: str, since: int, until: int) -> float | None:
        asked = {"camera_id": camera_id, "since": to_datetime(since), "until": to_datetime(until)}
        with self._engine.connect() as tx:
            up, known = tx.execute(RATE, asked).one()
        return float(up or 0) / float(known) if known else None

    def _cameras(self, sql: str, at: int | None, values: dict[str, Any]) -> list[Camera]:
        moment = None if at is None else to_datetime(at)
        with self._engine.connect() as tx:
            return [camera_of(row) for row in tx.execute(text(sql.replace(":at", "CAST(:at AS timestamptz)")), {**values, "at": moment})]


def camera_of(row: Any) -> Camera:
    """A row with the columns of a camera."""
    found = {**row._mapping, "path": tuple(row.path), "streams": tuple(row.streams)}
    times = {"since": to_ms(row.since), "valid_from": to_ms(row.valid_from), "placed_at": _ms(row.placed_at)}
    return Camera(**{**found, **times})


def _base(at: int | None) -> str:
    return NOW if at is None else THEN


def _scope(scope: Scope) -> dict[str, Any]:
    return {name: None if codes is None else list(codes) for name, codes in scope._asdict().items()}


def _ms(moment: Any) -> int | None:
    return None if moment is None else to_ms(moment)
