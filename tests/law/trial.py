"""A trial of the law on a real city: publish while parts are killed, wait for rest, compare with what was published."""

import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

import paho.mqtt.client as paho
import psutil
import psycopg
from paho.mqtt.enums import CallbackAPIVersion

from data_adapters.sql.locks import LEADER_LOCK
from tests.law.real_city import RealCity, eventually
from tests.law.traffic import Expected, Message, Traffic

REST_WITHIN_S = 60.0
READINGS = """SELECT device_id, metric, (extract(epoch FROM at) * 1000)::bigint, coalesce(to_jsonb(value), to_jsonb(text_value)),
    count(*)::int FROM readings GROUP BY 1, 2, 3, 4"""
ALARMS = """SELECT rule_id, device_id, metric, state, (extract(epoch FROM raised_at) * 1000)::bigint,
    (extract(epoch FROM cleared_at) * 1000)::bigint FROM alarms WHERE state <> 'withdrawn'"""
ROLLUPS = """SELECT grain, device_id, metric, (extract(epoch FROM at) * 1000)::bigint, n, round(sum::numeric, 6)::float8, min, max, last
    FROM (SELECT '1m' AS grain, * FROM readings_1m UNION ALL SELECT '1h', * FROM readings_1h) r"""
COMMITTED = "SELECT coalesce(max(extract(epoch FROM last_message_at)), 0)::float8 FROM feed_health WHERE feed = 'native'"
LEADER = f"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid = {LEADER_LOCK & 0xFFFFFFFF}"


class Publisher:
    """A sensor network that forgets nothing: what the broker did not acknowledge is published again after a reconnect."""

    def __init__(self, mqtt: dict[str, Any]) -> None:
        self.sent = self.acknowledged = 0
        self._client = paho.Client(CallbackAPIVersion.VERSION2, "trial-publisher", clean_session=False)
        self._client.username_pw_set(mqtt["username"], mqtt["password"])
        self._client.reconnect_delay_set(1, 1)
        self._client.max_inflight_messages_set(500)
        self._client.on_publish = self._count
        self._client.connect_async(mqtt["host"], mqtt["port"], 30)
        self._client.loop_start()

    def _count(self, *_: Any) -> None:
        self.acknowledged += 1

    def publish(self, message: Message) -> None:
        """Hand a message over; it leaves when the broker is there."""
        self.sent += 1
        self._client.publish(message.topic, message.payload, qos=1, retain=message.retained)

    def wait_acknowledged(self, within_s: float = REST_WITHIN_S) -> None:
        """Until the broker has everything."""
        assert eventually(lambda: self.acknowledged >= self.sent, within_s), f"{self.acknowledged} of {self.sent} acknowledged"

    def close(self) -> None:
        """Leave."""
        self._client.disconnect()
        self._client.loop_stop()


class Kill(NamedTuple):
    """At `at_s` seconds after the beginning, `part` (its process `number`) goes."""

    at_s: float
    part: str
    number: int = 0


def plan(chance: random.Random, seconds: float, counts: dict[str, int], workers: int = 1) -> list[Kill]:
    """`counts[part]` kills of each part at random moments, not in the very last second."""
    kills = [
        Kill(chance.uniform(0.5, seconds - 1), part, chance.randrange(workers) if part == "ingest" else 0)
        for part, n in counts.items()
        for _ in range(n)
    ]
    return sorted(kills)


