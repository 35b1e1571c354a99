"""Map: 10,000 devices all changing every second on the wall (/big), in Chromium with software GL.

    python bench/bench_map.py [--quick] [--seconds 30] [--heap-deltas 1000]

Four deltas a second bring 2,500 devices each; one device in a hundred also goes or comes back each second, so that the map has to draw
in every delta. Of each delta the bench takes all that the page's main thread did until the next one (Chrome DevTools' TaskDuration):
map, lists, slow lane and drawing, not the map alone; the page at rest is measured in the same way.

A long task is one over 50 ms (PerformanceObserver); every call of WebGL is timed, so the share of a long task that waited for software
GL is known. Then the heap: the same changes in twenty deltas a second, and what is left after a forced collection as they go on.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any

from common import REGIONS, engines, options, quantile, register, report
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright
from web_worker import BROWSER, environment_of, now, people, web

from data_adapters.live_redis import RedisLivePicture
from data_adapters.sql.database import make_engine

DEVICES, TARGET_MS, HEAP_GROWTH = 10_000, 16, 0.05
SLOT_MS = 20
GONE_EACH = 100
NOTED = """
  window.long = [];
  window.gl = [];
  const note = (list) => window.long.push(...list.getEntries().map((one) => [one.startTime, one.duration]));
  new PerformanceObserver(note).observe({type: "longtask"});
  const calls = WebGL2RenderingContext.prototype;
  for (const name of Object.getOwnPropertyNames(calls)) {
    const call = Object.getOwnPropertyDescriptor(calls, name).value;
    if (typeof call !== "function") continue;
    calls[name] = function (...given) {
      const started = performance.now(), answer = call.apply(this, given), took = performance.now() - started;
      if (took > 0.05) window.gl.push([started, took]);
      return answer;
    };
  }
"""
LONG = """() => {
  const within = (start, length) => window.gl.filter(([at]) => at >= start && at < start + length).reduce((sum, [, took]) => sum + took, 0);
  const found = window.long.map(([start, length]) => [length, within(start, length)]);
  window.long = [];
  window.gl = [];
  return found;
}"""


def record(n: int, turn: int) -> dict[str, Any]:
    """A device as the picture holds it, in the town where it is registered."""
    where = {"region": REGIONS[n % len(REGIONS)], "department": "ecology", "kind": "air_quality", "interval_s": 60}
    gone = (n + turn * 7) % GONE_EACH == 0
    return {**where, "online": not gone, "values": {"pm25": [now(), float(20 + (n + turn) % 120), "good"]}}


def deltas(picture: RedisLivePicture, many: int, a_second: int) -> Iterator[int]:
    """Make deltas in which every device changes once a second; yields after each, when the next one is due."""
    for turn in range(many):
        next_at = time.monotonic() + 1 / a_second
        picture.write("bench", {f"d{n}": record(n, turn // a_second) for n in range(turn % a_second, DEVICES, a_second)}, {}, {})
        while not picture.flush():  # on a machine that was late, the frame before is less than a slot ago
            time.sleep(SLOT_MS / 1000)
        time.sleep(max(0.0, next_at - time.monotonic()))
        yield turn


def worked(session: CDPSession) -> float:
    """Milliseconds that the page's main thread has worked so far."""
    return next(one["value"] for one in session.send("Performance.getMetrics")["metrics"] if one["name"] == "TaskDuration") * 1000


def heap(session: CDPSession) -> float:
    """Megabytes of JavaScript that survive a forced collection."""
    session.send("HeapProfiler.collectGarbage")
    return float(session.send("Runtime.getHeapUsage")["usedSize"]) / 1e6


def watched(page: Page, session: CDPSession, turns: Iterator[int]) -> dict[str, Any]:
    """What the main thread did in each turn, and the long tasks of all of them."""
    page.evaluate(LONG)
    before, each = worked(session), []
    for _ in turns:
        after = worked(session)
        each.append(after - before)
        before = after
    long = page.evaluate(LONG)
    long_ms = sum(length for length, _ in long)
    return {
        "turns": len(each),
        "median_ms": round(quantile(each, 0.5), 1),
        "mean_ms": round(sum(each) / len(each), 1),
        "p95_ms": round(quantile(each, 0.95), 1),
        "long_tasks": len(long),
        "long_tasks_ms": round(long_ms),
        "of_them_in_gl": round(sum(gl for _, gl in long) / long_ms, 2) if long else 0,
    }


def resting(many: int, a_second: int) -> Iterator[int]:
    """Turns of the same length in which nothing changes."""
    for turn in range(many):
        time.sleep(1 / a_second)
        yield turn


def heaps(session: CDPSession, make: Callable[[int], Iterator[int]], many: int) -> list[float]:
    """The heap before and after each quarter of `many` deltas."""
    found = [heap(session)]
    for _ in range(4):
        for _ in make(many // 4):
            pass
        time.sleep(1)
        found.append(heap(session))
    return [round(one, 2) for one in found]


def wall(browser: Browser, url: str, token: str) -> tuple[Page, CDPSession]:
    """The wall once its map is drawn and its link is live, and a session of the browser's tools."""
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    context.add_init_script(NOTED)
    context.add_cookies([{"name": "citydeck_session", "value": token, "url": url}])
    page = context.new_page()
    page.goto(f"{url}/big?scene=overview")
    page.wait_for_selector(".city-map[data-ready=yes]", timeout=60_000)
    page.wait_for_selector("[data-link=live]", state="attached", timeout=30_000)
    session = context.new_cdp_session(page)
    session.send("Performance.enable")
    return page, session


def main() -> None:
    """At rest, changing, then many deltas for the heap."""
    chosen = options(__doc__ or "", seconds=30.0, heap_deltas=1000)
    seconds, many = (8.0, 80) if chosen.quick else (chosen.seconds, chosen.heap_deltas)
    with engines() as urls, sync_playwright() as playwright:
        engine = make_engine(urls.database or "")
        register(engine, DEVICES)
        picture = RedisLivePicture(urls.redis or "", slot_ms=SLOT_MS)
        picture.rebuild("bench", {f"d{n}": record(n, 0) for n in range(DEVICES)}, {}, {})
        token = people(engine, 1)[0]
        with web(environment_of(urls)) as (port, _):
            browser = playwright.chromium.launch(**BROWSER)
            page, session = wall(browser, f"http://127.0.0.1:{port}", token)
            for _ in deltas(picture, 40, 4):
                pass
            rest = watched(page, session, resting(40, 4))
            busy = watched(page, session, deltas(picture, int(seconds * 4), 4))
            for _ in deltas(picture, many // 5, 20):
                pass
            megabytes = heaps(session, lambda some: deltas(picture, some, 20), many)
            browser.close()
        engine.dispose()
    growth = megabytes[-1] / megabytes[0] - 1
    report(
        "map",
        devices=DEVICES,
        rest=rest,
        changing=busy,
        heap_deltas=many,
        heap_mb=megabytes,
        heap_growth=round(growth, 3),
        target={"median_ms_a_delta": TARGET_MS, "heap_growth": HEAP_GROWTH},
        met=busy["median_ms"] <= TARGET_MS and growth < HEAP_GROWTH,
    )


if __name__ == "__main__":
    main()
