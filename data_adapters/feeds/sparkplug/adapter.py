"""Sparkplug B 3.0: births, data and deaths of edge nodes and their devices (README.md beside this file)."""

from collections.abc import Callable, Sequence

from config.strict import one_of, text
from data_adapters.feeds.measured import device_fault
from data_adapters.feeds.names import Names, name_fields
from data_adapters.feeds.payloads import json_object
from data_adapters.feeds.setup import FeedSetup
from data_adapters.feeds.sparkplug.payload import Message, Told, read_payload, rebirth_request, value_of
from data_adapters.feeds.sparkplug.session import (
    NODE,
    Known,
    counted,
    device_born,
    devices,
    died,
    is_alive,
    is_known,
    is_outlived,
    is_stale,
    known,
    node_born,
    was_heard,
)
from data_adapters.feeds.sparkplug.topic import COMMANDS, NAMESPACE, STATE, Address, read_topic
from domain.event_time import EventTime, settle
from domain.messages import Memory, Output, Presence, Quality, RawMessage, Rejected, Reply

ASK_AGAIN_MS = 30_000
"""A node is asked for its births at most this often."""
LOST = ("sequence_gap", "unknown_alias")
"""What a rebirth mends."""
NOT_MEASURED = ("Node Control/", "Device Control/")
Outputs = list[Output | Reply]


