"""Every face in every state and size is whole; and a layout that is broken on purpose is noticed, whatever kind it is of."""

import time
from contextlib import ExitStack

import pytest

from tests.browser.fake_faces import serving, signed_in
from tests.browser.structure import CHECKS, TOUCHED, faults
from tests.fake_states import STATES, city_in

pytestmark = [pytest.mark.browser, pytest.mark.light]
WALL = "/big?scene=overview"
SIZES = {
    WALL: [(1920, 1080), (3840, 1080)],
    "/mid": [(1920, 1080), (1280, 800), (1440, 900)],
    "/desk": [(1920, 1080), (1280, 800), (1600, 900)],
    "/mobile": [(390, 844), (820, 1180)],
}
"""Face -> its real sizes; the first is looked at in every state, all of them in the evening."""
LARGEST = (7680, 2160)
HARDEST = ("evening", "storm", "empty")
LOOKS = [(path, state, "zh") for path in SIZES for state in STATES if state in HARDEST or path == WALL]
LOOKS += [(WALL, "storm", "en"), ("/desk", "storm", "en"), *((path, "evening", "en") for path in (WALL, "/mid", "/desk"))]
MORE = [(path, state, "zh") for path in SIZES for state in STATES if (path, state, "zh") not in LOOKS]
"""What `make long` looks at beside."""


@pytest.fixture(scope="module")
def cities():
    """State -> the address of a city in it, each started when first asked for."""
    running = {}
    with ExitStack() as stack:

        def address(state):
            if state not in running:
                running[state] = stack.enter_context(serving(city_in(state, int(time.time() * 1000))))
            return running[state]

        yield address


@pytest.fixture
def look(browser, cities):
    """Open a face of a city in a state, and wait until it stands."""
    contexts = []

    def opened(path, size, state, role="duty_officer", lang="zh"):
        contexts.append(signed_in(browser, cities(state), role, *size, has_touch=path.startswith("/mobile")))
        page, (before, hash_sign, tab) = contexts[-1].new_page(), path.partition("#")
        page.goto(f"{cities(state)}{before}{'&' if '?' in before else '?'}lang={lang}{hash_sign}{tab}")
        page.wait_for_selector("main")
        stands(page)
        return page

    yield opened
    for context in contexts:
        context.close()


def stands(page):
    """Wait until no panel is loading, and what a size changes has changed."""
    page.wait_for_function("() => !document.querySelector('main .state-loading')", timeout=90_000)
    page.wait_for_timeout(400)


ALL = [*LOOKS, *(pytest.param(*look, marks=pytest.mark.long) for look in MORE)]


@pytest.mark.parametrize(("path", "state", "lang"), ALL)
def test_a_face_is_whole_in_every_state_and_size(look, path, state, lang):
    sizes = SIZES[path] if state == "evening" else SIZES[path][:1]
    page, found = look(path, sizes[0], state, lang=lang), {}
    for width, height in sizes:
        if page.viewport_size != {"width": width, "height": height}:
            page.set_viewport_size({"width": width, "height": height})
            stands(page)
        found[width, height] = faults(page)
    assert not any(found.values()), found


@pytest.mark.long
def test_a_wall_of_the_largest_size_is_whole(look):
    assert faults(look(WALL, LARGEST, "evening")) == {}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_office_that_lost_its_server_stays_whole(browser, lang):
    city = city_in("evening", int(time.time() * 1000))
    with serving(city) as address:
        context = signed_in(browser, address, "leader", 1440, 900)
        page = context.new_page()
        page.goto(f"{address}/mid?lang={lang}")
        page.wait_for_selector(".office-major")
        stands(page)
        before = page.locator(".bar-top").bounding_box()["height"]
        city.lost = True
        page.wait_for_selector("[data-link=lost]", timeout=60_000)
        assert faults(page) == {}
        assert page.locator(".bar-top").bounding_box()["height"] <= before
        note, below = (page.locator(f".panel-office_today {part}").bounding_box() for part in (".panel-note", ".office-domains"))
        assert note["y"] + note["height"] <= below["y"]
        context.close()


