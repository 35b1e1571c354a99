"""What a city of sensors says in a trial: random but seeded messages, and what must be stored, lit and shown when all have arrived.

The value of a device at a moment depends on the two alone, so that a message may be sent twice, and in any order, and still says
the same. Times lie between an hour and three minutes before the start: minutes are over when the comparison is made.
"""

import json
import random
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

import pandas as pd

from config.alarm_rules import load_rules
from domain.alarm_flapping import Life, marks
from domain.alarms import Phase, Row, fold
from domain.registry import Device
from tests.data_adapters.pack_files import HEADER, write_pack

SPAN_S, YOUNGEST_S = 3_400, 180
LEVEL_MS = 120_000
LEVELS: dict[str, tuple[float, ...]] = {
    "water_depth": (0.02, 0.05, 0.18, 0.35),
    "water_level": (1.0, 1.2, 1.5, 1.1),
    "lel": (1.0, 2.0, 12.0, 30.0),
    "pm25": (20.0, 80.0, 130.0, 200.0),
    "pm10": (30.0, 60.0, 90.0, 300.0),
    "speed": (60.0, 40.0, 15.0, 5.0),
    "flow": (100.0, 400.0, 900.0, 1500.0),
}
MODE = "mode"
"""A metric of words, from devices that nobody has registered."""
KINDS = (
    ("standing_water", "water", ("water_depth",)),
    ("water_level", "water", ("water_level",)),
    ("gas", "water", ("lel",)),
    ("air_quality", "water", ("pm25", "pm10")),
    ("traffic_flow", "transport", ("speed", "flow")),
)
INTERVALS: tuple[float | None, ...] = (None, 10.0, 50.0)
"""Silence is due before the start of the trial: whether the city was down during it must not matter."""
BROKEN = (b"{", b'{"at":1}', b"\x00", b'{"at":"yesterday","values":{"lel":1}}', b'{"at":0,"values":{"water_depth":-1}}', b"\xff")


class Message(NamedTuple):
    """One message to publish."""

    topic: str
    payload: bytes
    retained: bool = False


class Expected(NamedTuple):
    """The same facts, from the messages alone or from a city at rest. Keys and values are plain JSON-able data."""

    readings: dict[Any, Any]
    alarms: list[Any]
    rollups: dict[Any, Any]
    live: dict[str, Any]


