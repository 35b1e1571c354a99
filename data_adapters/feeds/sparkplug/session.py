"""What is remembered of an edge node: its births, so that an alias has a name, and how far its sequence numbers have come.

A memory is JSON: {"bd": number of the connection, "seq": last sequence number, "alive": bool, "asked": when a rebirth was last asked for,
"who": {device ("" is the node itself): {"alive": bool, "at": when it was born, "names": {name: [datatype, unit or null]},
"aliases": {alias: name}}}}.
No function changes the memory it is given.
"""

from typing import NamedTuple

from data_adapters.feeds.sparkplug.payload import Message, Told
from domain.messages import Memory

NODE = ""


class Known(NamedTuple):
    """What a birth said of a metric."""

    name: str
    datatype: int
    unit: str | None


def node_born(memory: Memory, told: Message) -> Memory:
    """The node has announced itself: its devices have yet to."""
    seq = 0 if told.seq is None else told.seq
    return {"bd": told.bd_seq(), "seq": seq, "alive": True, "asked": memory.get("asked", 0), "who": {NODE: _announced(told)}}


def device_born(memory: Memory, device: str, told: Message) -> Memory:
    """A device of a node that is alive has announced itself."""
    return {**memory, "who": {**memory["who"], device: _announced(told)}}


def died(memory: Memory, device: str) -> Memory:
    """The node (and with it all its devices) or one device is gone."""
    gone = memory.get("who", {}) if device == NODE else {device: memory.get("who", {}).get(device, {"names": {}, "aliases": {}})}
    after = {**memory, "who": {**memory.get("who", {}), **{one: {**entry, "alive": False} for one, entry in gone.items()}}}
    return {**after, "alive": False} if device == NODE else after


def _announced(told: Message) -> dict[str, object]:
    metrics = [one for one in told.metrics if isinstance(one, Told) and one.name]
    return {
        "alive": True,
        "at": told.at,
        "names": {one.name: [one.datatype, one.unit] for one in metrics},
        "aliases": {str(one.alias): one.name for one in metrics if one.alias is not None},
    }


def was_heard(memory: Memory, device: str, told: Message) -> bool:
    """Whether this birth is remembered, or a later one."""
    born = memory.get("who", {}).get(device, {}).get("at")
    return is_outlived(memory, device, told) or (born is not None and born == told.at)


def is_outlived(memory: Memory, device: str, told: Message) -> bool:
    """Whether the device, or the node with it, was born again after this message was sent."""
    who = memory.get("who", {})
    born = who.get(device, who.get(NODE, {})).get("at")
    return born is not None and told.at is not None and bool(born > told.at)


def is_known(memory: Memory, device: str) -> bool:
    """Whether its birth is remembered, though it may have died since."""
    return device in memory.get("who", {})


def is_alive(memory: Memory, device: str) -> bool:
    """Whether the device (or the node) has announced itself and not died since."""
    return bool(memory.get("alive") and memory["who"].get(device, {}).get("alive"))


def devices(memory: Memory) -> list[str]:
    """The node's devices that are alive."""
    return [device for device, entry in memory.get("who", {}).items() if device != NODE and entry["alive"]]


def known(memory: Memory, device: str, told: Told) -> Known | None:
    """What is known of this metric. None for an alias that no birth announced, and for a name without a type that none did."""
    entry = memory["who"][device]
    name = told.name or entry["aliases"].get(str(told.alias), "")
    datatype, unit = entry["names"].get(name, (0, None))
    if not name or not (told.datatype or datatype):
        return None
    return Known(name, told.datatype or datatype, told.unit or unit)


def is_stale(memory: Memory, ended: int | None) -> bool:
    """Whether the death of connection `ended` comes after the birth of a later one: the will of a node that is back already. Some
    nodes say goodbye with the number of the connection to come; that one is over too."""
    running = memory.get("bd")
    return ended is not None and running is not None and 0 < (running - ended) % 256 < 128


def counted(memory: Memory, seq: int) -> tuple[str | None, Memory]:
    """Why messages are missing before this one (None when they are not), and the memory with its sequence number."""
    expected = (memory["seq"] + 1) % 256
    gap = None if seq == expected else f"sequence number {expected} was expected and {seq} came"
    return gap, {**memory, "seq": seq}
