"""What the properties of Zigbee devices mean: the table of the names that Zigbee2MQTT gives them, and what a device's definition adds."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

MAX_NAME = 64
MAX_PROPERTIES = 200
PUBLISHED = 1
"""Bit of `access`: the property is found in what the device publishes."""


class Preset(NamedTuple):
    """The metric of a property. `unit` is what Zigbee2MQTT's documentation gives it; None where it depends on the device."""

    metric: str
    unit: str | None = ""


PRESETS: Mapping[str, Preset] = {
    "temperature": Preset("temperature", "°C"),
    "humidity": Preset("humidity", "%"),
    "pressure": Preset("air_pressure", "hPa"),
    "device_temperature": Preset("device_temperature", "°C"),
    "illuminance": Preset("illuminance", None),
    "illuminance_lux": Preset("illuminance", "lx"),
    "co2": Preset("co2", "ppm"),
    "eco2": Preset("eco2", "ppm"),
    "voc": Preset("voc", None),
    "formaldehyd": Preset("formaldehyde", None),
    "formaldehyde": Preset("formaldehyde", None),
    "pm1": Preset("pm1", "µg/m³"),
    "pm25": Preset("pm25", "µg/m³"),
    "pm10": Preset("pm10", "µg/m³"),
    "noise": Preset("noise", None),
    "soil_moisture": Preset("soil_moisture", "%"),
    "uv_index": Preset("uv_index"),
    "battery": Preset("battery", "%"),
    "battery_low": Preset("battery_low"),
    "linkquality": Preset("link_quality"),
    "occupancy": Preset("motion"),
    "presence": Preset("motion"),
    "contact": Preset("contact"),
    "water_leak": Preset("leak"),
    "smoke": Preset("smoke"),
    "gas": Preset("gas_alarm"),
    "tamper": Preset("tamper"),
    "vibration": Preset("vibration"),
    "state": Preset("switched_on"),
    "brightness": Preset("brightness", None),
    "color_temp": Preset("colour_temperature", "mired"),
    "action": Preset("action"),
    "power": Preset("power", "W"),
    "power_apparent": Preset("apparent_power", "VA"),
    "power_reactive": Preset("reactive_power", "VAr"),
    "power_factor": Preset("power_factor"),
    "energy": Preset("energy", "kWh"),
    "current": Preset("current", "A"),
    "ac_frequency": Preset("frequency", "Hz"),
}
VOLTAGES = {"mV": "battery_voltage", "V": "supply_voltage"}
"""`voltage` is a battery's in millivolts and the mains' in volts: only the device's definition tells which."""
NO_MEASUREMENT = frozenset({"last_seen", "update", "update_available", "device", "color", "color_mode", "effect"})
"""What Zigbee2MQTT adds to states, and colours: passed over."""
UNITS: Mapping[str, str] = {
    "lqi": "",
    "Hours": "h",
    "Hr": "h",
    "Sec": "s",
    "Seconds": "s",
    "Day": "day",
    "ºC": "°C",
    "Lx": "lx",
    "w": "W",
    "Volt": "V",
    "VAR": "VAr",
    "LEL": "%LEL",
    "LEL %": "%LEL",
}
"""Units as definitions spell them (those of zigbee-herdsman-converters 26 that nobody else spells so)."""
BRIGHTEST = 254
"""Of `brightness`, where a definition says nothing else (the Zigbee cluster genLevelCtrl)."""


class Known(NamedTuple):
    """What a definition says of a property; its own `name` without the endpoint."""

    name: str
    unit: str | None = None
    on: Any = None
    off: Any = None
    most: float | None = None
    endpoint: str = ""
    config: bool = False


def described(exposes: object) -> dict[str, list[Any]]:
    """Property -> Known, as lists that JSON keeps, of a definition's `exposes`. What cannot be read is left out."""
    found: dict[str, list[Any]] = {}
    for one in _leaves(exposes, 0):
        name, key = one.get("name"), one.get("property")
        if isinstance(name, str) and isinstance(key, str) and 0 < len(name) <= MAX_NAME and 0 < len(key) <= MAX_NAME:
            if len(found) == MAX_PROPERTIES:
                break
            found[key] = list(_known(name, one))
    return found


def _leaves(exposes: object, depth: int) -> Iterator[Mapping[str, Any]]:
    """Lights, switches and the like hold their properties as `features`; so do composites, whose parts are no properties of their own."""
    for one in exposes if isinstance(exposes, list) else []:
        if not isinstance(one, dict):
            continue
        if "property" in one:
            access = one.get("access")
            if not isinstance(access, int) or access & PUBLISHED:
                yield one
        elif depth < 3:
            yield from _leaves(one.get("features"), depth + 1)


def _known(name: str, one: Mapping[str, Any]) -> Known:
    most, endpoint, unit = one.get("value_max"), one.get("endpoint"), one.get("unit")
    return Known(
        name,
        unit if isinstance(unit, str) and len(unit) <= MAX_NAME else None,
        _scalar(one.get("value_on")),
        _scalar(one.get("value_off")),
        float(most) if isinstance(most, int | float) and not isinstance(most, bool) and 0 < most < 1e9 else None,
        endpoint if isinstance(endpoint, str) and len(endpoint) <= MAX_NAME else "",
        one.get("category") == "config",
    )


def _scalar(raw: Any) -> str | bool | None:
    return raw if isinstance(raw, bool) or (isinstance(raw, str) and len(raw) <= MAX_NAME) else None
