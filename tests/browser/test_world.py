"""What the world says, on the faces in a real browser: groups by keyboard, blind spots, room for the lists, what was looked at."""

import re
import time
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from domain.alarm_care import Nearness
from domain.suggesting import Likely, Suggestion
from layouts.names import Names
from services.appeal_desk import Advice
from tests import fake_server
from tests.browser.axe import LIGHT
from tests.browser.fake_faces import serving
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
    likely = (Likely("help", 0.83, ("停水",)),)
    suggested = {"theme": Suggestion("theme", likely, "theme-1", True)}
    city.appeals.advice = Advice(suggested, None, 300, 300, [], {"theme": {"accepted": 6, "changed": 2}})
    names = Names(METRIC_NAMES, KIND_NAMES, RULE_NAMES, Nearness(200_000.0, 3600.0))
    plain = fake_server.make_faces
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(fake_server, "make_faces", lambda city: replace(plain(city), names=names))
        with serving(city) as address:
            yield address


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


INKS = """() => Object.fromEntries(['dispatch-scene', 'blind', 'camera-box', 'camera-turns-down', 'critical', 'vehicle'].map((id) => {
  const {data} = document.querySelector('.city-map').cityMap.map.getImage(id), light = [], ink = data.data;
  for (let at = 0; at < ink.length; at += 4) if (ink[at + 3] > 200) light.push(ink[at] + ink[at + 1] + ink[at + 2]);
  return [id, [light[light.length >> 1], light.reduce((sum, one) => sum + one, 0)]]; }))"""
"""Of each image the middle pixel of what is drawn, and all its light."""
CALLED = """() => { const cell = document.querySelector('.desk-alarms .ag-cell[col-id=what]'), box = cell.querySelector('.cell-alarm');
  cell.classList.add('cell-called');
  return box.getBoundingClientRect().bottom - cell.getBoundingClientRect().bottom; }"""
"""How far below its line an alarm reaches that somebody is called about, in pixels."""
ALARM_LINES = """() => [...document.querySelectorAll('.desk-alarms [col-id=what] .cell-alarm')].map((one) => ({
  said: one.innerText.replace(/\\s+/g, ' '), asked: Boolean(one.querySelector('[data-origin]')),
  cut: [...one.querySelectorAll('span')].filter((part) => part.clientWidth && part.scrollWidth > part.clientWidth + 1)
    .map((part) => `${part.scrollWidth} in ${part.clientWidth}`)}))"""


def test_beside_the_queue_an_alarm_says_where_what_how_much_and_since_when_uncut_on_a_small_desk(visit):
    page = visit("/desk", "duty_officer", 1280, 800)
    page.wait_for_selector(".desk-alarms .cell-alarm [data-origin]")
    first, *others = page.evaluate(ALARM_LINES)
    assert all(part in first["said"] for part in ("虎门镇", "道路积水过深", "0.62", "上限 0.30 m", ":")) and first["asked"]
    assert not [(one["said"], one["cut"]) for one in (first, *others) if one["cut"]]
    assert page.evaluate(CALLED) <= 1
    page.locator(".desk-alarms .cell-alarm [data-origin]").first.click()
    expect(page.locator("dialog.origin")).to_contain_text("数据源 设备直连")
    page.keyboard.press("Escape")
    page.locator("[data-desk-view=watch]").click()
    expect(page.locator(".desk-alarms")).to_have_attribute("data-lines", "two")
    page.set_viewport_size({"width": 1920, "height": 1080})
    expect(page.locator(f"{ROWS} [col-id=device]").first).to_be_visible()
    assert not page.locator(".desk-alarms .cell-alarm").count() and not page.wrong


SAME_AGAIN = "(at) => { citydeck.value = () => [at, 0.62, 'good']; }"
MEASURED_AT = """(at) => document.querySelector('.desk-alarms .cell-alarm [data-origin]').dataset.origin
  .includes(new Date(at).toLocaleString('sv-SE', {timeZone: citydeckDispatch.names.zone}))"""


def test_an_alarm_whose_value_stays_the_same_says_when_it_was_measured_last(visit):
    page, now = visit("/desk", "duty_officer", 1280, 800), int(time.time() * 1000)
    page.wait_for_selector(".desk-alarms .cell-alarm [data-origin]")
    for at in (now - 3_000, now + 57_000):
        page.evaluate(SAME_AGAIN, at)
        page.wait_for_function(MEASURED_AT, arg=at, timeout=15_000)
    assert page.locator(".desk-alarms .cell-alarm .value").first.inner_text().startswith("0.62") and not page.wrong


