"""The faces in a real browser on a fake city: alive, from one host only, each deed and each place within reach of hand and keyboard."""

import time

import pytest

from services.duty import Uncovered
from tests.browser.fake_faces import serving
from tests.fakes import make_city

pytestmark = [pytest.mark.browser, pytest.mark.light]
WALL = "/big?scene=overview"
"""A wall that keeps to its overview: the critical alarms of the fakes would take it over."""
FACES = {"/big": (1920, 1080), "/mid": (1440, 900), "/mobile": (390, 844), "/desk": (1600, 900), "/login": (1280, 800)}


@pytest.fixture(scope="module")
def city():
    return make_city(int(time.time() * 1000), per_town=30)


@pytest.fixture(scope="module")
def address(city):
    with serving(city) as found:
        yield found


@pytest.fixture
def visit(browser, address):
    """Open a page as a role; the page remembers what it asked for and what went wrong."""
    contexts = []

    def open_page(path, role="duty_officer", size=None):
        width, height = size or FACES[path.partition("?")[0]]
        context = browser.new_context(viewport={"width": width, "height": height})
        contexts.append(context)
        if role:
            context.add_cookies([{"name": "citydeck_session", "value": role, "url": address}])
        page = context.new_page()
        page.asked, page.wrong = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("pageerror", lambda error: page.wrong.append(str(error)))
        page.on("console", lambda message: page.wrong.append(message.text) if message.type == "error" else None)
        page.goto(address + path)
        page.wait_for_selector("main")
        return page

    yield open_page
    for context in contexts:
        context.close()


def settled(page):
    """Wait until no panel is loading any more."""
    page.wait_for_function(
        "() => !document.querySelector('.state-loading') || document.querySelectorAll('.state-loading').length === 0", timeout=30_000
    )
    return page


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("path", list(FACES))
def test_a_page_asks_no_other_host_and_raises_no_error(visit, address, path, lang):
    page = settled(visit(f"{path}?lang={lang}{'&scene=overview' * (path == '/big')}"))
    foreign = [url for url in page.asked if not url.startswith((address, "data:", "blob:" + address))]
    assert not foreign
    assert not page.wrong
    assert page.locator(".badge-demo").first.is_visible()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_narrow_alarm_list_says_severities_in_words_and_a_gap_in_cover_leads_to_duty(visit, city, lang):
    city.roster.short = [Uncovered("watch_officer", "critical", city.picture.at - 3_600_000, city.picture.at + 3_600_000, 0, 1)]
    try:
        page = settled(visit(f"/desk?lang={lang}", size=(1440, 900)))
        link = page.locator(".desk-alarms [row-id='gap:watch_officer'] .cell-raise")
        link.wait_for(timeout=30_000)
        assert link.get_attribute("href") == f"/duty?part=gaps&lang={lang}"
        page.evaluate("document.documentElement.dataset.desk = 'incidents'")
        page.wait_for_function("document.querySelector('.desk-alarms').clientWidth < 500")
        cells = "[...document.querySelectorAll('.desk-alarms .ag-cell[col-id=severity]')]"
        assert page.evaluate(f"{cells}.length") > 3
        edges = "(one) => one.getBoundingClientRect().right - document.querySelector('.desk-alarms .grid').getBoundingClientRect().right"
        assert lang == "en" or max(page.evaluate(f"[...document.querySelectorAll('.desk-alarms .cell-raise')].map({edges})")) <= 0
        assert page.evaluate(f"{cells}.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent)") == []
        assert not page.wrong
    finally:
        city.roster.short = []


def test_the_map_shows_towns_devices_and_alarms_without_asking_for_glyphs(visit):
    page = visit(WALL)
    page.wait_for_selector(".city-map[data-ready=yes]", timeout=60_000)
    page.wait_for_function(
        "() => document.querySelector('.city-map').cityMap.map.queryRenderedFeatures({layers: ['alarms']}).length === 7", timeout=60_000
    )
    assert page.locator(".map-name").count() == 33
    assert page.locator(".map-waiting").count() == 1
    state = "() => document.querySelector('.city-map').cityMap.map.getFeatureState({source: 'regions', id: '441900121'})"
    assert page.evaluate(state)["worst"] == 4
    assert not [url for url in page.asked if "glyph" in url or url.endswith(".pbf")]


