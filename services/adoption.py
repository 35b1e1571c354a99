"""What a data steward needs to take a device into the register: who has spoken, what they said, and what looks wrong in the form."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, Protocol

from domain.access import Actor, Forbidden
from domain.registry import Device, ancestors
from domain.whereabouts import lies_in
from services.register_ports import RegisterStore

SHOWN = 200
"""Unadopted devices looked at more closely at a time; a search narrows them down."""


class Heard(NamedTuple):
    """What an unadopted device has said: its newest value (epoch ms), how many numbers its hours hold, of which metrics."""

    device_id: str
    last_at: int | None = None
    values: int = 0
    metrics: tuple[str, ...] = ()


class HeardStore(Protocol):
    """data_adapters/sql/heard_repository.py."""

    def heard(self, device_ids: Collection[str]) -> Mapping[str, Heard]:
        """Device -> what it has said; one that has said nothing is missing."""


class Adoption:
    """Beside Register.adopt, which does it."""

    def __init__(self, register: RegisterStore, heard: HeardStore) -> None:
        self._register = register
        self._heard = heard

    def waiting(self, actor: Actor, text: str = "") -> Sequence[Heard]:
        """Unadopted devices whose id has `text` in it, at most SHOWN, the one heard last first. Raises Forbidden for all but stewards."""
        _steward(actor)
        wanted = text.strip().casefold()
        ids = [device.device_id for device in self._register.unadopted() if wanted in device.device_id.casefold()][:SHOWN]
        said = self._heard.heard(ids)
        return sorted((said.get(one, Heard(one)) for one in ids), key=lambda one: (-(one.last_at or 0), one.device_id))

    def doubts(self, actor: Actor, device: Device) -> tuple[str, ...]:
        """What looks wrong and may be right: `no_place`, `outside_city`, `outside_region`. Raises Forbidden for all but stewards."""
        _steward(actor)
        if device.lon is None or device.lat is None:
            return ("no_place",)
        areas = {area.region.code: area for area in self._register.areas()}
        known = {code: area.region for code, area in areas.items()}
        drawn = {code: area.outline for code, area in areas.items() if area.outline}
        if drawn and not any(lies_in(device.lon, device.lat, outline) for outline in drawn.values()):
            return ("outside_city",)
        nearest = next((code for code in ancestors(device.region, known) if code in drawn and not areas[code].schematic), None)
        if nearest and not lies_in(device.lon, device.lat, drawn[nearest]):
            return ("outside_region",)
        return ()


def _steward(actor: Actor) -> None:
    if not actor.may("adopt_device"):
        raise Forbidden("adopt_device")
