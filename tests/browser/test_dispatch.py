"""Dispatch at the desk on a real city in a real browser: the recommendation, one key that sends, lights that follow the crew, an override
with its reason, what lies around by itself, several incidents at once. The tests read only the screens."""

import re
import time

import pytest
from playwright.sync_api import expect

from tests.browser.deeds import deaf

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ORDER = "[data-dispatch-pane='order']"
AROUND = "[data-dispatch-pane='around']"


@pytest.fixture
def report(signed_in, city):
    """Take down a call about standing water at a place; returns the incident's id."""

    def taken_down(title, lon=113.751, lat=23.02, class_code="standing_water"):
        said = {"title": title, "class_code": class_code, "urgency": "urgent", "place": {"lon": lon, "lat": lat}, "source": "hotline"}
        answer = signed_in("operator").request.post(f"{city.url}/api/v1/incidents", data={"data": said})
        assert answer.ok, answer.text()
        return answer.json()["incident_id"]

    return taken_down


@pytest.fixture
def desk(seat):
    """A dispatcher's desk with its map, an incident alone in its window unless told otherwise."""
    return lambda path: seat("dispatcher", path, drawn=True, ready=".desk-incident[data-tab]")


def light(page, state, of=0):
    """The light of a step of the unit that stands at `of` among those on the incident."""
    return page.locator(".order-unit").nth(of).locator(f"[data-light='{state}']")


def test_a_dispatcher_sees_whom_to_send_and_why_sends_with_one_key_and_the_crews_steps_light_up(desk, report, signed_in, city):
    page = desk(f"/desk?incident={report('鸿福路积水，车辆熄火')}")
    page.keyboard.press("d")
    first = page.locator(f"{ORDER} .order-line").first
    expect(first).to_contain_text("防汛排涝队")
    expect(first).to_contain_text("分钟")
    expect(first).to_contain_text("直线估算")
    expect(first).to_contain_text("待命")
    expect(page.locator(ORDER)).to_contain_text("能力不符")
    page.keyboard.press("s")
    expect(page.locator(".order-said")).to_contain_text("已派出")
    expect(page.locator(".order-unit")).to_have_count(2)
    expect(light(page, "assigned")).to_have_class("light is-lit is-now")
    expect(page.locator(f"{ORDER} .is-met")).to_have_count(2)
    unit = page.locator(".order-unit").first.get_attribute("data-unit-on")
    crew = signed_in("dispatcher").request
    for state in ("acknowledged", "en_route"):
        assert crew.post(f"{city.url}/api/v1/units/{unit}/steps", data={"state": state}).ok
        expect(light(page, state)).to_have_class("light is-lit is-now")
    page.locator(".order-unit").first.locator("[data-step='on_scene']").click()
    expect(light(page, "on_scene")).to_have_class("light is-lit is-now")
    assert not page.wrong


def test_another_than_the_recommended_is_sent_only_with_a_reason(desk, report):
    page = desk(f"/desk?incident={report('东城中路积水', 113.79, 23.03)}")
    page.keyboard.press("d")
    lines = page.locator(f"{ORDER} .order-need").first.locator(".order-line")
    expect(lines.nth(1)).to_be_visible()
    lines.nth(0).locator("input").uncheck()
    lines.nth(1).locator("input").check()
    page.locator("[data-order='send']").click()
    expect(page.locator(".order-said")).to_contain_text("要写明理由")
    expect(page.locator(".order-unit")).to_have_count(0)
    page.locator(".order-reason").fill("一队正在换班")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".order-unit")).to_have_count(2)
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    expect(page.locator(".incident-timeline")).to_contain_text("一队正在换班")
    assert not page.wrong


def test_of_two_dispatchers_the_second_is_told_in_words_and_sends_nobody_whom_she_did_not_choose(desk, report, signed_in, city):
    incident, other = report("万江路积水", 113.72, 23.05), report("高埗路积水", 113.73, 23.06)
    page = desk(f"/desk?incident={incident}")
    page.keyboard.press("d")
    send = page.locator("[data-order='send'] span")
    expect(send).to_contain_text("派出 2 支")
    first = page.locator(f"{ORDER} .order-line").first
    taken, name, chosen = first.get_attribute("data-unit"), first.locator("b").inner_text(), send.inner_text()
    order = {"unit_ids": [taken], "override_reason": "更急"}
    assert signed_in("dispatcher").request.post(f"{city.url}/api/v1/incidents/{other}/units", data=order).ok
    deaf(page, "**/incidents/*/units")
    page.keyboard.press("s")
    expect(page.locator(".order-said")).to_contain_text("没有应答")
    page.unroute("**/incidents/*/units")
    gone = page.locator(f"{ORDER} .order-line.is-gone")
    expect(gone.locator("b")).to_have_text(name)
    expect(gone).to_contain_text("现在不可派（")
    assert send.inner_text() == chosen, "the choice stays when the proposals change"
    page.keyboard.press("s")
    expect(page.locator(".order-said")).to_contain_text(f"{name} 现在不可派")
    expect(page.locator(".order-said")).to_contain_text("一支也没有派出")
    expect(page.locator(".order-unit")).to_have_count(0)
    page.keyboard.press("p")
    expect(gone).to_have_count(0)
    expect(send).to_contain_text("派出 2 支")
    assert name not in send.inner_text()
    page.keyboard.press("s")
    expect(page.locator(".order-said")).to_contain_text("已派出")
    expect(page.locator(".order-unit")).to_have_count(2)


