"""A context broker is asked for its entities: page by page, with what it wants to be told, and whatever is wrong with it."""

import json
import logging

import pytest

from config.feeds import FeedConfig
from config.files import load_catalogue
from config.strict import ConfigError
from data_adapters.feeds.registry import make_feeds, make_sources
from domain.messages import RawMessage, Reading
from services.polling import LONGEST_PAUSE_S, Polling, SourceAway
from tests.data_adapters.feeds.ngsi.broker import running_broker

CATALOGUE = load_catalogue()
TIME = "2026-11-22T00:00:00Z"


def lamps(number):
    return [{"id": f"lamp-{n}", "type": "Streetlight", "powerState": "on", "observedAt": TIME} for n in range(number)]


def source(url, token_file=None, **poll):
    secrets = {"broker_token": f"file:{token_file}"} if token_file else {}
    settings = {"poll": {"url": url, "types": ["Streetlight"], "timeout_s": 0.5, **poll}}
    (made,) = make_sources(CATALOGUE, 0, [FeedConfig("broker", "ngsi", settings=settings, secrets=secrets)])
    return made


def test_every_page_is_asked_for_and_the_answers_come_as_they_are():
    with running_broker() as broker:
        broker.entities = lamps(7)
        answers = list(source(broker.url, page=3).fetch())
    assert [topic for topic, _ in answers] == ["ngsi/Streetlight"] * 3
    assert [one["id"] for _, payload in answers for one in json.loads(payload)] == [f"lamp-{n}" for n in range(7)]
    feed = make_feeds(CATALOGUE, 0, [FeedConfig("broker", "ngsi")])["broker"]
    outputs = [one for topic, payload in answers for one in feed.parse(RawMessage(topic, payload, 0), {})[0]]
    assert len(outputs) == 7 and all(isinstance(one, Reading) and one.value == 1 for one in outputs)


@pytest.mark.parametrize(
    ("api", "path", "tenant"), [("ld", "/ngsi-ld/v1/entities", "ngsild-tenant"), ("v2", "/v2/entities", "fiware-service")]
)
def test_the_broker_is_told_tenant_path_context_and_token(tmp_path, api, path, tenant):
    (tmp_path / "token").write_text("s3cret\n")
    told = {"tenant": "city", "service_path": "/lamps", "context": "https://city.local/context.jsonld"}
    with running_broker("s3cret") as broker:
        broker.entities = lamps(1)
        assert len(list(source(broker.url, tmp_path / "token", api=api, **told).fetch())) == 1
        ((asked, said),) = broker.asked
    assert asked == path and said[tenant] == "city" and said["fiware-servicepath"] == "/lamps" and "context.jsonld" in said["link"]


FAULTS = ["slow", "trickle", "html", "object", "refuses", "moved", "cut"]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_broker_that_fails_is_away_in_time_and_no_secret_is_told(tmp_path, fault):
    (tmp_path / "token").write_text("s3cret")
    with running_broker("s3cret") as broker:
        broker.entities, broker.fault = lamps(1), fault
        with pytest.raises(SourceAway) as away:
            list(source(broker.url, tmp_path / "token").fetch())
    assert "s3cret" not in str(away.value)


def test_a_broker_that_wants_another_token_or_is_not_there_is_away():
    with running_broker("other") as broker:
        with pytest.raises(SourceAway, match="401"):
            list(source(broker.url).fetch())
        url = broker.url
    with pytest.raises(SourceAway, match="ConnectionError"):
        list(source(url).fetch())


def test_a_tenant_that_no_header_can_carry_is_told_as_away_and_does_not_end_the_asking():
    with running_broker() as broker, pytest.raises(SourceAway, match="UnicodeEncodeError"):
        list(source(broker.url, tenant="东莞").fetch())


class KeptInbox:
    def __init__(self):
        self.rows = []

    def put(self, feed, topic, payload, partition_key):
        self.rows.append((feed, topic, partition_key))
        return len(self.rows)


def test_pauses_grow_while_it_is_away_and_loss_and_recovery_are_logged_once_each(caplog):
    now, inbox = [0], KeptInbox()
    with running_broker() as broker, caplog.at_level(logging.INFO, "citydeck.polling"):
        broker.entities, broker.fault = lamps(1), "refuses"
        polling = Polling(source(broker.url, every_s=60), inbox, str.upper, lambda: now[0])
        pauses = []
        for _ in range(11):
            asked = len(broker.asked)
            began = now[0]
            while len(broker.asked) == asked:
                polling.round(now[0])
                now[0] += 500
            pauses.append((now[0] - began) / 1000 - 0.5)
        assert pauses[:5] == [0, 0.5, 1.5, 3.5, 7.5] and pauses[-1] == LONGEST_PAUSE_S - 0.5
        broker.fault = ""
        while not polling.round(now[0]):
            now[0] += 500
        assert inbox.rows == [("broker", "ngsi/Streetlight", "NGSI/STREETLIGHT")]
        assert polling.round(now[0] + 59_000) == 0 and polling.round(now[0] + 60_000) == 1
    said = [record.message for record in caplog.records]
    assert len(said) == 2 and "is away" in said[0] and "answers again" in said[1]


def test_what_came_before_it_failed_is_kept():
    inbox = KeptInbox()
    with running_broker() as broker:
        broker.entities = lamps(3)
        asking = source(broker.url, page=2, types=["Streetlight", "Device"])
        whole = asking._ask

        def failing(kind, offset):
            if kind == "Device":
                broker.fault = "refuses"
            return whole(kind, offset)

        asking._ask = failing
        assert Polling(asking, inbox, str, lambda: 0).round(0) == 2
    assert len(inbox.rows) == 2


@pytest.mark.parametrize(
    ("poll", "words"),
    [
        ({"url": "broker.local"}, "http"),
        ({"url": "http://user:password@broker.local"}, "without a password"),
        ({"types": []}, "types"),
        ({"every_s": 0}, "seconds"),
        ({"page": 5000}, "page"),
        ({"api": "v1"}, "one of ld, v2"),
        ({"token": "x"}, "keys among"),
        ({"url": None}, "text"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_line(poll, words):
    settings = {"poll": {"url": "http://broker.local", "types": ["Device"], **poll}}
    with pytest.raises(ConfigError, match=words):
        make_feeds(CATALOGUE, 0, [FeedConfig("broker", "ngsi", settings=settings)])


def test_a_secret_under_another_name_stops_the_start(tmp_path):
    (tmp_path / "token").write_text("s3cret")
    with pytest.raises(ConfigError, match="broker_token"):
        make_feeds(CATALOGUE, 0, [FeedConfig("broker", "ngsi", secrets={"brokertoken": f"file:{tmp_path / 'token'}"})])


def test_a_feed_that_names_no_broker_asks_nobody():
    assert make_sources(CATALOGUE, 0, [FeedConfig("broker", "ngsi"), FeedConfig("n", "native")]) == []
