"""What reading a platform's catalogue writes (services/camera_ports.py, CatalogueStore): only what has changed."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, text

from domain.event_time import to_datetime
from services.camera_ports import Changes, Found

COLUMNS = (
    "camera_id", "platform", "channel", "name", "code", "civil_code", "path", "region", "department", "lon", "lat", "direction",
    "field_of_view", "range_m", "ptz", "vehicle", "device_id", "codec", "streams", "wall",
)  # fmt: skip
HELD = text(f"SELECT {', '.join(COLUMNS)}, status FROM cameras WHERE camera_id = ANY(:ids) AND valid_to IS NULL FOR UPDATE")
OTHER = text("""SELECT camera_id FROM cameras WHERE platform = :platform AND channel = ANY(:channels) AND valid_to IS NULL
    AND NOT camera_id = ANY(:ids) FOR UPDATE""")
CLOSE = text("""UPDATE cameras SET valid_to = greatest(CAST(:now AS timestamptz), valid_from + interval '1 ms')
    WHERE camera_id = ANY(:ids) AND valid_to IS NULL""")
OPEN = text(f"""INSERT INTO cameras ({", ".join(COLUMNS)}, status, since, valid_from)
    VALUES ({", ".join(":" + name for name in COLUMNS)}, :status, coalesce(
        (SELECT at FROM camera_status WHERE camera_id = :camera_id AND status = :status ORDER BY at DESC LIMIT 1), :now),
        greatest(CAST(:now AS timestamptz), (SELECT max(valid_to) FROM cameras WHERE camera_id = :camera_id)))""")
TURNED = text("UPDATE cameras SET status = :status, since = :now WHERE camera_id = :camera_id AND valid_to IS NULL")
NOTED = text("""INSERT INTO camera_status (camera_id, at, status) VALUES (:camera_id, :now, :status)
    ON CONFLICT (camera_id, at) DO UPDATE SET status = excluded.status""")
SEEN = text("""INSERT INTO camera_rounds (platform, channel) SELECT :platform, unnest(CAST(:channels AS text[])) ON CONFLICT DO NOTHING""")
FORGET = text("DELETE FROM camera_rounds WHERE platform = :platform")
GONE = """WITH gone AS (UPDATE cameras c SET status = 'gone', since = :now WHERE c.valid_to IS NULL AND c.status <> 'gone' AND {}
        RETURNING camera_id)
    INSERT INTO camera_status (camera_id, at, status) SELECT camera_id, CAST(:now AS timestamptz), 'gone' FROM gone
    ON CONFLICT (camera_id, at) DO UPDATE SET status = excluded.status"""
UNSEEN = text(
    GONE.format("""c.platform = :platform AND NOT EXISTS (
    SELECT 1 FROM camera_rounds r WHERE r.platform = c.platform AND r.channel = c.channel)""")
)
RETIRED = text(GONE.format("NOT c.platform = ANY(:kept)"))
WHOLE = text("""INSERT INTO video_platforms AS p (platform, asked_at, whole_at, cameras) VALUES (:platform, :now, :now, (
        SELECT count(*) FROM camera_rounds WHERE platform = :platform))
    ON CONFLICT (platform) DO UPDATE SET asked_at = excluded.asked_at, whole_at = excluded.whole_at, cameras = excluded.cameras,
        failing_since = NULL, reason = ''""")
FAILED = text("""INSERT INTO video_platforms AS p (platform, asked_at, failing_since, reason) VALUES (:platform, :now, :now, :reason)
    ON CONFLICT (platform) DO UPDATE SET asked_at = excluded.asked_at, failing_since = coalesce(p.failing_since, excluded.failing_since),
        reason = excluded.reason""")
KNOWN = text("SELECT cameras FROM video_platforms WHERE platform = :platform")
FAILING = text("SELECT failing_since IS NOT NULL FROM video_platforms WHERE platform = :platform")
DROPPED = text("DELETE FROM video_platforms WHERE NOT platform = ANY(:kept)")
METRE = 1e-5
"""Degrees: positions that differ by less are the same place."""


class CameraCatalogue:
    """The CatalogueStore port."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def begin(self, platform: str) -> None:
        with self._engine.begin() as tx:
            tx.execute(FORGET, {"platform": platform})

    def put(self, platform: str, found: Sequence[Found], now: int) -> Changes:
        wanted = {one.camera_id: _row(platform, one) for one in found}
        if not wanted:
            return Changes()
        moment, channels = to_datetime(now), [row["channel"] for row in wanted.values()]
        with self._engine.begin() as tx:
            tx.execute(SEEN, {"platform": platform, "channels": channels})
            renamed = tx.execute(OTHER, {"platform": platform, "channels": channels, "ids": list(wanted)}).scalars().all()
            if renamed:
                tx.execute(CLOSE, {"ids": list(renamed), "now": moment})
            held = {row.camera_id: row._mapping for row in tx.execute(HELD, {"ids": list(wanted)})}
            return _write(tx, wanted, held, moment)

    def end(self, platform: str, now: int) -> int:
        asked = {"platform": platform, "now": to_datetime(now)}
        with self._engine.begin() as tx:
            gone = tx.execute(UNSEEN, asked).rowcount
            tx.execute(WHOLE, asked)
            tx.execute(FORGET, {"platform": platform})
            return int(gone)

    def known(self, platform: str) -> int:
        with self._engine.connect() as tx:
            return int(tx.execute(KNOWN, {"platform": platform}).scalar() or 0)

    def failing(self, platform: str) -> bool:
        with self._engine.connect() as tx:
            return bool(tx.execute(FAILING, {"platform": platform}).scalar())

    def failed(self, platform: str, reason: str, now: int) -> None:
        with self._engine.begin() as tx:
            tx.execute(FAILED, {"platform": platform, "now": to_datetime(now), "reason": reason})

    def retire(self, kept: Collection[str], now: int) -> int:
        with self._engine.begin() as tx:
            gone = tx.execute(RETIRED, {"kept": list(kept), "now": to_datetime(now)}).rowcount
            tx.execute(DROPPED, {"kept": list(kept)})
            return int(gone)


