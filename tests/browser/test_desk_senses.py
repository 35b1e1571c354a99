"""What the desk says by sound, and where it is, on a fake city."""

import time

import pytest
from playwright.sync_api import expect

from tests.browser.fake_faces import serving, signed_in
from tests.fakes import make_city

pytestmark = [pytest.mark.browser, pytest.mark.light]
LISTEN = """window.heard = 0;
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...at) { window.heard += 1; return start.apply(this, at); };"""
RAISED = """(alarm) => document.dispatchEvent(new CustomEvent('citydeck:delta',
  {detail: {pieces: {'441900121|water|alarms': {[alarm.alarm_id]: alarm}}}}))"""
"""What live.js tells the page when a delta brings an alarm."""


def test_a_new_critical_alarm_is_heard_at_the_desk_and_at_a_muted_one_it_is_not(browser):
    city = make_city(int(time.time() * 1000), per_town=10)
    alarm = next(one for one in city.picture.alarms if one["severity"] == "critical")
    with serving(city) as address:
        page = signed_in(browser, address, "duty_officer", 1440, 900).new_page()
        page.add_init_script(LISTEN)
        page.route("**/vendor/maplibre-gl.js*", lambda route: route.abort())
        page.goto(f"{address}/desk")
        page.wait_for_selector(".desk-alarms .ag-row", state="attached", timeout=60_000)
        page.mouse.click(700, 450)
        expect(page.locator("[data-sound=button]")).to_have_attribute("data-state", "mute")
        page.evaluate(RAISED, {**alarm, "alarm_id": "new-1", "acknowledged_at": 1})
        assert page.evaluate("window.heard") == 0
        page.evaluate(RAISED, {**alarm, "alarm_id": "new-2"})
        assert page.evaluate("window.heard") > 0
        page.locator("[data-sound=button]").click()
        before = page.evaluate("window.heard")
        page.evaluate(RAISED, {**alarm, "alarm_id": "new-3"})
        assert page.evaluate("window.heard") == before
        page.context.close()


def test_a_report_may_lie_where_the_desk_itself_is(browser):
    with serving(make_city(int(time.time() * 1000), per_town=10)) as address:
        where = {"latitude": 23.02, "longitude": 113.75}
        page = signed_in(browser, address, "operator", 1440, 900, geolocation=where, permissions=["geolocation"]).new_page()
        page.route("**/vendor/maplibre-gl.js*", lambda route: route.abort())
        page.goto(f"{address}/desk")
        page.wait_for_selector(".desk-alarms .ag-row", state="attached", timeout=60_000)
        page.keyboard.press("n")
        page.locator(".place-tools button").nth(1).click()
        expect(page.locator(".place-at")).to_have_text("113.75000, 23.02000")
        page.context.close()


TOLD = """async () => {
  const store = window.dash_stores[0], quiet = () => new Promise((done) => setTimeout(done, 400));
  await quiet();
  let told = 0;
  const leave = store.subscribe(() => { told += 1; });
  const say = (n) => window.dash_clientside.set_props({ type: "toast", page: "desk" }, { children: `${n}` });
  for (let n = 1; n <= 20; n += 1) say(n);
  const at_once = told;
  await quiet();
  const after = told;
  leave();
  say(21);
  await quiet();
  const order = [];
  for (const n of [1, 2, 3]) window.citydeckDesk.later(() => order.push(n));
  order.push("hand");
  await quiet();
  return { at_once, after, left: told, order };
}"""
"""Twenty changes of the store in one task: how often a component is told."""


def test_twenty_changes_at_once_are_told_once_and_the_last_is_shown(browser):
    with serving(make_city(int(time.time() * 1000), per_town=10)) as address:
        page = signed_in(browser, address, "duty_officer", 1440, 900).new_page()
        page.route("**/vendor/maplibre-gl.js*", lambda route: route.abort())
        page.route("**/assets/live.js*", lambda route: route.abort())
        page.goto(f"{address}/desk?view=watch")
        page.wait_for_selector(".desk-alarms .ag-root", state="attached", timeout=60_000)
        expect(page.locator("[data-dash-is-loading=true]")).to_have_count(0)
        told = page.evaluate(TOLD)
        assert (told["at_once"], told["left"]) == (0, told["after"]) and 1 <= told["after"] <= 2
        assert told["order"] == ["hand", 1, 2, 3]
        expect(page.locator(".toast").filter(has_text="21")).to_have_count(1)
        box = page.locator(".desk-devices input")
        box.fill("abc")
        box.press("Home")
        page.keyboard.type("xyz", delay=30)
        expect(box).to_have_value("xyzabc")
        page.context.close()
