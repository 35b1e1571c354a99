"""Since when feeds, gateways and cameras are up or down, and when anybody watched (services/upkeep_ports.py, StandingStore)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, TextClause, text

from domain.event_time import to_datetime, to_ms
from domain.upkeep import GONE, UNKNOWN, Rate, Standing, rate
from services.upkeep_ports import Thing

GAP_MS = 120_000
"""Nobody watched where the watch says nothing for longer."""
COLUMNS = "kind, thing, state, since, until, why"
NOW = text(f"SELECT {COLUMNS} FROM standings WHERE kind = :kind AND until IS NULL")
END = text("UPDATE standings SET until = :at WHERE kind = :kind AND thing = :thing AND until IS NULL")
BEGIN = text(f"INSERT INTO standings ({COLUMNS}) VALUES (:kind, :thing, :state, :at, NULL, :why) ON CONFLICT DO NOTHING")
WHY = text("UPDATE standings SET why = :why WHERE kind = :kind AND thing = :thing AND until IS NULL")
OF = text(f"""SELECT {COLUMNS} FROM standings WHERE kind = :kind AND thing = :thing AND since < :until AND (until IS NULL OR until > :since)
    ORDER BY since""")
LAST_SPAN = text("SELECT from_at, to_at FROM watch_spans WHERE kind = :kind ORDER BY from_at DESC LIMIT 1 FOR UPDATE")
NEW_SPAN = text("INSERT INTO watch_spans VALUES (:kind, :at, :at) ON CONFLICT DO NOTHING")
LONGER = text("UPDATE watch_spans SET to_at = greatest(to_at, :at) WHERE kind = :kind AND from_at = :from_at")
SPANS = text("SELECT from_at, to_at FROM watch_spans WHERE kind = :kind AND to_at > :since AND from_at < :until")
TURN = text("SELECT pg_advisory_xact_lock(hashtext('citydeck.standings.' || :kind))")


class StandingRepository:
    """The StandingStore port. Two watches at once take turns within the transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def observe(self, kind: str, things: Sequence[Thing], now: int) -> Sequence[tuple[Standing | None, Standing]]:
        with self._engine.begin() as tx:
            tx.execute(TURN, {"kind": kind})
            self._watch(tx, kind, now)
            held = {row.thing: _standing(row) for row in tx.execute(NOW, {"kind": kind})}
            seen = {thing.thing: thing for thing in things}
            now_there = [*seen.values(), *(Thing(name, "", "", UNKNOWN, None, GONE) for name in held if name not in seen)]
            changed = [one for thing in now_there if (one := _changed(kind, held.get(thing.thing), thing, now))]
            _write(tx, END, [after for before, after in changed if before is not None])
            _write(tx, BEGIN, [after for _, after in changed])
            same = [(held[thing.thing], thing) for thing in now_there if thing.thing in held]
            _write(tx, WHY, [one._replace(why=thing.why) for one, thing in same if one.state == thing.state and one.why != thing.why])
        return changed

    def _watch(self, tx: Connection, kind: str, now: int) -> None:
        """Lengthen the span in which somebody watches, or begin another one."""
        last = tx.execute(LAST_SPAN, {"kind": kind}).first()
        if last is None or now - to_ms(last.to_at) > GAP_MS:
            tx.execute(NEW_SPAN, {"kind": kind, "at": to_datetime(now)})
        else:
            tx.execute(LONGER, {"kind": kind, "from_at": last.from_at, "at": to_datetime(now)})

    def now_of(self, kind: str) -> Mapping[str, Standing]:
        query = text(f"SELECT {COLUMNS} FROM standings WHERE kind = :kind AND until IS NULL")
        with self._engine.connect() as tx:
            return {row.thing: _standing(row) for row in tx.execute(query, {"kind": kind})}

    def of(self, kind: str, thing: str, since: int, until: int) -> Sequence[Standing]:
        with self._engine.connect() as tx:
            found = [_standing(row) for row in tx.execute(OF, {"thing": thing, **_span(kind, since, until)})]
        return [one._replace(until=None) if one.until is not None and one.until > until else one for one in found]

    def rate(self, kind: str, thing: str, since: int, until: int) -> Rate:
        with self._engine.connect() as tx:
            spans = [(to_ms(a), to_ms(b)) for a, b in tx.execute(SPANS, _span(kind, since, until))]
        return rate(self.of(kind, thing, since, until), spans, since, until)


def _changed(kind: str, held: Standing | None, thing: Thing, now: int) -> tuple[Standing | None, Standing] | None:
    """What was and what is, where that is another; it began when its source says so, else now, and after what was before."""
    if held is not None and held.state == thing.state:
        return None
    since = min(now, max(thing.since if thing.since is not None else now, held.since + 1 if held else 0))
    return held, Standing(kind, thing.thing, thing.state, since, None, thing.why)


def _write(tx: Connection, command: TextClause, standings: Sequence[Standing]) -> None:
    if standings:
        tx.execute(command, [{**one._asdict(), "at": to_datetime(one.since)} for one in standings])


def _span(kind: str, since: int, until: int) -> dict[str, Any]:
    return {"kind": kind, "since": to_datetime(since), "until": to_datetime(until)}


def _standing(row: Any) -> Standing:
    until: datetime | None = row.until
    return Standing(row.kind, row.thing, row.state, to_ms(row.since), None if until is None else to_ms(until), row.why)
