"""How long until a camera's first frame is on the screen, from the moment its box stands on the page, by WHEP, HLS and fMP4.

Real media on loopback (ffmpeg, nginx with its RTMP module, aiortc) through one web worker under gunicorn into a real Chromium. The limit is
2 s; beside it stands the same HLS played straight from its server, without CityDeck between. The ways take turns, and no start is begun
after `--seconds`; one that shows nothing within GIVE_UP_MS counts as so long. Only the media of the way that is measured are being made.
"""

import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any

from common import engines, options, quantile, report
from playwright.sync_api import Error, Page, sync_playwright

from tests.media_servers import fmp4_server, hls_server, missing, whep_server
from tests.video_worker import Worker, video_worker

LIMIT_MS, GIVE_UP_MS = 2_000, 12_000
BROWSER: dict[str, Any] = {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox"]}
STARTS = """([camera, give_up]) => new Promise((done) => {
  document.addEventListener("citydeck:playing", (event) => done([event.detail.way, performance.now() - began]), { once: true });
  const box = document.createElement("div");
  box.dataset.player = camera;
  box.style.width = "320px";
  const began = performance.now();
  document.getElementById("boxes").replaceChildren(box);
  setTimeout(() => done(["none", give_up]), give_up);
})"""
PLAIN = """([url, give_up]) => new Promise((done) => {
  const video = Object.assign(document.createElement("video"), { muted: true, autoplay: true, src: url }), began = performance.now();
  video.requestVideoFrameCallback(() => done(["plain", performance.now() - began]));
  document.body.replaceChildren(video);
  setTimeout(() => done(["none", give_up]), give_up);
})"""
Start = Callable[[Page], tuple[str, float]]


def through_citydeck(worker: Worker, camera: str) -> Start:
    """A start on a fresh page of the worker."""
    return lambda page: _asked(page, worker.page(), STARTS, camera)


def straight(playlist: str) -> Start:
    """The playlist straight from its server, on a page of that server."""
    return lambda page: _asked(page, playlist.rpartition("/")[0] + "/none", PLAIN, playlist)


def _asked(page: Page, address: str, script: str, what: str) -> tuple[str, float]:
    """The way that it came, and milliseconds; `none` where nothing came, or the browser did not answer."""
    try:
        page.goto("about:blank")
        page.goto(address, wait_until="domcontentloaded")
        way, ms = page.evaluate(script, [what, GIVE_UP_MS])
    except Error:
        return "none", GIVE_UP_MS
    return way, ms


def measured(page: Page, starts: Mapping[str, Start], many: int, until: float) -> dict[str, Any]:
    """So many starts of each, in turns, none begun after `until` (monotonic seconds)."""
    found: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for _ in range(many):
        for name, start in starts.items():
            if time.monotonic() < until or not found[name]:
                found[name].append(start(page))
    return {name: _said(held) for name, held in found.items()}


def _said(held: list[tuple[str, float]]) -> dict[str, Any]:
    took = [ms for _, ms in held]
    times = {"median_ms": round(quantile(took, 0.5)), "p95_ms": round(quantile(took, 0.95)), "worst_ms": round(max(took))}
    return {"starts": len(held), "ways": sorted({way for way, _ in held}), **times}


def met(name: str, one: Mapping[str, Any]) -> bool:
    """Whether this way kept the limit, and every start came by it."""
    return one["p95_ms"] <= LIMIT_MS and one["ways"] == [name]


@contextmanager
def way_of(name: str, folder: Path) -> Iterator[str]:
    """The address of pictures that are made only while this way is measured."""
    servers: dict[str, Callable[[], AbstractContextManager[Any]]] = {
        "whep": whep_server, "fmp4": fmp4_server, "hls": lambda: hls_server(folder / "media"),
    }  # fmt: skip
    with servers[name]() as (address, _):
        yield address


def main() -> None:
    """Each way in turn."""
    chosen = options(__doc__ or "", starts=20, seconds=60)
    many, seconds = (3, 20) if chosen.quick else (chosen.starts, chosen.seconds)
    if lacks := missing():
        report("player", skipped=f"real media need {lacks}")
        return
    found: dict[str, Any] = {}
    with ExitStack() as stack:
        urls = stack.enter_context(engines({"database"}))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.chmod(0o755)
        browser = stack.enter_context(sync_playwright()).chromium.launch(**BROWSER)
        stack.callback(browser.close)
        page = browser.new_page()
        page.set_default_timeout(GIVE_UP_MS + 2_000)
        for name in ("hls", "fmp4", "whep"):
            with way_of(name, folder) as address, video_worker(urls.database or "", {name: {name: address}}) as worker:
                starts = {name: through_citydeck(worker, name)}
                if name == "hls":
                    starts["hls_without_citydeck"] = straight(address)
                found |= measured(page, starts, many, time.monotonic() + seconds / 3)
    kept = all(met(name, found[name]) for name in ("hls", "fmp4", "whep"))
    report("player", limit_ms=LIMIT_MS, **found, met=kept)


if __name__ == "__main__":
    main()
