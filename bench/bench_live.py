"""Live: from the publishing of a message to the changed element in a real browser, with 10,000 devices and 2,000 messages a second.

    python bench/bench_live.py [--quick] [--rate 2000] [--seconds 30] [--connections 4]

The whole way: broker, an ingest worker and the jobs in processes of their own, the live picture, a web worker, Chromium on the wall
(/big). Twenty devices are probes: each of their messages has another value, and the page notes when an element first shows it (one
clock, one machine). From the p95 the batch time (500 ms) and the frame time (250 ms) are taken off. The stages say where the time goes.

Then, with the city at rest, how many bytes a screen gets when 1, 10, 50 and 100 % of the devices change each second; and the plain Dash
way in the same load: an interval of a second and the whole figure again (plain_dash.py).
"""

import json
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

from common import REGIONS, ROOT, engines, options, quantile, register, report
from playwright.sync_api import sync_playwright
from publisher import DEVICES, PROBES
from redis import Redis
from sqlalchemy import Engine, text
from web_worker import BROWSER, environment_of, now, people, web

from data_adapters.feeds.registry import configured
from data_adapters.live_redis import FRAMES, RedisLivePicture
from data_adapters.mqtt import make_sessions
from data_adapters.sql.database import make_engine
from data_adapters.topic_plan import plan

BATCH_MS, FRAME_MS, TARGET_MS = 500, 250, 300
SHARES = (0.01, 0.1, 0.5, 1.0)
PROBE = re.compile(rb'"pm10":\[\d+,(\d+)')
ELEMENTS = """(many) => {
  const box = Object.assign(document.createElement("div"), {id: "probes"});
  for (let n = 0; n < many; n++) {
    const probe = document.createElement("b");
    Object.assign(probe.dataset, {live: `d${n}.pm10`, decimals: "0"});
    box.append(probe);
  }
  document.body.append(box);
  window.came = {};
  document.addEventListener("citydeck:delta", (event) => (window.came[event.detail.version] = Date.now()));
}"""
WATCH = """() => {
  const box = document.getElementById("probes");
  window.seen = {};
  const note = () => { for (const probe of box.children) window.seen[probe.textContent.trim()] ??= Date.now(); };
  new MutationObserver(note).observe(box, {childList: true, characterData: true, subtree: true});
}"""
Times = dict[int, int]
"""A probe's number -> epoch ms."""


def look(playwright: Any, url: str, token: str, ready: str, prepare: Callable[[Any], Any], load: list[str]) -> tuple[Any, dict[str, Any]]:
    """Open the page, let the load run, return what the load told and what the page saw."""
    browser = playwright.chromium.launch(**BROWSER)
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    context.add_cookies([{"name": "citydeck_session", "value": token, "url": url}])
    page = context.new_page()
    page.goto(url)
    page.wait_for_selector(ready, state="attached", timeout=60_000)
    prepare(page)
    page.evaluate(WATCH)
    page.wait_for_timeout(3_000)
    done = subprocess.Popen([sys.executable, str(ROOT / "bench" / "publisher.py"), *load], stdout=subprocess.PIPE, text=True)
    while done.poll() is None:
        page.wait_for_timeout(200)
    page.wait_for_timeout(3_000)
    told = json.loads(done.stdout.read() if done.stdout else "{}")
    saw = page.evaluate("({seen: window.seen, came: window.came || {}})")
    browser.close()
    return told, saw


@contextmanager
def frames_noted(url: str) -> Any:
    """While open, notes for each probe's number the first frame that holds it: (version, made at)."""
    redis, found, over = Redis.from_url(url), {}, threading.Event()

    def follow() -> None:
        last: Any = "$"
        while not over.is_set():
            for _, entries in redis.xread({FRAMES: last}, block=300) or ():
                for last, fields in entries:
                    for number in PROBE.findall(fields[b"p"]):
                        found.setdefault(int(number), (int(last.split(b"-")[0]), int(fields[b"t"])))

    thread = threading.Thread(target=follow)
    thread.start()
    try:
        yield found
    finally:
        over.set()
        thread.join()


@contextmanager
def part(script: str, environment: dict[str, str]) -> Any:
    """A part of the city in a process of its own."""
    process = subprocess.Popen([sys.executable, script], cwd=ROOT, env=environment)
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


def spread(times: list[int]) -> dict[str, int]:
    """Median and p95."""
    return {"median": round(quantile(times, 0.5)), "p95": round(quantile(times, 0.95))} if times else {}


def stages(
    sent: Mapping[int, tuple[int, int]], received: Times, frames: Mapping[int, tuple[int, int]], saw: Any
) -> dict[str, dict[str, int]]:
    """How long each stage of the way took; `acknowledged` is beside the way, not on it."""
    came = {int(version): at for version, at in saw["came"].items()}
    known = [n for n in sent if n in received and n in frames and str(n) in saw["seen"] and frames[n][0] in came]
    return {
        "acknowledged": spread([answered - at for at, answered in sent.values() if answered]),
        "sent_to_ingest": spread([received[n] - sent[n][0] for n in known]),
        "ingest_to_frame": spread([frames[n][1] - received[n] for n in known]),
        "frame_to_page": spread([came[frames[n][0]] - frames[n][1] for n in known]),
        "page_to_element": spread([saw["seen"][str(n)] - came[frames[n][0]] for n in known]),
    }


