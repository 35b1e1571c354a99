"""A wall's browser from its code to its revocation, the remote that steers it, what keeps it going alone; on a fake city."""

import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.fake_faces import serving
from tests.browser.structure import faults
from tests.browser.test_cameras import PIXEL
from tests.fake_states import with_alarms
from tests.fakes import make_city

pytestmark = [pytest.mark.browser, pytest.mark.light]
WALL, TABLET = {"width": 1920, "height": 1080}, {"width": 1180, "height": 820}
THUMB = ".remote-tabs button, .remote-steer button, .remote-steer input"


@pytest.fixture
def city():
    return make_city(int(time.time() * 1000), per_town=10)


@pytest.fixture
def address(city):
    with serving(city) as found:
        yield found


@pytest.fixture
def opened(browser, address):
    """A page at a size, signed in as a role or as nobody. The map is left out: nothing here looks at it."""
    contexts = []

    def visit(path: str, size: dict[str, int], role: str = "") -> Page:
        context = browser.new_context(viewport=size)
        contexts.append(context)
        if role:
            context.add_cookies([{"name": "citydeck_session", "value": role, "url": address}])
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.wrong = []
        page.on("pageerror", lambda error: page.wrong.append(str(error)))
        page.route("**/vendor/maplibre-gl.js*", lambda route: route.abort())
        page.goto(address + path)
        return page

    yield visit
    for one in contexts:
        one.close()


def paired(opened, name="大厅左屏"):
    """A wall's browser that a duty officer has approved, and the officer's remote."""
    wall, remote = opened("/pair", WALL), opened("/remote", TABLET, "duty_officer")
    expect(wall.locator("[data-pair=code]")).not_to_be_empty()
    code = wall.locator("[data-pair=code]").inner_text()
    remote.click("[data-remote-tab=screens]")
    remote.fill(".remote-code", code.lower())
    remote.click(".remote-body-pair .button-main")
    remote.wait_for_selector(".remote-about")
    remote.fill(".remote-screens .remote-form input", name)
    remote.select_option(".remote-screens select >> nth=0", "default")
    remote.click(".remote-body-pair .button-main")
    wall.wait_for_selector("[data-wall=default]")
    return wall, remote


def test_a_wall_is_paired_steered_told_consulted_upon_and_revoked(opened, city):
    wall, remote = paired(opened)
    assert "/big?wall=default" in wall.url
    remote.click("[data-remote-tab=steer]")
    card = remote.locator(".remote-wall[data-key=default]")
    expect(card.locator(".remote-shows")).to_contain_text("大厅左屏")
    if card.get_attribute("aria-pressed") != "true":
        card.click()
    assert faults(remote, "small", thumb=THUMB) == {}, "a thumb finds everything"
    assert "08:00:00" in remote.evaluate("citydeckRemote.when(0)"), "times are the city's"

    remote.click(".remote-scene[data-key=traffic]")
    wall.wait_for_selector(".wall-now[data-scene=traffic]", state="attached")
    expect(card.locator(".remote-shows b")).to_have_text("交通")
    remote.locator(".remote-slider input").fill("40")
    remote.locator(".remote-slider input").dispatch_event("change")
    expect(wall.locator(".wall-dim")).to_have_attribute("data-brightness", "0.4")

    held = []
    wall.route("**/_dash-update-component", lambda route: held.append(route))
    remote.click(".remote-told")
    expect(wall.locator(".wall-told p")).to_contain_text("城市运行中心")
    expect(wall.locator(".wall-scene")).to_be_hidden()
    wall.unroute("**/_dash-update-component")
    for route in held:
        route.continue_()
    wall.wait_for_selector(".wall-now[data-scene=show_city]", state="attached")
    expect(wall.locator(".wall-scene")).to_be_visible()
    wall.keyboard.press("ArrowRight")
    expect(wall.locator(".wall-told small")).to_have_text("2 / 5")
    wall.keyboard.press("Escape")
    expect(wall.locator(".wall-told")).to_be_hidden()
    remote.click(".remote-row [data-key=end]")

    remote.click("[data-remote-tab=consult]")
    remote.fill(".remote-consult .remote-form input", "防汛会商")
    remote.click(".remote-consult .button-main")
    wall.wait_for_url(lambda url: "held=1" in url)
    assert "scene=consultation" in wall.url
    wall.wait_for_selector(".moment-strip")
    remote.fill(".remote-consult textarea", "加派泵车")
    remote.click(".remote-consult .button-main")
    expect(remote.locator(".remote-given")).to_contain_text("加派泵车")
    assert [(task.kind, task.zh) for task in city.memory.tasks] == [("minutes", "加派泵车")]
    remote.click(".remote-desk > .button")
    wall.wait_for_url(lambda url: "at=" not in url)

    remote.click("[data-remote-tab=screens]")
    remote.click(".remote-screen .button")
    remote.click(".remote-screen .is-sure")
    expect(remote.locator(".remote-screen")).to_have_count(0)
    expect(wall.locator("[data-pair=code]")).not_to_be_empty()
    assert wall.wrong == [] and remote.wrong == []


