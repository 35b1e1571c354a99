"""The faces at a past moment in a real browser on a fake city: they say so, stand still, are silent, and go where they are told."""

import re

import pytest

from tests.browser.structure import faults
from tests.browser.test_faces import MAP_READY, address, city, settled, visit

__all__ = ["address", "city", "visit"]
pytestmark = [pytest.mark.browser, pytest.mark.light]


@pytest.mark.parametrize("path", ["/big", "/mid", "/desk", "/mobile"])
def test_a_picture_of_the_past_says_so_asks_for_no_live_and_stands_still(visit, city, path):
    at = city.picture.at - 3_600_000
    page = settled(visit(f"{path}?at={at}"))
    assert page.locator(".moment-strip").is_visible()
    assert "历史画面" in page.locator(".moment-strip").text_content()
    ages = "() => [...document.querySelectorAll('[data-age-at]')].map((e) => e.textContent).join('|')"
    page.wait_for_function("() => document.querySelectorAll('[data-age-at]').length > 3", timeout=30_000)
    before = page.evaluate(ages)
    page.wait_for_timeout(2_500)
    assert page.evaluate(ages) == before
    assert not [url for url in page.asked if "/live?" in url or url.endswith("/live")]
    assert page.evaluate(RUNG_BY_THE_PAST) == 0
    hours_are_the_same_in_every_browser(page)
    assert not page.wrong
    assert faults(page, "outside") == {}


RUNG_BY_THE_PAST = """() => {
  const then = { alarm_id: 'then', severity: 'critical', state: 'active', acknowledged_at: null }, name = 'a|b|alarms';
  for (const [kind, held] of [['snapshot', {}], ['delta', { then }]])
    document.dispatchEvent(new CustomEvent('citydeck:' + kind, { detail: { pieces: { [name]: held } } }));
  return (window.citydeckDesk && window.citydeckDesk.rings) || 0;
}"""


def hours_are_the_same_in_every_browser(page):
    """The player's hours are written out; what is no time is as it was."""
    field = page.locator("[data-replay-hour='from'] input")
    field.wait_for(state="attached")
    before = field.input_value()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", before) and field.get_attribute("type") == "text"
    field.evaluate("(input) => { input.value = '2026-02-30 08:00'; input.dispatchEvent(new Event('change')); }")
    assert field.input_value() == before


def test_the_time_control_moves_the_page_and_its_address(visit, city):
    at = city.picture.at - 3_600_000
    page = settled(visit(f"/big?at={at}"))
    page.wait_for_selector(MAP_READY, timeout=60_000)
    page.locator("[data-moment-step='-600000']").click()
    page.wait_for_function(f"() => location.search.includes('at={at - 600_000}')", timeout=15_000)
    page.wait_for_function(f"() => document.querySelector('.moment-slider input').value === '{at - 600_000}'")
    assert page.locator(".clock-time").first.text_content()
    assert [url for url in page.asked if f"/api/v1/picture/changes?at={at - 600_000}" in url]
    page.locator("[data-moment-back]").click()
    page.wait_for_selector("[data-link=live]", timeout=30_000)
    assert page.locator(".moment-strip").count() == 0


def test_the_desk_of_a_past_moment_says_what_each_alarm_measured(visit, city):
    page = settled(visit(f"/desk?at={city.picture.at - 3_600_000}"))
    alarm = city.picture.alarms[0]
    cell = page.locator(f".desk-alarms .ag-row[row-id='{alarm['alarm_id']}'] .cell-value")
    cell.wait_for(timeout=30_000)
    assert cell.inner_text() == "0.62 m"


def test_a_wrong_moment_is_answered_by_a_sentence(visit):
    page = visit("/big?at=yesterday")
    assert "yesterday" in page.locator("main").text_content()
    assert "2026-11-22T08:00:00+08:00" in page.locator("main").text_content()
