"""Pumps behind sockets with the Tasmota firmware: Tasmota's documentation, pages MQTT and JSON Status Responses (firmware 14).

Every five minutes each socket says STATE and SENSOR; a pump that trips says so at once (stat RESULT and POWER), and again when it runs.
A socket now and then loses its network for some minutes: the broker then says its last will.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

from data_adapters.city_pack.contents import Pack
from data_adapters.demo.chance import drift, share
from data_adapters.demo.platforms.cast import Due, moments, own_devices
from data_adapters.demo.platforms.happenings import Happening, day_of
from data_adapters.demo.play import DAY_MS, Message

PERIOD_MS = 300_000
"""TelePeriod."""
MINUTE = 60_000
HOUR = 3_600_000
ZONE = timezone(timedelta(hours=8))
BEGAN_MS = 1_793_462_400_000
"""When the meters were set to 0: 1 November 2026 in Shanghai."""
BEGAN = day_of(BEGAN_MS)
TRIP, AWAY = Happening("trip", 0.15, 12 * MINUTE), Happening("away", 0.1, 7 * MINUTE)
"""A pump stands; a socket has no network."""
VERSION = "14.2.0(release-tasmota)"


class Tasmota:
    """All sockets of the demo; each topic is its device's id."""

    def __init__(self, pack: Pack) -> None:
        self._plugs = [device.device_id for device in own_devices(pack, "tasmota")]

    def said(self, since: int, until: int) -> Iterator[Due]:
        """Telemetry, switches and last wills."""
        for plug in self._plugs:
            for at in moments(since, until, PERIOD_MS, int(share(plug, "tele") * PERIOD_MS)):
                if not AWAY.holds(plug, at):
                    yield Due(at, Message(f"tele/{plug}/STATE", _state(plug, at)))
                    yield Due(at, Message(f"tele/{plug}/SENSOR", _sensor(plug, at)))
            yield from _turns(plug, since, until)

    def standing(self, now: int) -> Iterator[Message]:
        """What is retained: who is there."""
        for plug in self._plugs:
            yield _presence(plug, not AWAY.holds(plug, now))


def _turns(plug: str, since: int, until: int) -> Iterator[Due]:
    """What changes between two reports."""
    for at in TRIP.turns(plug, since, until):
        word = "OFF" if TRIP.holds(plug, at) else "ON"
        yield Due(at, Message(f"stat/{plug}/RESULT", {"POWER": word}))
        yield Due(at, Message(f"stat/{plug}/POWER", word))
    for at in AWAY.turns(plug, since, until):
        there = not AWAY.holds(plug, at)
        yield Due(at, _presence(plug, there))
        if there:
            yield Due(
                at, Message(f"tele/{plug}/INFO1", {"Info1": {"Module": "Generic", "Version": VERSION, "FallbackTopic": f"cmnd/{plug}_fb/"}})
            )
            yield Due(at, Message(f"tele/{plug}/INFO3", {"Info3": {"RestartReason": "Software/System restart", "BootCount": 4}}))


def _presence(plug: str, there: bool) -> Message:
    return Message(f"tele/{plug}/LWT", "Online" if there else "Offline", retain=True)


def _state(plug: str, at: int) -> dict[str, Any]:
    seconds = (at - BEGAN_MS) // 1000
    up = f"{seconds // 86_400}T{seconds % 86_400 // 3600:02d}:{seconds % 3600 // 60:02d}:{seconds % 60:02d}"
    signal = round(-62 - 10 * share(plug, "wifi") + 3 * drift(f"{plug}wifi", at, 20 * MINUTE))
    return {
        "Time": _local(at),
        "Uptime": up,
        "UptimeSec": seconds,
        "Heap": 26,
        "SleepMode": "Dynamic",
        "Sleep": 50,
        "LoadAvg": 19,
        "MqttCount": 1,
        "POWER": "OFF" if TRIP.holds(plug, at) else "ON",
        "Wifi": {"AP": 1, "SSId": "pumps", "Channel": 6, "Mode": "11n", "RSSI": 2 * (signal + 100), "Signal": signal, "LinkCount": 1},
    }


def _sensor(plug: str, at: int) -> dict[str, Any]:
    volts = 226 + 5 * drift(f"{plug}v", at, 15 * MINUTE)
    watts = 0.0 if TRIP.holds(plug, at) else _watts(plug) * (1 + 0.05 * drift(f"{plug}w", at, 10 * MINUTE))
    factor = 0.86
    today = day_of(at)
    used, yesterday = _kwh(plug, today, at), _kwh(plug, today - 1, at)
    before = sum(_kwh(plug, day, at) for day in range(BEGAN, today))
    energy = {
        "TotalStartTime": _local(BEGAN_MS),
        "Total": round(before + used, 3),
        "Yesterday": round(yesterday, 3),
        "Today": round(used, 3),
        "Period": round(watts * PERIOD_MS / HOUR),
        "Power": round(watts),
        "ApparentPower": round(watts / factor),
        "ReactivePower": round(watts / factor * (1 - factor**2) ** 0.5),
        "Factor": factor if watts else 0,
        "Voltage": round(volts),
        "Current": round(watts / factor / volts, 3),
    }
    return {"Time": _local(at), "ENERGY": energy}


def _watts(plug: str) -> float:
    return 900 + 700 * share(plug, "size")


def _kwh(plug: str, day: int, until: int) -> float:
    """What it used of this day up to `until`: nothing while it stood."""
    begin = BEGAN_MS + (day - BEGAN) * DAY_MS
    end = min(until, begin + DAY_MS)
    stood = TRIP.stretch(plug, day)
    off = 0 if stood is None else max(0, min(end, stood[1]) - stood[0])
    return _watts(plug) * (end - begin - off) / HOUR / 1000


def _local(at: int) -> str:
    """As the device's own clock has it, with no offset."""
    return datetime.fromtimestamp(at / 1000, ZONE).strftime("%Y-%m-%dT%H:%M:%S")