def test_the_phone_loads_no_chart_library_no_grid_and_no_map(visit):
    page = settled(visit("/mobile"))
    page.goto(page.url + "#devices")
    page.locator(".result").first.click()
    page.wait_for_selector(".facts")
    heavy = ("plotly", "dash_ag_grid", "dash_mantine", "dash_table", "maplibre")
    assert not [url for url in page.asked if any(part in url for part in heavy)]


def test_an_acknowledgement_on_the_phone_carries_the_persons_name(visit, city):
    page = settled(visit("/mobile#alarms", role="operator", size=FACES["/mobile"]))
    before = page.locator(".panel-mobile_alarms .card .button-main").count()
    page.locator(".panel-mobile_alarms .card .button-main").last.click()
    page.wait_for_function(
        f"() => document.querySelectorAll('.panel-mobile_alarms .card .button-main').length === {before - 1}", timeout=15_000
    )
    assert city.alarm_desk.taken[-1][0] == "operator"


FLAG = """(raised) => citydeckValue.measured({said: {}, no: '否', facts: {}, feeds: {}, on_change: ''}, {online: ['在线', '', 0, true]}, 3,
  {id: 'c1', device: 'c1', metric: 'online', ...raised}).value.text"""


def test_a_flag_brings_its_metrics_name_only_into_an_alarms_line(visit):
    page = settled(visit("/desk"))
    assert [page.evaluate(FLAG, one) for one in ({"raised": [1, False]}, {"read": [1, False]})] == ["在线 否", "否"]


LEFT = """(minutes) => { const owed = (due_at) => dashAgGridComponentFunctions.IncidentLeft({data: {due_at, near_at: null, clock: ''}});
  return minutes.map((n) => owed(citydeck.now() + n * 60000 + (n < 0 ? -1 : 1) * 500).props.children[0].props.children); }"""


def test_the_queues_column_of_time_left_writes_every_span_in_one_form(visit):
    page = settled(visit("/desk"))
    page.wait_for_function("() => window.dashAgGridComponentFunctions && dashAgGridComponentFunctions.IncidentLeft && citydeck.now")
    assert page.evaluate(LEFT, [12, 200, 180, 1000, 3000, -86]) == ["12 min", "3 h 20 min", "3 h", "16 h", "2 d 2 h", "−1 h 26 min"]


def test_an_acknowledgement_on_the_desk_goes_through_the_grid(visit, city):
    page = settled(visit("/desk"))
    row = page.locator(".desk-alarms .row-waiting").last
    row.locator("input[type=checkbox]").check()
    before = len(city.alarm_desk.taken)
    page.locator(".desk-alarms .panel-head button", has_text="确认").click()
    page.wait_for_function("() => document.querySelector('.toast').textContent !== ''", timeout=15_000)
    assert len(city.alarm_desk.taken) == before + 1
    assert city.alarm_desk.taken[-1][0] == "duty_officer"


def test_a_search_on_the_desk_opens_the_device_with_its_last_day(visit):
    page = settled(visit("/desk?view=watch"))
    page.locator(".search input").fill("长安泵站")
    page.locator(".desk-devices .ag-center-cols-container [role=row]", has_text="长安泵站").first.click()
    page.wait_for_function("() => document.querySelector('.detail-head')?.textContent.includes('长安泵站')", timeout=15_000)
    assert page.wait_for_selector(".desk-detail .main-svg", timeout=30_000).is_visible()


def test_signing_in_leads_to_the_page_of_the_role(visit, address):
    page = visit("/login?lang=en", role=None)
    page.locator("#login-username").fill("leader")
    page.locator("#login-password").fill("whatever it is")
    page.locator("[data-login=submit]").click()
    page.wait_for_url(f"{address}/mid?lang=en")
    assert page.wait_for_selector("[data-panel]", state="attached", timeout=30_000)


MAP_READY = ".city-map[data-ready=yes]"
SHOWS_ALARMS = "() => document.querySelector('.city-map').cityMap.map.queryRenderedFeatures({layers: ['alarms']}).length > 0"


def on_the_map(page, device_id):
    """Where a device is drawn, in pixels of the page."""
    page.wait_for_selector(MAP_READY, timeout=60_000)
    page.wait_for_function(SHOWS_ALARMS, timeout=60_000)
    return page.evaluate(
        """(id) => { const city = document.querySelector('.city-map').cityMap, at = city.map.project(city.points.get(id)),
        box = city.element.getBoundingClientRect(); return [box.left + at.x, box.top + at.y]; }""",
        device_id,
    )


