"""What is stored of feeds, for their health (services/feed_ports.py, FeedStore): from what ingest counts in each batch's transaction."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Engine, text

from data_adapters.sql.feed_way_repository import COLUMNS, way_of
from data_adapters.sql.progress_repository import ProgressRepository
from domain.event_time import to_datetime, to_ms
from domain.feed_health import Counts, Expected, Way
from domain.feed_tally import CLASSES
from services.feed_ports import Hearing, RejectCount, RejectedMessage
from services.judging import judge

CITY_SINCE = text("SELECT least((SELECT min(minute) FROM feed_minutes), (SELECT min(from_at) FROM watch_spans WHERE kind = 'feed'))")
DEAF = text("SELECT max(least(to_at, :at)) FROM deaf_spans WHERE from_at <= :at")
DEAF_THEN = text("SELECT EXISTS (SELECT FROM deaf_spans WHERE from_at <= :at AND to_at > :at)")
LAST = text("SELECT feed, max(last_at) FROM feed_minutes WHERE minute <= :at AND last_at <= :at GROUP BY feed")
LAST_NOW = text("SELECT feed, max(last_message_at) FROM feed_health WHERE last_message_at <= :at GROUP BY feed")
FIRST = text("""SELECT f.feed, min(m.minute) FROM unnest(CAST(:feeds AS text[])) f(feed)
    CROSS JOIN generate_series(0, :workers - 1) w(worker)
    CROSS JOIN LATERAL (SELECT minute FROM feed_minutes WHERE feed = f.feed AND worker = w.worker ORDER BY minute LIMIT 1) m
    WHERE m.minute <= :at GROUP BY f.feed""")
COUNTS = text(f"""SELECT feed, sum(stored), sum(duplicate), sum(rejected), sum(reports), sum(due), sum(suspect),
        {", ".join(f"sum(lags[{step}])" for step in range(1, CLASSES + 1))}
    FROM feed_minutes WHERE feed = ANY(:feeds) AND last_at > :since AND minute <= :at
        AND minute >= CAST(:since AS timestamptz) - interval '1 min' GROUP BY feed""")
MINE = """SELECT feed, device_id FROM (
        SELECT feed, device_id, last_day, max(last_day) OVER (PARTITION BY device_id) AS newest FROM feed_devices WHERE first_day <= :day
    ) f WHERE last_day = newest"""
EXPECTED = text(f"""SELECT f.feed, count(*) FILTER (WHERE d.status = 'adopted' AND d.interval_s IS NOT NULL),
        coalesce(sum(1 / d.interval_s) FILTER (WHERE d.status = 'adopted'), 0),
        count(*) FILTER (WHERE d.status = 'adopted' AND d.interval_s IS NULL), count(*) FILTER (WHERE d.status = 'unadopted')
    FROM ({MINE}) f JOIN devices d ON d.device_id = f.device_id AND d.valid_from <= :at AND (d.valid_to IS NULL OR d.valid_to > :at)
    GROUP BY f.feed""")
DEVICES = text(f"SELECT device_id FROM ({MINE}) f WHERE feed = :feed ORDER BY 1")
FEED_OF = text("SELECT feed FROM feed_devices WHERE device_id = :device AND first_day <= :day ORDER BY last_day DESC, feed LIMIT 1")
OF_KINDS = text(f"""SELECT d.kind, f.feed FROM ({MINE}) f JOIN devices d ON d.device_id = f.device_id
        AND d.valid_from <= :at AND (d.valid_to IS NULL OR d.valid_to > :at)
    WHERE d.status = 'adopted' GROUP BY d.kind, f.feed ORDER BY d.kind, count(*) DESC, f.feed""")
WAYS = text(f"SELECT feed, {COLUMNS} FROM feed_ways WHERE asked_at <= :at ORDER BY feed, way")
REJECTS = text("""SELECT c.reason, sum(c.n), (SELECT max(received_at) FROM rejected_messages m
        WHERE m.feed = :feed AND m.reason = c.reason AND received_at BETWEEN :since AND :until)
    FROM rejected_counts c WHERE feed = :feed AND hour >= date_trunc('hour', CAST(:since AS timestamptz)) AND hour <= :until
    GROUP BY c.reason ORDER BY 2 DESC, 1""")
MESSAGE = "id, feed, topic, payload, reason, detail, received_at"
EXAMPLES = text(f"""SELECT {MESSAGE} FROM rejected_messages WHERE feed = :feed AND reason = :reason AND received_at <= :until
    ORDER BY received_at DESC, id DESC LIMIT :most""")
ONE = text(f"SELECT {MESSAGE} FROM rejected_messages WHERE id = :id")
LATEST_ID = 2**63 - 1


class FeedHealthRepository:
    """The FeedStore port. `workers`: how many ingest workers must keep up, within `within_ms`."""

    def __init__(self, engine: Engine, workers: int, within_ms: int) -> None:
        self._engine, self._workers, self._within_ms, self._progress = engine, workers, within_ms, ProgressRepository(engine)

    def hearing(self, at: int) -> Hearing:
        moment = {"at": to_datetime(at)}
        with self._engine.connect() as tx:
            since = tx.execute(CITY_SINCE).scalar_one()
            deaf = tx.execute(DEAF, moment).scalar_one()
            deaf_then = tx.execute(DEAF_THEN, moment).scalar_one()
        progress = self._progress.all(self._workers)
        if since is None:
            return Hearing(None, "" if judge(progress, self._workers, at, self._within_ms).judged_at is not None else "paused")
        heard = max(to_ms(since), to_ms(deaf) if deaf is not None else 0)
        behind = all(one.beat_at <= at for one in progress) and judge(progress, self._workers, at, self._within_ms).judged_at is None
        return Hearing(heard, "paused" if behind or deaf_then else "")

    def last(self, at: int) -> Mapping[str, int]:
        with self._engine.connect() as tx:
            found = {feed: to_ms(last) for query in (LAST, LAST_NOW) for feed, last in tx.execute(query, {"at": to_datetime(at)}) if last}
        return found

    def first(self, feeds: Collection[str], at: int) -> Mapping[str, int]:
        values = {"feeds": list(feeds), "workers": self._workers, "at": to_datetime(at)}
        with self._engine.connect() as tx:
            return {feed: to_ms(minute) for feed, minute in tx.execute(FIRST, values)}

    def counts(self, windows: Mapping[str, int], at: int) -> Mapping[str, Counts]:
        found: dict[str, Counts] = {}
        with self._engine.connect() as tx:
            for window in sorted(set(windows.values())):
                feeds = sorted(feed for feed, its in windows.items() if its == window)
                values = {"feeds": feeds, "since": to_datetime(at - window), "at": to_datetime(at)}
                for feed, *numbers in tx.execute(COUNTS, values):
                    whole = [int(n) for n in numbers]
                    found[feed] = Counts(**dict(zip(Counts._fields, whole[:6], strict=False)), lags=tuple(whole[6:]))
        return found

    def expected(self, at: int) -> Mapping[str, Expected]:
        with self._engine.connect() as tx:
            rows = tx.execute(EXPECTED, _on(at)).all()
        return {feed: Expected(int(n), float(per_s), int(on_change), int(waiting)) for feed, n, per_s, on_change, waiting in rows}

    def devices(self, feed: str, at: int) -> Sequence[str]:
        with self._engine.connect() as tx:
            return list(tx.execute(DEVICES, {**_on(at), "feed": feed}).scalars())

    def feed_of(self, device_id: str, at: int) -> str:
        """See services.device_feeds.BroughtStore."""
        with self._engine.connect() as tx:
            return tx.execute(FEED_OF, {**_on(at), "device": device_id}).scalar() or ""

    def feeds_of_kinds(self, at: int) -> Mapping[str, tuple[str, ...]]:
        """See services.device_feeds.BroughtStore."""
        found: dict[str, tuple[str, ...]] = {}
        with self._engine.connect() as tx:
            for kind, feed in tx.execute(OF_KINDS, _on(at)):
                found[kind] = (*found.get(kind, ()), feed)
        return found

    def ways(self, at: int) -> Mapping[str, tuple[Way, ...]]:
        found: dict[str, tuple[Way, ...]] = {}
        with self._engine.connect() as tx:
            for row in tx.execute(WAYS, {"at": to_datetime(at)}).mappings():
                found[row["feed"]] = (*found.get(row["feed"], ()), way_of(row))
        return found

    def rejects(self, feed: str, since: int, until: int) -> Sequence[RejectCount]:
        with self._engine.connect() as tx:
            rows = tx.execute(REJECTS, {"feed": feed, "since": to_datetime(since), "until": to_datetime(until)}).all()
        return [RejectCount(feed, reason, int(n), to_ms(last) if last else None) for reason, n, last in rows]

    def examples(self, feed: str, reason: str, until: int, most: int) -> Sequence[RejectedMessage]:
        with self._engine.connect() as tx:
            return _messages(tx.execute(EXAMPLES, {"feed": feed, "reason": reason, "until": to_datetime(until), "most": most}))

    def rejected(self, message_id: int) -> RejectedMessage | None:
        if not 0 < message_id <= LATEST_ID:
            return None
        with self._engine.connect() as tx:
            return next(iter(_messages(tx.execute(ONE, {"id": message_id}))), None)


def _on(at: int) -> dict[str, Any]:
    moment = to_datetime(at)
    return {"at": moment, "day": moment.date()}


def _messages(rows: Iterable[Any]) -> list[RejectedMessage]:
    return [RejectedMessage(i, feed, topic, bytes(raw), reason, detail, to_ms(at)) for i, feed, topic, raw, reason, detail, at in rows]
