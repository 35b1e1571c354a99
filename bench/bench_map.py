"""Map: 10,000 devices all changing every second on the wall (/big), in Chromium with software GL.

    python bench/bench_map.py [--quick] [--seconds 60]

The browser itself tells (Chrome DevTools: Performance.getMetrics) how long the page's main thread worked; a long task is one over 50 ms
(PerformanceObserver). The same page at rest is measured first, so that the difference is what the changes cost. Everything the page
does counts: map, lists, slow lane and drawing, not the map's feature state alone.
"""

import os
import time
from pathlib import Path
from typing import Any

from bench_fanout import now, people, web
from common import REGIONS, ROOT, engines, options, register, report, settings_of
from playwright.sync_api import CDPSession, Page, sync_playwright

from data_adapters.live_redis import RedisLivePicture
from data_adapters.sql.database import make_engine

DEVICES, TARGET_MS, HEAP_GROWTH = 10_000, 16, 0.05
ARGUMENTS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--enable-precise-memory-info"]
LONG = (
    "window.long = []; new PerformanceObserver(l => window.long.push(...l.getEntries().map(e => e.duration))).observe({type: 'longtask'})"
)


def record(n: int, turn: int) -> dict[str, Any]:
    """A device as the picture holds it, in the town where it is registered."""
    where = {"region": REGIONS[n % len(REGIONS)], "department": "ecology", "kind": "air_quality", "interval_s": 60}
    return {**where, "online": True, "values": {"pm25": [now(), float(20 + (n + turn) % 120), "good"]}}


def change(picture: RedisLivePicture, seconds: float) -> int:
    """Change every device once a second, a quarter each 250 ms; returns the frames made."""
    turn, frames, until = 0, 0, time.monotonic() + seconds
    while time.monotonic() < until:
        next_at = time.monotonic() + 0.25
        some = range(turn % 4, DEVICES, 4)
        picture.write("bench", {f"d{n}": record(n, turn) for n in some}, {}, {})
        frames += picture.flush()
        turn += 1
        time.sleep(max(0.0, next_at - time.monotonic()))
    return frames


def metrics(session: CDPSession) -> dict[str, float]:
    """What the browser counts, the heap after a forced collection."""
    session.send("HeapProfiler.collectGarbage")
    return {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}


def watched(page: Page, session: CDPSession, picture: RedisLivePicture | None, seconds: float) -> dict[str, float]:
    """The page for some seconds: with changes when there is a picture, else at rest."""
    before, long_before = metrics(session), page.evaluate("window.long.length")
    frames = change(picture, seconds) if picture else 0
    page.wait_for_timeout(500 if picture else seconds * 1000)
    after, durations = metrics(session), page.evaluate("window.long")[long_before:]
    worked = {name: after[name] - before[name] for name in ("TaskDuration", "ScriptDuration", "LayoutDuration", "RecalcStyleDuration")}
    return {
        "frames": frames,
        **{f"{name}_ms_s": round(value * 1000 / seconds, 1) for name, value in worked.items()},
        **({f"{name}_ms_a_frame": round(value * 1000 / frames, 2) for name, value in worked.items()} if frames else {}),
        "long_tasks": len(durations),
        "long_tasks_ms": round(sum(durations)),
        "heap_mb": round(after["JSHeapUsedSize"] / 1e6, 2),
    }


def main() -> None:
    """At rest, warm, then measured."""
    chosen = options(__doc__ or "", seconds=60.0)
    seconds = 8.0 if chosen.quick else chosen.seconds
    with engines() as urls, sync_playwright() as playwright:
        engine = make_engine(urls.database or "")
        register(engine, DEVICES)
        picture = RedisLivePicture(urls.redis or "")
        picture.rebuild("bench", {f"d{n}": record(n, 0) for n in range(DEVICES)}, {}, {})
        token = people(engine, 1)[0]
        environment = {**os.environ, **settings_of(urls).to_environment(), "CITYDECK_DATA_DIR": str(Path(ROOT, "var"))}
        with web(environment) as (port, _):
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
            context = browser.new_context(viewport={"width": 1920, "height": 1080})
            context.add_init_script(LONG)
            context.add_cookies([{"name": "citydeck_session", "value": token, "url": f"http://127.0.0.1:{port}"}])
            page = context.new_page()
            page.goto(f"http://127.0.0.1:{port}/big")
            page.wait_for_selector("canvas", timeout=60_000)
            page.wait_for_selector("[data-link=live]", state="attached", timeout=30_000)
            page.wait_for_timeout(5_000)
            session = context.new_cdp_session(page)
            session.send("Performance.enable")
            change(picture, 4)
            rest = watched(page, session, None, min(seconds, 10))
            busy = watched(page, session, picture, seconds)
            browser.close()
        engine.dispose()
    growth = busy["heap_mb"] / rest["heap_mb"] - 1
    script = busy["ScriptDuration_ms_a_frame"]
    report(
        "map",
        devices=DEVICES,
        rest=rest,
        changing=busy,
        heap_growth=round(growth, 3),
        script_mean_ms_a_frame=script,
        target={"main_thread_ms_a_delta": TARGET_MS, "heap_growth": HEAP_GROWTH},
        met=busy["TaskDuration_ms_a_frame"] <= TARGET_MS and growth < HEAP_GROWTH,
    )


if __name__ == "__main__":
    main()
