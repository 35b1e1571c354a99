"""What cameras recorded, in a real browser: the minute before an alarm with one tap, any other time by a field, or why there is nothing."""

import os
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from data_adapters.demo.clips import STREAMS, serve
from data_adapters.sql.database import make_engine
from tests.video_worker import Worker, video_worker

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("CITYDECK_SHOTS")
MINUTE, HOUR = 60_000, 3_600_000
LOCAL = "at => window.citydeckPlayer.local(at).replace(' ', 'T')"


@pytest.fixture(scope="module")
def cameras() -> dict[str, dict[str, str]]:
    """Those that offer recordings as a playlist, as one piece, and not at all."""
    base = serve()
    urls = {way: f"{base}/road/{name}" for way, name in STREAMS.items()}
    live = {"hls": urls["hls"]}
    return {"gate": {**live, "past_hls": urls["past_hls"]}, "yard": {**live, "past_fmp4": urls["past_fmp4"]}, "lane": live}


@pytest.fixture(scope="module")
def worker(cameras: dict[str, dict[str, str]], database_url: str) -> Iterator[Worker]:
    engine = make_engine(database_url)
    with video_worker(database_url, cameras, roles=["dispatcher"]) as running:
        yield running
    engine.dispose()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1100, "height": 700}, timezone_id="Europe/Berlin")
    made = context.new_page()
    made.set_default_timeout(20_000)
    yield made
    context.close()


def playing(page: Page, start: int | None) -> None:
    """Until the player plays what begins at `start`, or what the camera sees now."""
    held = f'[data-start="{start}"]' if start else ":not([data-start])"
    page.wait_for_selector(f'[data-player][data-state="playing"]{held}')


@pytest.mark.parametrize("camera", ["gate", "yard"])
def test_one_tap_plays_the_minute_before_the_alarm_a_field_any_time_and_another_tap_what_is_now(page: Page, worker: Worker, camera: str):
    alarm = (int(time.time()) - 300) * 1000
    page.goto(worker.page(camera, wide=640, moment=alarm))
    playing(page, None)
    page.click(".player-rewind")
    page.get_by_role("button", name="告警前 1 分钟").click()
    playing(page, alarm - MINUTE)
    assert f"{camera} {alarm - MINUTE} {alarm + MINUTE}" in worker.told()["asked"], "so much before it, so much after it"
    shown = page.evaluate(LOCAL, alarm - MINUTE)[5:16].replace("T", " ")
    expect(page.locator(".player-time")).to_contain_text(shown)
    expect(page.locator(".player-status")).to_have_text("回放")
    expect(page.locator(".player-mark span").first).to_contain_text("王敏 wang · 20")
    first = page.evaluate("document.querySelector('video').currentTime")
    page.wait_for_timeout(1500)
    later = page.evaluate("document.querySelector('video').currentTime")
    assert 0.5 < later - first < 4, "it plays as fast as it was, however fast it comes"
    shot(page, camera)
    page.click(".player-rewind")
    shot(page, f"{camera}_strip")
    page.locator("[type=datetime-local]").fill(page.evaluate(LOCAL, alarm - HOUR))
    page.get_by_role("button", name="播放").click()
    playing(page, alarm - HOUR)
    page.click(".player-rewind")
    page.get_by_role("button", name="再往前 1 分钟").click()
    page.wait_for_function(f"Number(document.querySelector('[data-player]').dataset.start) < {alarm - HOUR - 50_000}")
    page.click(".player-live")
    playing(page, None)


def test_a_recording_that_is_over_says_so_and_can_be_seen_again(page: Page, worker: Worker):
    page.goto(worker.page("gate", wide=640))
    playing(page, None)
    page.evaluate("[...window.citydeckPlayer.players.values()][0].play(Date.now() - 9000, Date.now() - 6000)")
    box = page.locator('[data-player][data-state="over"]')
    expect(box).to_contain_text("回放结束")
    page.click(".player-again")
    page.wait_for_selector('[data-state="playing"]')


def test_a_time_of_which_nothing_is_kept_is_refused_in_words(page: Page, worker: Worker):
    page.goto(worker.page("gate", wide=640))
    playing(page, None)
    page.click(".player-rewind")
    expect(page.get_by_role("button", name="最近 1 分钟")).to_be_visible()
    for wrong in (-40 * 24 * HOUR, HOUR):
        page.locator("[type=datetime-local]").fill(page.evaluate(LOCAL, int(time.time()) * 1000 + wrong))
        page.get_by_role("button", name="播放").click()
        expect(page.locator(".player-past")).to_contain_text("只能回放最近 30 天内")
    assert not [one for one in worker.told()["asked"] if one.startswith("gate 1") and int(one.split()[1]) > time.time() * 1000]


def test_a_platform_without_recordings_and_a_person_without_the_right_are_told_so(page: Page, worker: Worker, cameras, database_url: str):
    page.goto(worker.page("lane", wide=640))
    playing(page, None)
    page.click(".player-rewind")
    expect(page.locator(".player-past")).to_have_text("此摄像机的平台不提供录像回放")
    with video_worker(database_url, cameras, roles=["operator"]) as watching:
        page.goto(watching.page("gate", wide=640))
        playing(page, None)
        page.click(".player-rewind")
        expect(page.locator(".player-past")).to_have_text("无权查看录像")
        page.evaluate("[...window.citydeckPlayer.players.values()][0].play(Date.now() - 60000, Date.now())")
        expect(page.locator('[data-state="failed"]')).to_contain_text("无权查看录像")
        assert all(len(one.split()) == 2 for one in watching.told()["asked"]), "the platform was asked for nothing but live pictures"


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/playback_{name}.png")