def test_who_has_no_right_is_told_so_on_a_page_that_is_whole(look):
    for path in (WALL, "/desk"):
        page = look(path, (1280, 800), "evening", role="auditor")
        assert faults(page) == {}
        assert page.locator("[data-panel=alarms]").count() == 0


BROKEN = [
    ("outside", ".panel-trends", "transform: translateX(90vw)"),
    ("cut", ".tile-title", "max-width: 1em; overflow: hidden"),
    ("cut", ".town-name", "max-width: 1em; overflow: hidden; text-overflow: ellipsis"),
    ("overlap", ".panel-alarms", "margin-left: -12vw"),
    ("spill", ".panel-towns .panel-body > *", "min-height: 90vh"),
    ("empty", ".panel-feeds .panel-body", "display: none"),
    ("empty", ".panel-feeds .panel-body", "visibility: hidden"),
    ("small", ".scene-tabs button", "min-width: 0; width: 20px; height: 60px"),
]


SCROLLED = {
    "/mid": [
        ("outside", ".office-town-line", "transform: translateX(90vw)"),
        ("outside", ".office-domains", "width: 130vw"),
        ("cut", ".office-town-line:not(.is-head) .office-name", "max-width: 1em; overflow: hidden; white-space: nowrap"),
        ("cut", ".office-major", "height: 1em; overflow: hidden"),
        ("overlap", ".panel-office_today", "margin-left: -12vw"),
        ("overlap", ".office-domain", "margin-right: -80px"),
    ],
    "/mobile#alarms": [
        ("outside", ".card:visible", "transform: translateX(60vw)"),
        ("outside", ".card:visible", "width: 130vw"),
        ("cut", ".card:visible .card-head strong", "max-width: 1em; overflow: hidden; white-space: nowrap"),
        ("cut", ".card:visible", "height: 1em; min-height: 0; overflow: hidden"),
        ("overlap", ".mobile-tabs", "margin-top: -40px"),
        ("overlap", ".card:visible .card-head", "margin-bottom: -20px"),
    ],
}
"""Face -> what is broken in that of it which scrolls."""


def broken_are_noticed(page, broken):
    """Break one part after another, and ask only for the kind of fault that it is."""
    assert faults(page) == {}
    for kind, selector, style in broken:
        part = page.locator(selector).first
        before = part.evaluate("(one, style) => { const kept = one.style.cssText; one.style.cssText += ';' + style; return kept; }", style)
        assert kind in faults(page, kind, thumb=selector if kind == "small" else ""), (kind, selector, style)
        part.evaluate("(one, kept) => { one.style.cssText = kept; }", before)
    assert faults(page) == {}


def test_a_layout_broken_on_purpose_is_noticed_whatever_kind_it_is_of(look):
    assert {kind for kind, _, _ in BROKEN} == set(CHECKS)
    broken_are_noticed(look(WALL, (1920, 1080), "evening"), BROKEN)


@pytest.mark.parametrize("path", list(SCROLLED))
def test_what_is_broken_where_a_page_scrolls_is_noticed_too(look, path):
    assert {kind for kind, _, _ in SCROLLED[path]} == {"outside", "cut", "overlap"}
    broken_are_noticed(look(path, SIZES[path.partition("#")[0]][0], "evening"), SCROLLED[path])


def test_what_a_thumb_would_miss_on_the_phone_is_noticed(look):
    page = look("/mobile", (390, 844), "evening")
    assert faults(page, thumb=TOUCHED) == {}
    page.locator(".mobile-nav a").first.evaluate("(one) => { one.style.cssText = 'height: 30px; min-height: 0'; }")
    assert set(faults(page, thumb=TOUCHED)) == {"small"}
