"""The wall's map with 50,000 devices: how long the page's main thread works for a picture, and how many pictures a second are drawn.

    python bench/bench_wall_map.py [--devices 50000] [--vehicles 300] [--seconds 10] [--quick]

A scene of the wall on the tests' fake city, in Chromium with software GL at 1920 x 1080. First while vehicles drive (each is told anew
once a second and drawn on its way in between) and 1,000 devices a second go or come back; then while the map flies through the city
with all of that. Of each second: the work of the main thread (Chrome DevTools' TaskDuration), and the pauses between two pictures.
The peer is MapLibre alone in the same browser and of the same size, with the same devices as circles and nothing else: it flies as well.
`of_peer`: our pictures a second in flight, as a share of the peer's; half of them is the least, for all that the wall draws besides.
"""

import math
import socket
import threading
import time
from typing import Any

from common import options, quantile, report
from playwright.sync_api import BrowserContext, CDPSession, Page, sync_playwright
from web_worker import BROWSER
from werkzeug.serving import make_server

from tests.fake_server import make_app
from tests.fake_wall import enrich
from tests.fakes import make_city, towns

TARGET_WORK, TARGET_PAUSE_MS, TARGET_SHARE = 0.5, 100, 0.5
GOING = 1000
DRIVE = """([many, going]) => {
  const city = document.querySelector('.city-map').cityMap, ids = [...city.points.keys()], pieces = {}, now = Date.now();
  const turn = window.turn = (window.turn || 0) + 1;
  const drive = (n) => ({ at: now, course: n,
    lon: 113.75 + 0.25 * Math.sin(n + turn / 40), lat: 22.93 + 0.15 * Math.cos(n * 1.7 + turn / 50) });
  pieces['441900|police|vehicles'] = Object.fromEntries(Array.from({ length: many }, (_, n) => [`v${n}`, drive(n)]));
  const gone = Array.from({ length: going }, (_, n) => [ids[(turn * going + n) % ids.length], turn % 2 === 0]);
  pieces['441900121|water|status'] = Object.fromEntries(gone);
  document.dispatchEvent(new CustomEvent('citydeck:delta', { detail: { pieces } }));
}"""
PAUSES = """() => {
  const held = window.pauses || [];
  window.pauses = [];
  if (window.watching) return held;
  let last = 0;
  const next = (at) => { if (last) window.pauses.push(at - last); last = at; requestAnimationFrame(next); };
  window.watching = requestAnimationFrame(next);
  return held;
}"""
PLAIN = """async () => {
  const answer = await (await fetch('/api/v1/map')).json();
  const library = Object.assign(document.createElement('script'), { src: '/vendor/maplibre-gl.js' });
  await new Promise((done) => { library.onload = done; document.head.append(library); });
  document.body.innerHTML = '<div class="city-map" style="position:fixed;inset:0"></div>';
  const container = document.body.firstChild;
  const map = new maplibregl.Map({ container, center: [113.75, 22.93], zoom: 9.5, attributionControl: false, style: { version: 8,
    sources: { devices: { type: 'geojson', data: answer.devices } },
    layers: [{ id: 'ground', type: 'background', paint: { 'background-color': '#101418' } },
      { id: 'devices', type: 'circle', source: 'devices', paint: { 'circle-radius': 3, 'circle-color': '#8a97a3' } }] } });
  container.cityMap = { map };
  await new Promise((done) => map.on('load', done));
}"""
PLAIN_SIZE = "() => document.querySelector('.city-map').getBoundingClientRect().toJSON()"
FLY = """(n) => { const map = document.querySelector('.city-map').cityMap.map;
  map.easeTo({ center: [113.7 + 0.2 * Math.sin(n), 22.93 + 0.1 * Math.cos(n)], zoom: n % 2 ? 9.5 : 12, duration: 1000 }); }"""


def worked(session: CDPSession) -> float:
    """Seconds that the page's main thread has worked so far."""
    return float(next(one["value"] for one in session.send("Performance.getMetrics")["metrics"] if one["name"] == "TaskDuration"))


def watched(page: Page, session: CDPSession, seconds: int, vehicles: int | None, fly: bool) -> dict[str, Any]:
    """Each second's work and the pauses between pictures; no `vehicles`: nothing drives."""
    page.evaluate(PAUSES)
    before, each = worked(session), []
    for second in range(seconds):
        if vehicles is not None:
            page.evaluate(DRIVE, [vehicles, GOING])
        if fly:
            page.evaluate(FLY, second)
        time.sleep(1)
        after = worked(session)
        each.append(after - before)
        before = after
    pauses = page.evaluate(PAUSES)
    figures = {"median_ms": round(quantile(pauses, 0.5), 1), "p95_ms": round(quantile(pauses, 0.95), 1), "longest_ms": round(max(pauses))}
    return {"work_of_a_second": round(quantile(each, 0.5), 2), "pictures_a_second": round(len(pauses) / sum(pauses) * 1000, 1), **figures}


def plain(context: BrowserContext, address: str, size: dict[str, float], seconds: int) -> dict[str, Any]:
    """The peer in flight, as large as the wall's map was."""
    page = context.new_page()
    page.set_viewport_size({"width": round(size["width"]), "height": round(size["height"])})
    page.goto(f"{address}/healthz")
    page.evaluate(PLAIN)
    page.wait_for_timeout(3000)
    session = context.new_cdp_session(page)
    session.send("Performance.enable")
    return watched(page, session, seconds, None, fly=True)


def main() -> None:
    """Start the fake city, draw its wall, watch it."""
    chosen = options(__doc__ or "", devices=50_000, vehicles=300, seconds=10)
    seconds = 3 if chosen.quick else chosen.seconds
    city = enrich(make_city(int(time.time() * 1000), per_town=math.ceil(chosen.devices / len(towns()))))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = make_server("127.0.0.1", port, make_app(city).server, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**BROWSER)
        context = browser.new_context(viewport={"width": 1920, "height": 1080})
        context.add_cookies([{"name": "citydeck_session", "value": "duty_officer", "url": f"http://127.0.0.1:{port}"}])
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{port}/big?scene=overview")
        page.wait_for_selector(".city-map[data-ready=yes]", timeout=120_000)
        page.wait_for_timeout(5000)
        session = context.new_cdp_session(page)
        session.send("Performance.enable")
        driving = watched(page, session, seconds, chosen.vehicles, fly=False)
        flying = watched(page, session, seconds, chosen.vehicles, fly=True)
        size = page.evaluate(PLAIN_SIZE)
        page.close()
        peer = plain(context, f"http://127.0.0.1:{port}", size, seconds)
        browser.close()
    server.shutdown()
    ratio = round(flying["pictures_a_second"] / peer["pictures_a_second"], 2)
    met = driving["work_of_a_second"] <= TARGET_WORK and driving["p95_ms"] <= TARGET_PAUSE_MS and ratio >= TARGET_SHARE
    target = {"work_of_a_second": TARGET_WORK, "p95_ms": TARGET_PAUSE_MS, "of_peer": TARGET_SHARE}
    found = {"driving": driving, "flying": flying, "peer_flying": peer, "of_peer": ratio}
    report("wall_map", devices=len(city.store.held), vehicles=chosen.vehicles, **found, target=target, met=met)


if __name__ == "__main__":
    main()
