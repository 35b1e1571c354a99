"""A LoRaWAN network of The Things Stack (3.36: Integrations, Data Formats, JSON): depth gauges in underpasses, tilt sensors in manhole
covers, trackers on street sweepers' carts.

The gauges' and trackers' bytes are Cayenne LPP, undecoded; the manholes' are decoded by their formatter at the server. Everything comes
every ten minutes; a cover that is moved says so at once. A device joins again after its battery was changed; once in an hour the network
itself reckons where a cart is.
"""

from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from data_adapters.city_pack.contents import Pack
from data_adapters.demo.chance import drift, share
from data_adapters.demo.day import Sensor, values
from data_adapters.demo.platforms.cast import Due, moments, own_devices
from data_adapters.demo.platforms.happenings import Happening
from data_adapters.demo.play import Message, stops_of
from data_adapters.demo.vehicles import Vehicle, position
from domain.registry import Device

TENANT = "city"
APPLICATIONS = {"standing_water": "depth", "manhole": "covers", "vehicle": "carts"}
MODELS = {"standing_water": "lds-12", "manhole": "tilt-3", "vehicle": "track-1"}
MINUTE = 60_000
EVERY_MS, RECKONED_MS = 10 * MINUTE, 60 * MINUTE
OPENED = Happening("cover", 0.08, 15 * MINUTE)
"""A cover stands open."""
JOINS = Happening("battery", 0.03, MINUTE)
ROUND = 0.15
"""A sweeper's round is so much of a vehicle's way."""
ANALOG, TEMPERATURE, PLACE = 2, 103, 136
"""Types of Cayenne LPP."""


class Ttn:
    """The network's application server."""

    def __init__(self, pack: Pack) -> None:
        self._devices = own_devices(pack, "ttn")
        self._carts = {one.device_id: Vehicle(one.device_id, _round(one, pack)) for one in self._devices if one.kind == "vehicle"}

    def said(self, since: int, until: int) -> Iterator[Due]:
        """Uplinks, joins, places."""
        for device in self._devices:
            name, phase = device.device_id, int(share(device.device_id, "uplink") * EVERY_MS)
            for at in {*moments(since, until, EVERY_MS, phase), *self._moved(device, since, until)}:
                yield Due(at, _message(device, "up", at, {"uplink_message": self._uplink(device, at)}))
            for at in JOINS.turns(name, since, until):
                yield Due(at, _message(device, "join", at, {"join_accept": {"session_key_id": _key(name, at), "received_at": _utc(at)}}))
            for at in moments(since, until, RECKONED_MS, phase // 2) if name in self._carts else ():
                yield Due(at, _message(device, "location/solved", at, {"location_solved": self._reckoned(name, at)}))

    def standing(self, now: int) -> Iterator[Message]:
        """Nothing is retained."""
        return iter(())

    def _moved(self, device: Device, since: int, until: int) -> Iterator[int]:
        return OPENED.turns(device.device_id, since, until) if device.kind == "manhole" else iter(())

    def _uplink(self, device: Device, at: int) -> dict[str, Any]:
        content = _decoded(device, at) if device.kind == "manhole" else {"frm_payload": b64encode(self._bytes(device, at)).decode()}
        rssi = round(-88 - 22 * share(device.device_id, "far") + 4 * drift(f"{device.device_id}rssi", at, 30 * MINUTE))
        return {
            "session_key_id": _key(device.device_id, 0),
            "f_port": 2,
            "f_cnt": at // EVERY_MS & 0xFFFF,
            **content,
            "rx_metadata": [{"gateway_ids": {"gateway_id": f"gw-{device.region[-3:]}"}, "rssi": rssi, "channel_rssi": rssi, "snr": 7.5}],
            "settings": {"data_rate": {"lora": {"bandwidth": 125_000, "spreading_factor": 9}}, "frequency": "486300000"},
            "received_at": _utc(at),
            "consumed_airtime": "0.164864s",
            "version_ids": {"brand_id": "demo", "model_id": MODELS[device.kind], "band_id": "CN_470_510"},
        }

    def _bytes(self, device: Device, at: int) -> bytes:
        """Cayenne LPP: channel, type, value, big-endian; a depth in cm as analog input (0.01), the air in 0.1 °C, a place in 0.0001°."""
        if device.device_id in self._carts:
            place = position(self._carts[device.device_id], at)
            return bytes([1, PLACE]) + _signed(place.lat * 10_000, 3) + _signed(place.lon * 10_000, 3) + _signed(1_200, 3)
        depth = _measured(device, "standing_water", at)["water_depth"]
        air = _measured(device, "air_quality", at)["temperature"]
        return bytes([1, ANALOG]) + _signed(depth * 100, 2) + bytes([2, TEMPERATURE]) + _signed(air * 10, 2)

    def _reckoned(self, name: str, at: int) -> dict[str, Any]:
        place = position(self._carts[name], at)
        where = {"latitude": place.lat, "longitude": place.lon, "accuracy": 90, "source": "SOURCE_LORA_RSSI_GEOLOCATION"}
        return {"service": "demo-geolocation", "location": where}


def _decoded(device: Device, at: int) -> dict[str, Any]:
    is_open = OPENED.holds(device.device_id, at)
    tilt = 41.5 if is_open else _measured(device, "manhole", at)["tilt"]
    return {"decoded_payload": {"tilt_deg": tilt, "cover_open": is_open, "battery_v": round(3.4 + 0.2 * share(device.device_id, "v"), 2)}}


def _measured(device: Device, kind: str, at: int) -> dict[str, Any]:
    return values(Sensor(device.device_id, kind, device.lon or 0.0, device.lat or 0.0, None), at)


def _message(device: Device, topic: str, at: int, content: dict[str, Any]) -> Message:
    application, name = APPLICATIONS[device.kind], f"{MODELS[device.kind]}-{device.device_id[-5:]}"
    identifiers = {"device_id": name, "application_ids": {"application_id": application}, "dev_eui": device.device_id.upper()}
    whole = {"end_device_ids": identifiers, "correlation_ids": [f"as:up:{_key(name, at)}"], "received_at": _utc(at), **content}
    return Message(f"v3/{application}@{TENANT}/devices/{name}/{topic}", whole)


def _round(cart: Device, pack: Pack) -> tuple[tuple[float, float], ...]:
    """The stops of a vehicle of this town, drawn together around the first."""
    (lon, lat), *others = stops_of(cart.device_id, cart.region, pack)
    return ((lon, lat), *((lon + ROUND * (east - lon), lat + ROUND * (north - lat)) for east, north in others))


def _signed(value: float, size: int) -> bytes:
    return round(value).to_bytes(size, "big", signed=True)


def _key(name: str, at: int) -> str:
    return b64encode(f"{name}:{at}".encode()).decode()


def _utc(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
