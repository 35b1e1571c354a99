"""Ingest: messages/s from the broker to committed row, alarms and live picture; one worker, QoS 1, three values each.

    python bench/bench_ingest.py [--quick] [--messages N] [--profile]

A backlog is published to lasting sessions beforehand. Each way then empties a session of its own with the same messages, in a
process of its own, timed from its connection to its last message handled (wall time counts; CPU time of the process is told beside it,
for it does not change when other programs want the machine):

- bare: paho with a callback that only counts (three times among the others; the mean counts)
- citydeck: the ingest worker as ingest.py runs it, until everything is committed, shown and acknowledged
- plain: paho, one INSERT a message, committed each
"""

import json
import os
import sys
import threading
import time
from typing import Any

import common
import psycopg
from common import child, engines, options, report

import ingest
from data_adapters import wiring
from data_adapters.embedded import Urls
from data_adapters.engines import nats
from data_adapters.live_redis import RedisLivePicture
from data_adapters.mqtt import MqttInlet, Subscription, connect, make_client, make_sessions
from data_adapters.mqtt_stream import Stream
from data_adapters.replay.send import Sender
from data_adapters.sql.batch_repository import BatchRepository
from data_adapters.sql.database import make_engine
from services.alarms import AlarmEvaluator
from services.live_state import LiveState
from services.readings import Ingest

DEVICES = 2_000
STAGES = (
    ("receiving (a thread)", Stream, "recv"),
    ("all of a batch", ingest.Worker, "once"),
    ("gathering", ingest.Worker, "_gather"),
    ("parsing", Ingest, "_parse"),
    ("storing", BatchRepository, "save_readings"),
    ("judging", AlarmEvaluator, "evaluate"),
    ("live records", LiveState, "apply"),
    ("live picture", RedisLivePicture, "write"),
    ("acknowledging", MqttInlet, "acknowledge"),
)
TOPICS = ("city/v1/devices/#",)
PLAIN = (
    """CREATE TABLE IF NOT EXISTS plain (device_id text, metric text, at timestamptz, value float8, PRIMARY KEY (device_id, metric, at))"""
)
INSERT = "INSERT INTO plain VALUES " + ", ".join(["(%s, %s, to_timestamp(%s / 1000.0), %s)"] * 3) + " ON CONFLICT DO NOTHING"


def share(name: str) -> Subscription:
    """A lasting session of its own."""
    return Subscription(f"citydeck-bench-{name}", TOPICS, "", f"city/v1/beat-{name}")


def publish(url: str, messages: int) -> float:
    """Fill the sessions; returns messages/s acknowledged by the broker at QoS 1."""
    sender, since, started = Sender(url), int(time.time() * 1000) - 500_000, time.monotonic()
    sender.wait_connected()
    for n in range(messages):
        device, turn = n % DEVICES, n // DEVICES
        values = {"pm25": 20 + (device * 7 + turn * 31) % 150, "pm10": 40 + device % 90, "temperature": 20 + turn % 10 / 10}
        sender.send(f"city/v1/devices/d{device}/telemetry", json.dumps({"at": since + turn * 10_000, "values": values}).encode())
    sender.finish()
    return messages / (time.monotonic() - started)


def consume_bare(name: str, messages: int) -> float:
    """Seconds until a callback that only counts has had every message."""
    done, count = threading.Event(), 0

    def on_message(*_: Any) -> None:
        nonlocal count
        count += 1
        if count == messages:
            done.set()

    return _received(name, on_message, done)


def consume_plain(name: str, messages: int) -> float:
    """Seconds until each message was stored by an INSERT of its own."""
    done, count = threading.Event(), 0
    connection = psycopg.connect(settings().database_url or "", autocommit=True)
    connection.execute(PLAIN)

    def on_message(_client: Any, _data: Any, message: Any) -> None:
        nonlocal count
        body, device = json.loads(message.payload), message.topic.split("/")[3]
        connection.execute(INSERT, [part for metric, value in body["values"].items() for part in (device, metric, body["at"], value)])
        count += 1
        if count == messages:
            done.set()

    return _received(name, on_message, done)


def _received(name: str, on_message: Any, done: threading.Event) -> float:
    url = settings().mqtt_url or ""
    client = make_client(url, share(name).client_id)
    client.on_message = on_message
    client.on_connect = lambda c, *_: c.subscribe([(topic, 1) for topic in TOPICS])
    started = time.monotonic()
    connect(client, url)
    if not done.wait(600):
        raise TimeoutError("the backlog did not come")
    took = time.monotonic() - started
    client.loop_stop()
    return took


