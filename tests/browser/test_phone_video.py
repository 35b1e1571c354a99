"""A camera on a phone and on a tablet: found, seen live, a minute ago and large, with the thumb; the player comes when it is wanted."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from data_adapters.demo.clips import give_streams, serve
from tests.browser.conftest import PHONE, TABLET
from tests.browser.structure import faults
from tests.law.real_city import RealCity, eventually

pytestmark = [pytest.mark.browser, pytest.mark.long]
SHOTS = os.environ.get("CITYDECK_SHOTS")
CAMERA = "cam-003-01"


@pytest.fixture(scope="module")
def playing(running_city: RealCity) -> Iterator[RealCity]:
    """The city, with an address for each camera of its list."""
    give_streams(running_city.pack / "cameras.csv", serve())
    there = f"SELECT count(*) FROM cameras WHERE device_id = '{CAMERA}' AND status = 'online' AND valid_to IS NULL"
    assert eventually(lambda: running_city.ask(there)[0][0] == 1, 90), "the list of cameras is read"
    yield running_city


@pytest.mark.parametrize("size", [PHONE, TABLET], ids=["phone", "tablet"])
def test_a_camera_is_seen_live_and_a_minute_ago_with_the_thumb(playing, seat, size):
    page: Page = seat("duty_officer", "/mobile", viewport=size, has_touch=True)
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    page.evaluate("location.hash = '#devices'")
    page.locator("[data-tab-body=devices] input").fill(CAMERA)
    page.locator(".result", has_text="视频监控01").first.click()
    box = page.locator(".player")
    expect(page.locator(".player[data-state=playing]")).to_have_count(1)
    assert any("player_past.js" in url for url in asked), "it is fetched now, not with the page"
    width = box.bounding_box()["width"]
    assert size["width"] * 0.6 < width <= size["width"], "the picture has the width of the screen"
    shot(page, f"phone_live_{size['width']}")
    page.locator(".player-rewind").click()
    expect(page.get_by_role("button", name="最近 1 分钟")).to_be_visible()
    assert faults(page, "small", thumb=".player button, .player input") == {}, "all of it can be hit with a glove"
    shot(page, f"phone_strip_{size['width']}")
    page.get_by_role("button", name="最近 1 分钟").click()
    expect(page.locator(".player[data-state=playing][data-start]")).to_have_count(1)
    expect(page.locator(".player-mark")).to_contain_text("duty_officer")
    shot(page, f"phone_past_{size['width']}")
    assert faults(page, "spill") == {}, "nothing is cut off at the picture's edge"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator(".player-large").click()
    page.wait_for_function("document.fullscreenElement !== null")
    assert faults(page, "spill") == {}
    shot(page, f"phone_large_{size['width']}")
    page.evaluate("document.exitFullscreen()")
    page.evaluate("location.hash = '#alarms'")
    expect(page.locator(".player[data-state=playing]")).to_have_count(0)
    assert not page.wrong


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png")
