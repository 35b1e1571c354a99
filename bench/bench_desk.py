"""The desk under load: from a hand's move to the next picture (Event Timing), with 10,000 devices and 2,000 messages a second running.

    python bench/bench_desk.py [--quick] [--rate 2000] [--seconds 40] [--connections 4]

The whole way as in bench_live.py: broker, ingest worker, jobs, web worker, Chromium at 1440x900 on /desk, map and queue drawn. An operator
works as fast as somebody does: moves in the queue, opens incidents, changes views and tabs, opens the intake and types, ticks alarms. Each
interaction is what the browser says of it: the longest of its events, in steps of 8 ms, from the hand to the next paint. The figure is the
98th percentile (of fewer than 50: the longest), as INP is made. The worst are named with the key or the button's text, the view it was in,
and their three parts in ms: waited for the main thread, handled, painted.

What the machine itself takes of it is measured in the same run: the same keys, in the same browser, beside as many messages, on a bare page
that only writes each key down. `--rate 0` is both without messages.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import requests
from bench_live import part
from common import ROOT, engines, options, quantile, register, report
from playwright.sync_api import BrowserContext, Page, sync_playwright
from publisher import DEVICES
from web_worker import BROWSER, environment_of, people, web

from data_adapters.feeds.registry import configured
from data_adapters.mqtt import make_sessions
from data_adapters.sql.database import make_engine
from data_adapters.topic_plan import plan

TARGET_MS, INCIDENTS, PAUSE_MS, BEFORE_S = 100, 60, 350, 12
WATCH = """() => {
  window.interactions = {};
  const keys = [];
  new PerformanceObserver((list) => { for (const one of list.getEntries()) if (one.interactionId) {
    const held = window.interactions[one.interactionId];
    if (held && held.took >= one.duration) continue;
    const before = keys.filter(([at]) => at <= one.startTime + 1).pop() || [0, "", ""];
    window.interactions[one.interactionId] = {
      took: one.duration, event: one.name, key: before[1], view: before[2],
      waited: Math.round(one.processingStart - one.startTime), handled: Math.round(one.processingEnd - one.processingStart),
      painted: Math.round(one.startTime + one.duration - one.processingEnd) };
  } }).observe({ type: "event", durationThreshold: 16, buffered: false });
  window.hands = 0;
  for (const kind of ["keydown", "pointerdown"]) addEventListener(kind, (event) => {
    window.hands++;
    keys.push([event.timeStamp, event.key || event.target.textContent.slice(0, 8), document.documentElement.dataset.desk || ""]);
  }, true);
}"""
ROUND = (
    *("j", "j", "Enter", "j", "k", "]", "[", "e", "d", "a", "e"),
    *("w", "w", "u", "u", "/", "积", "水", "Escape", "n", "路", "面", "Escape", "?", "Escape"),
)
"""The keys of one round; a text that is no key's name is typed."""


def report_incidents(url: str, token: str) -> None:
    """Reports by phone, so that the queue is full."""
    for n in range(INCIDENTS):
        place = {"lon": 113.6 + n * 0.005, "lat": 22.9, "address": f"示例路 {n} 号"}
        data = {"title": f"路面积水 {n}", "source": "hotline", "class_code": "standing_water", "place": place}
        said = {"data": data, "request_id": f"{n:032x}"}
        requests.post(f"{url}/api/v1/incidents", json=said, headers={"Authorization": f"Bearer {token}"}, timeout=20).raise_for_status()


def work(page: Page) -> None:
    """One round of what an operator does."""
    for key in ROUND:
        if key.isascii():
            page.keyboard.press(key)
        else:
            page.keyboard.type(key)
        page.wait_for_timeout(PAUSE_MS)
    for line in page.locator(".queue-tab").all()[:4]:
        line.click()
        page.wait_for_timeout(PAUSE_MS)


def desk(page: Page, url: str) -> None:
    """The desk with its map and queue drawn."""
    page.goto(f"{url}/desk")
    page.wait_for_selector(".desk-queue .ag-row [role=gridcell]", timeout=90_000)
    page.wait_for_selector(".city-map[data-ready=yes]", timeout=90_000)


def bare(page: Page, _url: str) -> None:
    """A page that does nothing but write down the key."""
    page.set_content(
        "<p id=key></p><script>addEventListener('keydown', ({ key }) => { document.getElementById('key').textContent += key; });</script>"
    )


def drive(context: BrowserContext, opened: Callable[[Page, str], None], url: str, load: list[str]) -> tuple[float, dict[str, Any]]:
    """Open the page, let the load run, work until it is over; the messages a second that were taken, and what the browser says."""
    page = context.new_page()
    opened(page, url)
    rate, seconds = float(load[1]), float(load[2])
    publisher = [sys.executable, str(ROOT / "bench" / "publisher.py"), *load] if rate else ["sleep", str(BEFORE_S + seconds)]
    done = subprocess.Popen(publisher, stdout=subprocess.PIPE, text=True)
    page.wait_for_timeout(BEFORE_S * 1_000)
    page.evaluate(WATCH)
    while done.poll() is None:
        work(page)
    page.wait_for_timeout(1_000)
    found = page.evaluate("({slow: Object.values(window.interactions), hands: window.hands})")
    page.close()
    told = done.communicate()[0]
    return (json.loads(told)["reached"] if rate else 0.0), figures(found["slow"], found["hands"])


def figures(slow: list[Any], hands: int) -> dict[str, Any]:
    """The interactions: those that the browser did not report took less than 16 ms."""
    durations = sorted([one["took"] for one in slow] + [8.0] * max(0, hands - len(slow)))
    worst = sorted(slow, key=lambda one: -one["took"])[:6]
    high = quantile(durations, 0.98) if len(durations) >= 50 else max(durations, default=0.0)
    return {"interactions": len(durations), "median_ms": quantile(durations, 0.5), "p98_ms": high, "worst": worst}


def main() -> None:
    """Bring up the way and work at the desk."""
    chosen = options(__doc__ or "", rate=2_000, seconds=40.0, connections=4)
    seconds = 10.0 if chosen.quick else chosen.seconds
    with ExitStack() as stack:
        urls = stack.enter_context(engines())
        engine = make_engine(urls.database or "")
        stack.callback(engine.dispose)
        register(engine, DEVICES)
        make_sessions(urls.mqtt or "", plan(1, configured(), nats=True).shares())
        token, environment = people(engine, 1)[0], environment_of(urls)
        port, _ = stack.enter_context(web(environment))
        for script in ("ingest.py", "jobs.py"):
            stack.enter_context(part(script, environment))
        url = f"http://127.0.0.1:{port}"
        report_incidents(url, token)
        browser = stack.enter_context(sync_playwright()).chromium.launch(**BROWSER)
        stack.callback(browser.close)
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        context.add_cookies([{"name": "citydeck_session", "value": token, "url": url}])
        load = [urls.mqtt or "", str(chosen.rate), str(seconds), str(chosen.connections)]
        reached, found = drive(context, desk, url, load)
        _, peer = drive(context, bare, url, load)
    met = found["p98_ms"] <= TARGET_MS and reached >= 0.98 * chosen.rate
    report("desk", devices=DEVICES, messages_per_s=round(reached), **found, bare=peer, target_ms=TARGET_MS, met=met)


if __name__ == "__main__":
    main()
