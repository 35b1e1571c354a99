"""The desk on a fake city: every zoom from 80 to 150 %, the keyboard and its map, and two windows on two monitors in step."""

import re
import time
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import TimeoutError, expect

from layouts.incidents.keys import KEYS
from tests.browser.fake_faces import serving, signed_in
from tests.browser.structure import faults
from tests.fakes import make_city

pytestmark = [pytest.mark.browser, pytest.mark.light]
SCREENS = ((1440, 900), (1920, 1080))
ZOOMS = (0.8, 1.0, 1.25, 1.5)
ASSETS = Path(__file__).parents[2] / "assets"


@pytest.fixture(scope="module")
def address():
    with serving(make_city(int(time.time() * 1000), per_town=10)) as running:
        yield running


@pytest.fixture
def desk(browser, address):
    """A browser in which somebody is signed in; a call opens a window of the desk."""
    context = signed_in(browser, address, "duty_officer", 1440, 900)

    def window(query="", drawn=False):
        page = context.new_page()
        page.wrong = []
        page.on("pageerror", lambda error: page.wrong.append(str(error)))
        if not drawn:
            page.route("**/vendor/maplibre-gl.js*", lambda route: route.abort())
        page.goto(f"{address}/desk{query}")
        page.wait_for_selector(".desk-alarms .ag-row", state="attached", timeout=60_000)
        return page

    yield window
    context.close()


def test_nothing_is_cut_and_nothing_overlaps_at_any_zoom_in_any_view(desk):
    page, found = desk(), {}
    for view in ("incidents", "units", "watch", "lists", "map"):
        page.evaluate("(view) => window.citydeckDesk.view(view)", view)
        for width, height in SCREENS:
            for zoom in ZOOMS:
                page.set_viewport_size({"width": round(width / zoom), "height": round(height / zoom)})
                page.wait_for_timeout(150)
                wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                wrong = {**faults(page, "overlap", "cut"), **({"wider": wide} if wide > 0 else {})}
                found |= {(view, width, zoom, kind): each for kind, each in wrong.items()}
    assert found == {}
    assert not page.wrong


@pytest.mark.long
def test_the_bar_holds_one_line_at_1440_pixels_in_either_language(desk):
    for query in ("", "?lang=en"):
        assert desk(query).evaluate("document.querySelector('.bar-top').clientHeight") < 50


def test_the_map_of_keys_says_every_key_that_the_desk_hears_and_no_other(desk):
    page = desk()
    page.keyboard.press("?")
    page.wait_for_selector("[data-keys='box']:not([hidden])")
    shown = dict(
        page.evaluate("[...document.querySelectorAll('[data-key-name]')].map((e) => [e.dataset.keyName, e.dataset.keyKeys.split(' ')])")
    )
    heard: dict[str, set[str]] = {}
    for name, keys in page.evaluate("window.citydeckKeys.map((one) => [one.name, one.keys])"):
        heard.setdefault(name, set()).update(keys)
    assert {name: set(keys) for name, keys in shown.items()} == heard == {name: set(keys) for name, keys in KEYS.items()}
    said = {name: page.locator(f"[data-key-name='{name}'] kbd").inner_text().lower().replace(" ", "") for name in KEYS}
    assert [name for name, keys in KEYS.items() if keys[0][:3].lower() not in said[name]] == []
    page.keyboard.press("Escape")
    page.wait_for_selector("[data-keys='box']", state="hidden")


def test_no_script_of_the_desk_hears_keys_beside_the_table():
    """What a canvas, a drawing or a form hears while it has the focus is its own; the page's keys are in the table."""
    own = {"city_picks.js", "dispatch_map.js", "dispatch_opened.js", "duty_forms.js", "progress.js", "city_calm.js", "incident_keys.js"}
    hears = {one.name for one in ASSETS.glob("*.js") if re.search(r'document\.addEventListener\("key|"keydown"', one.read_text())}
    ours = {
        name
        for name in hears
        if name.startswith(("incident_", "dispatch", "city_", "live", "ticks", "duty_forms", "progress", "upkeep", "notices"))
    }
    assert ours <= own


SEEN = """(names) => Object.fromEntries(names.map((name) => [name, document.querySelector('.face-desk > .' + name)]).map(([name, one]) =>
  [name, one.checkVisibility({ visibilityProperty: true }) ? 'seen'
    : getComputedStyle(one).contentVisibility === 'hidden' ? 'kept' : 'gone']))"""
VIEWS = {
    "watch": {"desk-alarms", "desk-devices", "desk-detail", "desk-side"},
    "incidents": {"desk-alarms", "desk-queue", "desk-incident"},
    "units": {"board-units", "board-resources", "board-several"},
}


