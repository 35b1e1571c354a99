"""The law (DESIGN §3): for any schedule of kills, readings, alarms, roll-ups and live picture equal those of a run without kills."""

import json
import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

import ingest
from config.alarm_rules import load_rules
from config.files import load_catalogue
from data_adapters.embedded import Urls
from data_adapters.sql.database import make_engine
from domain.alarm_flapping import Flapping
from domain.alarm_statements import series_of
from domain.alarms import POSITION, Rule, RuleBook
from domain.messages import RawMessage
from domain.registry import Device
from tests.law.house import House

NOW = 1_795_000_000_000
HOUR = 3_600_000
DEVICES = [
    Device("tunnel", "隧道", "standing_water", "441900121", "water", 113.8, 22.8, 60),
    Device("river", "河道", "water_level", "441900121", "water", 113.7, 22.9, 300),
    Device("kitchen", "燃气", "gas", "441900119", "fire", 113.6, 22.9, None),
    Device("gate", "门岗摄像机", "camera", "441900119", "police", 113.6, 22.9, None),
    Device("car", "巡逻车", "vehicle", "441900119", "police", 113.6, 22.9, 10),
]
METRICS = {"tunnel": "water_depth", "river": "water_level", "kitchen": "lel", "stranger": "pm25"}
EXAMPLES = int(os.environ.get("LAW_EXAMPLES", "40"))


