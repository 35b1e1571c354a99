"""What the bridge says of itself and of its devices, and what of it is remembered: names, addresses, definitions, groups."""

from collections.abc import Mapping
from typing import Any

from data_adapters.feeds.zigbee2mqtt.properties import MAX_NAME, described
from domain.messages import Memory, Rejected

MAX_DEVICES = 5000
MAX_BYTES = 8 * 1024 * 1024
"""`bridge/devices` holds every definition: some 5 kB a device."""
EVENTS: Mapping[str, bool | None] = {"device_joined": True, "device_announce": True, "device_leave": False, "device_interview": None}
"""Type -> what it says of the device's presence."""


def remember_devices(document: object, memory: Memory) -> Memory | Rejected:
    """Memory with the devices of `bridge/devices`: name -> [address, number of its definition], and each definition once."""
    if not isinstance(document, list) or len(document) > MAX_DEVICES:
        return Rejected("wrong_type", f"a list of at most {MAX_DEVICES} devices was expected")
    definitions: list[Any] = []
    numbers: dict[str, int] = {}
    devices = {}
    for one in document:
        name, address = (one.get(key) for key in ("friendly_name", "ieee_address")) if isinstance(one, dict) else (None, None)
        if not _is_name(name) or not _is_name(address):
            continue
        definition = one.get("definition")
        properties = described(definition.get("exposes")) if isinstance(definition, dict) else {}
        number = numbers.setdefault(repr(properties), len(definitions))
        if number == len(definitions):
            definitions.append(properties)
        devices[name] = [address, number]
    return {**memory, "devices": devices, "definitions": definitions}


def remember_groups(document: object, memory: Memory) -> Memory | Rejected:
    """Memory with the groups' names."""
    if not isinstance(document, list) or len(document) > MAX_DEVICES:
        return Rejected("wrong_type", f"a list of at most {MAX_DEVICES} groups was expected")
    names = [one.get("friendly_name") for one in document if isinstance(one, dict)]
    return {**memory, "groups": sorted({name for name in names if _is_name(name)})}


def _is_name(raw: object) -> bool:
    return isinstance(raw, str) and 0 < len(raw) <= 2 * MAX_NAME and raw.isprintable()