def test_what_the_other_views_show_is_kept_and_neither_seen_nor_reached(desk):
    page, every = desk(), set.union(*VIEWS.values())
    page.wait_for_selector("html[data-kept]", timeout=60_000)
    for key, view in (("w", "watch"), ("w", "incidents"), ("u", "units"), ("u", "incidents")):
        page.keyboard.press(key)
        assert page.evaluate(SEEN, sorted(every)) == {name: "seen" if name in VIEWS[view] else "kept" for name in every}
    page.keyboard.press("w")
    assert page.locator(".desk-devices .ag-row").first.is_visible(), "a list that comes into sight has its lines"
    for _ in range(60):
        page.keyboard.press("Tab")
        assert not page.evaluate("document.activeElement.closest('.desk-queue, .desk-incident, .board-units')")


def test_keys_lead_through_the_views_and_from_panel_to_panel(desk):
    page = desk()
    shown = lambda: page.evaluate("document.documentElement.dataset.desk")  # noqa: E731
    where = "document.activeElement.closest('.desk-queue, .desk-incident, .panel-map, .desk-alarms')?.className ?? ''"
    for key, view in (("w", "watch"), ("w", "incidents"), ("u", "units"), ("u", "incidents")):
        page.keyboard.press(key)
        assert shown() == view
    panels = []
    for _ in range(4):
        page.keyboard.press("F6")
        panels.append(page.evaluate(where).split()[-1])
    assert panels[:2] == ["desk-queue", "desk-incident"] and panels[-1] != panels[0] and len(set(panels)) >= 3
    page.keyboard.press("Shift+F6")
    assert page.evaluate(where).split()[-1] == panels[-2]
    order = page.evaluate(
        """() => [...document.querySelectorAll('.bar-top, .desk-alarms, .panel-map, .desk-devices, .desk-queue, .desk-incident')]
        .filter((e) => e.checkVisibility({ visibilityProperty: true })).map((e) => e.className.split(' ').pop())"""
    )
    assert order[0] == "bar-top"
    assert not page.wrong


@pytest.mark.long
def test_what_is_chosen_in_one_window_is_chosen_in_the_other_and_both_end_together(desk, address):
    lists, mapped = desk("?view=lists"), desk("?view=map", drawn=True)
    mapped.wait_for_selector(".city-map[data-ready=yes]", timeout=60_000)
    assert lists.locator(".panel-map").is_hidden() and mapped.locator(".desk-alarms").is_hidden()
    row = lists.locator(".desk-alarms .ag-center-cols-container .ag-row").nth(2)
    alarm = row.get_attribute("row-id")
    row.locator("[col-id=severity]").click()
    device = "() => document.querySelector('.city-map').cityMap.picks.at && document.querySelector('[data-callout]')?.dataset.callout"
    mapped.wait_for_function(f"({device})()", timeout=30_000)
    mapped.wait_for_function("document.querySelector('.city-map').cityMap.map.getZoom() > 11", timeout=30_000)
    chosen = mapped.evaluate(device)
    other = mapped.evaluate("(not) => [...citydeckModel.alarms.values()].find((one) => one.device_id !== not)", chosen)
    mapped.evaluate("(id) => window.citydeckPick({ kind: 'device', id }, true)", other["device_id"])
    lists.wait_for_function(
        "(id) => document.querySelector('.desk-alarms .ag-cell-focus')?.closest('.ag-row').getAttribute('row-id') === id",
        arg=other["alarm_id"],
    )
    assert alarm != other["alarm_id"]
    mapped.evaluate("window.citydeckDesk.open('0190a000-0000-7000-8000-0000000000aa')")
    lists.wait_for_function("window.citydeckDesk.incident === '0190a000-0000-7000-8000-0000000000aa'")
    assert [lists.evaluate("document.documentElement.dataset.desk"), mapped.evaluate("document.documentElement.dataset.desk")] == [
        "lists",
        "map",
    ]
    lists.locator(".bar-menu > summary").click()
    lists.locator("[data-sign-out]").click()
    for page in (lists, mapped):
        page.wait_for_url(f"{address}/login*", timeout=30_000)


CELLS_CUT = """() => {
  const parts = ['.cell-who', '.cell-what', '.cell-what span', '.cell-limit'].map((one) => `.desk-alarms .ag-row ${one}`).join();
  return [...document.querySelectorAll(parts)].filter((one) => {
    const [box, row, cell] = [one, one.closest('.ag-row'), one.closest('.ag-cell')].map((each) => each.getBoundingClientRect());
    const short = getComputedStyle(one).display !== 'inline' && one.scrollWidth > one.clientWidth + 1;
    return short || box.right > cell.right + 1 || box.bottom > row.bottom + 1;
  }).map((one) => one.textContent);
}"""
CROWDED = """() => { const grid = dash_ag_grid.getApi({type: 'grid', name: 'alarms'}), row = grid.getDisplayedRowAtIndex(0);
  const said = {rule: 'Crowd too dense', unit: 'people/m²', limit: 'max 4.0 people/m²', raw: 5.2};
  grid.applyTransaction({update: [{...row.data, ...said, what: 'Crowd too dense'}]}); return row.id; }"""
