"""A producer of GTFS Realtime is asked for what is new, with its key, and whatever is wrong with it."""

import logging

import pytest

from config.feeds import FeedConfig
from config.files import load_catalogue
from config.strict import ConfigError
from data_adapters.feeds.registry import make_feeds, make_sources
from services.polling import Polling, SourceAway
from tests.data_adapters.feeds.gtfs_realtime.producer import running_producer

CATALOGUE = load_catalogue()


def source(producer, key_file=None, names=("vehicles",), **poll):
    secrets = {"feed_key": f"file:{key_file}"} if key_file else {}
    urls = {name: f"{producer.url}/{name}" for name in names}
    settings = {"poll": {"urls": urls, "timeout_s": 0.4, **poll}}
    (made,) = make_sources(CATALOGUE, 0, [FeedConfig("buses", "gtfs_realtime", settings=settings, secrets=secrets)])
    return made


@pytest.mark.parametrize("validator", ["ETag", "Last-Modified", ""])
def test_what_has_not_changed_is_not_taken_again(validator):
    with running_producer() as producer:
        producer.content, producer.validator = {"/vehicles": b"one"}, validator
        asking = source(producer)
        taken = [list(asking.fetch()) for _ in range(3)]
        producer.content["/vehicles"] = b"two"
        taken.append(list(asking.fetch()))
    assert taken == [[("gtfs-realtime/vehicles", b"one")], [], [], [("gtfs-realtime/vehicles", b"two")]]
    assert [status for _, status in producer.answered] == ([200, 304, 304, 200] if validator else [200] * 4)


class LostInbox:
    """Keeps nothing while it is `full`."""

    def __init__(self):
        self.full, self.rows = True, []

    def put(self, feed, topic, payload, partition_key):
        if self.full:
            raise OSError("the database is away")
        self.rows.append((feed, topic, payload, partition_key))


def test_what_the_inbox_could_not_keep_is_asked_for_again():
    inbox = LostInbox()
    with running_producer() as producer:
        producer.content = {"/vehicles": b"one"}
        polling = Polling(source(producer), inbox, str, lambda: 0)
        with pytest.raises(OSError, match="away"):
            polling.round(0)
        inbox.full = False
        assert polling.round(60_000) == 1
    assert inbox.rows == [("buses", "gtfs-realtime/vehicles", b"one", "gtfs-realtime/vehicles")]


@pytest.mark.parametrize(
    ("poll", "told"),
    [({}, ("Authorization", "Bearer s3cret")), ({"header": "x-api-key"}, ("x-api-key", "s3cret")), ({"parameter": "k"}, ("?k", "s3cret"))],
)
def test_the_producer_is_shown_the_key_as_it_wants_it(tmp_path, poll, told):
    (tmp_path / "key").write_text("s3cret\n")
    with running_producer() as producer:
        producer.content = {"/vehicles": b"one"}
        assert len(list(source(producer, tmp_path / "key", **poll).fetch())) == 1
        (asked,) = producer.asked
    assert asked[told[0]] == told[1] and sum("s3cret" in said for said in asked.values()) == 1


@pytest.mark.parametrize("fault", ["refuses", "moved", "slow", "huge"])
def test_a_place_that_is_away_is_told_without_the_key_and_holds_up_no_other(tmp_path, fault):
    (tmp_path / "key").write_text("s3cret")
    taken = []
    with running_producer() as producer:
        producer.content, producer.faults = {"/vehicles": b"one", "/alerts": b"two"}, {"/vehicles": fault}
        asking = source(producer, tmp_path / "key", ("vehicles", "alerts"), parameter="k")
        with pytest.raises(SourceAway) as away:
            for one in asking.fetch():
                taken.append(one)
    assert "s3cret" not in str(away.value) and taken == [("gtfs-realtime/alerts", b"two")]


def test_loss_and_recovery_are_logged_once_each(caplog):
    now, inbox = [0], LostInbox()
    inbox.full = False
    with running_producer() as producer, caplog.at_level(logging.INFO, "citydeck.polling"):
        producer.content, producer.faults = {"/vehicles": b"one"}, {"/vehicles": "refuses"}
        polling = Polling(source(producer), inbox, str, lambda: now[0])
        for seconds in (0, 1, 3, 7):
            now[0] = seconds * 1000
            assert polling.round(now[0]) == 0
        assert len(producer.answered) == 4, "after 1, 2, 4 seconds"
        producer.faults = {}
        now[0] = 15_000
        assert polling.round(now[0]) == 1
    said = [record.message for record in caplog.records]
    assert len(said) == 2 and "answered 503 for vehicles" in said[0] and "answers again" in said[1]


@pytest.mark.parametrize(
    ("poll", "words"),
    [
        ({"urls": {}}, "urls"),
        ({"urls": {"Vehicles/": "http://bus.local"}}, "urls"),
        ({"urls": {"vehicles": "bus.local"}}, "http"),
        ({"urls": {"vehicles": "http://user:password@bus.local"}}, "without a password"),
        ({"every_s": 0}, "seconds"),
        ({"header": "a b"}, "header"),
        ({"header": "a", "parameter": "b"}, "not both"),
        ({"url": "http://bus.local"}, "keys among"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_line(poll, words):
    settings = {"poll": {"urls": {"vehicles": "http://bus.local"}, **poll}}
    with pytest.raises(ConfigError, match=words):
        make_feeds(CATALOGUE, 0, [FeedConfig("buses", "gtfs_realtime", settings=settings)])


def test_a_feed_that_names_no_producer_asks_nobody_and_a_secret_under_another_name_stops_the_start(tmp_path):
    assert make_sources(CATALOGUE, 0, [FeedConfig("buses", "gtfs_realtime")]) == []
    (tmp_path / "key").write_text("s3cret")
    with pytest.raises(ConfigError, match="feed_key"):
        make_feeds(CATALOGUE, 0, [FeedConfig("buses", "gtfs_realtime", secrets={"key": f"file:{tmp_path / 'key'}"})])
