"""The wall in a real browser on a fake city: no panel over a seam, whole scenes, the playlist, the remote, takeover, the map of a scene."""

import time

import pytest

from config.walls import load_walls
from tests.browser.fake_faces import serving
from tests.browser.structure import faults
from tests.fake_states import storm
from tests.fake_wall import enrich
from tests.fakes import make_city

pytestmark = [pytest.mark.browser, pytest.mark.light]
WALLS = load_walls()
CROSSING = """([columns, rows, bezel, width]) => {
  const seam = bezel * innerWidth / width, edges = (many, all) => Array.from({ length: many - 1 }, (_, n) => {
    const cell = (all - seam * (many - 1)) / many, from = cell * (n + 1) + seam * n; return [from, from + seam]; });
  const over = (from, to, seams) => seams.some(([a, b]) => from < b - 0.5 && to > a + 0.5);
  return [...document.querySelectorAll('.face-big .panel')].filter((one) => one.offsetHeight).filter((one) => {
    const box = one.getBoundingClientRect();
    return over(box.left, box.right, edges(columns, innerWidth)) || over(box.top, box.bottom, edges(rows, innerHeight));
  }).map((one) => one.className);
}"""

TELL = """async (scene) => {
  const wall = document.querySelector("[data-wall]"), rect = (one) => one.getBoundingClientRect().toJSON();
  const told_scene = { seconds: 0, captions: [{ scene, zh: "这里是城市运行中心。", en: "This is the center." }] };
  for (let version = 1; ; version += 1) {
    wall.dataset.told = "tour";
    document.dispatchEvent(new CustomEvent("citydeck:wall-told", { detail: { told: "tour", step: 0, version, told_scene } }));
    await new Promise((done) => setTimeout(done, 50));
    const caption = document.querySelector(".wall-told:not([hidden])");
    if (caption) return [rect(document.querySelector(".panel-map")), rect(caption)];
  }
}"""
"""A guide begins to tell: where the map and the caption lie. The server, which knows of no guide, may take the caption away at any time."""


@pytest.fixture
def city():
    return enrich(make_city(int(time.time() * 1000), per_town=30))


@pytest.fixture
def address(city):
    with serving(city) as found:
        yield found


@pytest.fixture
def visit(browser, address):
    contexts = []

    def open_wall(query, size=(1920, 1080), drawn=False, clock=False):
        context = browser.new_context(viewport={"width": size[0], "height": size[1]})
        contexts.append(context)
        context.add_cookies([{"name": "citydeck_session", "value": "duty_officer", "url": address}])
        context.add_init_script(
            "window.told = []; document.addEventListener('citydeck:scene', (event) => window.told.push(event.detail.scene))"
        )
        page = context.new_page()
        if clock:
            page.clock.install()
        if not drawn:
            page.route("**/vendor/maplibre-gl.js*", lambda route: route.abort())
        page.goto(f"{address}/big{query}")
        page.wait_for_selector(".wall-now", state="attached")
        return page

    yield open_wall
    for context in contexts:
        context.close()


def stands(page, scene, focus=""):
    """Wait until this scene stands, filled."""
    about = f"[data-focus='{focus}']" if focus else ""
    page.wait_for_selector(f".wall-now[data-scene='{scene}']{about}", state="attached", timeout=30_000)
    page.wait_for_function("() => !document.querySelector('.wall-scene .state-loading')", timeout=30_000)
    return page


@pytest.mark.parametrize("scene", ["overview", "command"])
def test_no_panel_of_a_wall_of_cells_lies_over_a_seam_and_one_that_did_would_be_found(visit, scene):
    geometry = WALLS.walls["cells"].geometry
    seams = [geometry.cells.columns, geometry.cells.rows, geometry.cells.bezel, geometry.pixels[0]]
    page = stands(visit(f"?wall=cells&scene={scene}", size=(3840, 1080)), scene)
    assert page.evaluate(CROSSING, seams) == []
    assert faults(page) == {}
    map_box, told_box = page.evaluate(TELL, scene)
    cell = 3840 / geometry.cells.columns
    assert told_box["x"] // cell == (told_box["x"] + told_box["width"]) // cell == 1, "the caption lies in the map's cell"
    assert map_box["y"] + map_box["height"] <= told_box["y"] and told_box["y"] + told_box["height"] <= 1080 / geometry.cells.rows
    page.evaluate("document.querySelector('.panel-alarms').style.gridArea = '40 / 3 / 80 / 6'")
    assert page.evaluate(CROSSING, seams) == ["panel panel-alarms"]


@pytest.mark.parametrize(
    ("lang", "size"),
    [("zh", (1920, 1080)), ("en", (1920, 1080)), pytest.param("zh", (3840, 1080), marks=pytest.mark.long)],
)
def test_every_scene_is_full_and_nothing_in_it_is_cut_or_lies_outside(visit, lang, size):
    page = visit(f"?scene=overview&lang={lang}", size=size)
    wrong = {}
    for scene in WALLS.walls["default"].scenes:
        page.evaluate(f"document.querySelector('[data-scene-tab={scene}]').click()")
        stands(page, scene)
        wrong[scene] = faults(page)
    assert not any(wrong.values()), wrong


