"""Through the real broker: what an edge node says reaches the feed, and the request for its births reaches the edge node."""

from config.feeds import load_feeds
from data_adapters.embedded import Urls
from data_adapters.feeds.registry import ADAPTERS
from data_adapters.feeds.sparkplug.payload import Payload
from data_adapters.mqtt import MqttInlet, Subscription
from domain.messages import Reply
from tests.broker_client import eventually, mqtt_client
from tests.data_adapters.feeds.sparkplug.edge_node import feed, metric, payload, reasons

NODE = "spBv1.0/Dongguan.Water/{}/pump-7"
SHARE = Subscription("citydeck-sparkplug", load_feeds(ADAPTERS)["sparkplug"].filters, "", "city/v1/beat-sparkplug")


def test_an_edge_node_is_heard_and_asked_for_its_births(engines: Urls) -> None:
    heard: list[bytes] = []
    edge = mqtt_client(engines.mqtt or "", "edge-node", clean=True)
    edge.on_message = lambda _client, _data, message: heard.append(message.payload)
    edge.subscribe(NODE.format("NCMD"), qos=1)
    inlet = MqttInlet(engines.mqtt or "", SHARE)
    inlet.start()
    outputs: list[object] = []

    def said() -> bool:
        edge.publish(NODE.format("NDATA"), payload([metric(value=2.91, alias=1)], 1))
        for arrival in inlet.take(100, 0.2):
            made, _ = feed().parse(arrival.message, {})
            outputs.extend(made)
            for reply in [one for one in made if isinstance(one, Reply)]:
                inlet.say(reply)
        return bool(heard)

    try:
        assert eventually(said)
    finally:
        inlet.stop()
        edge.disconnect()
        edge.loop_stop()
    assert set(reasons(outputs)) == {"not_born"}
    (asked,) = Payload.FromString(heard[0]).metrics
    assert asked.name == b"Node Control/Rebirth" and asked.boolean_value
