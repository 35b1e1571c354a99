"""Replay: a step of the player at 60 times on the wall, of a city with a day behind it; from the step's begin until map and lists show it.

    python bench/bench_replay.py [--quick] [--seconds 20] [--speed 60] [--keep DIR]

The demo city's 3,360 devices with their last 24 hours (past_day.py; with --keep the filled database stays in DIR), one gunicorn worker,
Chromium on /big with software GL. `gaps`: steps that were shown more than half a second later than a second after the one before.
Beside it, in the same run, parts on their own, asked at moments that nobody has asked for: the past's records from the database, their
picture, and the records as the plain way finds them (the newest of a series by receipt, looked for among a day of later readings).
"""

import itertools
import random
import statistics
import time
from collections.abc import Callable
from typing import Any

from common import engines, options, quantile, report
from past_day import fill
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import Engine, text
from web_worker import BROWSER, environment_of, people, web

from config.alarm_care import load_alarm_care
from config.freshness import load_freshness
from data_adapters.holidays import working_time
from data_adapters.live_incidents import past_incidents
from data_adapters.sql.database import make_engine
from data_adapters.sql.past_picture import SqlPastPicture
from domain.alarm_rules import POSITION
from domain.event_time import to_datetime
from services.mirror import mirror_of

HOURS, HOUR_MS, TARGET_MS = 24, 3_600_000, 300
LATE_MS = 500
PLAIN = """SELECT s.device_id, s.metric, r.at, r.value, r.text_value, r.quality FROM series s CROSS JOIN LATERAL (
    SELECT at, value, text_value, quality FROM readings r WHERE r.device_id = s.device_id AND r.metric = s.metric
        AND r.at <= CAST(:at AS timestamptz) + interval '1 day' AND r.received_at <= :at ORDER BY r.at DESC LIMIT 1) r
    WHERE s.metric <> :position"""


def timed(deed: Callable[[int], Any], moments: list[int]) -> list[float]:
    """Milliseconds of each moment."""
    found = []
    for at in moments:
        started = time.perf_counter()
        deed(at)
        found.append((time.perf_counter() - started) * 1000)
    return found


def parts(engine: Engine, until: int, turns: int) -> dict[str, float]:
    """Medians of the parts, in ms, at moments over the whole day."""
    dice = random.Random(11)
    moments = [until - dice.randrange(HOUR_MS, (HOURS - 1) * HOUR_MS) for _ in range(turns)]
    past = SqlPastPicture(engine, load_alarm_care().cleared_shown_ms, past_incidents(engine, working_time()), load_alarm_care().flapping)
    records = past.records(moments[0])

    def plain(at: int) -> None:
        with engine.connect() as tx:
            tx.execute(text(PLAIN), {"at": to_datetime(at), "position": POSITION}).all()

    deeds = {"records": past.records, "picture": lambda at: mirror_of(records, at, load_freshness()), "plain_values": plain}
    return {name: round(statistics.median(timed(deed, moments)), 1) for name, deed in deeds.items()}


def play(page: Page, speed: str, seconds: float) -> list[dict[str, float]]:
    """Let it play; each step's begin and how long it took until both showed it. The first two warm the browser and are left out."""
    page.wait_for_selector(".city-map[data-ready=yes]", timeout=60_000)
    page.wait_for_function("() => !document.querySelector('.state-loading')", timeout=60_000)
    page.locator("[data-replay='speed']").select_option(speed)
    page.locator("[data-replay='play']").click()
    page.wait_for_timeout(seconds * 1000)
    page.locator("[data-replay='play']").click()
    found: list[dict[str, float]] = page.evaluate("citydeckReplay.steps")
    return found[2:]


def summary(steps: list[dict[str, float]]) -> dict[str, Any]:
    """The figures of the steps."""
    took = [step["took"] for step in steps]
    shown = [step["begun"] + step["took"] for step in steps]
    apart = [after - before for before, after in itertools.pairwise(shown)]
    return {
        "steps": len(steps),
        "median_ms": round(quantile(took, 0.5)),
        "p95_ms": round(quantile(took, 0.95)),
        "apart_ms": round(quantile(apart, 0.5)),
        "gaps": sum(one > 1000 + LATE_MS for one in apart),
    }


def main() -> None:
    """Fill, ask for the parts, play."""
    chosen = options(__doc__ or "", seconds=20.0, speed="60", keep="")
    hours = 3 if chosen.quick else HOURS
    with engines(keep=chosen.keep) as urls, sync_playwright() as playwright:
        engine = make_engine(urls.database or "")
        until = fill(engine, urls.redis or "", HOURS if chosen.keep else hours)
        asked = parts(engine, until, 3 if chosen.quick else 10) if hours == HOURS or chosen.keep else {}
        with web(environment_of(urls)) as (port, _):
            browser = playwright.chromium.launch(**BROWSER)
            context = browser.new_context(viewport={"width": 1920, "height": 1080})
            context.add_cookies([{"name": "citydeck_session", "value": people(engine, 1)[0], "url": f"http://127.0.0.1:{port}"}])
            page = context.new_page()
            at = until - 2 * HOUR_MS
            page.goto(f"http://127.0.0.1:{port}/big?at={at}&from={at}&to={until}")
            found = summary(play(page, chosen.speed, 8.0 if chosen.quick else chosen.seconds))
            browser.close()
        engine.dispose()
    ratio = round(asked["plain_values"] / asked["records"], 1) if asked else None
    met = found["median_ms"] <= TARGET_MS and not found["gaps"]
    report("replay", speed=int(chosen.speed), **found, parts_ms=asked, plain_values_to_records=ratio, target_ms=TARGET_MS, met=met)


if __name__ == "__main__":
    main()
