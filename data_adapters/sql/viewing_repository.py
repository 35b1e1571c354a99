"""What is watched, in PostgreSQL: streams that platforms play for us, and who watches them. The ViewingStore port."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, Row, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql import bindparam

from data_adapters.sql import viewing_sql as sql
from domain.event_time import to_datetime, to_ms
from domain.viewing import Wanted
from services.video_ports import Stream
from services.viewing_ports import Opened, Playing, origins_of

STARTED = text(sql.STARTED).bindparams(bindparam("urls", type_=JSONB))


class ViewingRepository:
    """See services/viewing_ports.py."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def _do(self, statement: str, **values: Any) -> Sequence[Row[Any]]:
        """Run it; the rows that it returns."""
        with self._engine.begin() as tx:
            done = tx.execute(text(statement), values)
            return done.all() if done.returns_rows else ()

    def claim(self, stream: Playing) -> bool:
        values = {**stream._asdict(), "asked_at": to_datetime(stream.asked_at)}
        values.pop("stream")
        return bool(self._do(sql.CLAIM, **values))

    def playing(self, platform: str, camera_id: str, key: str, now: int) -> Playing | None:
        asked = {"platform": platform, "camera_id": camera_id, "key": key}
        self._do(sql.RETIRE, **asked, now=to_datetime(now))
        found = self._do(sql.PLAYING, **asked)
        return _playing(found[0], found[0].usable) if found else None

    def started(self, stream_id: str, stream: Stream) -> bool:
        until = None if stream.expires_at is None else to_datetime(stream.expires_at)
        values = {"stream_id": stream_id, "session": stream.session, "urls": dict(stream.urls), "codec": stream.codec, "expires_at": until}
        with self._engine.begin() as tx:
            return bool(tx.execute(STARTED, values).rowcount)

    def failed(self, stream_id: str, code: str) -> None:
        self._do(sql.FAILED, stream_id=stream_id, code=code)

    def failure(self, stream_id: str) -> str | None:
        found = self._do("SELECT failed FROM video_streams WHERE stream_id = :stream_id", stream_id=stream_id)
        return found[0].failed if found else None

    def count(self, username: str) -> tuple[int, int]:
        found = self._do(sql.COUNT, username=username)[0]
        return found.own, found.whole

    def open(self, viewing: Opened) -> bool:
        values = {**viewing._asdict(), "opened_at": to_datetime(viewing.opened_at)}
        for name in ("resource", "wanted", "seen_at"):
            values.pop(name)
        with self._engine.begin() as tx:
            if not tx.execute(text(sql.USE), {"stream_id": viewing.stream_id, "now": values["opened_at"]}).rowcount:
                return False
            tx.execute(text(sql.OPEN), values)
        return True

    def viewing(self, viewing_id: str) -> tuple[Opened, Playing] | None:
        found = self._do(sql.VIEWING, viewing_id=viewing_id)
        return (_opened(found[0]), _playing(found[0])) if found else None

    def beat(self, viewing_ids: Sequence[str], session: str, now: int) -> Sequence[Opened]:
        found = self._do(sql.BEAT, viewing_ids=list(viewing_ids), session=session, now=to_datetime(now))
        return [_opened(row) for row in found]

    def kept(self, viewing_id: str, resource: str) -> None:
        self._do("UPDATE viewings SET resource = :resource WHERE viewing_id = :viewing_id", viewing_id=viewing_id, resource=resource)

    def close(self, viewing_ids: Sequence[str], session: str, why: str, now: int) -> Sequence[Opened]:
        found = self._do(sql.CLOSE, viewing_ids=list(viewing_ids), session=session, why=why, now=to_datetime(now))
        return [_opened(row) for row in found]

    def close_silent(self, before: int, why: str, now: int) -> Sequence[Opened]:
        return [_opened(row) for row in self._do(sql.CLOSE_SILENT, before=to_datetime(before), why=why, now=to_datetime(now))]

    def doubt(self, viewing_id: str, session: str) -> None:
        self._do(sql.DOUBT, viewing_id=viewing_id, session=session)

    def unwatched(self, before: int, given_up: int, now: int) -> Sequence[Playing]:
        times = {"before": to_datetime(before), "given_up": to_datetime(given_up), "now": to_datetime(now)}
        return [_playing(row, not row.shared) for row in self._do(sql.UNWATCHED, **times)]

    def hang_ups(self) -> Sequence[tuple[frozenset[str], str]]:
        return [(origins_of(row.urls), row.resource) for row in self._do(sql.HANG_UPS)]

    def stopped(self, stream_id: str, now: int) -> None:
        self._do(sql.STOPPED, stream_id=stream_id, now=to_datetime(now))

    def not_stopped(self, stream_id: str, again_at: int) -> None:
        self._do(sql.NOT_STOPPED, stream_id=stream_id, again_at=to_datetime(again_at))

    def forget(self, before: int) -> None:
        for statement in (sql.FORGET, sql.FORGET_STREAMS):
            self._do(statement, before=to_datetime(before))


def _playing(row: Row[Any], usable: bool = True) -> Playing:
    stream = None
    if usable and row.session_there is not None:
        until = None if row.expires_at is None else to_ms(row.expires_at)
        stream = Stream(row.session_there, row.urls, row.codec, until)
    return Playing(str(row.stream_id), row.platform, row.camera_id, row.key, to_ms(row.asked_at), stream)


def _opened(row: Row[Any]) -> Opened:
    return Opened(
        str(row.viewing_id),
        str(row.stream_id),
        row.username,
        row.session,
        row.camera_id,
        wanted_of(row.key),
        None if row.incident_id is None else str(row.incident_id),
        row.face,
        to_ms(row.opened_at),
        to_ms(row.seen_at),
        row.resource,
    )


def wanted_of(key: str) -> Wanted:
    """What a stream's key says."""
    kind, _, span = key.partition(":")
    if not span:
        return Wanted(kind)
    start, _, end = span.partition("-")
    return Wanted("main", int(start), int(end))
