"""Every topic of a feed reaches the worker that the plan says, through the real broker's mappings."""

import pytest

from config.feeds import Topic
from data_adapters.embedded import Embedded
from data_adapters.feeds.registry import configured
from data_adapters.mqtt import BEAT, EVERYTHING, Arrival, make_sessions
from data_adapters.topic_plan import Plan, Router, plan
from domain.messages import RawMessage
from domain.partition import worker_of
from tests.broker_client import mqtt_client, received

TOPICS = (
    Topic("city/v1/#", 4),
    Topic("spBv1.0/+/+/#", 4),
    Topic("v3/+/devices/+/up", 4),
    Topic("tele/+/+", 2),
    Topic("/sys/+/up", 3),
    Topic("bridge/all"),
    Topic("zigbee2mqtt/#", 2),
)
SAID = [
    *(f"city/v1/devices/lamp-{n}/telemetry" for n in range(12)),
    *(f"spBv1.0/plant/DDATA/node.{n}/pump" for n in range(12)),
    *(f"spBv1.0/plant/NDATA/node.{n}" for n in range(12)),
    *(f"v3/app/devices/eui-{n}/up" for n in range(12)),
    *(f"tele/plug_{n}/SENSOR" for n in range(12)),
    *(f"/sys/meter{n}/up" for n in range(12)),
    *(f"zigbee2mqtt/door {n}".replace(" ", "_") for n in range(12)),
    "zigbee2mqtt/bridge/devices",
    "zigbee2mqtt/bridge/state/more",
    "city/v1/beat",
    "city/v1",
    "bridge/all",
]


@pytest.fixture(scope="module")
def shared(reachable_dir):
    made = Embedded(reachable_dir / "routing", 3, {"mqtt"}, TOPICS)
    yield made.start().mqtt
    made.stop()


def test_each_topic_goes_to_the_worker_that_the_plan_says_and_to_no_other(shared):
    plan = Plan(3, TOPICS)
    make_sessions(shared, plan.shares())
    publisher = mqtt_client(shared, "routing-publisher", clean=True)
    for topic in SAID:
        publisher.publish(topic, "x", qos=1).wait_for_publish(10)
    publisher.loop_stop()
    for worker, share in enumerate(plan.shares()):
        own = {f"{share.prefix}{topic} x" for topic in SAID if plan.hash_of(topic) % 3 == worker}
        assert len(own) > 10
        assert set(received(shared, share.client_id, share.filters[0], at_least=len(own))) == own


def test_a_device_keeps_its_worker_whatever_it_says():
    plan = Plan(4, TOPICS)
    for n in range(50):
        said = {f"spBv1.0/plant/{kind}/node-{n}" for kind in ("NBIRTH", "NDATA", "DDATA", "DDATA/pump")}
        assert len({plan.hash_of(topic) for topic in said if topic.count("/") == 3}) == 1
        assert plan.hash_of(f"city/v1/devices/d-{n}/status") % 4 == worker_of(f"d-{n}", 4)


def test_topics_without_a_key_are_one_workers():
    plan = Plan(4, TOPICS)
    assert plan.hash_of("bridge/all") == plan.hash_of("city/v1/beat") == 0


def names_of(*plans):
    return [tuple(share.client_id for share in plan.shares()) for plan in plans]


def test_other_topics_or_another_number_of_workers_have_other_sessions_and_an_equal_plan_the_same():
    rekeyed = (Topic("city/v1/#"), *TOPICS[1:])
    others = [Plan(1, TOPICS, False), Plan(1, TOPICS[:2], False), Plan(2, TOPICS), Plan(2, TOPICS[:2]), Plan(2, rekeyed), Plan(3, TOPICS)]
    assert len(set(names_of(*others))) == len(others)
    assert len(set(names_of(Plan(2, TOPICS), Plan(2, TOPICS[::-1])))) == 1


def test_a_single_worker_on_nats_hears_everything_once_there_are_several_filters():
    filters = [Plan(1, topics, nats).shares()[0].filters for topics, nats in ((TOPICS, True), (TOPICS, False), (TOPICS[:1], True))]
    assert filters == [("#",), tuple(topic.filter for topic in TOPICS), ("city/v1/#",)]
    assert len(set(names_of(Plan(1, TOPICS), Plan(1, TOPICS[:3])))) == 1


def test_the_feeds_that_ship_have_a_session_of_their_own_topics():
    assert plan(1, configured(), True).shares()[0].filters == ("city/v1/#",)


def test_a_single_workers_heartbeat_comes_back_without_the_native_feed():
    assert Plan(1, (Topic("tele/+/+", 2),), False).shares()[0].filters == ("tele/+/+", "city/v1/beat")


class Heard:
    def __init__(self, name, *topics):
        self.name, self.topics = name, topics


FEEDS = {feed.name: feed for feed in (Heard("native", "city/v1/#"), Heard("plugs", "tele/+/+", "stat/+/+"), Heard("z", "zigbee2mqtt/#"))}


def test_a_message_goes_to_the_feed_whose_filter_takes_it_and_otherwise_to_the_first_which_refuses_it():
    router = Router(FEEDS)
    topics = ("city/v1/devices/d/status", "stat/plug/POWER", "zigbee2mqtt", "zigbee2mqtt/a/b", "tele/plug", "other")
    assert [router.feed_of(topic) for topic in (*topics, *topics)] == ["native", "plugs", "z", "z", "native", "native"] * 2


def test_who_hears_everything_passes_over_what_no_feed_wants():
    router = Router(FEEDS, EVERYTHING)
    arrivals = [Arrival(RawMessage(topic, b"", 0), topic) for topic in ("tele/plug/STATE", "cmnd/plug/POWER", BEAT, "city/v1/x")]
    assert [(d.feed, d.receipt) for d in router.deliveries(arrivals)] == [("plugs", "tele/plug/STATE"), ("native", "city/v1/x")]
    assert Router({"native": FEEDS["native"]}, EVERYTHING).feed_of("cmnd/plug/POWER") is None