def value_at(device: str, at: int) -> float:
    """A value that depends on device and time alone, near the thresholds: the same key never has two values."""
    spread = {"tunnel": (0.05, 0.08), "river": (1.0, 0.4), "kitchen": (2.0, 5.0), "stranger": (20.0, 5.0)}[device]
    return round(spread[0] + spread[1] * ((at // 15_000 * 2654435761 >> 7) % 8), 3)


def telemetry(device: str, at: int) -> RawMessage:
    body = {"at": at, "values": {METRICS[device]: value_at(device, at)}}
    return RawMessage(f"city/v1/devices/{device}/telemetry", json.dumps(body).encode(), NOW)


def location(at: int) -> RawMessage:
    body = {"at": at, "lon": 113 + (at % 997) / 1000, "lat": 23.0, "speed": 3.5 * (at // 60_000 % 3 == 0), "course": 90}
    return RawMessage("city/v1/devices/car/location", json.dumps(body).encode(), NOW)


def ignition(at: int) -> RawMessage:
    """Whether the car's engine is on: in turns of two minutes and a half."""
    body = {"at": at, "values": {"ignition": at // 150_000 % 2 == 0}}
    return RawMessage("city/v1/devices/car/telemetry", json.dumps(body).encode(), NOW)


def statement(at: int) -> RawMessage:
    """What the camera's platform states at a moment, of one of two intruders: the same moment never states two things."""
    word = ("began", "again", "ended")[(at // 15_000 * 2654435761 >> 9) % 3]
    facts = {"type": "intrusion", "phase": word, "subject": str(at // 60_000 % 2)}
    body = {"kind": "video_alarm", "event_id": f"gate-{at}", "at": at, "device_id": "gate", "facts": facts}
    return RawMessage("stating/gate", json.dumps(body).encode(), NOW)


times = st.integers(0, 240).map(lambda step: NOW - HOUR + step * 15_000)
good = st.builds(telemetry, st.sampled_from(sorted(METRICS)), times)
broken = st.sampled_from([b"{", b'{"at":1}', b"\x00", b'{"at":"yesterday","values":{"lel":1}}']).map(
    lambda payload: RawMessage("city/v1/devices/tunnel/telemetry", payload, NOW)
)
messages = st.lists(
    st.one_of(good, good, good, times.map(location), times.map(ignition), times.map(statement), broken), min_size=1, max_size=60
)
kills = st.lists(st.integers(0, 40), max_size=8)


@pytest.fixture(scope="module")
def engine(database_url: str) -> Engine:
    made = make_engine(database_url)
    return made


@pytest.fixture(scope="module")
def house(engine: Engine, engines: Urls) -> House:
    assert engines.redis
    fence = ((112.9, 22.9), (113.5, 22.9), (113.5, 23.1), (112.9, 23.1))
    left = Rule("left", "驶出", "Left", ("vehicle",), POSITION, "geofence", "minor", for_s=30, polygon=fence)
    again = Rule("again", "反复", "Again", ("gas",), "lel", "repetition", "minor", "above", 20, 8, times=2, within_s=600)
    seen = Rule("seen", "入侵", "Seen", ("camera",), series_of("intrusion"), "stated", "major", quiet_s=100)
    engine_on = {"while_metric": "ignition", "while_values": frozenset({1.0})}
    idles = Rule("idles", "怠速", "Idles", ("vehicle",), POSITION, "speed", "warning", "below", 1, 5, for_s=30, **engine_on)  # type: ignore[arg-type]
    rules = RuleBook([*load_rules().rules, left, again, seen, idles], Flapping(3, 900))
    return House(engine, engines.redis, DEVICES, rules, load_catalogue())


LAW = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@LAW
@given(messages=messages, kills=kills, lose_live=st.lists(st.integers(1, 12), max_size=2))
def test_kills_at_any_boundary_change_nothing_in_the_end(
    house: House, messages: list[RawMessage], kills: list[int], lose_live: list[int]
) -> None:
    undisturbed = house.run(messages, [], NOW)
    disturbed = house.run(messages, kills, NOW, lose_live)
    for name, calm, killed in zip(undisturbed._fields, undisturbed, disturbed, strict=True):
        assert killed == calm, name


def test_every_boundary_of_a_batch_is_a_place_where_the_worker_was_killed(house: House) -> None:
    batch = [telemetry("tunnel", NOW - HOUR + i * 15_000) for i in range(30)]
    calm = house.run(batch, [], NOW)
    house.fuse.steps.clear()
    house.run(batch, [], NOW)
    boundaries = list(house.fuse.steps)
    for step in range(len(boundaries)):
        assert house.run(batch, [step], NOW) == calm, boundaries[step]
    assert {
        "taken",
        "before begin",
        "readings inserted",
        "alarms judged",
        "before commit",
        "after commit",
        "before live",
        "after live",
    } <= set(boundaries)


def test_an_idling_car_is_the_same_alarm_whatever_was_killed_and_whatever_came_late(house: House) -> None:
    told = [told_at(NOW - HOUR + i * 15_000) for i in range(24) for told_at in (location, ignition)]
    calm = house.run(told, [], NOW)
    assert any(rule == "idles" for rule, *_ in calm.alarms)
    assert house.run([*told[24:], *told[:24]], [], NOW).alarms == calm.alarms
    assert house.run(sorted(told, key=lambda one: one.topic), [], NOW).alarms == calm.alarms
    for step in range(0, 60, 5):
        assert house.run(told, [step], NOW) == calm, step


def test_every_statement_of_a_platform_survives_a_kill_at_every_boundary(house: House) -> None:
    said = [statement(NOW - HOUR + i * 15_000) for i in (*range(20), 30, 31, 5)]
    calm = house.run(said, [], NOW)
    assert len(calm.events) == 22 and any(rule == "seen" for rule, *_ in calm.alarms)
    for step in range(0, 60, 3):
        assert house.run(said, [step], NOW) == calm


class AcknowledgesTooEarly(ingest.Worker):
    """The mutation: the broker is told before the database knows."""

    def once(self) -> None:
        inlet = self._parts.inlet
        real = inlet.take

        def take_and_acknowledge(most: int, wait_s: float) -> list:
            arrivals = real(most, wait_s)
            inlet.acknowledge([a.receipt for a in arrivals])
            return arrivals

        inlet.take = take_and_acknowledge
        try:
            super().once()
        finally:
            inlet.take = real


def test_acknowledging_before_commit_breaks_the_law(house: House) -> None:
    batch = [telemetry("tunnel", NOW - HOUR + i * 15_000) for i in range(30)]
    calm = house.run(batch, [], NOW)
    house.worker_type = AcknowledgesTooEarly
    try:
        broken = [step for step in range(40) if house.run(batch, [step], NOW).readings != calm.readings]
    finally:
        house.worker_type = ingest.Worker
    assert broken, "a worker that acknowledges first lost nothing: the law would not notice"
