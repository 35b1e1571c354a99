"""The operator's desk on a real city in a real browser: a whole case by four roles at once, a conflict, a draft that outlives a reload,
a pass by keyboard alone. The tests read only the screens."""

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.deeds import choose, deaf, does, find, happened, owes, report, send

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.long
def test_a_case_goes_from_the_call_to_its_closing_through_four_roles(seat):
    operator, leader, dispatcher, handler = (seat(role) for role in ("operator", "duty_officer", "dispatcher", "handler"))
    number = report(operator, "鸿福路积水，车辆熄火")
    owes(operator, "待受理")
    does(operator, "accept")
    does(operator, "verify", note="现场属实")
    does(operator, "correct", reason="核对地图", region="441900121")
    does(operator, "file")
    expect(operator.locator(".proposal")).to_contain_text("立案")
    for page in (leader, dispatcher, handler):
        find(page, number)
    does(leader, "approve:file")
    owes(dispatcher, "待派遣")
    does(dispatcher, "dispatch")
    owes(handler, "待签收")
    does(handler, "sign")
    does(handler, "feed_back", note="已抽排完毕")
    owes(operator, "待核查")
    does(operator, "check", note="路面已干")
    does(operator, "close")
    expect(leader.locator(".proposal")).to_contain_text("结案")
    does(leader, "approve:close")
    for page in (operator, leader, dispatcher, handler):
        owes(page, "已结案")
        assert not page.wrong
    story = " ".join(operator.locator(".timeline-line").all_text_contents())
    assert all(
        part in story for part in ("上报", "受理", "核实", "批准 值班员 报批的立案", "派遣", "签收", "反馈", "核查通过", "待结案→已结案")
    )


def test_who_acts_second_is_told_who_did_what_and_loses_nothing(seat):
    first, second = seat("operator"), seat("duty_officer")
    number = report(first, "东城中路井盖缺失")
    find(second, number)
    second.locator(".incident-moves [data-deed='decline']").click()
    second.locator(".deed-form [data-field='reason'] textarea").fill("与本中心无关")
    does(first, "accept")
    second.keyboard.press("Control+Enter")
    answer = second.locator(".incident-acts .answer.is-conflict")
    expect(answer).to_contain_text("值班员 受理")
    assert second.locator(".deed-form [data-field='reason'] textarea").input_value() == "与本中心无关"
    answer.locator("[data-again]").click()
    refused = second.locator(".incident-acts .answer.is-refused")
    expect(refused).to_contain_text("当前状态不能做这一步")
    expect(refused.locator("[data-deed='verify']")).to_be_visible()


def test_a_file_over_the_citys_limit_is_refused_with_the_limit_and_a_smaller_one_is_taken(seat, tmp_path):
    page = seat("operator")
    report(page, "莞城路面塌陷")
    choose(page, "attach")
    large, small = tmp_path / "video.mp4", tmp_path / "hole.png"
    with large.open("wb") as file:
        file.truncate(20 * 1024 * 1024 + 1)
    Image.new("RGB", (40, 30), "grey").save(small)
    pick = page.locator(".deed-form input[type=file]")
    pick.set_input_files(large)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".deed-form .deed-status")).to_have_text("文件过大，上限为 20 MB")
    pick.set_input_files(small)
    send(page)
    expect(page.locator(".part-pictures img")).to_have_attribute("alt", "hole.png")
    happened(page, "添加了附件")
    assert not page.wrong


def test_drafts_outlive_a_reload_and_a_lost_server(seat):
    page = seat("operator")
    report(page, "石龙大桥护栏损坏")
    page.locator(".incident-moves [data-deed='say']").click()
    page.locator(".deed-form [data-field='text'] textarea").fill("请带护栏两组")
    page.reload()
    field = page.locator(".deed-form [data-field='text'] textarea")
    expect(field).to_have_value("请带护栏两组")
    page.route("**/deeds", lambda route: route.abort())
    field.focus()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".deed-status")).to_contain_text("没有应答")
    expect(field).to_have_value("请带护栏两组")
    page.unroute("**/deeds")
    page.evaluate("document.querySelector('.deed-status').textContent = ''")
    deaf(page, "**/deeds")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".deed-status")).to_contain_text("没有应答")
    expect(field).to_have_value("请带护栏两组")
    assert 15_000 in page.evaluate("window.patience")
    page.unroute("**/deeds")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".deed-form")).to_have_count(0)
    expect(page.locator(".timeline-line", has_text="请带护栏两组")).to_have_count(1)


def test_an_intake_draft_outlives_a_reload_and_its_double_is_offered(seat):
    page = seat("operator")
    report(page, "体育路公交站路灯不亮")
    page.keyboard.press("n")
    page.locator("[data-field='title'] input").fill("公交站路灯不亮")
    expect(page.locator(".offer", has_text="体育路公交站路灯不亮").first).to_be_visible()
    page.reload()
    expect(page.locator("[data-field='title'] input")).to_have_value("公交站路灯不亮")
    page.locator("[data-field='place'] input").fill("体育路")
    page.locator(".offer", has_text="体育路公交站路灯不亮").first.locator("[data-join]").click()
    expect(page.locator(".timeline-line.is-messages", has_text="电话记录")).to_contain_text("公交站路灯不亮")


def test_the_whole_desk_works_by_keyboard_alone(seat):
    page = seat("operator")
    report(page, "树木倒伏压住车辆", keyboard=True)
    report(page, "夜间施工噪音扰民", keyboard=True)
    page.keyboard.press("?")
    expect(page.locator(".keys-box")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("树木倒伏")
    expect(page.locator(".queue-foot")).to_contain_text("共 1 条")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator(".incident-head h2")).to_contain_text("树木倒伏")
    page.keyboard.press("1")
    page.wait_for_selector(".deed-form[data-deed-form='accept']")
    page.keyboard.press("Control+Enter")
    owes(page, "待核实")
    page.keyboard.press("1")
    page.wait_for_selector(".deed-form[data-deed-form='verify']")
    page.keyboard.type("属实")
    page.keyboard.press("Escape")
    expect(page.locator(".deed-form")).to_have_count(0)
    page.keyboard.press("1")
    expect(page.locator(".deed-form [data-field='note'] textarea")).to_have_value("属实")
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    page.reload()
    expect(page.locator("[data-sound='button']")).to_have_text("已静音")
    expect(page.locator(".queue-head input[type=search]")).to_have_value("树木倒伏")
    expect(page.locator(".queue-foot")).to_contain_text("共 1 条")


def test_a_new_incident_is_announced_and_moves_nothing(seat):
    page, other = seat("operator"), seat("duty_officer")
    page.locator("[data-queue-tab='all']").click()
    page.wait_for_selector(".desk-queue .ag-row .cell-title")
    before = page.locator(".desk-queue .ag-row .cell-title").first.text_content()
    page.locator(".queue-head input[type=search]").focus()
    report(other, "新到的一件事")
    expect(page.locator(".queue-news")).to_have_text("新到 1 条")
    assert page.locator(".desk-queue .ag-row .cell-title").first.text_content() == before
    page.locator(".queue-news").click()
    expect(page.locator(".desk-queue .ag-row .cell-title").first).to_contain_text("新到的一件事")
