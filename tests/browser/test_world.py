"""What the world says, on the faces in a real browser: groups by keyboard, blind spots, room for the lists, what was looked at."""

import re
import socket
import threading
import time
from dataclasses import replace

import pytest
from playwright.sync_api import expect
from werkzeug.serving import make_server

from domain.alarm_care import Nearness
from layouts.view import Names
from tests import fake_server
from tests.fakes import KIND_NAMES, METRIC_NAMES, RULE_NAMES, make_city

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ROWS = ".desk-alarms .ag-center-cols-container [role=row]"
LISTED = "() => dash_ag_grid.getApi({type: 'grid', name: 'alarms'}).getDisplayedRowCount()"
BLIND = "() => document.querySelector('.city-map').cityMap.map.getLayoutProperty('blind', 'visibility')"
SPOTS = "() => document.querySelector('.city-map').cityMap.map.getSource('blind').getData().then((data) => data.features.length)"


@pytest.fixture(scope="module")
def standing():
    """The fake city's address, with two alarms of one rule near each other."""
    city = make_city(int(time.time() * 1000), per_town=30)
    first, other = city.picture.alarms[0], next(one for one in city.picture.devices if one.startswith("standing_water-003"))
    city.picture.alarms.insert(1, {**first, "alarm_id": first["alarm_id"][:-3] + "999", "device_id": other})
    names = Names(METRIC_NAMES, KIND_NAMES, RULE_NAMES, Nearness(200_000.0, 3600.0))
    plain = fake_server.make_faces
    with pytest.MonkeyPatch.context() as patched, socket.socket() as free:
        patched.setattr(fake_server, "make_faces", lambda city: replace(plain(city), names=names))
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        server = make_server("127.0.0.1", port, fake_server.make_app(city).server, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{port}"
        server.shutdown()


@pytest.fixture
def visit(browser, standing):
    """Open a page as a role, of a size; what its scripts and its grids complain about is kept. Only `drawn` with its map."""
    contexts = []

    def open_page(path, role, width, height, drawn=False):
        contexts.append(browser.new_context(viewport={"width": width, "height": height}))
        contexts[-1].add_cookies([{"name": "citydeck_session", "value": role, "url": standing}])
        page = contexts[-1].new_page()
        page.wrong = []
        page.on("console", lambda message: page.wrong.append(message.text) if "AG Grid" in message.text else None)
        page.on("pageerror", lambda error: page.wrong.append(str(error)))
        if not drawn:
            page.route("**/vendor/maplibre-gl.js*", lambda route: route.abort())
        page.goto(standing + path)
        page.wait_for_selector(ROWS)
        return page

    yield open_page
    for one in contexts:
        one.close()


def height(page, name):
    return page.locator(name).bounding_box()["height"]


def test_a_group_of_alarms_opens_and_closes_by_keyboard(visit):
    page = visit("/desk?view=watch", "duty_officer", 1280, 800)
    head = page.locator(f"{ROWS} [col-id=group]", has_text="2").first
    expect(head).to_have_text("▸ 2")
    closed = page.evaluate(LISTED)
    head.locator("xpath=..").locator("[col-id=what]").click()
    page.keyboard.press("g")
    expect(head).to_have_text("▾ 2")
    assert page.evaluate(LISTED) == closed + 1
    page.keyboard.press("g")
    expect(head).to_have_text("▸ 2")
    assert page.evaluate(LISTED) == closed
    assert page.locator(f"{ROWS} [col-id=what]").first.bounding_box()["width"] >= 150, "what happened is readable on a small desk"
    assert page.locator(".bar-top").bounding_box()["height"] < 48, "the bar is one line"
    assert not page.wrong


def test_blind_spots_are_a_layer_that_can_be_hidden_and_a_list_that_opens_them(visit):
    page = visit("/desk?view=watch", "duty_officer", 1600, 900, drawn=True)
    page.wait_for_selector(".city-map[data-ready=yes]")
    page.wait_for_function(BLIND)
    assert page.evaluate(SPOTS) == 1
    toggle = page.locator("[data-map-layer=blind]")
    for shown in ("none", "visible"):
        toggle.click()
        assert page.evaluate(BLIND) == shown
    page.get_by_role("tab", name=re.compile("规则质量")).click()
    expect(page.locator(".rules-table tbody tr").first).to_contain_text("75%")
    page.get_by_role("tab", name=re.compile("盲区 ?1")).click()
    page.locator(".blind-row").click()
    expect(page.locator("html")).to_have_attribute("data-desk", "incidents")
    assert page.evaluate("() => citydeckDesk.incident") == "i-1"


def test_the_stewards_lists_keep_their_room_beside_the_devices_to_adopt(visit):
    page = visit("/desk?view=watch", "data_steward", 1600, 900)
    page.wait_for_selector(".desk-unadopted .ag-row")
    assert height(page, ".desk-devices .ag-body-viewport") >= 3 * 34
    assert height(page, ".desk-unadopted .ag-body-viewport") >= 2 * 34
    inside = "() => document.querySelector('.desk-unadopted .adopt-form').getBoundingClientRect().bottom <= innerHeight"
    assert page.evaluate(inside)
    page.get_by_role("tab", name="检修屏蔽").click()
    expect(page.locator(".desk-silences .adopt-form")).to_be_visible()
    expect(page.locator(".desk-unadopted")).to_be_hidden()


def test_a_sensor_that_is_opened_from_an_incident_is_recorded_once(seat, signed_in, city):
    said = {"title": "涵洞积水", "class_code": "standing_water", "place": {"lon": 113.751, "lat": 23.02}, "source": "hotline"}
    made = signed_in("operator").request.post(f"{city.url}/api/v1/incidents", data={"data": said}).json()["incident_id"]
    page = seat("dispatcher", f"/desk?incident={made}", ready=".desk-incident[data-tab]")
    lines = page.locator(".timeline-line", has_text="dispatcher 调阅了")
    for _ in range(2):
        page.keyboard.press("a")
        sensor = page.locator(".around-sensors .around-name").first
        sensor.click()
        sensor.click()
        expect(lines).to_have_count(1)
        page.reload()
    expect(lines).to_have_count(1)
