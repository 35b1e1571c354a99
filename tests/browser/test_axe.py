"""Every face under axe-core: no serious and no critical fault, dark and light, in both languages."""

import time
from types import SimpleNamespace

import pytest

from tests.browser.axe import ALL, CONTRAST, LIGHT, THE_REST, faults, in_both_themes
from tests.browser.fake_faces import serving
from tests.fakes import make_city
from tests.services.test_applying import plan

pytestmark = [pytest.mark.browser, pytest.mark.light]
FACES = {
    "wall": ("/big?scene=overview", "duty_officer", (1920, 1080)),
    "office": ("/mid", "leader", (1440, 900)),
    "desk": ("/desk", "duty_officer", (1600, 900)),
    "phone": ("/mobile", "operator", (390, 844)),
    "sign-in": ("/login", "", (1280, 800)),
}
OTHERS = {
    "watch": ("/desk?view=watch", "duty_officer", (1600, 900)),
    "tablet": ("/mobile#towns", "leader", (820, 1180)),
    "vital signs": ("/vitals", "duty_officer", (1440, 900)),
    "duty": ("/duty", "duty_officer", (1440, 900)),
    "cameras": ("/cameras", "duty_officer", (1440, 900)),
    "account": ("/account", "operator", (1280, 800)),
    "administration": ("/admin", "security_admin", (1440, 900)),
    "upkeep": ("/upkeep", "system_admin", (1440, 900)),
    "plans": ("/plans", "duty_officer", (1440, 900)),
    "instructions": ("/instructions", "leader", (1440, 900)),
    "remote": ("/remote", "duty_officer", (820, 1180)),
    "pairing": ("/pair", "", (1280, 800)),
    "the past": (f"/desk?at={int(time.time() * 1000) - 3_600_000}", "duty_officer", (1440, 900)),
    "no such page": ("/nowhere", "operator", (1280, 800)),
}
LISTED = "() => [...document.querySelectorAll('[role=option]')].some((one) => one.checkVisibility())"
POPPED = {
    "/desk": [
        ("[data-queue=filters]", "() => !document.querySelector('.queue-filters').hidden"),
        ("[data-keys=open]", "() => !document.querySelector('[data-keys=box]').hidden"),
        (".desk-alarms .ag-row input[type=checkbox]", "(one) => one.checked && one.closest('.ag-row').matches('.ag-row-selected')"),
        (".bar-top details > summary", "(one) => one.parentElement.open"),
    ],
    "/desk?view=watch": [
        (".mantine-Tabs-tab:nth-of-type(2)", "(one) => one.ariaSelected === 'true'"),
        (".mantine-Tabs-panel .mantine-Select-input", LISTED),
    ],
    "/admin": [(".mantine-Select-input", LISTED)],
}
"""Page -> what is pressed on it, one after another, and what is true then: all that opens over it, or is coloured once it is chosen."""
HOLDS = {"/admin": "auditor"}


@pytest.fixture(scope="module")
def address():
    city = make_city(int(time.time() * 1000), per_town=8)
    city.plans = SimpleNamespace(all=lambda *_: [plan("flood", ("water",)), plan("typhoon", ("natural_disaster",), "draft")])
    with serving(city) as found:
        yield found


@pytest.fixture
def opened(browser, address):
    """A face once it has loaded, dark, without its map's library: what is drawn on a canvas axe cannot judge."""
    contexts = []

    def open_face(path, role, size, lang):
        context = browser.new_context(viewport={"width": size[0], "height": size[1]})
        contexts.append(context)
        if role:
            context.add_cookies([{"name": "citydeck_session", "value": role, "url": address}])
        context.add_init_script("localStorage.getItem('citydeck:theme:') || localStorage.setItem('citydeck:theme:', 'dark')")
        page = context.new_page()
        page.route("**/vendor/maplibre-gl.js*", lambda route: route.abort())
        before, _, tab = path.partition("#")
        page.goto(f"{address}{before}{'&' if '?' in before else '?'}lang={lang}{'#' + tab if tab else ''}")
        page.wait_for_selector("main")
        page.wait_for_function("() => !document.querySelector('main .state-loading:not(.map-wait *)')", timeout=30_000)
        return page

    yield open_face
    for context in contexts:
        context.close()


@pytest.mark.parametrize("face", list(FACES))
def test_a_face_has_no_grave_fault_dark_or_light(opened, face):
    assert in_both_themes(opened(*FACES[face], "zh")) == []