def summary(told: Any, saw: Any) -> dict[str, Any]:
    """The figures of one way."""
    sent = {int(n): times for n, times in told["probes"].items()}
    took = [saw["seen"][str(n)] - at for n, (at, _) in sent.items() if str(n) in saw["seen"]]
    return {"messages_per_s": round(told["reached"]), "probes": len(sent), "probes_shown": len(took), "ms": spread(took)}


def received_at(engine: Engine) -> Times:
    """When the ingest worker took each probe from the broker."""
    query = "SELECT CAST(value AS int), CAST(extract(epoch FROM received_at) * 1000 AS bigint) FROM readings WHERE metric = 'pm10'"
    with engine.connect() as connection:
        return {number: at for number, at in connection.execute(text(query))}


def changed(share: float, turn: int) -> dict[str, Any]:
    """The devices that change in a quarter of a second when `share` of them change in a second."""
    many = int(DEVICES * share / 4)
    where = {"department": "ecology", "kind": "air_quality", "interval_s": 60, "online": True}
    some = (n % DEVICES for n in range(turn * many, (turn + 1) * many))
    return {f"d{n}": {**where, "region": REGIONS[n % len(REGIONS)], "values": {"pm25": [now(), float(turn % 150), "good"]}} for n in some}


def sweep(redis_url: str, port: int, token: str, seconds: float) -> dict[str, float]:
    """kB a second that one screen of the whole city gets, by the share of devices that change in a second."""
    picture, found = RedisLivePicture(redis_url), {}
    epoch = picture.epoch() or ""
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(f"GET /live HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
        picture.write(epoch, changed(4.0, 0), {}, {})
        picture.flush()
        _drain(line, 3.0)
        for share in SHARES:
            got, turn, until = 0, 0, time.monotonic() + seconds
            while time.monotonic() < until:
                next_at = time.monotonic() + 0.25
                picture.write(epoch, changed(share, turn), {}, {})
                picture.flush()
                got, turn = got + _drain(line, next_at - time.monotonic()), turn + 1
            got += _drain(line, 0.7)
            found[f"{share:.0%}"] = round(got / seconds / 1000, 1)
    return found


def _drain(line: socket.socket, seconds: float) -> int:
    until, got = time.monotonic() + seconds, 0
    while (left := until - time.monotonic()) > 0:
        line.settimeout(left)
        try:
            got += len(line.recv(1 << 20))
        except TimeoutError:
            break
    return got


def city_way(playwright: Any, urls: Any, engine: Engine, load: list[str], quick: bool) -> dict[str, Any]:
    """CityDeck's figures, its stages and its bytes."""
    token, environment = people(engine, 1)[0], environment_of(urls)
    with web(environment) as (port, _):
        with part("ingest.py", environment), part("jobs.py", environment), frames_noted(urls.redis) as frames:
            prepare = lambda page: page.evaluate(ELEMENTS, PROBES)  # noqa: E731
            told, saw = look(playwright, f"http://127.0.0.1:{port}/big?scene=overview", token, "[data-link=live]", prepare, load)
        sent = {int(n): times for n, times in told["probes"].items()}
        kilobytes = sweep(urls.redis, port, token, 2.0 if quick else 4.0)
    return {**summary(told, saw), "stages_ms": stages(sent, received_at(engine), frames, saw), "kb_s_by_share_changed": kilobytes}


def plain_way(playwright: Any, urls: Any, load: list[str]) -> dict[str, Any]:
    """The figures of the plain way, and the bytes of one answer."""
    environment = {**environment_of(urls), "PYTHONPATH": f"{ROOT}:{ROOT / 'bench'}"}
    with web(environment, "plain_dash:make()", "gthread", "/sent") as (port, _):
        url = f"http://127.0.0.1:{port}/"
        told, saw = look(playwright, url, "none", "#probes b", lambda page: None, load)
        sent = json.load(urllib.request.urlopen(f"{url}sent"))
    return {**summary(told, saw), "kb_an_answer": round(sent["bytes"] / max(1, sent["times"]) / 1000, 1), "answers": sent["times"]}


def main() -> None:
    """Bring up the way, drive it, then the plain way."""
    chosen = options(__doc__ or "", rate=2_000, seconds=30.0, connections=4)
    seconds = 8.0 if chosen.quick else chosen.seconds
    with ExitStack() as stack:
        urls = stack.enter_context(engines())
        playwright = stack.enter_context(sync_playwright())
        engine = make_engine(urls.database or "")
        stack.callback(engine.dispose)
        register(engine, DEVICES)
        make_sessions(urls.mqtt or "", plan(1, configured(), nats=True).shares())
        load = [urls.mqtt or "", str(chosen.rate), str(seconds), str(chosen.connections)]
        city = city_way(playwright, urls, engine, load, chosen.quick)
        print(json.dumps(city), flush=True)
        plain = plain_way(playwright, urls, [*load[:2], str(min(seconds, 15.0)), load[3]])
    above = city["ms"].get("p95", 1e9) - BATCH_MS - FRAME_MS
    all_shown = city["probes_shown"] >= 0.98 * city["probes"] and city["messages_per_s"] >= 0.98 * chosen.rate
    report(
        "live",
        devices=DEVICES,
        citydeck=city,
        plain_dash=plain,
        p95_above_batch_and_frame_ms=above,
        target_ms=TARGET_MS,
        met=above <= TARGET_MS and all_shown,
    )


if __name__ == "__main__":
    main()
