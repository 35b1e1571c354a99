"""Who turns which camera (services/camera_ports.py, HoldStore)."""

from sqlalchemy import Engine, text

from domain.event_time import to_datetime, to_ms
from services.camera_ports import Hold

AGAIN_S = 5
"""A camera that could not be told to stand still is told again after so long."""
TAKE = text("""INSERT INTO camera_holds AS h (camera_id, username, until, moving) VALUES (:camera_id, :username, :until, :moving)
    ON CONFLICT (camera_id) DO UPDATE SET username = excluded.username, until = excluded.until, moving = excluded.moving
    WHERE h.until <= :now OR h.username = excluded.username""")
HELD = text("SELECT camera_id, username, until, moving FROM camera_holds WHERE camera_id = :camera_id")
LEAVE = text("DELETE FROM camera_holds WHERE camera_id = :camera_id AND username = :username AND NOT moving")
RUNAWAYS = text(f"""UPDATE camera_holds SET until = CAST(:now AS timestamptz) + interval '{AGAIN_S} s' WHERE camera_id IN (
    SELECT camera_id FROM camera_holds WHERE moving AND until <= :now ORDER BY until LIMIT :most FOR UPDATE SKIP LOCKED)
    RETURNING camera_id, username, until, moving""")
ENDED = text("DELETE FROM camera_holds WHERE camera_id = :camera_id AND until = :until")


class CameraHolds:
    """The HoldStore port."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def take(self, hold: Hold, now: int) -> Hold:
        asked = {**hold._asdict(), "until": to_datetime(hold.until), "now": to_datetime(now)}
        with self._engine.begin() as tx:
            tx.execute(TAKE, asked)
            row = tx.execute(HELD, {"camera_id": hold.camera_id}).one()
            return Hold(row.camera_id, row.username, to_ms(row.until), row.moving)

    def leave(self, camera_id: str, username: str) -> None:
        with self._engine.begin() as tx:
            tx.execute(LEAVE, {"camera_id": camera_id, "username": username})

    def held(self, camera_id: str, now: int) -> Hold | None:
        with self._engine.connect() as tx:
            row = tx.execute(HELD, {"camera_id": camera_id}).one_or_none()
        return Hold(row.camera_id, row.username, to_ms(row.until), row.moving) if row and to_ms(row.until) > now else None

    def runaways(self, now: int, most: int) -> list[Hold]:
        with self._engine.begin() as tx:
            found = tx.execute(RUNAWAYS, {"now": to_datetime(now), "most": most}).all()
        return [Hold(row.camera_id, row.username, to_ms(row.until), row.moving) for row in found]

    def ended(self, camera_id: str, until: int) -> None:
        with self._engine.begin() as tx:
            tx.execute(ENDED, {"camera_id": camera_id, "until": to_datetime(until)})