def consume_citydeck(name: str, messages: int, profile: bool = False) -> float:
    """Seconds until the ingest worker has committed, shown and acknowledged every message. `profile` times its stages too."""
    spent = timed_stages() if profile else {}
    parts = wiring.build_ingest(settings(), share(name))
    worker = ingest.Worker(parts, settings().batch_ms, settings().batch_readings)
    ingest.look_for_cycles_seldom()
    count, acknowledge = 0, parts.inlet.acknowledge

    def counted(receipts: Any) -> None:
        nonlocal count
        acknowledge(receipts)
        count += len(receipts)

    parts.inlet.acknowledge = counted  # type: ignore[method-assign]
    parts.ownership.acquire()
    parts.ingest.start()
    started = time.monotonic()
    parts.inlet.start()
    while count < messages:
        worker.once()
    took = time.monotonic() - started
    parts.inlet.stop()
    for stage, (wall, cpu) in spent.items():
        print(f"{stage:20} {wall / messages * 1e6:6.1f} us a message, {cpu / messages * 1e6:6.1f} us of CPU", file=sys.stderr)
    return took


def timed_stages() -> dict[str, list[float]]:
    """Stage -> seconds and CPU seconds spent in it from now on, each stage with all it calls."""
    spent: dict[str, list[float]] = {}
    for stage, owner, function in STAGES:
        setattr(owner, function, _timed(getattr(owner, function), spent.setdefault(stage, [0.0, 0.0])))
    return spent


def _timed(function: Any, spent: list[float]) -> Any:
    def timed(*arguments: Any) -> Any:
        wall, cpu = time.perf_counter(), time.thread_time()
        try:
            return function(*arguments)
        finally:
            spent[0] += time.perf_counter() - wall
            spent[1] += time.thread_time() - cpu

    return timed


def settings() -> Any:
    """What the parent gave in the environment."""
    return common.Settings.from_environment(os.environ)


CONSUMERS = {"bare": consume_bare, "plain": consume_plain, "citydeck": consume_citydeck}
WAYS = ("bare-1", "citydeck-1", "bare-2", "citydeck-2", "plain-1", "citydeck-profiled", "bare-3")


def measure(messages: int, profile: bool, ways: tuple[str, ...]) -> dict[str, float]:
    """messages/s of each way on one set of engines, and of publishing; its own CPU time a message in microseconds as `<way>_cpu_us`."""
    with engines() as urls:
        engine = make_engine(urls.database or "")
        common.register(engine, DEVICES)
        engine.dispose()
        sizes = {way: messages // 4 if way.startswith("plain") else messages for way in ways}
        make_sessions(urls.mqtt or "", [share(way) for way in ways])
        found = {"publish": publish(urls.mqtt or "", messages)}
        for way in ways:
            _empty(urls)
            took = child(__file__, "--way", way, str(sizes[way]), *(["profile"] if profile and way == ways[-2] else []), urls=urls)
            found[way], found[f"{way}_cpu_us"] = sizes[way] / took["s"], took["cpu_s"] / sizes[way] * 1e6
        return found


def _empty(urls: Urls) -> None:
    with psycopg.connect(urls.database or "", autocommit=True) as connection:
        connection.execute("TRUNCATE readings, rollup_marks, alarm_transitions, alarms, series, feed_health")


def _named(found: dict[str, float], before: str = "") -> dict[str, int]:
    return {f"{before}{name}" + ("" if name.endswith("_us") else "_per_s"): round(rate) for name, rate in found.items()}


def main() -> None:
    """Measure with each write flushed, and once without."""
    chosen = options(__doc__ or "", messages=60_000, profile=False)
    messages = 6_000 if chosen.quick else chosen.messages
    always = measure(messages, chosen.profile, tuple(way for way in WAYS if chosen.profile or "profiled" not in way))
    nats.CONFIG = nats.CONFIG.replace(", sync_interval: always", "")
    default = measure(messages, False, ("bare-1", "citydeck-1"))
    bare = (always["bare-1"] + always["bare-2"] + always["bare-3"]) / 3
    citydeck = (always["citydeck-1"] + always["citydeck-2"]) / 2
    figures = _named(always)
    unsynced = _named(default, "unsynced_")
    report(
        "ingest",
        messages=messages,
        **figures,
        **unsynced,
        citydeck_to_bare=round(citydeck / bare, 3),
        plain_to_bare=round(always["plain-1"] / bare, 3),
        citydeck_to_plain=round(citydeck / always["plain-1"], 2),
        sync_always_publish_to_default=round(always["publish"] / default["publish"], 3),
        sync_always_ingest_to_default=round(citydeck / default["citydeck-1"], 3),
        target=0.6,
        met=citydeck / bare >= 0.6,
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--way"]:
        way, size, *rest = sys.argv[2:]
        kind = way.partition("-")[0]
        extra = {"profile": True} if rest and kind == "citydeck" else {}
        cpu = time.process_time()
        took = CONSUMERS[kind](way, int(size), **extra)
        print(json.dumps({"s": took, "cpu_s": time.process_time() - cpu}))
    else:
        main()
