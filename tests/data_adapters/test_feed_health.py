"""Feed health tells the truth when each feed is broken on purpose: every adapter of the registry, through ingest on a real database."""

import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import flask
import pytest
from sqlalchemy import Engine, text

from api import problems, session, v1
from config.feed_health import load_feed_limits
from config.files import load_catalogue
from data_adapters.feeds.registry import ADAPTERS, POLLERS, make_feeds
from data_adapters.sql.batch_repository import BatchRepository
from data_adapters.sql.feed_health_repository import FeedHealthRepository
from data_adapters.sql.feed_way_repository import WayRepository
from data_adapters.sql.inbox_repository import InboxRepository
from data_adapters.sql.progress_repository import Progress, ProgressRepository
from data_adapters.sql.standing_repository import StandingRepository
from domain.event_time import DAY_MS, to_datetime
from domain.feed_health import Health
from domain.messages import RawMessage
from services.feed_health import FeedHealth
from services.feed_ports import FeedPlan
from services.feed_posts import Posts
from services.polling import Polling
from services.webhooks import Webhooks
from tests.data_adapters.feeds.samples import T0, clean, config, source_of
from tests.data_adapters.feeds.serving import QuietHandler, serving
from tests.data_adapters.ingest_town import TABLES, Town

HOUR_MS, MINUTE_MS = 3_600_000, 60_000
GARBAGE = (b"\xff\xfe{", b"", b"{", b"<a", b"\x00" * 8)