def remote(page, **state):
    said = {"scene": "", "focus": None, "hold": False, "brightness": 1, "cameras": [], "version": 1, **state}
    page.evaluate("(detail) => document.dispatchEvent(new CustomEvent('citydeck:wall', { detail }))", said)


def test_a_critical_alarm_takes_the_wall_until_somebody_takes_it_and_then_the_playlist_goes_on(visit, city):
    alarm, grave = city.picture.alarms[0], city.picture.incidents[0]
    page = stands(visit("?wall=hall", clock=True), "command", f"incident:{grave['incident_id']}")
    assert "连升路下穿隧道积水" in page.locator(".panel-command").inner_text()
    grave["state"] = "ended"
    city.picture.version += 1
    stands(page, "command", f"alarm:{alarm['alarm_id']}")
    assert "0.62" in page.locator(".panel-command").inner_text()
    alarm.update(acknowledged_at=city.picture.at, acknowledged_by="duty_officer")
    city.picture.version += 1
    stands(page, "overview")
    page.clock.fast_forward(61_000)
    stands(page, "traffic")
    remote(page, hold=True, version=2)
    page.clock.fast_forward(40_000)
    page.wait_for_timeout(1500)
    assert page.locator(".wall-now").get_attribute("data-scene") == "traffic"
    remote(page, scene="duty", hold=True, version=3)
    stands(page, "duty")
    remote(page, version=4)
    stands(page, "environment")
    page.wait_for_function("window.told.at(-1) === 'environment'")
    assert [one for n, one in enumerate(page.evaluate("window.told")) if one != "overview" or n] == [
        "command",
        "overview",
        "traffic",
        "duty",
        "environment",
    ]


SHADES = """() => { const {map, towns, labels} = document.querySelector('.city-map').cityMap;
  return towns.map(({properties: {code}}) => {
    const mark = labels.labels.find((one) => one.code === code).element.querySelector('.map-crowd');
    const {weight} = map.getFeatureState({source: 'regions', id: code});
    return mark && [mark.className.match(/is-(\\w+) is-waiting/)?.[1], Number(mark.textContent), weight];
  }).filter(Boolean); }"""
COUNTED = """() => [...document.querySelectorAll('.map-name:has(.map-crowd)')]
  .filter((one) => getComputedStyle(one).visibility !== 'hidden')
  .map((one) => { const at = one.getBoundingClientRect(); return [one.textContent, at.left, at.top, at.right, at.bottom]; })"""
ASIDE = """() => {
  const {labels} = document.querySelector('.city-map').cityMap, legend = document.querySelector('.map-legend').getBoundingClientRect();
  return labels.labels.filter((one) => one.said).map(({box, point, height, element, leader}) => {
    const {x, y} = point, at = element.getBoundingClientRect();
    const gap = Math.hypot(x - Math.min(Math.max(x, box[0]), box[2]), y - Math.min(Math.max(y, box[1]), box[3]));
    return [element.textContent, gap / height, !leader.hidden, at.left < legend.right && at.bottom > legend.top]; }); }"""
MARKS = "() => document.querySelector('.city-map').cityMap.marks.length"