def make_devices(count: int) -> list[Device]:
    """`count` sensors of five kinds in two towns."""
    return [
        Device(f"{kind}-{i}", f"{kind} {i}", kind, f"44000000{1 + i % 2}", department, 113.01 + i % 2 / 10, 23.01, INTERVALS[i // 5 % 3])
        for i in range(count)
        for kind, department, _ in [KINDS[i % 5]]
    ]


def make_pack(folder: Path, devices: list[Device]) -> Path:
    """A city pack of these devices and two vehicles."""
    rows = [f"{d.device_id},{d.name},{d.kind},{d.region},{d.department},{d.lon},{d.lat},{d.interval_s or ''}" for d in devices]
    cars = [f"car-{i},car {i},vehicle,440000001,transport,,," for i in range(2)]
    return write_pack(folder, devices="\n".join([HEADER, *rows, *cars, ""]))


class Traffic:
    """An endless seeded stream of messages; what it has given out is what is expected. `start` is now, in epoch ms."""

    def __init__(self, seed: int, devices: list[Device], start: int, total: int) -> None:
        self._random, self._start, self._total = random.Random(seed), start // 1000 * 1000, total
        self._metrics = {kind: metrics for kind, _, metrics in KINDS}
        self.devices = devices
        self._said: list[Message] = []
        self.count = 0
        self.rejected = 0
        self.readings: dict[tuple[str, str, int], float | str] = {}
        self.positions: dict[str, tuple[int, float]] = {}
        self.online: dict[str, bool] = {}

    def next(self) -> Message:
        """Mostly the next moment of some device, often out of order, sometimes late, repeated, or broken."""
        self.count += 1
        dice = self._random.random()
        if dice < 0.05 and self._said:
            return self._random.choice(self._said)
        if dice < 0.08:
            self.rejected += 1
            return Message(f"city/v1/devices/{self._random.choice(self.devices).device_id}/telemetry", self._random.choice(BROKEN))
        if dice < 0.09:
            return self._status()
        message = self._location() if dice < 0.11 else self._telemetry()
        if len(self._said) < 5_000:
            self._said.append(message)
        else:
            self._said[self._random.randrange(5_000)] = message
        return message

    def _moment(self) -> int:
        """Epoch ms: along the span as the stream goes on, out of order by up to half a minute, one in ten from anywhere before."""
        along = min(1.0, self.count / self._total) * SPAN_S
        if self._random.random() < 0.1:
            along = self._random.uniform(0, along)
        along = min(SPAN_S, max(0.0, along + self._random.uniform(-30, 30)))
        return self._start - (SPAN_S + YOUNGEST_S) * 1000 + int(along) * 1000

    def _telemetry(self) -> Message:
        at = self._moment()
        if self._random.random() < 0.03:
            device_id, values = f"stranger-{self._random.randrange(3)}", {MODE: f"模式\t{at // 7_000 % 5}\\"}
        else:
            device = self._random.choice(self.devices)
            device_id = device.device_id
            values = {metric: value_at(device_id, metric, at) for metric in self._metrics[device.kind]}
        self.readings.update({(device_id, metric, at): value for metric, value in values.items()})
        return Message(f"city/v1/devices/{device_id}/telemetry", json.dumps({"at": at, "values": values}).encode())

    def _location(self) -> Message:
        at, car = self._moment(), f"car-{self._random.randrange(2)}"
        lon = 113.0 + at // 1000 % 997 / 1000
        self.positions[car] = max(self.positions.get(car, (0, 0.0)), (at, lon))
        return Message(f"city/v1/devices/{car}/location", json.dumps({"at": at, "lon": lon, "lat": 23.0, "speed": 3.5}).encode())

    def _status(self) -> Message:
        """The last word counts, so it is never repeated out of order."""
        device_id = self._random.choice(self.devices).device_id
        self.online[device_id] = self._random.random() < 0.5
        return Message(f"city/v1/devices/{device_id}/status", b"online" if self.online[device_id] else b"offline", True)

    def expected(self, judged_at: int) -> Expected:
        """What must be there when everything given out so far has arrived, and time has been judged up to `judged_at`."""
        alarms = self._alarms(judged_at)
        return Expected(self.readings, alarms, rolled_up(self.readings), self._live() | shown_of(alarms))

    def _alarms(self, judged_at: int) -> list[Any]:
        rules, series = load_rules(), defaultdict(list)
        for (device_id, metric, at), value in self.readings.items():
            series[device_id, metric].append(Row(at, None if isinstance(value, str) else value))
        found = []
        for device in self.devices:
            for metric in self._metrics[device.kind]:
                rows = sorted(series[device.device_id, metric])
                for watch in rules.watches(device, metric):
                    for episode in fold(watch, rows, Phase(), judged_at)[0]:
                        state = "active" if episode.cleared_at is None else "cleared"
                        found.append((watch.rule.rule_id, device.device_id, metric, state, episode.raised_at, episode.cleared_at))
        return sorted(found, key=str)

    def _live(self) -> dict[str, Any]:
        known, live = {device.device_id for device in self.devices}, {}
        for device_id, metric, at in sorted(self.readings):
            if device_id in known:
                live[f"{device_id}/{metric}"] = [at, self.readings[device_id, metric, at]]
        live |= {f"{device_id}/": [online] for device_id, online in self.online.items()}
        return {**live, **{car: list(place) for car, place in self.positions.items()}}


def shown_of(alarms: list[Any]) -> dict[str, Any]:
    """What the picture must show of these alarms, nobody having acknowledged one: all of them, but of a series that flaps the last
    one for those that it counts; each with its count."""
    series: dict[Any, list[Any]] = defaultdict(list)
    for alarm in alarms:
        series[alarm[:3]].append(alarm)
    shown, flapping = dict[str, Any](), load_rules().flapping
    for one in series.values():
        lives = sorted(one, key=lambda alarm: alarm[4])
        for alarm, mark in zip(lives, marks([Life(*alarm[4:]) for alarm in lives], flapping), strict=True):
            if not mark.superseded:
                shown["alarm " + "/".join(str(part) for part in alarm[:5])] = [mark.times, mark.flapping]
    return shown


def value_at(device_id: str, metric: str, at: int) -> float:
    """A level that changes every two minutes, with a little noise."""
    level = LEVELS[metric][crc32(f"{device_id}{metric}{at // LEVEL_MS}".encode()) % 4]
    return round(level + crc32(f"{metric}{at}".encode()) % 8 / 1000, 3)


def rolled_up(readings: dict[tuple[str, str, int], float | str]) -> dict[Any, Any]:
    """The minutes and hours of these readings, made with pandas: (grain, device, metric, begin) -> n, sum, min, max, last."""
    rows = [(d, m, at, value) for (d, m, at), value in sorted(readings.items()) if not isinstance(value, str)]
    table = pd.DataFrame(rows, columns=["device", "metric", "at", "value"])
    found: dict[Any, Any] = {}
    for grain, length in (("1m", 60_000), ("1h", 3_600_000)):
        grouped = table.groupby(["device", "metric", table["at"] // length * length])["value"]
        for key, row in grouped.agg(["count", "sum", "min", "max", "last"]).iterrows():
            found[(grain, *key)] = (int(row["count"]), round(row["sum"], 6), row["min"], row["max"], row["last"])
    return found
