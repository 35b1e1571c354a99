"""A past moment in a real browser: when its number is shown, map and lists both show the picture of that moment, whichever came first."""

import time

import pytest

from services.past_pictures import Changes
from tests.browser.fake_faces import serving, signed_in
from tests.fakes import MINUTE, make_city

pytestmark = pytest.mark.browser
SEEN = """() => {
  window.seen = [];
  document.addEventListener("citydeck:moment", (event) => {
    const line = document.querySelector(".panel-alarms .line").textContent, held = [...citydeckModel.alarms.values()];
    window.seen.push([event.detail.at, held.map((alarm) => alarm.number)[0], line]);
  });
}"""


def name_of(at):
    return f"A-{at % 1_000_000_007}"


@pytest.fixture
def town():
    """A city whose one alarm is named after the moment; lists and map answer after `slow` seconds each."""
    city = make_city(int(time.time() * 1000), per_town=30)
    city.slow = {"lists": 0.0, "map": 0.0}
    first, snapshot = city.picture.alarms[0], city.picture.snapshot

    def then(actor, at=None, cursor=None):
        seen = snapshot(actor, at, cursor)
        time.sleep(city.slow["lists"])
        return seen._replace(alarms=[{**first, "number": name_of(at), "acknowledged_at": None}]) if at else seen

    def changes(actor, at, since=None):
        time.sleep(city.slow["map"])
        alarm = {**first, "number": name_of(at)}
        return Changes(at, since, {f"{alarm['region']}|{alarm['department']}|alarms": {alarm["alarm_id"]: alarm}})

    city.picture.snapshot, city.picture.changes = then, changes
    return city


@pytest.fixture
def address(town):
    with serving(town) as found:
        yield found


def test_a_moment_s_number_is_shown_when_map_and_lists_both_show_it(browser, address, town):
    context = signed_in(browser, address, "duty_officer", 1440, 900)
    page, now = context.new_page(), town.picture.at
    page.goto(f"{address}/big?at={now - 60 * MINUTE}&from={now - 120 * MINUTE}&to={now}")
    page.wait_for_selector(".city-map[data-ready=yes]", timeout=60_000)
    page.wait_for_selector(".panel-alarms .line", timeout=60_000)
    page.evaluate(SEEN)
    for count, (part, seconds) in enumerate((("lists", 0.6), ("map", 0.6)), start=1):
        town.slow = {"lists": 0.0, "map": 0.0, part: seconds}
        page.locator("[data-moment-step='-60000']").click()
        page.wait_for_function(f"seen.length === {count}", timeout=30_000)
    town.slow = {"lists": 0.1, "map": 0.1}
    page.locator("[data-replay='speed']").select_option("60")
    page.locator("[data-replay='play']").click()
    page.wait_for_function("seen.length >= 5", timeout=60_000)
    page.locator("[data-replay='play']").click()
    seen = page.evaluate("seen")
    context.close()
    assert [at for at, _, _ in seen][:2] == [now - 61 * MINUTE, now - 62 * MINUTE]
    assert [(at, held) for at, held, line in seen if held != name_of(at) or held not in line] == []
