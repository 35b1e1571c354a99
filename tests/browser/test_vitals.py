"""The page of city vital signs in a real browser on a fake city: from the score to the indicator to its formula and its towns."""

import time

import pytest
from playwright.sync_api import expect

from tests.browser.fake_faces import serving, signed_in
from tests.browser.structure import faults
from tests.fakes import make_city

pytestmark = [pytest.mark.browser, pytest.mark.light]


@pytest.fixture(scope="module")
def address():
    with serving(make_city(int(time.time() * 1000), per_town=30)) as url:
        yield url


@pytest.mark.parametrize(("lang", "score", "late"), [("zh", "城市体征", "迟"), ("en", "vital", "late")])
def test_a_leader_goes_from_the_score_to_an_indicator_to_its_formula_and_nothing_sticks_out(browser, address, lang, score, late):
    context = signed_in(browser, address, "leader", 1440, 900)
    page, wrong = context.new_page(), []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.goto(f"{address}/vitals?lang={lang}")
    rows = page.locator(".vitals-list .signs-row")
    expect(rows).to_have_count(3)
    page.locator(".vitals-scores .signs-domain", has_text="生态" if lang == "zh" else "cology").click()
    expect(rows).to_have_count(2)
    rows.first.click()
    expect(page.locator(".vitals-list .signs-row.is-here")).to_have_count(1)
    expect(page.locator(".vitals-detail")).to_contain_text("education.attendance" if lang == "en" else "教育")
    page.locator(".vitals-scores .signs-town").first.click()
    expect(page.locator(".vitals-scores .signs-town.is-here")).to_have_count(1)
    assert faults(page) == {} and page.evaluate("document.documentElement.scrollWidth") <= 1440
    assert wrong == []
    context.close()
