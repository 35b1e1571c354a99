"""A warning of the city's own in a real browser: from the duty officer's form to the wall and to others as CAP, and lifted again."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_duty_plans import fills, opens, sends

pytestmark = [pytest.mark.browser, pytest.mark.slow]
HEADLINE = "大风黄色预警信号"


def test_a_warning_goes_from_the_form_to_the_wall_and_to_others_until_it_is_lifted(seat, city):
    officer = seat("duty_officer", "/duty?part=warnings", ready=".duty-warnings .duty-body")
    wall = seat("leader", "/big?scene=overview", ready=".warned")
    opens(officer, "warning", ".duty-warnings .duty-head")
    fills(officer, hazard="大风", level="yellow", headline=HEADLINE)
    officer.locator(".sheet-form [data-field='regions'] input").first.check()
    sends(officer)
    mine = officer.locator(".duty-warnings li", has_text="大风")
    expect(mine).to_have_count(1)
    expect(wall.locator(".warned .is-yellow").first).to_be_visible()
    expect(wall.locator(".warned")).to_contain_text("大风")
    assert HEADLINE in officer.request.get(f"{city.url}/api/v1/warnings.atom").text()
    opens(officer, "warning_lift", ".duty-warnings li:has-text('大风')")
    sends(officer)
    expect(mine).to_have_count(0)
    expect(wall.locator(".warned")).not_to_contain_text("大风")
    assert not officer.wrong and not wall.wrong
