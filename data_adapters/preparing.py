"""What happens before a city is announced: schema, city pack, first accounts, and the broker's sessions."""

import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from config.accounts import load_account_policy
from config.settings import Settings
from config.working_time import load_office
from data_adapters.city_pack.load import load
from data_adapters.demo.pack import build_demo_pack
from data_adapters.demo.roster import make_demo_roster
from data_adapters.first_accounts import make_first_accounts
from data_adapters.ingest_wiring import IngestParts, build_ingest, now_ms, required, session_plan
from data_adapters.mqtt import Subscription, end_session, make_sessions
from data_adapters.notice_wiring import channels_of
from data_adapters.parting import check_parting
from data_adapters.passwords import Argon2Passwords
from data_adapters.plan_wiring import begin_plans
from data_adapters.retained import Retained
from data_adapters.sql.database import make_engine, migrate
from data_adapters.topic_plan import Plan
from data_adapters.topic_wiring import prepare_topics

log = logging.getLogger("citydeck")
QUIET_S = 5.0
"""A session is empty when nothing came for longer than the broker waits before it delivers again (ack_wait 3 s)."""
KEEP = """INSERT INTO mqtt_sessions (client_id, filters, prefix, beat) VALUES (:client_id, :filters, :prefix, :beat)
    ON CONFLICT DO NOTHING"""


def prepare(settings: Settings, own_broker: bool, announced: bool) -> None:
    """Bring the engines that `settings` name to where the workers can start.

    `own_broker` is the embedded one; while it is not `announced`, no device can reach it. Raises PackError, ValueError, TimeoutError,
    BrokerRefused, and SettingsError for a service that apprise does not understand, or several workers on a broker that doesn't part them.
    """
    channels_of(settings)
    load_account_policy()
    engine = make_engine(required(settings.database_url, "DATABASE_URL"), pool_size=2)
    try:
        migrate(engine)
        _load_city(engine, settings)
        make_first_accounts(engine, settings.data_dir, settings.demo, Argon2Passwords(), now_ms())
        begin_plans(engine, settings.demo, now_ms())
        if settings.demo:
            make_demo_roster(engine, load_office().zone, now_ms())
        if away := prepare_topics(engine, settings):
            log.warning("libraries in the city's own database can't be read: %s", away)
        shared = session_plan(settings)
        if not own_broker:
            check_parting(required(settings.mqtt_url, "MQTT_URL"), shared)
        Sessions(engine, settings, shared).make(announced)
    finally:
        engine.dispose()


def _load_city(engine: Engine, settings: Settings) -> None:
    folder: Path | None = settings.city
    if folder is None and settings.demo:
        folder = build_demo_pack(settings.data_dir / "demo-city")
    if folder is not None:
        _, loaded = load(engine, folder, now_ms())
        log.info("city pack %s: %s", folder, "register changed" if loaded.anything else "nothing new")


class Sessions:
    """The broker's sessions for today's plan. Those of another one (other feeds, another number of workers) are drained and ended;
    the table mqtt_sessions knows them. A start that is killed on the way may begin again at any step."""

    def __init__(self, engine: Engine, settings: Settings, plan: Plan) -> None:
        self._engine, self._settings, self._plan = engine, settings, plan
        self._url = required(settings.mqtt_url, "MQTT_URL")
        self._wanted = plan.shares()

    def make(self, announced: bool) -> None:
        """Make them. On a broker that devices reach (`announced`) the new ones exist before the old ones go: nothing falls between.
        Before it is announced nobody speaks, and what is retained is put where the new ones will find it."""
        if announced:
            with self._engine.begin() as tx:
                self._keep(tx)
            make_sessions(self._url, self._wanted)
            self._end(self._drained())
            return
        old, retained = self._drained(), Retained(self._url)
        if old and any(share.prefix for share in (*old, *self._wanted)):
            retained.move(old, self._plan)
        self._end(old)
        retained.sweep(self._plan)
        make_sessions(self._url, self._wanted)

    def _drained(self) -> list[Subscription]:
        names = {share.client_id for share in self._wanted}
        with self._engine.connect() as connection:
            rows = connection.execute(text("SELECT client_id, filters, prefix, beat FROM mqtt_sessions ORDER BY client_id")).all()
        old = [Subscription(row.client_id, tuple(row.filters), row.prefix, row.beat) for row in rows if row.client_id not in names]
        alone = replace(self._settings, worker=0, ingest_workers=1)
        if old:
            taken = drain([build_ingest(alone, share) for share in old], QUIET_S)
            log.info("the sessions of an earlier plan (%s) gave %d messages and end", ", ".join(one.client_id for one in old), taken)
        return old

    def _end(self, old: Sequence[Subscription]) -> None:
        for share in old:
            end_session(self._url, share.client_id)
        with self._engine.begin() as tx:
            tx.execute(text("DELETE FROM mqtt_sessions WHERE client_id = ANY(:old)"), {"old": [share.client_id for share in old]})
            self._keep(tx)

    def _keep(self, tx: Connection) -> None:
        for share in self._wanted:
            tx.execute(text(KEEP), {**share._asdict(), "filters": list(share.filters)})


def drain(sessions: Sequence[IngestParts], quiet_s: float) -> int:
    """Take everything that these sessions still hold; ends when nothing came for `quiet_s`. Returns how many messages there were.

    No device is in two sessions of one plan, so one ingest (the first one's) stores what all of them give.
    """
    ingest = sessions[0].ingest
    ingest.start()
    for parts in sessions:
        parts.inlet.start()
    taken, last = 0, time.monotonic()
    while time.monotonic() - last < quiet_s:
        for parts in sessions:
            arrivals = parts.inlet.take(5000, 0.2 / len(sessions))
            if arrivals:
                ingest.handle(parts.router.deliveries(arrivals))
                parts.inlet.acknowledge([a.receipt for a in arrivals])
                taken, last = taken + len(arrivals), time.monotonic()
    for parts in sessions:
        parts.inlet.stop()
    return taken
