"""Fan-out: 500 screens on one web worker, in 1, 10 and 100 scopes: how long a frame takes to reach a screen, and what a screen costs.

    python bench/bench_fanout.py [--quick] [--screens 500] [--seconds 15] [--without-slow-lane]

10,000 devices in 100 regions, 2,000 changes a second in 4 frames a second. Each screen is a wall (/big): an open /live of the real web
application behind gunicorn with one gevent worker, and its slow lane, which asks for the panels as live.js does. Delivery is from the
making of the frame (Redis' clock) to its last byte in the screen's socket, read by processes of their own (screen_reader.py).
The ratio beside it: bytes that a screen of one of n scopes gets, to those of a screen that sees everything.
"""

import json
import subprocess
import sys
import time
import urllib.request
from typing import Any

import psutil
from common import ROOT, engines, options, quantile, register, report
from web_worker import environment_of, now, people, web

from data_adapters.live_redis import RedisLivePicture
from data_adapters.sql.database import make_engine

DEVICES, CHANGES_A_FRAME, READERS, TARGET_MS = 10_000, 500, 2, 250
TOWNS = [f"r{n}" for n in range(100)]
SLOW_LANE = "slow-lane.data"


def record(n: int, value: float) -> dict[str, Any]:
    """A device as the picture holds it, in the town where it is registered."""
    where = {"region": TOWNS[n % len(TOWNS)], "department": "ecology", "kind": "air_quality", "interval_s": 60, "online": True}
    return {**where, "values": {"pm25": [now(), value, "good"]}}


def slow_lane(port: int) -> dict[str, Any]:
    """The slow lane's callback as the application describes it to browsers."""
    answer = json.load(urllib.request.urlopen(f"http://127.0.0.1:{port}/_dash-dependencies"))
    return next(one for one in answer if SLOW_LANE in one["output"])


def open_screens(port: int, tokens: list[str], screens: int, callback: Any) -> list[subprocess.Popen[str]]:
    """The readers, each with its share of the screens, once every screen has its first picture."""
    readers = []
    for n in range(READERS):
        command = [sys.executable, str(ROOT / "bench" / "screen_reader.py")]
        reader = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        mine = [tokens[screen % len(tokens)] for screen in range(n, screens, READERS)]
        _tell(reader, {"port": port, "tokens": mine, "callback": callback})
        readers.append(reader)
    for reader in readers:
        if _line(reader) != "ready":
            raise RuntimeError("a reader could not open its screens")
    return readers


def _tell(reader: subprocess.Popen[str], what: dict[str, Any]) -> None:
    assert reader.stdin is not None
    reader.stdin.write(json.dumps(what) + "\n")
    reader.stdin.flush()


def _line(reader: subprocess.Popen[str]) -> str:
    assert reader.stdout is not None
    return reader.stdout.readline().strip()


def change(picture: RedisLivePicture, seconds: float, turn: int = 0) -> int:
    """Let the city change for so long; returns the next turn."""
    epoch, until = picture.epoch() or "", time.monotonic() + seconds
    while time.monotonic() < until:
        next_at = time.monotonic() + 0.25
        some = range(turn * CHANGES_A_FRAME, (turn + 1) * CHANGES_A_FRAME)
        if not picture.write(epoch, {f"d{n % DEVICES}": record(n % DEVICES, float(turn % 150)) for n in some}, {}, {}):
            raise RuntimeError("the picture has another epoch")
        picture.flush()
        turn += 1
        time.sleep(max(0.0, next_at - time.monotonic()))
    return turn


def trial(picture: RedisLivePicture, port: int, worker: psutil.Process, tokens: list[str], chosen: Any) -> dict[str, float]:
    """Open the screens, let the city change: some seconds to warm up, then those that count."""
    callback = None if chosen.without_slow_lane else slow_lane(port)
    change(picture, 1)
    readers = open_screens(port, tokens, chosen.screens, callback)
    turn = change(picture, 6)
    span = {"from": now(), "until": now() + chosen.seconds * 1000}
    for reader in readers:
        _tell(reader, span)
    before = worker.cpu_times()
    change(picture, chosen.seconds, turn)
    after = worker.cpu_times()
    told = [json.loads(_line(reader)) for reader in readers]
    for reader in readers:
        reader.wait(10)
    return _figures(told, after.user + after.system - before.user - before.system, chosen.seconds)


def _figures(told: list[dict[str, Any]], cpu_s: float, seconds: float) -> dict[str, float]:
    screens = [one for reader in told for one in reader["late"]]
    late, panels = [ms for one in screens for ms in one], [ms for reader in told for ms in reader["panels"]]
    return {
        "p95_ms": quantile(late, 0.95),
        "median_ms": quantile(late, 0.5),
        "worst_ms": max(late),
        "frames_a_screen": round(len(late) / len(screens), 1),
        "screens_without_a_frame": sum(not one for one in screens),
        "kb_s_a_screen": round(sum(reader["bytes"] for reader in told) / len(screens) / seconds / 1000, 2),
        "cpu_ms_s_a_screen": round(cpu_s / seconds / len(screens) * 1000, 3),
        "worker_cpu": round(cpu_s / seconds, 2),
        "panel_questions_s": round(len(panels) / seconds, 1),
        **({"panels_median_ms": quantile(panels, 0.5), "panels_p95_ms": quantile(panels, 0.95)} if panels else {}),
    }


def main() -> None:
    """The same screens in 1, 10 and 100 scopes."""
    chosen = options(__doc__ or "", screens=500, seconds=15.0, without_slow_lane=False)
    if chosen.quick:
        chosen.screens, chosen.seconds = 50, 4.0
    with engines() as urls:
        engine = make_engine(urls.database or "")
        register(engine, DEVICES, regions=TOWNS)
        picture = RedisLivePicture(urls.redis or "", slot_ms=200)
        picture.rebuild("bench", {f"d{n}": record(n, 0.0) for n in range(DEVICES)}, {}, {})
        found = {}
        for scopes in (1, 10, 100):
            tokens = people(engine, scopes, TOWNS)
            with web(environment_of(urls)) as (port, worker):
                found[scopes] = trial(picture, port, worker, tokens, chosen)
            print(json.dumps({scopes: found[scopes]}), flush=True)
        engine.dispose()
    everything = found[1]["kb_s_a_screen"]
    report(
        "fanout",
        screens=chosen.screens,
        slow_lane=not chosen.without_slow_lane,
        **{f"scopes_{scopes}": figures for scopes, figures in found.items()},
        bytes_to_everything={scopes: round(figures["kb_s_a_screen"] / everything, 4) for scopes, figures in found.items()},
        target_ms=TARGET_MS,
        met=all(figures["p95_ms"] <= TARGET_MS and not figures["screens_without_a_frame"] for figures in found.values()),
    )


if __name__ == "__main__":
    main()