def test_the_cameras_for_a_wall_are_chosen_by_their_pictures(opened):
    cameras = [{"camera_id": f"hall-{n}", "name": f"南城街道政务中心高点视频监控0{n}", "region": "", "online": True} for n in range(3)]
    remote = opened("/remote", TABLET, "duty_officer")
    remote.route("**/api/v1/wall/cameras", lambda route: route.fulfill(json={"items": cameras}))
    remote.route("**/cameras/hall-0/snapshot", lambda route: route.fulfill(body=PIXEL, content_type="image/png"))
    remote.route("**/cameras/hall-1/snapshot", lambda route: route.fulfill(status=204))
    remote.route("**/cameras/hall-2/snapshot", lambda route: route.fulfill(status=502))
    remote.reload()
    expect(remote.locator(".remote-camera .camera-still img")).to_have_count(1)
    expect(remote.locator(".remote-camera .has-none")).to_have_count(2)
    assert faults(remote, "small", thumb=THUMB) == {}, "pictures leave every name whole"
    assert remote.wrong == []


UPGRADED = "window.here = true; Math.random = () => 0; document.dispatchEvent(new CustomEvent('citydeck:upgraded'))"


def test_a_wall_loads_itself_again_after_an_upgrade_only_over_a_server_that_is_ready(opened, city):
    with_alarms(city, [])
    page, own = opened("/big?wall=default", WALL, "duty_officer"), opened("/big", WALL, "duty_officer")
    ready = []
    for one in (page, own):
        one.wait_for_selector("[data-wall]")
        one.route("**/readyz", lambda route: route.fulfill(status=200 if ready else 503))
        one.evaluate(UPGRADED)
    own.wait_for_function("!window.here")
    page.wait_for_timeout(6_000)
    assert page.evaluate("window.here") is True, "a person's own page is loaded at once, like every other face; a wall waits"
    ready.append(True)
    page.wait_for_function("!window.here")
    page.wait_for_selector("[data-wall]")


def test_a_wall_whose_scripts_never_came_loads_itself_again(browser, address):
    context = browser.new_context(viewport=WALL)
    page = context.new_page()
    page.clock.install()
    cut = [True]
    page.route("**/*.js*", lambda route: route.abort() if cut else route.continue_())
    page.goto(address + "/pair")
    cut.clear()
    page.clock.fast_forward(31_000)
    page.wait_for_selector("[data-pair=code]")
    assert page.locator("[data-pair=card]").count() == 1
    context.close()


NIGHT = """([screens, paired, hours, taken]) => {
  const hour = new Date().getUTCHours() * 60, night_from = (hour + 60 * hours) % 1440, night_to = (night_from + 120) % 1440;
  const care = {screens, paired, night_from, night_to, dim_to: 0.4, zone: 'UTC', shift_px: 3, shift_minutes: 10};
  document.querySelector('[data-wall]').dataset.taken = taken;
  document.dispatchEvent(new CustomEvent('citydeck:wall-care', {detail: {brightness: 0.9, care}}));
  return document.querySelector('.wall-dim').dataset.brightness;
}"""
"""A wall is told that its night begins in so many hours, 0: this hour; how bright it then is."""
LATER = 10


def test_at_night_a_wall_is_dim_and_what_takes_it_over_is_not(opened, city):
    kept = list(city.picture.alarms)
    with_alarms(city, [one for one in kept if one["severity"] != "critical"])
    page = opened("/big?wall=default", WALL, "duty_officer")
    page.wait_for_selector(".panel-alarms .line")
    page.wait_for_selector(".wall-dim", state="attached")
    dim = lambda hours=0, taken="": page.evaluate(NIGHT, ["named", False, hours, taken])  # noqa: E731
    assert [dim(), dim(LATER), dim(0, "incident:1"), dim()] == ["0.4", "0.9", "0.9", "0.4"]
    with_alarms(city, kept)
    page.wait_for_selector(".line-critical.is-waiting.is-active")
    assert dim() == "0.9"
    page.wait_for_function("['lock', 'video'].includes(window.citydeckCare.about().awake)")


def test_a_persons_own_wall_is_taken_over_by_a_critical_alarm_and_is_neither_dimmed_nor_moved_nor_kept_awake(opened, city):
    kept = list(city.picture.alarms)
    with_alarms(city, [one for one in kept if one["severity"] != "critical"])
    page = opened("/big", WALL, "duty_officer")
    page.wait_for_selector(".wall-now[data-scene=overview]", state="attached")
    page.wait_for_selector(".wall-dim", state="attached")
    moved = lambda: page.evaluate("document.querySelector('[data-wall]').style.translate")  # noqa: E731
    assert [page.evaluate(NIGHT, [screens, False, 0, ""]) for screens in ("named", "paired")] == ["0.9", "0.9"] and not moved()
    assert page.evaluate("window.citydeckCare.about().awake") == ""
    assert [page.evaluate(NIGHT, said) for said in (["any", False, 0, ""], ["paired", True, 0, ""])] == ["0.4", "0.4"] and moved()
    with_alarms(city, kept)
    alarm = next(one for one in kept if one["severity"] == "critical")
    page.wait_for_selector(f".wall-now[data-scene=command][data-focus='alarm:{alarm['alarm_id']}']", state="attached")