def test_a_choice_made_by_hand_outlives_a_reload_with_its_reason_and_is_not_added_to(desk, report):
    page = desk(f"/desk?incident={report('道滘路积水', 113.68, 23.0)}")
    page.keyboard.press("d")
    lines = page.locator(f"{ORDER} .order-need").first.locator(".order-line")
    lines.nth(0).locator("input").uncheck()
    lines.nth(2).locator("input").check()
    name = lines.nth(2).locator("b").inner_text()
    page.locator(".order-reason").fill("刚好路过")
    page.reload()
    send = page.locator("[data-order='send'] span")
    expect(send).to_contain_text(name)
    expect(page.locator(".order-reason")).to_have_value("刚好路过")
    page.locator("[data-order='send']").click()
    expect(page.locator(".order-said")).to_contain_text("已派出")
    expect(page.locator(".order-unit", has_text=name)).to_have_count(1)
    expect(send).to_have_text("没有选中力量")
    assert not page.wrong


def measured_an_hour_ago(route):
    """The answer, whose first sensor has a trend that ended an hour ago, and whose last has none yet, under a warning."""
    answer = route.fetch()
    told = answer.json()
    told["sensors"][0].update(trend=[[int(time.time() * 1000) - 3_600_000, 7.0]], interval_s=60.0)
    told["sensors"][-1]["trend"] = []
    warned = {"warning_id": "w1", "number": "W-1", "hazard": "暴雨", "level": "yellow", "status": "actual", "standing": "in_force"}
    told["warnings"] = [{**warned, "expires_at": int(time.time() * 1000) + 3_600_000}]
    route.fulfill(response=answer, json=told)


def test_what_lies_around_is_there_by_itself_and_a_cordon_says_what_it_holds(desk, report):
    incident = report("莞太路内涝", 113.752, 23.021, "waterlogging")
    page = desk("/desk")
    page.route("**/incidents/*/around", measured_an_hour_ago)
    page.goto(f"{page.url.partition('?')[0]}?incident={incident}")
    expect(page.locator("[data-dispatch-tab='around'] small")).to_contain_text("传感")
    page.keyboard.press("a")
    expect(page.locator(f"{AROUND} .around-sensors .around-trend").first).to_be_visible()
    expect(page.locator(f"{AROUND} .around-sensors [data-origin]").first).to_have_attribute("data-origin", re.compile("分钟均值"))
    first, last = page.locator(f"{AROUND} .around-sensors .value").first, page.locator(f"{AROUND} .around-sensors .value").last
    expect(first).to_have_class("value is-stale")
    expect(first.locator(".value-number")).to_have_text(re.compile("^7"))
    expect(last).to_have_class("value is-missing")
    expect(page.locator(f"{AROUND} .around-help h3")).to_contain_text("直线估算")
    expect(page.locator(f"{AROUND} .around-warnings")).to_contain_text(re.compile(r"预警.*至 \d\d-\d\d \d\d:\d\d"))
    page.locator(f"{AROUND} .around-plan summary").click()
    expect(page.locator(f"{AROUND} .around-plan li").first).to_contain_text("级响应")
    page.wait_for_selector(".city-map[data-ready=yes]")
    expect(page.locator(".map-legend .map-reach")).to_have_text(re.compile("10 分钟.*直线估算"))
    page.locator("[data-cordon='1000']").click()
    expect(page.locator(f"{AROUND} .around-cordon")).to_contain_text("区内设备")
    expect(page.locator(f"{AROUND} .around-cordon")).to_contain_text("本事件")
    page.keyboard.press("n")
    page.locator(".intake [data-field='place'] button").first.click()
    page.locator(".map-picking").click(position={"x": 200, "y": 200})
    expect(page.locator(".intake .place-at")).to_have_text(re.compile(r"所选设备 \S+|113\.\d{5}, 2[23]\.\d{5}"))
    assert not page.wrong


def test_the_board_shows_every_unit_and_compares_ways_to_serve_several_incidents(desk, report):
    report("石龙路积水", 113.86, 23.1)
    report("茶山路积水", 113.87, 23.06)
    page = desk("/desk?view=units")
    expect(page.locator("[data-unit-state='']")).to_contain_text("全部")
    page.locator(".board-search input").fill("排涝队")
    expect(page.locator(".board-units .ag-row").first).to_contain_text("排涝")
    page.locator(".board-units .ag-row").first.click()
    expect(page.locator("[data-board='track']")).to_contain_text("轨迹")
    for title in ("石龙路积水", "茶山路积水"):
        page.locator(".several-line", has_text=title).first.locator("input").check()
    page.locator("[data-board='compare']").click()
    table = page.locator(".several-table")
    expect(table).to_contain_text("总用时最少")
    expect(table.locator("[data-take]").first).to_be_visible()
    assert not page.wrong
