"""The embedded broker: what it acknowledged is kept, and each worker gets its own devices."""

import os
import signal

from config.feeds import Topic
from data_adapters.embedded import Embedded
from data_adapters.mqtt import MqttInlet, connect, make_client, make_sessions
from domain.partition import worker_of
from tests.broker_client import eventually, mqtt_client, received

NATIVE = (Topic("city/v1/#", 4),)
FIFTEEN = (*NATIVE, *(Topic(f"maker-{n}/+/up", 2) for n in range(8)), *(Topic(f"bridge-{n}/#", 2) for n in range(6)))


def test_broker_keeps_acknowledged_messages_through_a_kill(started):
    embedded, urls = started
    received(urls.mqtt, "keeper", "city/v1/#", prepare_only=True)
    publisher = mqtt_client(urls.mqtt, "publisher", clean=True)
    sent = [publisher.publish(f"city/v1/devices/d{n}/telemetry", str(n), qos=1) for n in range(200)]
    for message in sent:
        message.wait_for_publish(10)
    os.kill(embedded.processes()["mqtt"], signal.SIGKILL)
    publisher.loop_stop()
    assert eventually(lambda: not embedded.watch() and embedded.engines["mqtt"].is_ready())
    got = received(urls.mqtt, "keeper", "city/v1/#", at_least=200)
    assert set(got) == {f"city/v1/devices/d{n}/telemetry {n}" for n in range(200)}


def test_broker_gives_each_worker_the_devices_that_the_domain_says(place):
    embedded = Embedded(place / "data", 3, {"mqtt"}, NATIVE)
    url = embedded.start().mqtt
    try:
        for worker in range(3):
            received(url, f"worker-{worker}", f"part/{worker}/#", prepare_only=True)
        publisher = mqtt_client(url, "publisher", clean=True)
        for n in range(60):
            publisher.publish(f"city/v1/devices/lamp-{n}/telemetry", "x", qos=1).wait_for_publish(10)
        publisher.loop_stop()
        for worker in range(3):
            own = {f"part/{worker}/city/v1/devices/lamp-{n}/telemetry x" for n in range(60) if worker_of(f"lamp-{n}", 3) == worker}
            assert set(received(url, f"worker-{worker}", f"part/{worker}/#", at_least=len(own))) == own
    finally:
        embedded.stop()


def test_messages_published_while_the_number_of_workers_changes_reach_the_new_workers(place):
    one = Embedded(place / "data", 1, {"mqtt"}, NATIVE)
    url = one.start().mqtt
    make_sessions(url, one.plan.shares())
    address = one.announce().mqtt
    one.stop()
    acknowledged = []
    sensor = make_client(address, "sensor")
    sensor.on_publish = lambda *_: acknowledged.append(True)
    connect(sensor, address)
    for i in range(20):
        sensor.publish(f"city/v1/devices/d{i}/telemetry", "1", qos=1)
    two = Embedded(place / "data", 2, {"mqtt"}, NATIVE)
    url = two.start().mqtt
    try:
        assert url != address
        make_sessions(url, two.plan.shares())
        assert not acknowledged
        assert two.announce().mqtt == address
        assert eventually(lambda: len(acknowledged) == 20)
        came = [received(address, share.client_id, share.filters[0], at_least=5) for share in two.plan.shares()]
        assert len(came[0]) + len(came[1]) == 20
    finally:
        sensor.loop_stop()
        two.stop()


def test_a_worker_with_fifteen_filters_gets_the_next_batches_while_one_is_not_acknowledged(place):
    embedded = Embedded(place / "data", 1, {"mqtt"}, FIFTEEN)
    url = embedded.start().mqtt
    try:
        (share,) = embedded.plan.shares()
        make_sessions(url, [share])
        publisher = make_client(url, "publisher", clean=True)
        connect(publisher, url)
        assert eventually(publisher.is_connected)
        sent = [f"maker-{n % 8}/d{n}/up" for n in range(6_000)] + [f"bridge-{n % 6}/d{n}/state" for n in range(6_000)]
        for message in [publisher.publish(topic, "1", qos=1) for topic in sent]:
            message.wait_for_publish(60)
        publisher.loop_stop()
        inlet = MqttInlet(url, share)
        inlet.start()
        assert eventually(lambda: inlet.waiting() >= len(sent)), f"{inlet.waiting()} of {len(sent)} came, none acknowledged"
        assert [arrival.message.topic for arrival in inlet.take(len(sent), 1)] == sent
        inlet.stop()
    finally:
        embedded.stop()
