"""The wall for months, in minutes: 100,000 deltas through one page in Chromium, and what is left in memory after a forced collection.

    python bench/wall_soak.py [--quick] [--deltas 100000] [--rate 300]

A server of its own streams the deltas (each: 20 readings, two vehicles, an alarm that comes or goes, a town's counts) the way /live does:
EventSource, shared worker, live.js, map, slow lane; the wall's playlist goes on meanwhile. It never runs more than AHEAD deltas before the
page. Ten samples after a first tenth: JavaScript heap, DOM nodes, event listeners. Flat is: the mean of the last three at most HEAP_FLAT
(NODES_FLAT) times that of the first three.
"""

import json
import random
import socket
import statistics
import threading
import time
from collections.abc import Iterator
from typing import Any

import flask
from common import options, report
from playwright.sync_api import CDPSession, Page, sync_playwright
from werkzeug.serving import make_server

from tests.chromium import ARGUMENTS, PROGRAM
from tests.fake_server import make_app, pieces
from tests.fakes import FakeCity, make_city

AHEAD, SAMPLES, DEVICES = 400, 11, 20
HEAP_FLAT, NODES_FLAT = 1.10, 1.05
COUNTED = "window.deltas = 0; document.addEventListener('citydeck:delta', () => window.deltas++);"


class Stream:
    """The deltas of one screen. `seen` is how many the page has taken, `sent` how many were sent."""

    def __init__(self, city: FakeCity, rate: float, many: int) -> None:
        self.city, self.rate, self.many = city, rate, many
        self.seen = self.sent = 0
        self.random = random.Random(1)
        self.devices = list(city.picture.devices.items())
        self.alarms = list(city.picture.alarms)

    def frames(self) -> Iterator[str]:
        """The snapshot, then deltas as fast as `rate` and the page allow."""
        yield self._event("snapshot", pieces(self.city))
        due = time.monotonic()
        while True:
            if self.sent >= self.many or self.sent - self.seen > AHEAD:
                yield ": here\n\n"
                time.sleep(0.05)
                due = time.monotonic()
                continue
            self.sent += 1
            yield self._event("delta", self._changes())
            due += 1 / self.rate
            time.sleep(max(0.0, due - time.monotonic()))

    def _event(self, kind: str, changed: dict[str, Any]) -> str:
        frame = {"epoch": "e1", "version": self.sent + 1, "at": int(time.time() * 1000), "pieces": changed}
        return f"event: {kind}\nid: e1-{self.sent + 1}\ndata: {json.dumps(frame, ensure_ascii=False)}\n\n"

    def _changes(self) -> dict[str, Any]:
        at = int(time.time() * 1000)
        found: dict[str, dict[str, Any]] = {}
        for device_id, device in self.random.sample(self.devices, DEVICES):
            values = {name: [at, round(self.random.random() * 100, 1), "good"] for name in device["values"]}
            found.setdefault(f"{device['region']}|{device['department']}|values", {})[device_id] = values
        for key, vehicle in self.random.sample(list(self.city.picture.vehicles.items()), 2):
            moved = {**vehicle, "at": at, "lon": vehicle["lon"] + self.random.random() / 500}
            found.setdefault(f"{vehicle['region']}|{vehicle['department']}|vehicles", {})[key] = moved
        alarm = self.alarms[self.sent % len(self.alarms)]
        there = (self.sent // len(self.alarms)) % 2
        found[f"{alarm['region']}|{alarm['department']}|alarms"] = {alarm["alarm_id"]: alarm if there else None}
        code = self.random.choice(list(self.city.picture.counts))
        found[f"{code}||counts"] = self.city.picture.counts[code]
        return found


def serve(city: FakeCity, stream: Stream) -> str:
    """The address of the wall."""
    app = make_app(city).server
    app.view_functions["live"] = lambda: flask.Response(stream.frames(), mimetype="text/event-stream")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    threading.Thread(target=make_server("127.0.0.1", port, app, threaded=True).serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{port}"


def sample(session: CDPSession) -> dict[str, float]:
    """What survives a forced collection."""
    session.send("HeapProfiler.collectGarbage")
    held = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    return {"heap_mb": held["JSHeapUsedSize"] / 1e6, "nodes": held["Nodes"], "listeners": held["JSEventListeners"]}


def watch(page: Page, stream: Stream, session: CDPSession) -> list[dict[str, float]]:
    """A sample after each part of the deltas."""
    found = []
    for part in range(1, SAMPLES + 1):
        while stream.seen < stream.many * part // SAMPLES:
            page.wait_for_timeout(200)
            stream.seen = page.evaluate("window.deltas")
        found.append(sample(session))
        print(f"{stream.seen:>7} deltas {found[-1]}", flush=True)
    return found[1:]


def ratio(found: list[dict[str, float]], name: str) -> float:
    """The last three samples against the first three."""
    values = [one[name] for one in found]
    return statistics.mean(values[-3:]) / statistics.mean(values[:3])


def main() -> None:
    """Run it and print the figures."""
    chosen = options("the wall for months", deltas=100_000, rate=300.0)
    many = 3_000 if chosen.quick else chosen.deltas
    city = make_city(int(time.time() * 1000))
    stream = Stream(city, chosen.rate, many)
    address = serve(city, stream)
    begun = time.monotonic()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=list(ARGUMENTS))
        context = browser.new_context(viewport={"width": 1920, "height": 1080})
        context.add_cookies([{"name": "citydeck_session", "value": "duty_officer", "url": address}])
        page = context.new_page()
        page.add_init_script(COUNTED)
        page.goto(f"{address}/big?wall=hall", wait_until="domcontentloaded")
        session = context.new_cdp_session(page)
        for domain in ("HeapProfiler", "Performance"):
            session.send(f"{domain}.enable")
        found = watch(page, stream, session)
        browser.close()
    ratios = {name: round(ratio(found, name), 3) for name in ("heap_mb", "nodes", "listeners")}
    first, last = found[0], found[-1]
    flat = ratios["heap_mb"] <= HEAP_FLAT and ratios["nodes"] <= NODES_FLAT and ratios["listeners"] <= NODES_FLAT
    report("wall_soak", deltas=stream.seen, seconds=round(time.monotonic() - begun), **ratios, first=first, last=last, flat=flat)


if __name__ == "__main__":
    main()
