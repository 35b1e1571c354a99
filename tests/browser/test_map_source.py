"""A map that is told much for months: nothing is kept for answers that never come, the newest is drawn, and a hand goes first."""

import time
from pathlib import Path

import pytest

from tests.browser.fake_faces import serving
from tests.fakes import make_city

pytestmark = [pytest.mark.browser, pytest.mark.light]
HURRY = """async () => {
  const map = document.querySelector('.city-map').cityMap.map;
  const at = (n) => ({ type: 'FeatureCollection', features: Array.from({ length: 200 }, (_, i) => ({
    type: 'Feature', properties: { id: `a${i}` }, geometry: { type: 'Point', coordinates: [113.5 + i / 400, 22.7 + n / 200] } })) });
  map.addSource('hurried', { type: 'geojson', data: at(0) });
  map.addLayer({ id: 'hurried', type: 'symbol', source: 'hurried', layout: { 'icon-image': 'critical' } });
  for (let n = 0; n <= 60; n++) { window.citydeckSource(map, 'hurried', at(n)); await new Promise((done) => setTimeout(done, 4)); }
}"""
AWAITED = """() => document.querySelector('.city-map').cityMap.map.style.dispatcher.actors
  .reduce((sum, one) => sum + Object.keys(one.resolveRejects).length, 0)"""
SETTLED_MS = 2_000
"""What the map was asked for while it was made is answered by then. Told without pause, it kept 19 to 34 in 60 turns."""
NEWEST = 22.7 + 60 / 200
NORTH = "() => document.querySelector('.city-map').cityMap.map.getSource('hurried').serialize().data.features[0].geometry.coordinates[1]"


@pytest.fixture(scope="module")
def drawn(browser):
    """A wall whose map stands and rests."""
    with serving(make_city(int(time.time() * 1000))) as address:
        context = browser.new_context(viewport={"width": 1280, "height": 720})
        context.add_cookies([{"name": "citydeck_session", "value": "duty_officer", "url": address}])
        page = context.new_page()
        page.goto(f"{address}/big")
        page.wait_for_selector(".city-map[data-ready=yes]", timeout=60_000)
        page.wait_for_timeout(SETTLED_MS)
        yield page
        context.close()


def test_data_that_come_faster_than_they_are_drawn_leave_nothing_behind(drawn):
    before = drawn.evaluate(AWAITED)
    drawn.evaluate(HURRY)
    drawn.wait_for_function(f"(newest) => Math.abs(({NORTH})() - newest) < 1e-6", arg=NEWEST, timeout=20_000)
    drawn.wait_for_function(f"(before) => ({AWAITED})() <= before + 3", arg=before, timeout=20_000)
    assert drawn.evaluate(NORTH) == pytest.approx(NEWEST)


HELD = """([source, what]) => document.querySelector('.city-map').cityMap.map.getSource(source).serialize().data.features
  .map((one) => one.properties[what])"""
TELL = """(status) => document.dispatchEvent(new CustomEvent('citydeck:delta', { detail: { pieces: {
  '441900121|water|status': status } } }))"""
THINNED = """(places) => {
  const feature = ([lon, lat]) => ({ type: 'Feature', geometry: { type: 'Point', coordinates: [lon, lat] }, properties: {} });
  return window.CitydeckDevices.thinned(places.map(feature)).map((one) => one.properties.from);
}"""


def test_of_devices_on_one_spot_one_is_drawn_far_out_and_all_of_them_near(drawn):
    spot, metres_away, far = [113.75, 22.93], [113.7501, 22.93], [113.9, 22.8]
    first, second, same, other = drawn.evaluate(THINNED, [spot, metres_away, spot, far])
    assert first == other == 5 and second == same == 13
    beside = drawn.evaluate(THINNED, [spot, [113.76, 22.93]])
    assert beside[0] == 5 < beside[1] < 13  # a kilometre: apart before the nearest step


def test_every_device_that_is_not_online_is_drawn_as_a_ring_until_it_is_back(drawn):
    rings = drawn.evaluate(HELD, ["offline", "id"])
    one = next(held for held in drawn.evaluate(HELD, ["devices", "id"]) if held not in rings)
    for status, stands in ((False, True), (True, False), (False, True), (None, False)):
        drawn.evaluate(TELL, {one: status})
        drawn.wait_for_function(f"([id, stands]) => ({HELD})(['offline', 'id']).includes(id) === stands", arg=[one, stands], timeout=20_000)
    assert sorted(drawn.evaluate(HELD, ["offline", "id"])) == sorted(rings)