@pytest.fixture
def flooded(city):
    """A critical alarm that nobody has taken, whatever other tests took."""
    alarm = city.picture.alarms[0]
    alarm.update(acknowledged_at=None, acknowledged_by=None)
    city.picture.version += 1
    return alarm


@pytest.mark.parametrize("path", [WALL, "/desk"])
def test_the_place_of_a_critical_alarm_that_nobody_has_taken_opens_by_itself(visit, flooded, path):
    page = settled(visit(path))
    callout = page.wait_for_selector(".callout.is-critical.is-waiting", timeout=60_000)
    assert flooded["device_id"] == callout.get_attribute("data-callout")
    panel, box = page.locator(".panel-map").bounding_box(), callout.bounding_box()
    assert panel["x"] <= box["x"] and box["x"] + box["width"] <= panel["x"] + panel["width"] + 1
    assert panel["y"] <= box["y"] and box["y"] + box["height"] <= panel["y"] + panel["height"] + 1


def test_clicking_a_device_on_the_map_opens_it_and_escape_lets_go(visit, flooded, city):
    page = settled(visit(WALL))
    wanted = city.picture.alarms[3]["device_id"]
    page.wait_for_selector(".callout", timeout=60_000)
    page.mouse.click(*on_the_map(page, wanted))
    page.wait_for_selector(f"[data-callout='{wanted}']", timeout=15_000)
    page.keyboard.press("Escape")
    let_go = page.wait_for_selector(f"[data-callout='{flooded['device_id']}']", timeout=15_000)
    assert let_go.is_visible()


def test_clicking_a_device_on_the_desks_map_opens_its_last_day(visit, flooded, city):
    page = settled(visit("/desk?view=watch"))
    alarm = city.picture.alarms[3]
    page.wait_for_selector(".detail-head", timeout=30_000)
    page.mouse.click(*on_the_map(page, alarm["device_id"]))
    page.wait_for_function(f"() => document.querySelector('.facts').textContent.includes('{alarm['device_id']}')", timeout=15_000)
    assert page.wait_for_selector(".desk-detail .main-svg", timeout=30_000).is_visible()


def test_an_alarm_line_takes_the_map_to_its_device_by_keyboard(visit, flooded, city):
    page = settled(visit(WALL))
    page.wait_for_selector(MAP_READY, timeout=60_000)
    line = page.locator(".panel-alarms .line").nth(2)
    wanted = line.get_attribute("data-device")
    line.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(f"[data-callout='{wanted}']", timeout=15_000)
    page.wait_for_function("() => document.querySelector('.city-map').cityMap.map.getZoom() > 11", timeout=15_000)
    assert page.locator(f"[data-callout='{wanted}']").is_visible()


def test_a_town_fills_the_map_and_the_lists_and_gives_way_again(visit, flooded):
    page = settled(visit("/desk?view=watch"))
    page.wait_for_selector(".callout-close", timeout=60_000).click()
    before = page.evaluate("() => document.querySelector('.city-map').cityMap.map.getZoom()")
    page.wait_for_function(
        "() => document.querySelectorAll('.desk-alarms .ag-center-cols-container [role=row]').length === 7", timeout=15_000
    )
    x, y = page.evaluate(
        """() => { const city = document.querySelector('.city-map').cityMap;
        const town = city.towns.find((one) => one.properties.code === '441900113').properties, box = city.element.getBoundingClientRect();
        for (let dy = 0; dy < 30; dy += 3) { const at = city.map.project([town.lon, town.lat]), p = {x: at.x, y: at.y + dy};
          if (!city.picks.deviceAt(p)) return [box.left + p.x, box.top + p.y]; } return [0, 0]; }"""
    )
    page.mouse.click(x, y)
    page.wait_for_selector(".map-town:not([hidden])", timeout=15_000)
    page.wait_for_function(
        "() => document.querySelectorAll('.desk-alarms .ag-center-cols-container [role=row]').length === 0", timeout=15_000
    )
    assert page.locator(".map-town").text_content() == "大朗镇 ×"
    page.locator(".map-town").click()
    page.wait_for_function(
        "() => document.querySelectorAll('.desk-alarms .ag-center-cols-container [role=row]').length === 7", timeout=15_000
    )
    page.wait_for_function(f"() => Math.abs(document.querySelector('.city-map').cityMap.map.getZoom() - {before}) < 0.05", timeout=15_000)
