"""The inlet on a real broker."""

import pytest

from data_adapters.embedded import Urls
from data_adapters.mqtt import BEAT, BrokerRefused, MqttInlet, Subscription, make_sessions, subscription
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
