"""A feed whose payload is the event itself: what tests of events need no adapter for."""

import json

from domain.messages import Event, Memory, RawMessage


class Stating:
    """The Feed port. A payload has at least `event_id` and `facts`; what else an Event has may be given."""

    name, topics, remembers = "stating", ("stating/#",), False

    def partition_key(self, topic: str) -> str:
        return topic

    def parse(self, message: RawMessage, memory: Memory) -> tuple[list[Event], Memory]:
        at = message.received_at
        assumed = {"kind": "order", "at": at, "device_id": None, "lon": None, "lat": None, "received_at": at}
        return [Event(**{**assumed, **json.loads(message.payload)}, redelivered=message.redelivered)], memory
