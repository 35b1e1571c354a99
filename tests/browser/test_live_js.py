"""live.js in a real browser: one connection for five tabs, values in place, a lost server said within 5 s, and healing."""

import time

import pytest

from tests.api.live_city import LiveCity, device
from tests.api.test_live import clients, until

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def city(engines, database_url):
    city = LiveCity(engines, database_url)
    city.picture.rebuild("b1", {"d1": {**device("tangxia", 1.234), "interval_s": 60}}, {}, {})
    city.start()
    yield city
    if city.process:
        city.stop()
    city.engine.dispose()


@pytest.fixture(scope="module")
def context(browser, city):
    context = browser.new_context()
    context.add_cookies([{"name": "citydeck_session", "value": city.person("viewer"), "url": city.url}])
    yield context
    context.close()


@pytest.fixture
def page(city, context):
    page = context.new_page()
    page.goto(city.url + "/page")
    page.wait_for_function("document.getElementById('level').textContent !== ''")
    yield page
    page.close()


def write(city, value, at=None):
    record = device("tangxia", value)
    if at:
        record["values"]["level"][0] = at
    assert city.picture.write(city.picture.epoch(), {"d1": record}, {}, {})
    city.picture.flush()


def test_value_is_written_in_place_and_greys_out_when_it_is_old(city, page):
    write(city, 2.5)
    page.wait_for_function("document.getElementById('level').textContent === '2.50 m'", timeout=3000)
    assert page.locator("[data-link]").get_attribute("data-link") == "live"
    assert "is-stale" not in (page.locator("#level").get_attribute("class") or "")
    write(city, 2.75, at=int(time.time() * 1000) - 240_000)
    page.wait_for_function("document.getElementById('level').classList.contains('is-stale')", timeout=3000)
    assert page.locator("#level").get_attribute("data-age") == "4 分钟前"


def test_slow_lane_cursor_moves_at_most_every_two_seconds(city, page):
    page.evaluate("window.cursors.length = 0")
    for n in range(30):
        write(city, float(n))
        time.sleep(0.1)
    page.wait_for_timeout(2600)
    cursors = page.evaluate("window.cursors")
    assert 1 <= len(cursors) <= 3
    assert cursors[-1][0] == "live-cursor"
    assert cursors[-1][1]["values"] > 1


def test_five_tabs_use_one_connection_and_all_are_up_to_date(city, context):
    tabs = [context.new_page() for _ in range(5)]
    for tab in tabs:
        tab.goto(city.url + "/page")
    write(city, 42.0)
    for tab in tabs:
        tab.wait_for_function("document.getElementById('level').textContent === '42.00 m'", timeout=5000)
    until(lambda: write(city, 42.0 + time.monotonic() % 0.004) or clients(city) == 1)
    late = context.new_page()
    late.goto(city.url + "/page")
    late.wait_for_function("document.getElementById('level').textContent === '42.00 m'", timeout=5000)
    assert clients(city) == 1
    for tab in (*tabs, late):
        tab.close()


def test_lost_server_is_said_within_five_seconds_and_the_page_heals(city, page):
    city.process.kill()
    city.process.wait()
    started = time.monotonic()
    page.wait_for_function("document.body.classList.contains('is-lost')", timeout=8000)
    assert time.monotonic() - started < 5
    assert page.locator("[data-link] span").text_content().startswith("失去连接 · 自 ")
    city.start()
    write(city, 7.0)
    page.wait_for_function("document.getElementById('level').textContent === '7.00 m'", timeout=16_000)
    page.wait_for_selector("[data-link=live]", timeout=3000)
    assert "is-lost" not in (page.locator("body").get_attribute("class") or "")
