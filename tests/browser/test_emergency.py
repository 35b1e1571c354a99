"""A whole emergency 突发事件 in a real browser, by five people at once: from a critical alarm over the hand-over, the response with its
tasks, the crew on its tablet, the leader on a phone, to the signed review, while every process of the city is killed once. The test
reads only the screens; a sensor tells by MQTT."""

import json
import re
import time
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, TABLET
from tests.browser.deeds import choose, does, fill, find, happened, nobody_closed_their_own, owes, picks, press, send, tab, thumb, writes
from tests.law.traffic import Message
from tests.law.trial import Publisher

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.long, pytest.mark.timeout(480)]
SENSOR, CREW = "sw-003-01", "东城街道防汛排涝队"
ORDER = "[data-dispatch-pane='order']"
STEPS = ".field-steps[data-state={}]"
TASKS = ".incident-tasks > li"
ONCE = (
    "上报（",
    "更正信息",
    "待核实→待先期处置",
    f"{CREW}：已派",
    "待先期处置→待研判",
    f"{CREW}：已接令",
    f"{CREW}：途中",
    "待研判→待启动响应",
    "报批：启动响应",
    "批准 值班长 报批的启动响应",
    "作出批示",
    f"{CREW}：到场",
    f"{CREW}：待命",
    "信息发布",
    "报批：终止响应",
    "批准 值班长 报批的终止响应",
    "待善后→待总结评估",
    "报批：总结评估",
    "批准 值班长 报批的总结评估",
)
"""What the timeline says of it, each in one line."""


@pytest.fixture
def sensor(city):
    """Says how deep the water stands, so many seconds ago; its words outlive a broker that is down."""
    mqtt = Publisher(city.runtime()["mqtt"])

    def say(metres, seconds_ago):
        at = datetime.fromtimestamp(time.time() - seconds_ago, UTC).isoformat()
        body = {"at": at, "values": {"water_depth": metres}}
        mqtt.publish(Message(f"city/v1/devices/{SENSOR}/telemetry", json.dumps(body).encode()))

    yield say
    mqtt.close()


@pytest.fixture
def people(seat):
    """Watch officer, dispatcher and shift leader at their desks, the leader on duty with a phone, a crew with its tablet."""
    desks = [seat(role) for role in ("operator", "dispatcher", "duty_officer")]
    return *desks, seat("leader", "/mobile", viewport=PHONE, has_touch=True), seat("handler", "/mobile", viewport=TABLET, has_touch=True)


def becomes_emergency(watch):
    """The alarm, taken and opened from its line; its case handed over to the emergency spine; returns the emergency's number."""
    watch.locator("[data-desk-view='watch']").click()
    line = watch.locator(".desk-alarms .ag-row", has_text="道路积水过深")
    line.locator("input[type=checkbox]").check()
    watch.locator(".desk-alarms .panel-head button", has_text="确认").click()
    expect(line).to_contain_text("值班员")
    expect(line.locator(".cell-raise")).to_have_text(re.compile(r"\d{5}"))
    line.locator(".cell-raise").click()
    does(watch, "hand_over", spine="emergency", reason="多条道路中断")
    watch.locator(".part-handovers [data-open-incident]").click()
    expect(watch.locator(".incident-number")).to_contain_text("E-")
    return watch.locator(".incident-number").text_content()


def kills(city, *parts):
    """kill -9; app.py starts again what it finds dead."""
    for part in parts:
        assert city.kill(part), part


def takes_task(page, task, answer):
    """Accept a task of the response and answer it."""
    line = page.locator(TASKS, has_text=task)
    press(line.locator("button", has_text="接受"), line.filter(has_text="办理中"))
    page.locator(".incident-after input").fill(answer)
    press(line.locator("button", has_text="办结"), line.filter(has_text="已办结").filter(has_text=answer))