def test_blind_spots_are_a_layer_that_can_be_hidden_and_a_list_that_opens_them(visit):
    page = visit("/desk?view=watch", "duty_officer", 1600, 900, drawn=True)
    page.wait_for_selector(".city-map[data-ready=yes]")
    shown = "document.querySelector('.city-map').cityMap.map"
    page.wait_for_function(f"() => {shown}.hasImage('dispatch-scene') && {shown}.hasImage('camera-box') && {shown}.hasImage('blind')")
    dark = page.evaluate(INKS)
    page.evaluate(LIGHT)
    light = page.evaluate(INKS)
    assert light["dispatch-scene"][0] < 300 < dark["dispatch-scene"][0], "a unit's mark takes the colour of the theme at once"
    assert [name for name in dark if light[name] == dark[name]] == [], "and so does every other image"
    page.wait_for_function(BLIND)
    assert page.evaluate(SPOTS) == 1
    toggle = page.locator("[data-map-layer=blind]")
    for shown in ("none", "visible"):
        toggle.click()
        assert page.evaluate(BLIND) == shown
    page.get_by_role("tab", name=re.compile("规则质量")).click()
    expect(page.locator(".rules-table tbody tr").first).to_contain_text("75 %")
    page.get_by_role("tab", name=re.compile("盲区 ?1")).click()
    page.locator(".blind-row").click()
    expect(page.locator("html")).to_have_attribute("data-desk", "incidents")
    assert page.evaluate("() => citydeckDesk.incident") == "i-1"


def test_a_neighbours_call_is_on_the_map_and_one_click_fills_the_intake_in(visit):
    page = visit("/desk?view=watch", "operator", 1600, 900, drawn=True)
    page.wait_for_selector(".city-map[data-ready=yes]")
    page.get_by_role("tab", name=re.compile("邻警 ?3")).click()
    page.wait_for_function("() => document.querySelector('.city-map').cityMap.map.getSource('calls')")
    page.wait_for_function(f"() => ({SPOTS.replace('blind', 'calls')})().then((n) => n === 2)")
    fire, drill, taken = page.locator(".call-row").all()
    expect(fire).to_contain_text("仓库冒烟")
    expect(fire).to_contain_text("已派 E11 T3")
    expect(drill.locator(".is-exercise")).to_be_visible()
    expect(drill.get_by_text("图上看")).to_have_count(0)
    expect(taken.get_by_text("已转 C-441900-0000007")).to_be_visible()
    asked = []
    page.route(
        "**/api/v1/incidents",
        lambda route: (asked.append(route.request.post_data_json), route.fulfill(status=201, json={"incident_id": "i-1", "number": "C-1"})),
    )
    fire.get_by_text("转事件").click()
    expect(page.locator(".intake [data-field=title] input")).to_have_value("仓库冒烟")
    page.evaluate("() => citydeckDesk.view('watch')")
    drill.get_by_text("转事件").click()
    expect(page.locator(".desk-toast")).to_contain_text("还没填完")
    expect(page.locator(".intake [data-field=title] input")).to_have_value("仓库冒烟")
    page.locator("[data-send=intake]").click()
    expect(page.locator(".desk-toast")).to_contain_text("C-1")
    said = asked[0]["data"]
    assert (said["title"], said["source"], said["place"]) == (
        "仓库冒烟",
        "neighbour",
        {"lon": 113.75, "lat": 23.02, "address": "鸿福路 7 号"},
    )
    assert asked[0]["request_id"].startswith("call:") and "26-1" in said["description"] and "exercise" not in said
    assert not page.wrong


def test_a_suggested_theme_is_filled_in_by_one_click(visit):
    page = visit("/desk?view=watch", "operator", 1280, 800)
    page.keyboard.press("n")
    page.locator(".intake [data-field=title] input").fill("小区停水")
    page.locator("[data-suggest]", has_text="采用").click()
    expect(page.locator(".intake [data-field=class_code] input")).to_have_value(re.compile("求助"))
    expect(page.locator(".part-suggested")).to_contain_text("采纳 6/8（75 %）")
    asked = []
    made = {"incident_id": "i-1", "number": "W-1"}
    page.route("**/api/v1/incidents", lambda route: (asked.append(route.request.post_data_json), route.fulfill(status=201, json=made)))
    page.locator(".intake [data-field=place] input").first.fill("鸿福路")
    page.locator("[data-send=intake]").click()
    expect(page.locator(".desk-toast")).to_contain_text("W-1")
    assert asked[0]["data"]["class_code"] == "help" and not page.wrong


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
    page.keyboard.press("a")
    nearest = page.locator(".around-sensors [data-around-device]").first
    device, name = nearest.get_attribute("data-around-device"), nearest.inner_text()
    lines = page.locator(".timeline-line", has_text="派遣员 调阅了").filter(has_text=name)  # a camera that plays by itself has its own
    for turn in range(2):
        if turn:
            page.keyboard.press("a")
        sensor = page.locator(f".around-sensors [data-around-device='{device}']")
        sensor.click()
        sensor.click()
        expect(lines).to_have_count(1)
        page.reload()
    expect(lines).to_have_count(1)