class Broken(Town):
    """A town with every adapter as a feed of its own name, and the health service on what ingest stored. `ends`: feed -> when its last
    message came."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine, make_feeds(load_catalogue(), 300_000, [config(name) for name in ADAPTERS]))
        self.ways, self.progress, self.ends = WayRepository(engine), ProgressRepository(engine), dict[str, int]()
        plans = [FeedPlan(name, name, 60.0) for name in ADAPTERS]
        self.facts = FeedHealthRepository(engine, 1, 10_000)
        self.health = FeedHealth(self.facts, StandingRepository(engine), plans, load_feed_limits()._replace(starting_s=0.0), 3)

    def begin(self) -> None:
        """Nothing has happened; ingest has listened for ten days."""
        with self.engine.begin() as tx:
            tx.execute(text(f"TRUNCATE {TABLES}, feed_ways, watch_spans, standings, ingest_progress, deaf_spans"))
            tx.execute(text("INSERT INTO watch_spans VALUES ('feed', :at, :at)"), {"at": to_datetime(T0 - 10 * DAY_MS)})
        self.ingest._store = BatchRepository(self.engine, self.partitions)
        self.ends = {}

    def at(self, feed: str, now: int) -> Health:
        """The health of a feed while ingest keeps up."""
        self.progress.write(Progress(0, 1, now - 500, 0.5, now))
        return next(one for one in self.health.judged(now) if one.feed == feed)

    def hear(self, feed: str, messages: list[RawMessage], shift_ms: int = 0) -> None:
        """Hand messages in; `shift_ms` is how much later they are received than they say."""
        late = [message._replace(received_at=message.received_at + shift_ms) for message in messages]
        self.now = self.ends[feed] = late[-1].received_at
        self.hand_in(*late, feed=feed)


SCENES: dict[str, Callable[[list[RawMessage]], tuple[list[RawMessage], int]]] = {
    "good": lambda messages: (messages, 0),
    "garbage": lambda messages: ([messages[-1]._replace(payload=payload) for payload in GARBAGE], 0),
    "ahead": lambda messages: (messages, -3 * DAY_MS),
    "behind": lambda messages: (messages, 2 * DAY_MS),
}
"""What every feed does: messages, and how much later they are received than their devices say."""


@pytest.fixture(scope="module")
def broken(engine: Engine) -> Broken:
    return Broken(engine)


@pytest.fixture(scope="module")
def scene(broken: Broken, request: pytest.FixtureRequest) -> Broken:
    """Every adapter of the registry in one of the scenes."""
    broken.begin()
    for name in ADAPTERS:
        broken.hear(name, *SCENES[request.param](clean(name)))
    return broken


def codes(health: Health) -> set[str]:
    return {one.code for one in health.problems}


@pytest.mark.parametrize("scene", ["good"], indirect=True)
@pytest.mark.parametrize("name", ADAPTERS)
def test_a_feed_is_good_while_it_speaks_then_late_then_silent_and_never_heard_before(scene: Broken, name: str) -> None:
    end = scene.ends[name]
    before = scene.at(name, clean(name)[0].received_at - HOUR_MS)
    assert (before.state, codes(before), before.unknown["last_at"]) == ("down", {"never"}, "never")
    good = scene.at(name, end + 1_000)
    assert good.state == "good" or codes(good) <= {"lag"}, good.problems
    assert before.facts.first_at is None and good.facts.first_at is not None and good.facts.first_at <= end
    assert good.facts.last_at == end and good.error_share < 0.2 and good.rate
    late, silent = scene.at(name, end + 2 * MINUTE_MS), scene.at(name, end + 11 * MINUTE_MS)
    assert "late" in codes(late) and (silent.state, codes(silent) & {"silent", "late"}) == ("down", {"silent"})


@pytest.mark.parametrize("scene", ["good"], indirect=True)
def test_every_device_names_the_feed_that_brought_it_last_as_its_source(scene: Broken) -> None:
    end, day = max(scene.ends.values()), DAY_MS
    brought = dict(scene.ask("SELECT device_id, min(feed) FROM feed_devices GROUP BY device_id"))
    assert {"native", "tasmota"} <= set(brought.values())
    assert {device: scene.facts.feed_of(device, end) for device in brought} == brought
    (device, feed), moved = next(iter(brought.items())), to_datetime(end + day).date()
    with scene.engine.begin() as tx:
        tx.execute(text("INSERT INTO feed_devices VALUES (:device, 'other', :day, :day)"), {"device": device, "day": moved})
    assert (scene.facts.feed_of(device, end), scene.facts.feed_of(device, end + day)) == (feed, "other")
    assert scene.facts.feed_of("nobody", end) == ""
    with scene.engine.begin() as tx:
        known = "INSERT INTO devices (device_id, name, kind, valid_from, status) VALUES (:device, 'd', 'strange', '2020-01-01', 'adopted')"
        tx.execute(text("DELETE FROM devices WHERE device_id = :device"), {"device": device})
        tx.execute(text(known), {"device": device})
    assert (scene.facts.feeds_of_kinds(end)["strange"], scene.facts.feeds_of_kinds(end + day)["strange"]) == ((feed,), ("other",))


@pytest.mark.parametrize("scene", ["garbage"], indirect=True)
@pytest.mark.parametrize("name", ADAPTERS)
def test_a_feed_that_sends_garbage_is_down_with_its_reasons_and_examples(scene: Broken, name: str) -> None:
    now = scene.ends[name] + 1_000
    health = scene.at(name, now)
    assert health.is_bad and health.error_share >= 0.8 and codes(health) & {"unreadable", "errors"}
    assert health.unknown["lag"] == "no_reports" and health.lag_ms is None
    rejects = scene.facts.rejects(name, now - HOUR_MS, now)
    assert sum(one.n for one in rejects) >= len(GARBAGE) - 1
    examples = scene.facts.examples(name, rejects[0].reason, now, 5)
    assert examples and examples[0].payload in GARBAGE and examples[0].topic == clean(name)[-1].topic


@pytest.mark.parametrize("scene", ["ahead", "behind"], indirect=True)
@pytest.mark.parametrize("name", ADAPTERS)
def test_a_feed_with_a_wrong_clock_is_told_so_or_refused(scene: Broken, name: str) -> None:
    health = scene.at(name, scene.ends[name] + 1_000)
    assert health.is_bad and codes(health) & {"clock", "lag", "errors", "unreadable"}, (health.problems, health.facts.counts)


class Peer(QuietHandler):
    """A system that refuses under /401 and takes its time under /slow."""

    def do_GET(self) -> None:
        if "/slow" in self.path:
            time.sleep(0.3)
        self.send_response(401 if "/401" in self.path else 200)
        self.end_headers()


@pytest.fixture(scope="module")
def peer() -> Iterator[str]:
    with serving(Peer) as url:
        yield url


@pytest.mark.parametrize("name", POLLERS)
@pytest.mark.parametrize(("fault", "says"), [("refused", "Connection"), ("slow", "time|Time|long"), ("401", "401")])
def test_a_feed_whose_source_is_away_says_since_when_why_and_when_it_is_asked_again(
    broken: Broken, peer: str, name: str, fault: str, says: str
) -> None:
    now = T0
    with broken.engine.begin() as tx:
        tx.execute(text("DELETE FROM feed_ways"))
    source = source_of(name, "http://127.0.0.1:9" if fault == "refused" else f"{peer}/{fault}")
    polling = Polling(source, InboxRepository(broken.engine), str, lambda: now, broken.ways)
    for asked_at in (now, now + 1_000):
        polling.round(asked_at)
    health = broken.at(name, now + 2_000)
    away = next(one for one in health.problems if one.code == "away")
    assert (health.state, away.params["since"], away.params["failures"]) == ("down", now, 2)
    assert any(word in away.params["error"] for word in says.split("|")), away.params["error"]
    assert away.params["next_at"] > now and health.facts.ways[0].answered_at is None


@pytest.mark.parametrize("name", ADAPTERS)
def test_posts_with_a_wrong_secret_are_counted_against_the_feed_and_no_others(broken: Broken, name: str) -> None:
    now = T0 - 5 * DAY_MS
    with broken.engine.begin() as tx:
        tx.execute(text("DELETE FROM feed_ways"))
    posts = Posts(broken.ways, broken.feeds, lambda: now)
    webhooks = Webhooks(InboxRepository(broken.engine), None, {name: str for name in broken.feeds}, posts)  # type: ignore[arg-type,misc]
    accounts = SimpleNamespace(actor_of=lambda token, at: None)
    client = app_of(SimpleNamespace(webhooks=webhooks, accounts=accounts)).test_client()
    answer = client.post(f"/api/v1/feeds/{name}/messages", data=b"{}", headers={"Authorization": "Bearer wrong"})
    unknown = client.post("/api/v1/feeds/nobody_has_this/messages", data=b"{}", headers={"Authorization": "Bearer wrong"})
    assert (answer.status_code, unknown.status_code) == (401, 401)
    refused = next(one for one in broken.at(name, now + 1_000).problems if one.code == "refused")
    assert (refused.state, refused.params) == ("down", {"since": now, "failures": 1, "error": "no_token"})
    assert broken.ask("SELECT feed FROM feed_ways") == [(name,)]


def app_of(city: Any) -> flask.Flask:
    server = flask.Flask("feeds")
    for part in (problems, session, v1):
        server.register_blueprint(part.blueprint(city))
    return server


@pytest.mark.parametrize("scene", ["good"], indirect=True)
def test_while_ingest_is_behind_no_feed_is_called_silent(scene: Broken) -> None:
    now = scene.ends["native"] + HOUR_MS
    assert "silent" in codes(scene.at("native", now)) and "silent" not in codes(scene.at("native", scene.ends["native"] + 1_000))
    scene.progress.write(Progress(0, 1, now - 30_000, 30.0, now))
    health = next(one for one in scene.health.judged(now) if one.feed == "native")
    assert (health.state, health.unknown["state"], health.rate) == ("unknown", "paused", None)
