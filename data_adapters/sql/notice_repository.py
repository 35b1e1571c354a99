"""The outbox and the callings in PostgreSQL (services/notice_ports.py, NoticeStore)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql import bindparam

from domain.event_time import to_datetime, to_ms
from domain.notices import Calling
from services.notice_ports import Notice

PUT = text("""
    INSERT INTO outbox (notice_id, key, thing, username, channel, template, params, link, created_at, exercise, state, due_at, sent_at)
    VALUES (:notice_id, :key, :thing, :username, :channel, :template, :params, :link, :created_at, :exercise, :state, :due_at, :sent_at)
    ON CONFLICT (key) DO NOTHING""").bindparams(bindparam("params", type_=JSONB))
NOTICE = """notice_id::text, key, thing, username, channel, template, params, link, created_at, attempts, state, sent_at, read_at, error,
    exercise"""
UNSURE = """UPDATE outbox SET state = 'unsure', error = 'the sender ended while it was sending'
    WHERE state = 'sending' AND claimed_until < :now"""
CLAIM = f"""
    UPDATE outbox SET state = 'sending', claimed_until = :until, attempts = attempts + 1 WHERE notice_id IN (
        SELECT notice_id FROM outbox WHERE state = 'waiting' AND due_at <= :now AND channel <> 'platform' ORDER BY due_at
        LIMIT :most FOR UPDATE SKIP LOCKED)
    RETURNING {NOTICE}"""
DONE = "UPDATE outbox SET state = 'sent', sent_at = :now, error = '' WHERE notice_id = CAST(:id AS uuid) AND state = 'sending'"
FAILED = """UPDATE outbox SET state = :state, error = :error, due_at = :again WHERE notice_id = CAST(:id AS uuid) AND state = 'sending'"""
OF = f"""SELECT {NOTICE} FROM outbox WHERE username = :username AND channel = 'app' AND (NOT :unread OR read_at IS NULL)
    ORDER BY created_at DESC, notice_id DESC LIMIT :most"""
READ = """UPDATE outbox SET read_at = :now WHERE username = :username AND channel = 'app' AND read_at IS NULL
    AND notice_id = ANY(CAST(:ids AS uuid[]))"""
SET_ADDRESS = """INSERT INTO addresses VALUES (:username, :channel, :address)
    ON CONFLICT (username, channel) DO UPDATE SET address = excluded.address"""
NO_ADDRESS = "DELETE FROM addresses WHERE username = :username AND channel = :channel"
CALLING = """calling_id::text, thing, template, chain, position, call, next_at, state, answered_by, answered_at, superior, turn, params"""
NEW_CALLING = text("""
    INSERT INTO callings (calling_id, thing, template, params, chain, position, call, next_at, state, answered_by, answered_at, superior,
        turn)
    VALUES (:calling_id, :thing, :template, :params, :chain, :position, :call, :next_at, :state, :answered_by, :answered_at, :superior,
        :turn)
    ON CONFLICT (thing, turn) DO NOTHING""").bindparams(bindparam("params", type_=JSONB))
EARLIER_TURNS_END = text("UPDATE callings SET state = 'ended' WHERE thing = :thing AND turn < :turn AND state IN ('calling', 'exhausted')")
NEXT_CALLING = text("""
    UPDATE callings SET position = :position, call = :call, next_at = :next_at, state = :state, answered_by = :answered_by,
        answered_at = :answered_at
    WHERE calling_id = CAST(:calling_id AS uuid) AND position = :was_position AND call = :was_call AND state = :was_state""")


class NoticeRepository:
    """The NoticeStore port."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(self, notices: Sequence[Notice]) -> int:
        with self._engine.begin() as tx:
            return sum(tx.execute(PUT, _values(notice)).rowcount for notice in notices)

    def claim(self, now: int, until: int, most: int) -> list[Notice]:
        moments = {"now": to_datetime(now), "until": to_datetime(until), "most": most}
        with self._engine.begin() as tx:
            tx.execute(text(UNSURE), moments)
            return [notice_of(row) for row in tx.execute(text(CLAIM), moments)]

    def done(self, notice_id: str, now: int) -> None:
        with self._engine.begin() as tx:
            tx.execute(text(DONE), {"id": notice_id, "now": to_datetime(now)})

    def failed(self, notice_id: str, error: str, again_at: int | None) -> None:
        again = None if again_at is None else to_datetime(again_at)
        with self._engine.begin() as tx:
            tx.execute(
                text(FAILED), {"id": notice_id, "error": error, "again": again, "state": "failed" if again_at is None else "waiting"}
            )

    def addresses(self, username: str) -> Mapping[str, str]:
        asked = text("SELECT channel, address FROM addresses WHERE username = :username")
        with self._engine.connect() as tx:
            return {row.channel: row.address for row in tx.execute(asked, {"username": username})}

    def set_address(self, username: str, channel: str, address: str) -> None:
        with self._engine.begin() as tx:
            tx.execute(text(SET_ADDRESS if address else NO_ADDRESS), {"username": username, "channel": channel, "address": address})

    def of(self, username: str, unread_only: bool, most: int) -> list[Notice]:
        with self._engine.connect() as tx:
            return [notice_of(row) for row in tx.execute(text(OF), {"username": username, "unread": unread_only, "most": most})]

    def about(self, thing: str) -> list[Notice]:
        asked = text(f"SELECT {NOTICE} FROM outbox WHERE thing = :thing ORDER BY created_at, notice_id")
        with self._engine.connect() as tx:
            return [notice_of(row) for row in tx.execute(asked, {"thing": thing})]

    def read(self, username: str, notice_ids: Sequence[str], now: int) -> int:
        with self._engine.begin() as tx:
            return tx.execute(text(READ), {"username": username, "ids": list(notice_ids), "now": to_datetime(now)}).rowcount

    def save_calling(self, calling: Calling, params: Mapping[str, Any], expected: Calling | None) -> bool:
        answered = None if calling.answered_at is None else to_datetime(calling.answered_at)
        values = {**calling._asdict(), "chain": list(calling.chain), "params": dict(params), "next_at": to_datetime(calling.next_at)}
        values |= {"answered_at": answered}
        if expected is not None:
            values |= {"was_position": expected.position, "was_call": expected.call, "was_state": expected.state}
        with self._engine.begin() as tx:
            if expected is None:
                tx.execute(EARLIER_TURNS_END, {"thing": calling.thing, "turn": calling.turn})
            return tx.execute(NEW_CALLING if expected is None else NEXT_CALLING, values).rowcount == 1

    def callings(self, states: Sequence[str]) -> list[tuple[Calling, Mapping[str, Any]]]:
        asked = text(f"SELECT {CALLING} FROM callings WHERE state = ANY(:states) ORDER BY next_at, calling_id")
        with self._engine.connect() as tx:
            return [_calling(row) for row in tx.execute(asked, {"states": list(states)})]

    def calling_of(self, thing: str) -> tuple[Calling, Mapping[str, Any]] | None:
        newest = text(f"SELECT {CALLING} FROM callings WHERE thing = :thing ORDER BY turn DESC LIMIT 1")
        with self._engine.connect() as tx:
            row = tx.execute(newest, {"thing": thing}).first()
        return _calling(row) if row else None


def _values(notice: Notice) -> dict[str, Any]:
    """A notice in the application has arrived when it is stored."""
    here, created = notice.channel == "app", to_datetime(notice.created_at)
    plain = {name: value for name, value in notice._asdict().items() if name not in ("attempts", "read_at", "error")}
    times = {"created_at": created, "due_at": None if here else created, "sent_at": created if here else None}
    return {**plain, **times, "params": dict(notice.params), "state": "sent" if here else notice.state}


def notice_of(row: Any) -> Notice:
    """A notice from its columns in the order of NOTICE."""
    fields = list(row)
    for place in (8, 11, 12):
        fields[place] = None if fields[place] is None else to_ms(fields[place])
    return Notice(*fields)


def _calling(row: Any) -> tuple[Calling, Mapping[str, Any]]:
    *fields, params = row
    fields[3], fields[6] = tuple(fields[3]), to_ms(fields[6])
    fields[9] = None if fields[9] is None else to_ms(fields[9])
    return Calling(*fields), params
