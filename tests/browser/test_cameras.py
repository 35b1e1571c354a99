"""The page of cameras and the cameras on the map, as the watch officer of the demo city sees them."""

import os

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("CITYDECK_SHOTS")
COUNT = "() => document.querySelector('.city-map').cityMap.map.queryRenderedFeatures({ layers: ['cameras'] }).length"

PIXEL = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")
"""A picture of one pixel, as a platform's still."""


def test_a_camera_is_found_in_the_tree_and_by_its_name_and_says_all_of_itself(seat, running_city):
    listed = (running_city.pack / "cameras.csv").read_text(encoding="utf-8").count("\n") - 1
    page = seat("operator", "/cameras", ready=".cameras-node")
    pack = page.locator(".cameras-node", has_text="本市目录")
    expect(pack).to_contain_text(f"/{listed}", timeout=60_000)
    expect(page.locator(".cameras-node", has_text="演示视频")).to_be_visible()
    page.locator(".cameras-branch .cameras-branch .cameras-opener").first.click()
    page.locator(".cameras-node", has_text="车载").click()
    expect(page.locator(".cameras-row").first).to_contain_text("车载")
    expect(page.locator(".cameras-row")).to_have_count(20)
    pack.click()
    page.locator(".cameras-search input").fill("东城街道 01")
    row = page.locator(".cameras-row", has_text="湖滨路视频监控01")
    expect(row).to_have_count(1)
    row.click()
    facts = page.locator(".cameras-facts")
    expect(facts).to_contain_text("44190000001320000001")
    expect(facts).to_contain_text("社会治安路面接入")
    expect(facts).to_contain_text("东城街道")
    expect(page.locator("[data-player]")).to_have_count(1)
    page.locator("[data-status=gone]").click()
    expect(page.locator(".cameras-rows")).to_contain_text("没有符合的摄像机")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.route("**/api/v1/cameras/*/snapshot", lambda route: route.fulfill(body=PIXEL, content_type="image/gif"))
    page.goto(page.url.split("?")[0] + "?lang=en&camera=pack-cam-003-01")
    expect(page.locator(".cameras-row.is-online .camera-still img").first).to_be_visible()
    expect(page.locator(".cameras-facts")).to_contain_text("public security, roads")
    shot(page, "cameras")
    assert not page.wrong


def test_near_in_the_map_shows_cameras_and_a_click_leads_to_one(seat):
    page = seat("operator", "/desk", drawn=True, ready=".city-map[data-ready=yes]")
    page.evaluate("document.querySelector('.city-map').cityMap.map.jumpTo({ center: [113.81666, 23.02585], zoom: 15 })")
    page.wait_for_function(COUNT)
    icons = page.evaluate(
        "() => document.querySelector('.city-map').cityMap.map.querySourceFeatures('cameras').map((one) => one.properties.icon)"
    )
    assert {icon.removesuffix("-down") for icon in icons} <= {"camera-looks", "camera-turns", "camera-box"}
    box = page.locator(".city-map canvas").first.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".camera-popup a").first).to_contain_text("视频监控01")
    shot(page, "cameras_map")
    assert not page.wrong


def shot(page, name):
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png")