@pytest.mark.long
@pytest.mark.parametrize("face", list(OTHERS))
def test_the_other_pages_have_none_either(opened, face):
    assert in_both_themes(opened(*OTHERS[face], "zh")) == []


@pytest.mark.parametrize("path", list(POPPED))
def test_what_opens_over_a_page_can_be_read_in_the_light(opened, path):
    page = opened(path, HOLDS.get(path, "duty_officer"), (1440, 900), "zh")
    page.evaluate(LIGHT)
    for opener, is_open in POPPED[path]:
        shown = [one.element_handle() for one in page.locator(opener).all() if one.is_visible()]
        assert shown, opener
        for one in shown[:4]:
            one.evaluate("(one) => one.click()")
            page.wait_for_function(is_open, arg=one, timeout=10_000)
            assert faults(page, CONTRAST) == [], opener
            page.keyboard.press("Escape")


@pytest.mark.long
@pytest.mark.parametrize("face", list(FACES | OTHERS))
def test_nor_has_any_of_them_in_english(opened, face):
    path, role, size = (FACES | OTHERS)[face]
    assert faults(opened(path, role, size, "en"), THE_REST) == []


def test_a_page_with_a_fault_is_found(opened):
    page = opened("/login", "", (800, 600), "zh")
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<p style=\"color: #3a4751\">谁也看不清</p><button></button>')"
    )
    assert {rule for rule, _ in faults(page, ALL)} == {"color-contrast", "button-name"}


def test_where_a_value_comes_from_opens_on_the_phone_and_its_script_comes_only_then(opened):
    page = opened("/mobile#towns", "leader", (390, 844), "zh")
    scripts = "() => performance.getEntriesByType('resource').some((one) => one.name.includes('provenance'))"
    assert not page.evaluate(scripts)
    held = []
    page.route("**/provenance.js*", lambda route: held.append(route))
    page.locator("[data-origin]:visible").first.click()
    page.locator(".busy").wait_for()
    held[0].continue_()
    dialog = page.locator("dialog.origin")
    dialog.wait_for()
    page.locator(".busy").wait_for(state="detached")
    assert page.evaluate(scripts)
    said = dialog.inner_text()
    assert "来源" in said and "算法" in said and "责任部门" in said
    assert faults(page, ALL) == []
    page.keyboard.press("Escape")
    dialog.wait_for(state="detached")


def test_the_theme_is_chosen_in_the_menu_kept_and_shared_with_the_charts(opened):
    page = opened("/vitals?indicator=odd", "duty_officer", (1440, 900), "zh")
    page.wait_for_selector(".signs-chart .js-line", timeout=30_000, state="attached")
    line = "() => getComputedStyle(document.querySelector('.signs-chart .js-line')).stroke"
    dark = page.evaluate(line)
    page.locator(".bar-menu > summary").click()
    page.locator("[data-theme-switch]").click()
    page.wait_for_function("() => document.documentElement.dataset.theme === 'light'")
    assert page.evaluate(line) != dark
    page.reload()
    page.wait_for_selector("main")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"


def test_what_somebody_waits_for_longer_than_a_second_shows_that_it_goes_on(opened):
    page, held = opened("/login", "", (800, 600), "zh"), []
    page.route("**/api/v1/session", lambda route: held.append(route))
    page.locator("#login-username").fill("operator")
    page.locator("#login-password").fill("whatever it is")
    page.locator("[data-login=submit]").click()
    line = page.locator(".busy")
    line.wait_for()
    assert "处理中" in line.inner_text()
    held[0].fulfill(status=401)
    line.wait_for(state="detached")


OPENING = """() => { const here = document.querySelector("._dash-loading"), style = here && getComputedStyle(here, "::after");
    return style && style.opacity === "1" ? style.content : false; }"""


@pytest.mark.parametrize(("lang", "said"), [("zh", "正在打开"), ("en", "Opening")])
def test_a_page_that_is_on_its_way_for_longer_than_a_second_says_so_before_its_scripts_run(opened, lang, said):
    page, held = opened("/mid", "leader", (1280, 800), lang), []
    page.route("**/_dash-layout", lambda route: held.append(route))
    page.reload()
    assert said in page.wait_for_function(OPENING).json_value()
    held[0].continue_()
    page.wait_for_selector("main")
    assert page.locator("._dash-loading").count() == 0
