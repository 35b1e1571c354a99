"""Pictures of video alarms: the PictureStore port of services/event_pictures.py, and what services/alarm_pictures.py asks."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, text

from domain.event_time import to_datetime, to_ms
from services.alarm_pictures import Picture, Shown
from services.event_pictures import Kept, Wanted
from services.ports import FeedEvent

NEAR = "p.device_id = :device AND p.type = :type AND p.at BETWEEN CAST(:at AS timestamptz) - :apart AND CAST(:at AS timestamptz) + :apart"
NOTE = f"""INSERT INTO event_pictures (picture_id, feed, event_id, device_id, type, at, state, reason, due_at)
    SELECT CAST(:id AS uuid), :feed, :event, :device, :type, :at, :state, :reason, :due
    WHERE NOT EXISTS (SELECT FROM event_pictures p WHERE {NEAR} AND (p.state <> 'missing' OR :state = 'missing'))
    ON CONFLICT DO NOTHING"""
DUE = """SELECT p.picture_id::text, p.feed, e.facts->'picture', p.tries FROM event_pictures p JOIN feed_events e USING (feed, event_id)
    WHERE p.state = 'waiting' AND p.due_at <= :now ORDER BY p.due_at LIMIT :most"""
KEEP = """WITH kept AS (UPDATE event_pictures SET state = 'kept', reason = '', sha256 = :sha256, media_type = :media_type, size = :size
        WHERE picture_id = CAST(:id AS uuid) RETURNING feed, event_id)
    UPDATE feed_events e SET facts = jsonb_set(e.facts, '{picture,base64}', to_jsonb(''::text)) FROM kept
    WHERE (e.feed, e.event_id) = (kept.feed, kept.event_id) AND e.facts->'picture' ? 'base64'"""
GIVE_UP = "UPDATE event_pictures SET state = 'missing', reason = :reason WHERE picture_id = CAST(:id AS uuid)"
PUT_OFF = "UPDATE event_pictures SET due_at = :due, tries = tries + 1 WHERE picture_id = CAST(:id AS uuid)"
STATED = """SELECT count(*) FROM feed_events WHERE kind = 'video_alarm' AND device_id = :device AND facts->>'type' = :type
    AND at >= :since AND (CAST(:until AS timestamptz) IS NULL OR at <= :until)"""
LISTED = """SELECT p.picture_id::text, p.at, p.state, p.reason, coalesce(e.facts->>'said', '') FROM event_pictures p
    JOIN feed_events e USING (feed, event_id)
    WHERE p.device_id = :device AND p.type = :type AND p.at >= :since AND (CAST(:until AS timestamptz) IS NULL OR p.at <= :until)
    ORDER BY p.at LIMIT :most"""
FIND = "SELECT device_id, type, at, sha256, media_type FROM event_pictures WHERE picture_id = CAST(:id AS uuid) AND state = 'kept'"


class EventPictureRepository:
    """On PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def note(self, tx: Connection, picture_id: str, one: FeedEvent, missing: str, apart_ms: int) -> None:
        """See PictureStore."""
        event, state = one.event, "missing" if missing else "waiting"
        at, due = to_datetime(event.at), to_datetime(event.received_at)
        values = {"id": picture_id, "feed": one.feed, "event": event.event_id, "device": event.device_id, "type": event.facts["type"]}
        apart = to_datetime(apart_ms) - to_datetime(0)
        tx.execute(text(NOTE), {**values, "at": at, "state": state, "reason": missing, "due": due, "apart": apart})

    def due(self, now: int, most: int) -> Sequence[Wanted]:
        """See PictureStore."""
        with self._engine.connect() as tx:
            rows = tx.execute(text(DUE), {"now": to_datetime(now), "most": most})
            return [Wanted(picture_id, feed, told or {}, tries) for picture_id, feed, told, tries in rows]

    def keep(self, picture_id: str, kept: Kept) -> None:
        """See PictureStore."""
        self._do(KEEP, {"id": picture_id, **kept._asdict()})

    def give_up(self, picture_id: str, reason: str) -> None:
        """See PictureStore."""
        self._do(GIVE_UP, {"id": picture_id, "reason": reason})

    def put_off(self, picture_id: str, due_at: int) -> None:
        """See PictureStore."""
        self._do(PUT_OFF, {"id": picture_id, "due": to_datetime(due_at)})

    def of(self, device_id: str, alarm_type: str, since: int, until: int | None, most: int) -> Shown:
        """See services.alarm_pictures.Pictures."""
        asked = {
            "device": device_id,
            "type": alarm_type,
            "since": to_datetime(since),
            "until": None if until is None else to_datetime(until),
        }
        with self._engine.connect() as tx:
            rows = tx.execute(text(LISTED), {**asked, "most": most}).all()
            stated = int(tx.execute(text(STATED), asked).scalar_one())
        return Shown(stated, [Picture(picture_id, to_ms(at), state, reason, said) for picture_id, at, state, reason, said in rows])

    def find(self, picture_id: str) -> tuple[str, str, int, str, str] | None:
        """See services.alarm_pictures.Pictures."""
        with self._engine.connect() as tx:
            row: Any = tx.execute(text(FIND), {"id": picture_id}).one_or_none()
        return None if row is None else (row[0], row[1], to_ms(row[2]), row[3], row[4])

    def _do(self, statement: str, values: Mapping[str, Any]) -> None:
        with self._engine.begin() as tx:
            tx.execute(text(statement), values)
