"""A whole hotline order 热线工单 in a real browser, by four people at four desks: taken in, assigned, returned, assigned again, reminded,
supervised, extended, answered, sent back, answered again, called back, completed, archived. The web is killed under an answer that is
being written. The test reads only the screens."""

import pytest
from playwright.sync_api import expect

from tests.browser.deeds import choose, does, fill, find, happened, nobody_closed_their_own, offered, owes, report, send

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.long]
FORM = ".deed-form"
ONCE = (
    "上报（",
    "待受理→待派单",
    "报批：退单",
    "批准 处置员 报批的退单",
    "催办",
    "督办",
    "批准 处置员 报批的延期",
    "已要求夜间停工",
    "发回重办",
    "已立案查处",
    "昨夜安静",
    "报批：办结",
    "批准 值班员 报批的办结",
    "已办结→已归档",
)
"""What the timeline says of it, each in one line."""


def test_a_hotline_order_goes_from_the_call_to_the_archive_through_four_people(seat, city):
    taker, dispatcher, shift, handler = people = [seat(role) for role in ("operator", "dispatcher", "duty_officer", "handler")]
    number = report(
        taker, "夜间施工噪音，多次反映未解决", class_name="投诉", caller_name="市民", caller_phone="0000-0100", told="三日内回电"
    )
    assert number.startswith("W-")
    owes(taker, "待受理")
    does(taker, "accept")
    for page in people[1:]:
        find(page, number)
    owes(dispatcher, "待派单")
    does(dispatcher, "dispatch", lead="housing", override_reason="来电反映工地")
    owes(handler, "待签收")
    does(handler, "return", reason="工地属道路工程")
    expect(handler.locator(".proposal")).to_contain_text("退单")
    does(shift, "approve:return")

    owes(dispatcher, "待派单")
    expect(dispatcher.locator(".part-returns")).to_contain_text("工地属道路工程")
    does(dispatcher, "dispatch", lead="transport", override_reason="道路工程")
    owes(handler, "待签收")
    does(handler, "sign")
    owes(taker, "处置中")
    does(taker, "remind", note="来电人再次来电")
    does(shift, "supervise", note="今日内答复")
    expect(handler.locator(".incident-line")).to_contain_text("督办")
    does(handler, "extend", amount="1", unit="working_days", reason="需现场检测")
    does(shift, "approve:extend")

    choose(handler, "answer")
    fill(handler.locator(f"{FORM} [data-field='note']"), "已要求夜间停工")
    city.kill("web")
    send(handler)
    owes(taker, "待回访")
    does(taker, "redo", reason="来电人称昨夜仍在施工")
    owes(handler, "处置中")
    does(handler, "answer", note="已立案查处，夜间停工")
    owes(taker, "待回访")
    assert not offered(handler, "call_back", "complete")
    does(taker, "call_back", satisfied="true", caller_said="昨夜安静")
    does(taker, "complete")
    expect(shift.locator(".proposal")).to_contain_text("办结")
    does(shift, "approve:complete")
    for page in people:
        owes(page, "已办结")
    does(taker, "archive")
    owes(taker, "已归档")
    for page in people:
        assert not page.wrong
    happened(taker, *ONCE)
    nobody_closed_their_own(taker, "办结")