def test_a_scene_s_kinds_of_devices_stand_alone_online_or_not(drawn):
    kinds = f"(source) => [...new Set(({HELD})([source, 'kind']))]"
    every = drawn.evaluate(kinds, "devices")
    show = "(kinds) => document.querySelector('.city-map').cityMap.devices.show(kinds)"
    drawn.evaluate(show, ["water_level"])
    drawn.wait_for_function(f"() => String(({kinds})('devices')) === 'water_level'", timeout=20_000)
    drawn.wait_for_function(f"() => String(({kinds})('offline')) === 'water_level'", timeout=20_000)
    drawn.evaluate(show, [])
    drawn.wait_for_function(f"() => ({kinds})('devices').length > 2", timeout=20_000)
    assert drawn.evaluate(kinds, "devices") == every


ASSETS = Path(__file__).parents[2] / "assets"
DRAWN = """async (cases) => {
  const rest = (ms) => new Promise((done) => setTimeout(done, ms)), found = [];
  for (const how of cases) {
    const heard = [], canvas = document.createElement("canvas"), map = { drawn: 0, isMoving: () => how.moving };
    map.on = (name, one) => name === "render" && heard.push(one);
    const gl = { getExtension: () => ({ UNMASKED_RENDERER_WEBGL: 1 }), getParameter: () => how.driver };
    canvas.getContext = (kind) => kind === "webgl2" && gl;
    map.getCanvas = () => canvas;
    map.triggerRepaint = () => { map.drawn += 1; };
    window.citydeckCalm(map);
    for (let n = 0; n < 4; n += 1) {
      heard.forEach((one) => one());
      for (const until = performance.now() + how.costs; performance.now() < until;);
      await rest(0);
    }
    if (how.hand) document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "j", bubbles: true }));
    for (let n = 0; n < 5; n += 1) map.triggerRepaint();
    found.push([map, map.drawn]);
  }
  await rest(3200);
  return found.map(([map, first]) => [first, map.drawn]);
}"""
"""Maps whose pictures cost that many milliseconds: how often each is drawn at once, and after a while, when five times something is new."""


def test_a_dear_map_waits_for_the_hand_beside_it_and_is_drawn_in_the_end(browser):
    page = browser.new_page()
    page.set_content("<main>beside the map</main>")
    page.add_script_tag(path=ASSETS / "city_calm.js")
    dear = {"hand": True, "moving": False, "costs": 80, "driver": "ANGLE (Some Card, OpenGL)"}
    cheap = {**dear, "costs": 2}
    software = {**cheap, "driver": "ANGLE (Google, Vulkan (SwiftShader Device (Subzero)), SwiftShader driver)"}
    found = page.evaluate(DRAWN, [{**dear, "hand": False}, dear, {**dear, "moving": True}, cheap, software])
    assert found == [[5, 5], [0, 1], [5, 5], [5, 5], [0, 1]]
    page.close()


LEFT_OUT = """async (costs) => {
  const heard = { movestart: [], moveend: [], render: [], move: [] }, painted = {};
  const told = (name) => heard[name].forEach((one) => one());
  const map = { isMoving: () => false, triggerRepaint: () => {}, on: (name, one) => heard[name].push(one) };
  map.getCanvas = () => ({ getContext: () => null });
  map.setPaintProperty = (layer, part, value) => { painted[`${layer} ${part}`] = value; };
  window.citydeckCalm(map);
  map.calm.leaveOut("dots", { "circle-opacity": 0.6, "circle-stroke-opacity": 1 });
  for (let n = 0; n < 4; n += 1) {
    told("render");
    for (const until = performance.now() + costs; performance.now() < until;);
    await new Promise((done) => setTimeout(done, 0));
  }
  const seen = () => [painted["dots circle-opacity"], painted["dots circle-stroke-opacity"]], found = [];
  for (const name of ["movestart", "moveend"]) { told(name); found.push(seen()); }
  return found;
}"""


def test_a_dear_map_leaves_its_dots_out_while_it_moves_and_a_cheap_one_keeps_them(browser):
    page = browser.new_page()
    page.set_content("<main></main>")
    page.add_script_tag(path=ASSETS / "city_calm.js")
    assert page.evaluate(LEFT_OUT, 80) == [[0, 0], [0.6, 1]]
    assert page.evaluate(LEFT_OUT, 2) == [[None, None], [None, None]]
    page.close()
