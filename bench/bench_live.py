"""Live: from the publishing of a message to the changed element in a real browser, with 10,000 devices and 2,000 messages a second.

    python bench/bench_live.py [--quick] [--rate 2000] [--seconds 30]

The whole way: broker, an ingest worker in its own process, the live picture, a web worker, Chromium on the wall (/big). One device is
the probe: each of its messages has another value, and the page notes when its element shows it (one clock, one machine). From the p95
the batch time (500 ms) and the frame time (250 ms) are taken off.
"""

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from bench_fanout import now, people, web
from common import ROOT, engines, options, quantile, register, report, settings_of
from playwright.sync_api import sync_playwright

from data_adapters.mqtt import make_sessions, subscription
from data_adapters.replay.send import Sender
from data_adapters.sql.database import make_engine

DEVICES, BATCH_MS, FRAME_MS, TARGET_MS, PROBE_EVERY_S = 10_000, 500, 250, 300, 0.7
ARGUMENTS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
PROBE = """() => {
  const probe = Object.assign(document.createElement("b"), {id: "bench-probe"});
  Object.assign(probe.dataset, {live: "d0.pm10", decimals: "0"});
  document.body.append(probe);
  window.seen = {};
  const note = () => { window.seen[probe.textContent.trim()] ??= Date.now(); };
  new MutationObserver(note).observe(probe, {childList: true, characterData: true, subtree: true});
}"""


def telemetry(sender: Sender, device: int, metric: str, value: float) -> int:
    """Publish one value with the present time; returns it."""
    at = now()
    sender.send(f"city/v1/devices/d{device}/telemetry", json.dumps({"at": at, "values": {metric: value}}).encode())
    return at


def drive(url: str, rate: int, seconds: float) -> float:
    """The city's load; returns the messages/s that the broker took."""
    sender, n, started = Sender(url), 0, time.monotonic()
    sender.wait_connected()
    while (passed := time.monotonic() - started) < seconds:
        if n < rate * passed:
            n += 1
            telemetry(sender, 1 + n % (DEVICES - 1), "pm25", 20 + n % 100)
        else:
            time.sleep(0.005)
    took = time.monotonic() - started
    sender.finish()
    return n / took


def probe(url: str, seconds: float, sent: dict[str, int]) -> None:
    """The probe's messages, on a connection of their own: they do not wait behind the load in our own client."""
    sender, until = Sender(url), time.monotonic() + seconds
    sender.wait_connected()
    while time.monotonic() < until:
        value = len(sent) + 1
        sent[str(value)] = telemetry(sender, 0, "pm10", value)
        time.sleep(PROBE_EVERY_S)
    sender.finish()


def watch(playwright: Any, port: int, token: str, url: str, rate: int, seconds: float) -> tuple[dict[str, int], dict[str, int], float]:
    """What was sent and what the page showed, value -> epoch ms, and the rate that was reached."""
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    context.add_cookies([{"name": "citydeck_session", "value": token, "url": f"http://127.0.0.1:{port}"}])
    page, sent, reached = context.new_page(), {}, []
    page.goto(f"http://127.0.0.1:{port}/big")
    page.wait_for_selector("[data-link=live]", state="attached", timeout=60_000)
    page.evaluate(PROBE)
    load = threading.Thread(target=lambda: reached.append(drive(url, rate, seconds)))
    load.start()
    probe(url, seconds, sent)
    load.join()
    page.wait_for_timeout(3_000)
    seen = page.evaluate("window.seen")
    browser.close()
    return sent, seen, reached[0] if reached else 0.0


def main() -> None:
    """Bring up the way, drive it, compare times."""
    chosen = options(__doc__ or "", rate=2_000, seconds=30.0)
    seconds = 8.0 if chosen.quick else chosen.seconds
    with engines() as urls, sync_playwright() as playwright:
        engine = make_engine(urls.database or "")
        register(engine, DEVICES)
        token = people(engine, 1)[0]
        make_sessions(urls.mqtt or "", [subscription(0, 1, ("city/v1/#",))])
        environment = {**os.environ, **settings_of(urls).to_environment(), "CITYDECK_DATA_DIR": str(Path(ROOT, "var"))}
        worker = subprocess.Popen([sys.executable, "ingest.py"], cwd=ROOT, env=environment)
        try:
            with web(environment) as (port, _):
                sent, seen, rate = watch(playwright, port, token, urls.mqtt or "", chosen.rate, seconds)
        finally:
            worker.terminate()
            worker.wait(20)
        engine.dispose()
    took = [seen[value] - at for value, at in sent.items() if value in seen]
    p95 = quantile(took, 0.95) if took else None
    above = None if p95 is None else p95 - BATCH_MS - FRAME_MS
    report(
        "live",
        devices=DEVICES,
        messages_per_s_reached=round(rate),
        probes=len(sent),
        probes_shown=len(took),
        median_ms=quantile(took, 0.5) if took else None,
        p95_ms=p95,
        p95_above_batch_and_frame_ms=above,
        target_ms=TARGET_MS,
        met=above is not None and above <= TARGET_MS and len(took) >= 0.9 * len(sent) and rate >= 0.95 * chosen.rate,
    )


if __name__ == "__main__":
    main()