class Trial:
    """One stream into one city. `kills` says what really was killed, `recovered` the seconds until its part worked again."""

    def __init__(self, city: RealCity, traffic: Traffic, publisher: Publisher) -> None:
        self.city, self.traffic, self.publisher = city, traffic, publisher
        self.kills: dict[str, int] = defaultdict(int)
        self.recovered: dict[str, list[float]] = defaultdict(list)
        self._watches: list[threading.Thread] = []

    def run(self, rate: float, seconds: float, kills: list[Kill], watch: bool = False) -> None:
        """Publish `rate` messages a second for `seconds`, killing on the way; app.py is started again at once.

        A part that is down when its moment comes is killed a second later. Goes on until all are done, half as long again at most.
        """
        begin, waiting = time.monotonic(), list(kills)
        while (passed := time.monotonic() - begin) < seconds or (waiting and passed < seconds * 1.5):
            for _ in range(min(1000, int(passed * rate) - self._sent_since(begin))):
                self.publisher.publish(self.traffic.next())
            if waiting and waiting[0].at_s <= passed:
                kill = waiting.pop(0)
                if not self._kill(kill, watch):
                    waiting = sorted([*waiting, kill._replace(at_s=passed + 1)])
            time.sleep(0.02)
        for thread in self._watches:
            thread.join(REST_WITHIN_S)

    def _sent_since(self, begin: float) -> int:
        if getattr(self, "_begin", None) != begin:
            self._begin, self._before = begin, self.publisher.sent
        return self.publisher.sent - self._before

    def _kill(self, kill: Kill, watch: bool) -> bool:
        worked = None if not watch else _probe(self.city, kill.part)
        if not self.city.kill(kill.part, kill.number):
            return False
        self.kills[kill.part] += 1
        if kill.part == "app":
            self.city.start()
        if worked is not None:
            thread = threading.Thread(target=self._time, args=(kill.part, worked), daemon=True)
            self._watches.append(thread)
            thread.start()
        return True

    def _time(self, part: str, worked: Callable[[float], bool]) -> None:
        killed, began = time.time(), time.monotonic()
        if eventually(lambda: worked(killed), REST_WITHIN_S, 0.1):
            self.recovered[part].append(round(time.monotonic() - began, 2))

    def differences(self, within_s: float = REST_WITHIN_S) -> dict[str, str]:
        """Wait until the city is whole and equals what was published; what differs after `within_s`, by name."""
        self.publisher.wait_acknowledged(within_s)
        self.city.wait_ready()
        until, found, renewed = time.monotonic() + within_s, {"": "never compared"}, False
        while found and time.monotonic() < until:
            with suppress(OSError, psycopg.Error, ValueError, KeyError):
                found = differences(self.traffic.expected(int(time.time() * 1000)), state_of(self.city))
            if set(found) == {"rollups"} and not renewed:
                renewed = self.city.kill("jobs")  # its hourly work is due at once after a start
            time.sleep(1 if found else 0)
        return found


def _probe(city: RealCity, part: str) -> Callable[[float], bool]:
    """How to see that `part`, killed at some time, does its work again. Other parts may be down meanwhile."""
    before: list[int] = []
    with suppress(OSError, ValueError, KeyError, psutil.Error):
        before = [] if part == "app" else city.pids()[part]

    def is_new() -> bool:
        return city.pids()[part] not in ([], before)

    probes: dict[str, Callable[[float], bool]] = {
        "redis": lambda _: is_new() and city.has_picture(),
        "jobs": lambda _: is_new() and city.ask(LEADER)[0][0] == 1,
        "web": lambda _: is_new() and city.answers("healthz"),
        "app": lambda killed: city.answers("healthz") and city.ask(COMMITTED)[0][0] > killed,
    }
    return probes.get(part, lambda killed: city.ask(COMMITTED)[0][0] > killed + 0.05)


def state_of(city: RealCity) -> Expected:
    """What the city holds and shows."""
    readings: dict[Any, Any] = {}
    for device_id, metric, at, value, n in city.ask(READINGS):
        assert n == 1 and (device_id, metric, at) not in readings, f"stored twice: {device_id} {metric} {at}"
        readings[device_id, metric, at] = value
    alarms = sorted(city.ask(ALARMS), key=str)
    rollups = {tuple(row[:4]): tuple(row[4:]) for row in city.ask(ROLLUPS)}
    picture = city.picture()
    live = {
        f"{device_id}/{metric}": [at, value]
        for device_id, record in picture["devices"].items()
        for metric, (at, value, _) in record["values"].items()
    }
    live |= {f"{device_id}/": [record["online"]] for device_id, record in picture["devices"].items() if record["online"] is not None}
    live |= {car: [place["at"], place["lon"]] for car, place in picture["vehicles"].items()}
    live |= {_alarm_key(alarm): [alarm["times"], alarm["flapping"]] for alarm in picture["alarms"]}
    return Expected(readings, alarms, rollups, live)


def _alarm_key(alarm: dict[str, Any]) -> str:
    return "alarm " + "/".join(str(alarm[name]) for name in ("rule_id", "device_id", "metric", "state", "raised_at"))


def differences(expected: Expected, found: Expected) -> dict[str, str]:
    """What differs, by name: how many, and the first few."""
    said = {}
    for name, wanted, held in zip(Expected._fields, expected, found, strict=True):
        if wanted == held:
            continue
        if isinstance(wanted, list):
            missing, extra = sorted(set(wanted) - set(held), key=str), sorted(set(held) - set(wanted), key=str)
            said[name] = f"{len(wanted)} wanted, {len(held)} held; missing {missing[:4]}, too many {extra[:4]}"
        else:
            wrong = sorted((key for key in wanted.keys() | held.keys() if wanted.get(key) != held.get(key)), key=str)
            said[name] = f"{len(wrong)} of {len(wanted)} differ: " + str([(key, wanted.get(key), held.get(key)) for key in wrong[:4]])
    return said


def resident_mb(city: RealCity) -> float:
    """Memory of the whole family, for a soak's report."""
    assert city.process is not None
    family = [psutil.Process(city.process.pid), *psutil.Process(city.process.pid).children(recursive=True)]
    return round(sum(process.memory_info().rss for process in family) / 1e6, 1)