class SparkplugFeed:
    """Parses Sparkplug B. It remembers, for each edge node, what its births announced and how far its sequence numbers have come."""

    remembers = True

    def __init__(self, setup: FeedSetup) -> None:
        fields = {**name_fields(setup.catalogue), "rebirth": (one_of("ask", "never"), "ask"), "unit_property": (text, "engUnit")}
        settings = setup.read(fields, [])
        self.name, self._clock_ahead_ms = setup.name, setup.clock_ahead_ms
        self.topics: Sequence[str] = setup.topics
        self._names = Names(setup.catalogue, settings)
        self._asks, self._unit_property = settings["rebirth"] == "ask", settings["unit_property"]
        self._kinds: dict[str, Callable[[Address, Message, RawMessage, Memory], tuple[Outputs, Memory]]] = {
            "NBIRTH": self._node_birth,
            "DBIRTH": self._device_birth,
            "NDATA": self._data,
            "DDATA": self._data,
            "NDEATH": self._node_death,
            "DDEATH": self._device_death,
        }

    def partition_key(self, topic: str) -> str:
        """The edge node with its group: aliases and sequence numbers are the node's, for its devices too."""
        address = read_topic(topic)
        return f"{address.group}/{address.node}" if address else ""

    def parse(self, message: RawMessage, memory: Memory) -> tuple[Outputs, Memory]:
        """Readings and presences, and where births are missing a request for them; Rejected for what the README lists. Never raises."""
        address = read_topic(message.topic)
        if address is None:
            return [Rejected("bad_topic", f"no topic of {NAMESPACE}: {message.topic[:80]!r}")], memory
        fault = device_fault(address.device_id)
        if fault:
            return [fault], memory
        if address.kind == STATE:
            return [_host_state(address, message)], memory
        if address.kind in COMMANDS:
            return [Rejected("command", f"{address.kind} is what somebody tells a device, not what it says")], memory
        told = read_payload(message.payload, self._unit_property)
        if isinstance(told, Rejected):
            return [told], memory
        return self._kinds[address.kind](address, told, message, memory)

    def _node_birth(self, address: Address, told: Message, message: RawMessage, memory: Memory) -> tuple[Outputs, Memory]:
        after = node_born(memory, told)
        if message.redelivered and was_heard(memory, NODE, told):
            return [*self._values(address, told, message, after)], memory
        return [Presence(address.device_id, True, message.received_at), *self._values(address, told, message, after)], after

    def _device_birth(self, address: Address, told: Message, message: RawMessage, memory: Memory) -> tuple[Outputs, Memory]:
        online = Presence(address.device_id, True, message.received_at)
        values = self._values(address, told, message, device_born({"who": {}}, address.device, told))
        if message.redelivered and was_heard(memory, address.device, told):
            return [*values], memory
        if not is_alive(memory, NODE):
            return self._ask(address, message, memory, [online, *values, Rejected("not_born", "the birth of its edge node was not heard")])
        missing, after = self._counted(message, told, device_born(memory, address.device, told))
        return self._ask_if_lost(address, message, after, [online, *values, *missing])

    def _data(self, address: Address, told: Message, message: RawMessage, memory: Memory) -> tuple[Outputs, Memory]:
        if message.redelivered and (not is_alive(memory, address.device) or is_outlived(memory, address.device, told)):
            return self._late(address, told, message, memory), memory
        if not is_alive(memory, NODE):
            return self._ask(address, message, memory, [Rejected("not_born", "the birth of its edge node was not heard")])
        missing, after = self._counted(message, told, memory)
        if not is_alive(after, address.device):
            return self._ask(address, message, after, [Rejected("not_born", "the birth of the device was not heard"), *missing])
        return self._ask_if_lost(address, message, after, [*self._values(address, told, message, after), *missing])

    def _late(self, address: Address, told: Message, message: RawMessage, memory: Memory) -> Outputs:
        """Data delivered again after a death, or after another birth: what its aliases meant is remembered until that."""
        if is_known(memory, address.device) and not is_outlived(memory, address.device, told):
            return [*self._values(address, told, message, memory)]
        return [Rejected("outlived", "delivered again, after a later birth has replaced what its aliases meant")]

    def _node_death(self, address: Address, told: Message, message: RawMessage, memory: Memory) -> tuple[Outputs, Memory]:
        if is_stale(memory, told.bd_seq()):
            if message.redelivered:
                return [], memory
            return [Rejected("stale_death", f"the death of connection {told.bd_seq()}; {memory['bd']} is the one that runs")], memory
        gone = [address, *(address.of(device) for device in devices(memory))]
        return [Presence(one.device_id, False, message.received_at) for one in gone], died(memory, NODE)

    def _device_death(self, address: Address, told: Message, message: RawMessage, memory: Memory) -> tuple[Outputs, Memory]:
        if message.redelivered and is_outlived(memory, address.device, told):
            return [], memory
        offline = Presence(address.device_id, False, message.received_at)
        if not is_alive(memory, NODE):
            return self._ask(address, message, memory, [offline])
        missing, after = self._counted(message, told, died(memory, address.device))
        return self._ask_if_lost(address, message, after, [offline, *missing])

    def _counted(self, message: RawMessage, told: Message, memory: Memory) -> tuple[list[Output], Memory]:
        """A redelivered message was counted when it came first, or comes out of its order: it says nothing of what is missing."""
        if message.redelivered:
            return [], memory if told.seq is None or counted(memory, told.seq)[0] else counted(memory, told.seq)[1]
        if told.seq is None:
            return [Rejected("no_seq", "the message has no sequence number: nobody can tell what is missing before it")], memory
        gap, after = counted(memory, told.seq)
        return ([Rejected("sequence_gap", f"{gap}; its births were asked for" if self._asks else gap)] if gap else []), after

    def _ask_if_lost(self, address: Address, message: RawMessage, memory: Memory, outputs: Outputs) -> tuple[Outputs, Memory]:
        lost = any(isinstance(one, Rejected) and one.reason in LOST for one in outputs)
        return self._ask(address, message, memory, outputs) if lost else (outputs, memory)

    def _ask(self, address: Address, message: RawMessage, memory: Memory, outputs: Outputs) -> tuple[Outputs, Memory]:
        """With a request for the node's births, unless one was made a moment ago."""
        if not self._asks or message.redelivered or message.received_at - memory.get("asked", 0) < ASK_AGAIN_MS:
            return outputs, memory
        request = Reply(f"{NAMESPACE}/{address.group}/NCMD/{address.node}", rebirth_request(message.received_at))
        return [*outputs, request], {**memory, "asked": message.received_at}

    def _values(self, address: Address, told: Message, message: RawMessage, memory: Memory) -> list[Output]:
        outputs: list[Output] = []
        for one in told.metrics:
            outputs += [one] if isinstance(one, Rejected) else self._value(address, one, told, message, memory)
        return outputs

    def _value(self, address: Address, one: Told, told: Message, message: RawMessage, memory: Memory) -> list[Output]:
        announced = known(memory, address.device, one)
        if announced is None:
            return [Rejected("unknown_alias", f"no birth announced {one.name or f'alias {one.alias}'}")]
        if announced.name == "bdSeq" or announced.name.startswith(NOT_MEASURED):
            return []
        if one.is_transient:
            return [Rejected("transient", f"{announced.name}: the device says that it is not to be kept")]
        value = value_of(one._replace(name=announced.name), announced.datatype)
        if isinstance(value, Rejected):
            return [value]
        when = self._when(announced, one, told, message)
        if isinstance(when, Rejected):
            return [when]
        return self._names.outputs(address.device_id, announced.name, value, announced.unit, when, message)

    def _when(self, announced: Known, one: Told, told: Message, message: RawMessage) -> EventTime | Rejected:
        """The metric's own time, else that of its message; a historical value has only its own."""
        at = one.at if one.at is not None or one.is_historical else told.at
        if at is None:
            return Rejected("no_time", f"{announced.name}: neither the metric nor its message has a timestamp")
        when = settle(at, message.received_at, self._clock_ahead_ms)
        return when if one.is_good else when._replace(quality=Quality.SUSPECT)


def _host_state(address: Address, message: RawMessage) -> Output:
    """A host application says whether it is there: JSON with `online` (Sparkplug 3.0, 6.4.24)."""
    found = json_object(message.payload)
    if isinstance(found, Rejected):
        return found
    if not isinstance(found.get("online"), bool):
        return Rejected("wrong_type", "the state of a host application has `online`, true or false")
    return Presence(address.device_id, found["online"], message.received_at)
