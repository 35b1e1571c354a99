"""What happens before a city is announced: schema, city pack, first accounts, and the broker's sessions."""

import logging
import time
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Engine, text

from config.settings import Settings
from data_adapters.city_pack.load import load
from data_adapters.demo.pack import build_demo_pack
from data_adapters.first_accounts import make_first_accounts
from data_adapters.ingest_wiring import IngestParts, build_ingest, now_ms, required, shares
from data_adapters.mqtt import BEAT, Subscription, end_session, make_sessions
from data_adapters.passwords import Argon2Passwords
from data_adapters.sql.database import make_engine, migrate
from services.readings import Delivery

log = logging.getLogger("citydeck")
QUIET_S = 5.0
"""A session is empty when nothing came for longer than the broker waits before it delivers again (ack_wait 3 s)."""


def prepare(settings: Settings) -> None:
    """Bring the engines that `settings` name to where the workers can start. Raises PackError, ValueError or TimeoutError."""
    engine = make_engine(required(settings.database_url, "DATABASE_URL"), pool_size=2)
    try:
        migrate(engine)
        _load_city(engine, settings)
        make_first_accounts(engine, settings.data_dir, settings.demo, Argon2Passwords(), now_ms())
        _make_sessions(engine, settings)
    finally:
        engine.dispose()


def _load_city(engine: Engine, settings: Settings) -> None:
    folder: Path | None = settings.city
    if folder is None and settings.demo:
        folder = build_demo_pack(settings.data_dir / "demo-city")
    if folder is not None:
        _, loaded = load(engine, folder, now_ms())
        log.info("city pack %s: %s", folder, "register changed" if loaded.anything else "nothing new")


def _make_sessions(engine: Engine, settings: Settings) -> None:
    """Sessions for today's number of workers; those of another number are drained and ended."""
    url = required(settings.mqtt_url, "MQTT_URL")
    wanted = shares(settings)
    make_sessions(url, wanted)
    with engine.begin() as tx:
        kept = {row.client_id: row for row in tx.execute(text("SELECT client_id, filters, prefix, beat FROM mqtt_sessions"))}
        for share in wanted:
            tx.execute(
                text("INSERT INTO mqtt_sessions (client_id, filters, prefix, beat) VALUES (:c, :f, :p, :b) ON CONFLICT DO NOTHING"),
                {"c": share.client_id, "f": list(share.filters), "p": share.prefix, "b": share.beat},
            )
    for client_id in kept.keys() - {share.client_id for share in wanted}:
        old = Subscription(client_id, tuple(kept[client_id].filters), kept[client_id].prefix, kept[client_id].beat)
        taken = drain(build_ingest(replace(settings, worker=0, ingest_workers=1), old))
        log.info("the session %s of an earlier number of workers gave %d messages and was ended", client_id, taken)
        end_session(url, client_id)
        with engine.begin() as tx:
            tx.execute(text("DELETE FROM mqtt_sessions WHERE client_id = :c"), {"c": client_id})


def drain(parts: IngestParts, quiet_s: float = QUIET_S) -> int:
    """Take everything that a session still holds; ends when nothing came for `quiet_s`. Returns how many messages there were."""
    parts.ingest.start()
    parts.inlet.start()
    taken, last = 0, time.monotonic()
    while time.monotonic() - last < quiet_s:
        arrivals = parts.inlet.take(5000, 0.2)
        if arrivals:
            parts.ingest.handle(
                [Delivery(parts.feed_of(a.message.topic), a.message, a.receipt) for a in arrivals if a.message.topic != BEAT]
            )
            parts.inlet.acknowledge([a.receipt for a in arrivals])
            taken, last = taken + len(arrivals), time.monotonic()
    parts.inlet.stop()
    return taken