def informs(watch, shift, leader, **said):
    """An information report: drafted by the watch officer, reviewed by the shift leader, signed on the leader's phone."""
    for page in (watch, shift):
        tab(page, "reports")
    paper = watch.locator(".report[data-state='drafted']")
    press(watch.locator("[data-report-begin]"), paper)
    for name, value in said.items():
        fill(paper.locator(f"[data-field='{name}']"), value)
    watch.locator("[data-report-do='edit']").click()
    expect(paper).to_have_attribute("data-version", "2")
    press(shift.locator("[data-report-do='review']"), shift.locator(".report[data-state='reviewed']"))
    thumb(leader, "sign-report")
    thumb(leader, "sign")
    expect(leader.locator(".field-sheet")).to_have_count(0)
    expect(watch.locator(".report-state").first).to_have_text("已签发")
    for page in (watch, shift):
        tab(page, "detail")


def test_an_emergency_goes_from_the_alarm_to_the_signed_review_whatever_is_killed_on_the_way(people, sensor, city):
    watch, dispatcher, shift, leader, crew = people
    sensor(0.45, 900)
    kills(city, "ingest")
    sensor(0.47, 830)
    number = becomes_emergency(watch)
    does(watch, "correct", class_code="城市内涝", reason="多处积水")
    choose(watch, "verify")
    fill(watch.locator(".deed-form [data-field='note']"), "视频可见车辆被淹")
    kills(city, "web")
    send(watch)
    owes(watch, "待先期处置")

    find(dispatcher, number)
    kills(city, "redis")
    tab(dispatcher, "order")
    expect(dispatcher.locator(f"{ORDER} .order-line").first).to_contain_text(CREW)
    dispatcher.keyboard.press("s")
    expect(dispatcher.locator(".order-said")).to_contain_text("已派出")
    tab(dispatcher, "detail")
    does(dispatcher, "begin_initial_action", note="封闭路段并设警示")
    picks(crew, number)
    expect(crew.locator(STEPS.format("assigned"))).to_be_visible()
    kills(city, "database")
    for state in ("acknowledged", "en_route"):
        thumb(crew, "next")
        expect(crew.locator(STEPS.format(state))).to_be_visible()

    find(shift, number)
    does(shift, "assess", note="水位仍在上涨", grade="III")
    does(shift, "start_response", response_level="3")
    kills(city, "jobs")
    picks(leader, number)
    thumb(leader, "approve:start_response")
    for page in (watch, dispatcher, shift):
        owes(page, "指挥处置中")
    expect(shift.locator(TASKS)).to_have_count(4)
    takes_task(dispatcher, "开启排涝泵站", "泵站全开，水位四十七厘米")
    thumb(leader, "instruct")
    writes(leader, text="确保无人被困，每二十分钟一报")
    expect(shift.locator(TASKS)).to_have_count(5)
    kills(city, "app")
    city.start()
    takes_task(dispatcher, "确保无人被困", "已逐车排查，无人被困")
    expect(leader.locator(".field-card.is-open")).to_contain_text("已逐车排查，无人被困")
    informs(watch, shift, leader, cause="短时强降雨", measures="封闭路段，泵站全开", place="建设路")

    thumb(crew, "next")
    expect(crew.locator(STEPS.format("on_scene"))).to_be_visible()
    thumb(crew, "next")
    writes(crew, note="积水已排除")
    kills(city, "mqtt")
    sensor(0.05, 620)
    does(shift, "publish", text="建设路恢复通行")
    expect(watch.locator(".part-alarms")).to_contain_text(re.compile("已恢复|已离开"))
    does(shift, "end_response", reason="积水消退")
    thumb(leader, "approve:end_response")
    owes(shift, "待善后")
    informs(watch, shift, leader, cause="短时强降雨，排水口堵塞", measures="清淤并加装水泵")
    does(dispatcher, "begin_aftermath", note="清理路面")
    does(shift, "review", summary="两小时内恢复通行", lessons="排水口每月清淤")
    thumb(leader, "approve:review")

    for page in (watch, dispatcher, shift):
        owes(page, "已总结评估")
    happened(shift, *ONCE)
    expect(shift.locator(".timeline-line", has_text="下达任务")).to_have_count(5)
    nobody_closed_their_own(shift, "报批.*总结评估")
    leader.locator(".notices summary").click()
    expect(leader.locator(".notice-list .notice", has_text=f"待审批：{number}")).to_have_count(3)
    tab(shift, "review")
    expect(shift.locator(".incident-review")).to_contain_text("排水口每月清淤")
    for page in people:
        assert not page.wrong