QUEUE_BEYOND = """() => { const list = document.querySelector('.desk-queue .ag-header-viewport').getBoundingClientRect();
  return [...document.querySelectorAll('.desk-queue .ag-header-cell')].filter((one) => one.getBoundingClientRect().right > list.right + 1)
    .map((one) => one.textContent); }"""


def test_in_english_an_alarm_says_its_state_and_its_limit_whole_and_the_queue_its_time_left(desk):
    page, found = desk("?lang=en"), {}
    for width, height in ((1280, 800), (1366, 768), (1440, 900)):
        page.set_viewport_size({"width": width, "height": height})
        page.locator(".desk-alarms .cell-who", has_text="unacknowledged").first.wait_for()
        page.wait_for_function("() => document.querySelector('.desk-alarms .cell-value')?.textContent")
        with suppress(TimeoutError):
            page.wait_for_function(f"() => ({CELLS_CUT})().length + ({QUEUE_BEYOND})().length === 0", timeout=10_000)
        found[width] = page.evaluate(CELLS_CUT) + page.evaluate(QUEUE_BEYOND)
    assert found == {1280: [], 1366: [], 1440: []}
    row = page.evaluate(CROWDED)
    expect(page.locator(f".desk-alarms .ag-row[row-id='{row}'] .cell-limit")).to_have_text("max 4.0")


TAKEN = """() => { const grid = dash_ag_grid.getApi({type: 'grid', name: 'alarms'}), row = grid.getDisplayedRowAtIndex(0);
  grid.applyTransaction({update: [{...row.data, by: '刚接手的人', calling: false}]}); return row.id; }"""


def test_under_an_alarms_severity_stands_who_has_it_as_soon_as_somebody_has(desk):
    page = desk("")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.locator(".desk-alarms .cell-who").first.wait_for()
    assert "刚接手的人" not in page.locator(".desk-alarms").inner_text()
    row = page.evaluate(TAKEN)
    expect(page.locator(f".desk-alarms .ag-row[row-id='{row}'] .cell-who")).to_have_text("刚接手的人")


BAR = "document.querySelector('.bar-top')"


@pytest.mark.parametrize("query", ["", "?lang=en"])
@pytest.mark.parametrize("width", [1280, 1440])
def test_the_bar_stays_one_line_whatever_is_to_say_and_the_menu_takes_the_pages_then(desk, query, width):
    page = desk(query)
    page.set_viewport_size({"width": width, "height": 800})
    page.evaluate(f"{BAR}.insertAdjacentHTML('afterbegin', `<b id=much style='flex: none; width: ${{innerWidth * 0.12}}px'>1</b>`)")
    page.wait_for_selector(".bar-top.is-folded")
    assert page.evaluate(f"{BAR}.clientHeight") < 50
    assert page.locator(".bar-top nav a:visible").count() == 1
    page.locator(".bar-menu > summary").click()
    page.locator(".bar-mine a[href^='/duty']").wait_for(state="visible")
    page.locator(".bar-menu > summary").click()
    page.evaluate("document.querySelector('#much').remove()")
    page.set_viewport_size({"width": 1920, "height": 800})
    page.wait_for_selector(".bar-top:not(.is-folded)")
    assert page.locator(".bar-top nav a:visible").count() > 4 and not page.locator(".bar-mine a[href^='/duty']").is_visible()
    assert not page.wrong


OVER = """() => { const {cityMap} = document.querySelector('.city-map');
  const box = document.querySelector('.map-legend').getBoundingClientRect();
  const [west, south, east, north] = cityMap.bounds, corner = cityMap.element.getBoundingClientRect();
  const low = cityMap.map.project([west, south]), top = cityMap.map.project([east, north]).y;
  return box.top - corner.top < low.y && box.bottom - corner.top > top && box.right - corner.left > low.x + box.height; }"""
"""Whether the legend lies over the city."""


def test_a_legend_that_would_lie_over_the_city_is_folded_until_somebody_opens_it(desk):
    page = desk("?view=watch", drawn=True)
    page.wait_for_selector(".map-legend.is-folded")
    keys, fold = page.locator(".map-legend .legend"), page.locator(".map-fold")
    assert not keys.is_visible() and not page.evaluate(OVER)
    fold.click()
    keys.wait_for(state="visible")
    fold.click()
    keys.wait_for(state="hidden")
    page.evaluate("window.citydeckDesk.view('incidents')")
    page.wait_for_selector(".map-legend:not(.is-folded)")
    assert keys.is_visible() and not page.evaluate(OVER) and not page.wrong


def test_a_warning_that_an_incident_lists_keeps_nothing_from_the_map(desk):
    page = desk("?view=incidents", drawn=True)
    page.wait_for_selector(".city-map[data-ready=yes]")
    page.evaluate("""() => { document.querySelector('.desk-incident').insertAdjacentHTML('beforeend', '<div data-warning=w1>1</div>');
      return new Promise((done) => setTimeout(done, 200)); }""")
    assert not page.wrong