def test_in_a_storm_the_map_counts_a_towns_alarms_near_it_and_shows_each_when_somebody_comes_near(visit, city):
    """In English, whose names are broader."""
    storm(city)
    page = stands(visit("?scene=overview&lang=en", drawn=True), "overview")
    page.wait_for_selector(".city-map[data-ready=yes]", timeout=60_000)
    page.wait_for_function(f"() => ({COUNTED})().length === {len(city.store.places_known)}", timeout=15_000)
    named = page.evaluate(COUNTED)
    pairs = [(a, b) for n, a in enumerate(named) for b in named[n + 1 :]]
    assert [(a[0], b[0]) for a, b in pairs if a[1] < b[3] and b[1] < a[3] and a[2] < b[4] and b[2] < a[4]] == []
    for name, aside, line, under_legend in page.evaluate(ASIDE):
        assert aside < 2 and line is (aside >= 0.4) and not under_legend, (name, aside, line)
    assert page.evaluate(MARKS) == 0
    assert page.locator(".map-crowded").is_visible() and page.locator(".map-callout").is_hidden()
    shades = page.evaluate(SHADES)
    most = max(n for severity, n, _ in shades if severity == "critical")
    assert all(weight == max(1, -(-3 * n // most)) for severity, n, weight in shades if severity == "critical"), shades
    assert {weight for severity, _, weight in shades if severity == "critical"} == {1, 2, 3}
    page.click(".town[data-region]")
    page.wait_for_function(f"() => ({MARKS})() > 100 && !document.querySelector('.map-crowd')", timeout=15_000)


LEFT = """() => { const {cityMap} = document.querySelector('.city-map'), legend = document.querySelector('.map-shade');
  window.fitted = 0; const refit = cityMap.refit; cityMap.refit = function () { window.fitted += 1; refit.call(this); };
  return legend.offsetHeight; }"""
TIERS = """(tier) => { const one = document.querySelector('[data-shade]'), tiers = JSON.parse(one.dataset.shade);
  one.dataset.shade = JSON.stringify(Object.fromEntries(Object.keys(tiers).map((code) => [code, tier]))); }"""
ZOOM = "() => document.querySelector('.city-map').cityMap.map.getZoom()"


def test_a_town_of_another_tier_leaves_the_map_where_it_is_and_so_does_a_higher_legend_where_somebody_zoomed_by_wheel(visit):
    page = stands(visit("?scene=environment", drawn=True), "environment")
    page.wait_for_selector(".city-map[data-ready=yes]", timeout=60_000)
    page.wait_for_function(f"() => ({SHADED})('441900121') > 0", timeout=15_000)
    assert page.evaluate(LEFT) > 0
    page.evaluate(TIERS, 4)
    page.wait_for_function(f"() => ({SHADED})('441900121') === 4", timeout=15_000)
    assert page.evaluate("window.fitted") == 0
    whole, taller = page.evaluate(ZOOM), "() => document.querySelector('.map-shade').append(document.createElement('p'))"
    page.evaluate("document.querySelector('.map-shade').style.paddingBottom = '60px'")
    page.evaluate(taller)
    page.wait_for_function(f"() => window.fitted === 1 && ({ZOOM})() < {whole}", timeout=15_000)
    page.locator(".city-map canvas").hover()
    page.mouse.wheel(0, -300)
    page.wait_for_function(f"() => ({ZOOM})() > {whole} && !document.querySelector('.city-map').cityMap.map.isMoving()", timeout=15_000)
    near = page.evaluate(ZOOM)
    page.evaluate("document.querySelector('.map-shade').style.paddingBottom = '120px'")
    page.evaluate(taller)
    page.wait_for_function("() => window.fitted === 2", timeout=15_000)
    assert page.evaluate(ZOOM) == near


SHADED = "(code) => document.querySelector('.city-map').cityMap.map.getFeatureState({source: 'regions', id: code}).tier"
WHERE = "(id) => { const one = document.querySelector('.city-map').cityMap.fleet; return one.where(one.known.get(id), performance.now()); }"


@pytest.mark.long
def test_the_map_of_a_scene_is_shaded_rained_upon_and_its_vehicles_move_smoothly_with_a_track(visit, city):
    page = stands(visit("?scene=environment", drawn=True), "environment")
    page.wait_for_selector(".city-map[data-ready=yes]", timeout=60_000)
    page.wait_for_function(f"() => ({SHADED})('441900121') > 0", timeout=15_000)
    shown = "() => document.querySelector('.city-map').cityMap.map"
    kinds = f"() => [...new Set(({shown})().getSource('devices').serialize().data.features.map((one) => one.properties.kind))]"
    page.wait_for_function(f"() => ({kinds})().includes('air_quality') && !({kinds})().includes('camera')", timeout=15_000)
    page.wait_for_function(f"() => ({shown})().getSource('rain').serialize().data.features.length > 5", timeout=15_000)
    name, vehicle = next(iter(city.picture.vehicles.items()))
    before = page.evaluate(WHERE, name)
    vehicle.update(lon=vehicle["lon"] + 0.01, at=vehicle["at"] + 8_000)
    city.picture.version += 1
    page.wait_for_function(
        f"([id, lon]) => {{ const at = ({WHERE})(id); return at[0] > lon + 0.0005 && at[0] < lon + 0.0095; }}",
        arg=[name, before[0]],
        timeout=20_000,
    )
    assert page.evaluate(f"({shown})().getSource('tracks').serialize().data.features.length") >= 1
    page.wait_for_function(f"([id, lon]) => Math.abs(({WHERE})(id)[0] - lon) < 1e-6", arg=[name, vehicle["lon"]], timeout=20_000)


@pytest.mark.long
def test_a_wall_on_a_screen_of_another_size_draws_its_map_anew_and_one_that_lost_its_server_waits(visit, city):
    page = visit("?scene=overview", drawn=True)
    unit = "document.querySelector('.city-map').cityMap.unit"
    near = page.evaluate(unit)
    city.lost = True
    page.wait_for_selector(".face-big [data-link=lost]", state="attached", timeout=60_000)
    page.evaluate("window.same = true")
    page.set_viewport_size({"width": 3840, "height": 2160})
    page.wait_for_function("() => document.querySelector('.city-map canvas').clientWidth > 1000")
    assert page.evaluate("window.same") and page.evaluate(unit) == near, "nobody would answer"
    city.lost = False
    page.wait_for_function("() => !window.same && document.querySelector('.city-map[data-ready=yes]')", timeout=90_000)
    assert page.evaluate(unit) > 1.5 * near
