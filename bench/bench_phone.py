"""The phone over a slow network: from the address to the first picture that somebody can work with, and how many bytes that takes.

    python bench/bench_phone.py [--quick] [--times 5]

The city's web worker on real engines, twenty incidents in the database; Chromium at 390x844 whose network the DevTools protocol slows down.
Each time a browser that holds nothing opens /mobile as an operator; then the same browser opens it again with what it has kept. Usable
is when the work tab shows its list (`data-ready` and a card); painted is the first contentful paint.
"""

from contextlib import ExitStack
from typing import Any, NamedTuple

import requests
from common import engines, options, quantile, register, report
from playwright.sync_api import Browser, sync_playwright
from web_worker import BROWSER, environment_of, people, web

from data_adapters.sql.database import make_engine

TARGET_MS, LIMIT_KB = 8_000, 300
INCIDENTS = 20
USABLE = "[data-field=work][data-ready=yes] .field-card"
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"


class Network(NamedTuple):
    """What a network carries: kbit/s down and up, and the way there and back in ms."""

    down: int
    up: int
    latency_ms: int


NETWORKS = {"3g": Network(1_600, 768, 300), "slow_3g": Network(400, 400, 400)}
"""WebPageTest's 3G, and Chromium's slow one."""


def report_incidents(url: str, token: str) -> None:
    """Twenty reports by phone, so that the list has something to show."""
    for n in range(INCIDENTS):
        place = {"lon": 113.6 + n * 0.01, "lat": 22.9, "address": f"示例路 {n} 号"}
        data = {"title": f"路面积水 {n}", "source": "hotline", "class_code": "standing_water", "place": place}
        said = {"data": data, "request_id": f"{n:032x}"}
        requests.post(f"{url}/api/v1/incidents", json=said, headers={"Authorization": f"Bearer {token}"}, timeout=20).raise_for_status()


def visit(browser: Browser, url: str, token: str, network: Network) -> dict[str, float]:
    """One browser that holds nothing, and the same again: ms to the first paint and to the usable list, kB that came over the wire."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    context.add_cookies([{"name": "citydeck_session", "value": token, "url": url}])
    page, got = context.new_page(), [0]
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    speed = {"downloadThroughput": network.down * 125, "uploadThroughput": network.up * 125}
    devtools.send("Network.emulateNetworkConditions", {"offline": False, "latency": network.latency_ms, **speed})
    devtools.on("Network.loadingFinished", lambda event: got.__setitem__(0, got[0] + int(event["encodedDataLength"])))
    found: dict[str, float] = {}
    for turn in ("first", "again"):
        got[0] = 0
        page.goto(f"{url}/mobile", wait_until="commit", timeout=120_000)
        page.wait_for_selector(USABLE, timeout=120_000)
        found[f"{turn}_usable_ms"] = page.evaluate("performance.now()")
        found[f"{turn}_painted_ms"] = page.evaluate(PAINTED)
        found[f"{turn}_kb"] = got[0] / 1000
        page.wait_for_timeout(1_500)
    context.close()
    return found


def measure(browser: Browser, url: str, token: str, times: int) -> dict[str, dict[str, int]]:
    """Network -> the median of each figure, and the worst time to the usable list."""
    found: dict[str, dict[str, int]] = {}
    for name, network in NETWORKS.items():
        runs = [visit(browser, url, token, network) for _ in range(times)]
        found[name] = {key: round(quantile([run[key] for run in runs], 0.5)) for key in runs[0]}
        found[name]["first_usable_worst_ms"] = round(max(run["first_usable_ms"] for run in runs))
    return found


def main() -> None:
    """Bring up the engines and a web worker, and visit."""
    chosen = options(__doc__ or "", times=5)
    with ExitStack() as stack:
        urls: Any = stack.enter_context(engines())
        engine = make_engine(urls.database or "")
        stack.callback(engine.dispose)
        register(engine, 200)
        token = people(engine, 1)[0]
        port, _ = stack.enter_context(web(environment_of(urls)))
        url = f"http://127.0.0.1:{port}"
        report_incidents(url, token)
        browser = stack.enter_context(sync_playwright()).chromium.launch(**BROWSER)
        stack.callback(browser.close)
        found = measure(browser, url, token, 1 if chosen.quick else chosen.times)
    met = found["3g"]["first_usable_ms"] <= TARGET_MS and found["3g"]["first_kb"] <= LIMIT_KB
    report("phone", networks={name: network._asdict() for name, network in NETWORKS.items()}, **found, target_ms=TARGET_MS, met=met)


if __name__ == "__main__":
    main()
