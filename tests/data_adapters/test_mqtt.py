"""The inlet on a real broker."""

import time

import pytest

from data_adapters.embedded import Urls
from data_adapters.mqtt import BEAT, SETTLE_MS, BrokerRefused, MqttInlet, Subscription, make_sessions, subscription
from data_adapters.mqtt_stream import DUP, QOS_1, RETAIN, Published
from tests.broker_client import eventually, mqtt_client


def own_share(name: str) -> Subscription:
    """A session on topics that nobody else uses: retained messages of other tests stay out."""
    return subscription(0, 1, [f"{name}/#"])._replace(client_id=name, beat=f"{name}/beat")


@pytest.fixture
def inlet(engines: Urls):
    share = own_share("inlet-test")
    make_sessions(str(engines.mqtt), [share])
    made = MqttInlet(str(engines.mqtt), share)
    made.start()
    assert eventually(lambda: made.connected)
    yield made
    made.stop()


def taken(inlet: MqttInlet) -> list[tuple[str, bytes]]:
    arrivals = []
    assert eventually(lambda: arrivals.extend(inlet.take(10, 0.2)) or arrivals)
    inlet.acknowledge([arrival.receipt for arrival in arrivals])
    return [(arrival.message.topic, arrival.message.payload) for arrival in arrivals]


def test_starting_again_leaves_what_the_session_holds_to_the_worker(engines):
    url = str(engines.mqtt)
    share = own_share("waiting-test")
    make_sessions(url, [share])
    sensor = mqtt_client(url, "waiting-sensor", clean=True)
    sent = {f"waiting-test/d{n}" for n in range(500)}
    for info in [sensor.publish(topic, "1", qos=1) for topic in sorted(sent)]:
        info.wait_for_publish(10)
    sensor.loop_stop()
    make_sessions(url, [share])
    worker = MqttInlet(url, share)
    worker.start()
    came: list[tuple[str, bytes]] = []
    assert eventually(lambda: came.extend(taken(worker)) or {topic for topic, _ in came} == sent)
    worker.stop()


def test_own_heartbeat_comes_back_with_its_time(inlet):
    inlet.beat(1_795_000_000_000)
    assert taken(inlet) == [(BEAT, b"1795000000000")]


def test_heartbeat_that_a_killed_predecessor_left_says_nothing_and_is_no_message_of_a_feed(inlet, engines):
    predecessor = mqtt_client(str(engines.mqtt), "predecessor", clean=True)
    predecessor.publish("inlet-test/beat", "1795000000000", qos=1).wait_for_publish(10)
    predecessor.loop_stop()
    assert taken(inlet) == [(BEAT, b"0")]


def test_a_subscription_that_the_broker_refuses_is_an_error_and_not_a_silent_loss(engines):
    share = subscription(0, 1, ["one/#", "two/#", "three/#"])._replace(client_id="greedy-test")
    with pytest.raises(BrokerRefused):
        make_sessions(str(engines.mqtt), [share])


def said(flags: int, payload: bytes, mid: int, topic: str = "inlet-test/d1/status") -> Published:
    return Published(flags | QOS_1, topic, mid, payload)


def test_what_is_retained_is_passed_over_where_something_newer_came_since_the_connection(inlet):
    inlet._deliver([said(0, b"offline", 1), said(RETAIN, b"online", 2), said(RETAIN, b"online", 3, "inlet-test/d2/status")])
    assert taken(inlet) == [("inlet-test/d1/status", b"offline"), (BEAT, b"0"), ("inlet-test/d2/status", b"online")]


def test_a_message_that_comes_again_is_nothing_newer(inlet):
    inlet._deliver([said(DUP, b"offline", 1), said(RETAIN, b"online", 2)])
    assert [payload for _, payload in taken(inlet)] == [b"offline", b"online"]


def test_what_is_retained_is_asked_for_again_once_the_connection_has_settled(inlet, engines):
    sensor = mqtt_client(str(engines.mqtt), "retaining-sensor", clean=True)
    for device in ("d1", "d2"):
        sensor.publish(f"inlet-test/{device}/status", "online", qos=1, retain=True).wait_for_publish(10)
    assert {topic for topic, _ in taken(inlet)} <= {"inlet-test/d1/status", "inlet-test/d2/status"}
    inlet._fresh = {"inlet-test/d1/status"}
    later = int(time.time() * 1000) + SETTLE_MS + 1_000
    inlet.beat(later)
    came: list[tuple[str, bytes]] = []
    assert eventually(lambda: came.extend(taken(inlet)) or ("inlet-test/d2/status", b"online") in came)
    assert ("inlet-test/d1/status", b"online") not in came
    for device in ("d1", "d2"):
        sensor.publish(f"inlet-test/{device}/status", b"", qos=1, retain=True).wait_for_publish(10)
    sensor.loop_stop()
