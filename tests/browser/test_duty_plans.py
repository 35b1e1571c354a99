"""Duty and plans in a real browser: a shift leader sets shifts, checks who answers and tries a message; a plan is drafted by one person and
approved by another."""

import os
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Page, TimeoutError, expect

from tests.browser.deeds import PATIENCE, TRIES

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.long]
TABLET = {"width": 820, "height": 1180}
PICTURES = os.environ.get("DUTY_PICTURES", "")


def picture(page: Page, name: str) -> None:
    """Keep what stands on the screen, where somebody asked for pictures: at the desk and on a tablet."""
    if not PICTURES:
        return
    desk = page.viewport_size
    for tag, size in (("desk", desk), ("tablet", TABLET)):
        page.set_viewport_size(size)
        page.wait_for_timeout(300)
        page.screenshot(path=str(Path(PICTURES) / f"{name}-{tag}.png"))
    page.set_viewport_size(desk)


def opens(page: Page, form: str, within: str = "") -> None:
    """Press the button of a form; it stands over the page with its controls."""
    page.locator(f"{within} [data-sheet-form='{form}']".strip()).first.click()
    page.wait_for_selector(f".sheet-form[data-form='{form}']")
    picture(page, f"form-{form}")


def fills(page: Page, **said: str) -> None:
    """Type or choose, field by field."""
    for name, value in said.items():
        control = page.locator(f".sheet-form [data-field='{name}']").locator("input, select, textarea").first
        if control.evaluate("e => e.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)


def sends(page: Page) -> None:
    """Send the sheet; it is gone once it was taken."""
    page.keyboard.press("Control+Enter")
    expect(page.locator(".sheet-form")).to_have_count(0)


def test_a_shift_leader_runs_the_duty_room_on_the_page(seat):
    leader = seat("duty_officer", "/duty", ready=".duty-week table")
    operator = seat("operator", "/duty", ready=".duty-week table")
    expect(leader.locator(".duty-gaps .duty-body")).not_to_have_text("")
    picture(leader, "duty")
    opens(leader, "shift", ".duty-week .duty-head")
    fills(leader, post="seat", person="operator", starts="2026-12-24T08:00", ends="2026-12-24T20:00")
    sends(leader)
    opens(leader, "shift", ".duty-week .duty-head")
    fills(leader, post="seat", person="operator", starts="2026-12-24T09:00", ends="2026-12-24T10:00")
    leader.keyboard.press("Control+Enter")
    expect(leader.locator(".sheet-wrong")).to_contain_text("已有排班")
    leader.keyboard.press("Escape")
    expect(leader.locator(".sheet-form")).to_have_count(0)
    opens(operator, "swap")
    operator.locator(".sheet-form [data-field='mine'] select").select_option(index=1)
    fills(operator, colleague="duty_officer", reason="体检")
    sends(operator)
    expect(operator.locator(".duty-changes")).to_contain_text("待对方同意")
    expect(operator.locator(".duty-sent")).to_contain_text("换班申请")
    expect(leader.locator(".duty-changes")).to_contain_text("体检")
    leader.locator(".duty-changes button", has_text="同意").first.click()
    expect(leader.locator(".duty-changes")).to_contain_text("待批准")
    opens(leader, "contact", ".duty-book .duty-head")
    fills(leader, name="防汛值班室", phone="22830001")
    sends(leader)
    expect(leader.locator(".duty-book")).to_contain_text("22830001")
    opens(leader, "roll")
    fills(leader, kind="duty_check")
    sends(leader)
    expect(leader.locator(".duty-rolls tr", has_text="待应答").first).to_contain_text("已等")
    leader.locator(".duty-rolls").scroll_into_view_if_needed()
    picture(leader, "duty-rolls")
    assert not leader.wrong and not operator.wrong


def test_a_cancelled_shift_is_an_alarm_until_somebody_fills_it(seat):
    leader = seat("duty_officer", "/duty", ready=".duty-week .duty-shift")
    leader.locator(".duty-roster tr", has_text="带班领导").locator("td").nth(1).locator(".duty-shift").click()
    leader.wait_for_selector(".sheet-form[data-form='shift'] .sheet-more")
    leader.locator(".sheet-more button").click()
    expect(leader.locator(".sheet-form[data-form='shift_remove']")).to_contain_text("带班领导")
    picture(leader, "form-shift_remove")
    sends(leader)
    gap = leader.locator(".duty-alarm.is-major", has_text="空岗：带班领导")
    expect(gap).to_have_count(1)
    picture(leader, "duty-gap")
    gap.locator("button").click()
    leader.wait_for_selector(".sheet-form[data-form='shift']")
    expect(leader.locator(".sheet-form [data-field='post'] select")).to_have_value("leader_on_duty")
    fills(leader, person="leader")
    sends(leader)
    expect(gap).to_have_count(0)
    assert not leader.wrong


def test_where_one_is_reached_is_changed_and_tried(seat):
    page = seat("operator", "/duty?part=reached", ready=".duty-reached table")
    opens(page, "reached")
    fills(page, email="not an address")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".sheet-wrong")).to_contain_text("电子邮箱格式不对")
    fills(page, email="duty@city.example")
    sends(page)
    expect(page.locator(".duty-reached table")).to_contain_text("duty@city.example")
    for _ in range(TRIES):
        page.locator(".duty-reached button", has_text="发送测试消息").click()
        with suppress(TimeoutError):
            page.locator(".duty-reached table tr", has_text="未读").wait_for(timeout=PATIENCE)
            break
    expect(page.locator(".duty-reached table tr").first).to_contain_text("未读")
    with page.expect_download() as held:
        page.locator(".duty-calendars a", has_text="我的班次").click()
    assert Path(held.value.path()).read_text().startswith("BEGIN:VCALENDAR")
    picture(page, "duty-reached")
    assert not page.wrong


def test_a_plan_is_drafted_by_one_and_approved_by_another(seat):
    chief, leader = (seat(role, "/plans", ready=".plans-steps") for role in ("duty_officer", "leader"))
    chief.locator(".plans-code", has_text="燃气泄漏应急预案").locator(".plans-version").first.click()
    expect(chief.locator(".plans-head h2")).to_have_text("燃气泄漏应急预案")
    picture(chief, "plans")
    opens(chief, "plan", ".plans-head")
    chief.locator(".plan-row").first.locator("input[type=number]").fill("15")
    chief.locator(".plan-row").nth(1).locator("button").last.click()
    chief.locator(".plan-editor > button").click()
    fresh = chief.locator(".plan-row").last
    fresh.locator("input").first.fill("通知下风向学校")
    picture(chief, "form-plan-edited")
    sends(chief)
    expect(chief.locator(".plans-list")).to_contain_text("草案")
    leader.locator(".plans-code", has_text="燃气泄漏应急预案").locator(".plans-version", has_text="草案").click()
    for word in ("新增", "修改", "删除"):
        expect(leader.locator(".plans-steps")).to_contain_text(word)
    picture(leader, "plans-draft")
    opens(leader, "plan_approve")
    sends(leader)
    expect(leader.locator(".plans-code", has_text="燃气泄漏应急预案")).to_contain_text("已停用")
    expect(leader.locator(".plans-steps")).to_contain_text("通知下风向学校")
    assert not chief.wrong and not leader.wrong