def _write(tx: Connection, wanted: Mapping[str, dict[str, Any]], held: Mapping[str, Any], moment: Any) -> Changes:
    fresh = [row for camera_id, row in wanted.items() if camera_id not in held]
    facts = [row for camera_id, row in wanted.items() if camera_id in held and not _same(row, held[camera_id])]
    turned = [row for camera_id, row in wanted.items() if camera_id in held and row["status"] != held[camera_id]["status"]]
    if fresh or turned:
        tx.execute(NOTED, [{"camera_id": row["camera_id"], "status": row["status"], "now": moment} for row in (*fresh, *turned)])
    if facts:
        tx.execute(CLOSE, {"ids": [row["camera_id"] for row in facts], "now": moment})
    if fresh or facts:
        tx.execute(OPEN, [{**row, "now": moment} for row in (*fresh, *facts)])
    if turned:
        tx.execute(TURNED, [{"camera_id": row["camera_id"], "status": row["status"], "now": moment} for row in turned])
    return Changes(len(fresh), len(facts), len(turned))


def _same(row: Mapping[str, Any], held: Mapping[str, Any]) -> bool:
    plain = all(row[name] == held[name] for name in COLUMNS if name not in ("lon", "lat"))
    return plain and all(_near(row[name], held[name]) for name in ("lon", "lat"))


def _near(one: float | None, other: float | None) -> bool:
    return one == other if one is None or other is None else abs(one - other) < METRE


def _row(platform: str, found: Found) -> dict[str, Any]:
    entry = found.entry
    said = {name: getattr(entry, name) for name in COLUMNS if name in entry._fields}
    given = {"camera_id": found.camera_id, "platform": platform, "region": found.region, "department": found.department}
    lists = {"path": list(found.path), "streams": list(entry.streams)}
    return {**said, **given, **lists, "wall": found.wall, "status": "online" if entry.online else "offline"}
