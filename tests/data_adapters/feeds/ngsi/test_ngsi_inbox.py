"""From a context broker into PostgreSQL: asked or notified, an entity's message waits in the inbox and becomes readings there."""

import json

from sqlalchemy import Engine

from config.feeds import FeedConfig
from config.files import load_catalogue
from data_adapters.feeds.registry import make_feeds, make_sources
from data_adapters.sql.inbox_repository import InboxRepository
from domain.access import Actor
from services.feed_ports import NoWays
from services.feed_posts import Posts
from services.polling import Polling
from services.ports import Delivery
from services.webhooks import Webhooks
from tests.data_adapters.feeds.ngsi.broker import running_broker
from tests.data_adapters.ingest_town import NOW, Town

STEWARD = Actor("platform", frozenset({"data_steward"}))
LAMP = {"id": "lamp-1", "type": "Streetlight", "powerState": "on", "observedAt": "2026-11-22T00:00:00Z"}
NOISE = {"id": "noise-1", "type": "NoiseLevelObserved", "LAeq": 67.8, "dateObserved": "2026-11-22T00:00:00Z"}


def take_up(town: Town, inbox: InboxRepository) -> None:
    """As ingest does."""
    town.ingest.handle([Delivery(row.feed, row.message, None, row.id) for row in inbox.waiting(0, 1)])


def test_what_a_broker_answers_and_what_it_notifies_become_readings_once(engine: Engine) -> None:
    with running_broker() as broker:
        broker.entities = [LAMP]
        config = FeedConfig("ngsi", "ngsi", settings={"poll": {"url": broker.url, "types": ["Streetlight"]}})
        feeds, inbox = make_feeds(load_catalogue(), 300_000, [config]), InboxRepository(engine)
        town = Town(engine, feeds)
        town.empty()
        (asking,) = make_sources(load_catalogue(), 300_000, [config])
        key = feeds["ngsi"].partition_key
        Polling(asking, inbox, key, lambda: NOW).round(NOW)
        Polling(asking, inbox, key, lambda: NOW).round(NOW)
    notification = json.dumps({"subscriptionId": "s1", "data": [NOISE]}).encode()
    Webhooks(inbox, None, {"ngsi": key}, Posts(NoWays(), (), lambda: NOW)).message(STEWARD, "ngsi", "s1", notification)
    take_up(town, inbox)
    assert town.ask("SELECT device_id, metric, value FROM readings ORDER BY 1") == [("lamp-1", "lit", 1.0), ("noise-1", "noise", 67.8)]
    assert town.counts() == (2, 1, 0) and town.ask("SELECT count(*) FROM inbox") == [(0,)]
