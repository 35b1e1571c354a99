"""The wall's first meaningful picture in a browser that holds nothing: from the address to the map drawn and every panel filled.

    python bench/bench_wall_start.py [--times 7] [--url http://127.0.0.1:8050 --accounts var/accounts.json]

On a city that runs already (`make run`), or on one of its own with the demo's devices and no traffic. Each time a new browser context
opens /big as a duty officer at 1920x1080; the page itself notes when it was painted first, when no panel was loading any more, and
when its map was drawn too.
"""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from common import options, quantile, report
from playwright.sync_api import Browser, sync_playwright
from web_worker import BROWSER

from data_adapters.demo.pack import build_demo_pack
from tests.law.real_city import RealCity

TARGET_MS = 2_000
WAIT_MS = 60_000
NOTE = """
  window.stood = {};
  const note = () => {
    const main = document.querySelector('main.face-big, main .face-big');
    if (!main || !main.querySelector('[data-panel]') || main.querySelector('.state-loading')) return requestAnimationFrame(note);
    window.stood.panels ??= performance.now();
    if (main.querySelector('.city-map:not([data-ready=yes])')) return requestAnimationFrame(note);
    window.stood.whole = performance.now();
  };
  requestAnimationFrame(note);
"""
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"


@contextmanager
def city(url: str, accounts: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Address and duty officer of the city at `url`, or of one that is started for this."""
    if url:
        yield url, json.loads(Path(accounts).read_text())["duty_officer"]
        return
    folder = Path(tempfile.mkdtemp(prefix="citydeck-bench-"))
    folder.chmod(0o755)
    try:
        with RealCity(folder, build_demo_pack(folder / "pack")) as running:
            running.wait_ready(180)
            yield running.url, running.account("duty_officer")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def start(browser: Browser, url: str, account: dict[str, str]) -> dict[str, float]:
    """One cold start: ms to the first paint, to all panels, to the whole picture."""
    context = browser.new_context(viewport={"width": 1920, "height": 1080}, ignore_https_errors=True)
    try:
        answer = context.request.post(f"{url}/api/v1/session", data=account)
        if answer.status != 204:
            raise RuntimeError(f"the duty officer can't sign in: {answer.status}")
        page = context.new_page()
        page.add_init_script(NOTE)
        page.goto(f"{url}/big?scene=overview", wait_until="commit")
        page.wait_for_function("() => window.stood?.whole", timeout=WAIT_MS)
        return {"painted": page.evaluate(PAINTED), **page.evaluate("() => window.stood")}
    finally:
        context.close()


def main() -> None:
    """The command line."""
    chosen = options("The wall's first meaningful picture.", url="", accounts="var/accounts.json", times=7)
    with city(chosen.url, chosen.accounts) as (url, account), sync_playwright() as play:
        browser = play.chromium.launch(**BROWSER)
        starts = [start(browser, url, account) for _ in range(2 if chosen.quick else chosen.times)]
        browser.close()
    figures = {
        stage: {"median_ms": round(quantile([one[stage] for one in starts], 0.5)), "worst_ms": round(max(one[stage] for one in starts))}
        for stage in ("painted", "panels", "whole")
    }
    report("wall_start", target_ms=TARGET_MS, times=len(starts), met=figures["whole"]["median_ms"] <= TARGET_MS, **figures)


if __name__ == "__main__":
    main()
