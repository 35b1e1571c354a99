"""The phone and the tablet in a real browser on a fake city: three modes, both orientations, thumbs, sunlight, and the wall's alarms."""

import time
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.fake_faces import serving, signed_in
from tests.browser.structure import TOUCHED, faults
from tests.fakes import make_city

pytestmark = [pytest.mark.browser, pytest.mark.light]
SIZES = {"phone": (390, 844), "phone lying": (844, 390), "tablet": (820, 1180), "tablet lying": (1180, 820)}
SETTLED = "[data-field=work][data-ready=yes]"
NOW = int(time.time() * 1000)
INCIDENT = {
    "incident_id": "i1", "number": "C-441900-000001", "title": "连升路下穿隧道积水", "urgency": "critical", "state": "handling",
    "spine": "case", "grade": "II", "version": 3, "class_code": "standing_water", "region": "441900121", "address": "",
    "due_at": NOW + 840_000, "near_at": NOW, "exercise": False, "place": {"address": "隧道"},
    "proposals": {}, "figures": {}, "instructions": {},
    "description": "水深 0.62 m，每分钟 +3 cm。",
}  # fmt: skip
UNIT = {
    "unit_id": "pump-3", "name": "水泵 3 队", "members": ["handler"], "state": "en_route", "run": "i1",
    "times": {"assigned": NOW - 600_000},
    "on_shift": True, "phone": "13800000000",
}  # fmt: skip
MOVES = ("say", "hand_over", "ask_for_help", "feed_back", "return", "instruct", "approve:extend", "refuse:extend")


def answer(route: Any) -> None:
    """One incident with a crew on its way, which the fake city has not."""
    path = route.request.url.partition("/api/v1/")[2].partition("?")[0]
    if path == "incidents/i1":
        return route.fulfill(json={"incident": INCIDENT, "moves": [{"deed": deed} for deed in MOVES], "attachments": [], "events": []})
    return route.fulfill(json={"items": [INCIDENT] if path == "incidents" else [UNIT], "total": 1})


@pytest.fixture(scope="module")
def address():
    with serving(make_city(NOW, per_town=30)) as running:
        yield running


@pytest.fixture
def open_phone(browser, address):
    """Open /mobile as a role at a size, with one incident to work on."""
    contexts = []

    def visit(role, size, path="/mobile"):
        contexts.append(signed_in(browser, address, role, *size, has_touch=True))
        page = contexts[-1].new_page()
        page.wrong = []
        page.on("pageerror", lambda error: page.wrong.append(str(error)))
        for kind in ("incidents", "units"):
            page.route(f"**/api/v1/{kind}**", answer)
        page.goto(address + path)
        page.wait_for_selector(SETTLED, state="attached", timeout=30_000)
        return page

    yield visit
    for context in contexts:
        context.close()


DOCK = "document.querySelector('.field-dock .field-button').getBoundingClientRect().toJSON()"


def test_every_mode_and_tab_fits_each_screen_lying_or_upright_and_the_thumb(open_phone):
    page = open_phone("duty_officer", SIZES["phone"])
    page.wait_for_selector(".panel-mobile_alarms .card", state="attached", timeout=30_000)
    for mode in ("watch", "leader", "field"):
        page.locator("[data-field-do=mode]").click()
        page.locator(".field-sheet [data-field-name=choice]").nth(["field", "watch", "leader"].index(mode)).click()
        page.wait_for_selector(f"[data-field=work][data-mode={mode}] .field-card.is-open", timeout=15_000)
        for name, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            assert faults(page, thumb=TOUCHED) == {}, (mode, name)
            dock = page.evaluate(DOCK)
            assert dock["y"] > height / 2 and (height > width or dock["x"] > width / 2), (mode, name)
    for tab in ("alarms", "incidents", "towns", "devices", "me"):
        page.locator(f".mobile-nav [data-tab={tab}]").click()
        page.wait_for_selector(f"[data-tab-body={tab}].is-shown")
        for name, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            assert faults(page, thumb=TOUCHED) == {}, (tab, name)
    assert not page.wrong


NO_MAJOR = """() => { const {picture} = citydeckField; Object.keys(picture.lists).forEach((name) => (picture.lists[name] = []));
  document.dispatchEvent(new CustomEvent('field:picture')); }"""


def test_the_role_says_the_mode_and_one_touch_offers_the_others(open_phone):
    for role, mode in (("handler", "现场"), ("operator", "值班"), ("leader", "领导")):
        page = open_phone(role, SIZES["phone"])
        assert page.locator("[data-field-do=mode]").inner_text().startswith(mode)
    page.evaluate(NO_MAJOR)
    said = page.locator(".field-work .state-empty")
    assert said.inner_text() == "没有重大事件，但有 1 条紧急告警未确认" and said.bounding_box()["height"] >= 44
    said.tap()
    page.wait_for_selector("[data-tab-body=alarms].is-shown")
    page.locator(".mobile-nav [data-tab=work]").click()
    page.evaluate(f"citydeckField.picture.alarms = []; ({NO_MAJOR})()")
    assert said.inner_text() == "没有重大事件" and said.locator(".state-check").count() == 1
    page.locator("[data-field-do=mode]").click()
    choices = page.locator(".field-sheet [data-field-name=choice]")
    assert choices.all_inner_texts() == ["现场", "值班", "领导"]
    choices.nth(0).click()
    page.wait_for_selector("[data-field=work][data-mode=field]")
    page.reload()
    page.wait_for_selector("[data-field=work][data-mode=field]", timeout=30_000)
    assert not page.wrong


def test_a_watch_officer_hands_a_case_over_to_the_emergency_side_with_a_reason(open_phone):
    page = open_phone("operator", SIZES["phone"])
    page.locator("[data-field-name=more]").click()
    page.locator(".field-sheet [data-field-name=choice]", has_text="移交其他流程").click()
    spines = page.locator(".field-sheet [data-field-name=spine]")
    expect(spines.locator("option")).to_have_text(["工单", "突发事件"])
    spines.select_option("emergency")
    page.locator(".field-sheet [data-field-name=reason]").fill("多条道路中断")
    with page.expect_request(lambda asked: asked.url.endswith("/incidents/i1/deeds")) as sent:
        page.locator(".field-sheet [data-field-name=send]").click()
    said = sent.value.post_data_json
    assert (said["deed"], said["version"], said["data"]) == ("hand_over", 3, {"spine": "emergency", "reason": "多条道路中断"})
    assert not page.wrong


def test_one_touch_gives_the_look_for_sunlight_which_stays(open_phone):
    page = open_phone("handler", SIZES["phone"])
    ground = "getComputedStyle(document.querySelector('.field-card')).backgroundColor"
    dark = page.evaluate(ground)
    page.locator("[data-field-do=outdoor]").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate(ground) != dark
    page.reload()
    page.wait_for_selector(".field-card", timeout=30_000)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


MANY = """() => { const {picture} = citydeckField, [first] = picture.alarms.filter((one) => one.acknowledged_at === null);
  Object.assign(picture, {unseen: 440, alarms: Array.from({length: 60}, (_, n) => ({...first, alarm_id: `a${n}`}))});
  document.dispatchEvent(new CustomEvent('field:picture')); }"""
SEEN = """([lines, what, state]) => [...document.querySelectorAll(lines)].map((e) => {
  const mark = e.querySelector('.mark'), look = getComputedStyle(mark), shape = [mark.className, look.clipPath];
  const words = (part) => [...e.querySelector(part).childNodes].filter((one) => !one.matches?.('.value-why')).map((one) => one.textContent)
    .join('').replace(/\\s+/g, '');
  return [e.dataset.alarm, ...shape, mark.getAttribute('aria-label'), words(what), words(state).match(/未确认|已确认|检修屏蔽/)[0]];
})"""
"""Alarms in their order: shape, word of the severity, what against which limit, what is owed."""


def test_the_same_alarm_looks_the_same_on_the_wall_and_on_the_phone(open_phone, browser, address):
    page = open_phone("duty_officer", SIZES["phone"], "/mobile#alarms")
    page.wait_for_selector(".panel-mobile_alarms .card", timeout=30_000)
    cards = lambda within=".panel-mobile_alarms": page.evaluate(SEEN, [f"{within} .card[data-alarm]", ".card-what", ".card-facts"])  # noqa: E731
    wall = signed_in(browser, address, "duty_officer", 1920, 1080)
    try:
        big = wall.new_page()
        big.route("**/vendor/maplibre-gl.js*", lambda route: route.abort())
        big.goto(address + "/big?scene=overview")
        big.wait_for_selector(".panel-alarms .line", timeout=30_000)
        lines, shown = big.evaluate(SEEN, [".panel-alarms .line[data-alarm]", ".line-what", ".line-state div"]), cards()
    finally:
        wall.close()
    assert len(lines) > 3 and shown == lines
    page.locator(".mobile-nav [data-tab=work]").click()
    page.wait_for_selector(".field-work .card[data-alarm]", timeout=15_000)
    waiting = [line for line in lines if line[-1] == "未确认"]
    assert waiting and cards(".field-work") == waiting
    value = page.locator(".field-work .card[data-alarm] .value").first
    assert "is-live" in (value.get_attribute("class") or "")
    spoilt = {"is-stale": ("[Date.now() - 3600000, 0.6, 'good']", "数据陈旧"), "is-suspect": ("[Date.now(), 0.6, 'suspect']", "数据存疑")}
    for look, (held, said) in spoilt.items():
        page.evaluate(f"citydeck.value = () => {held}; document.dispatchEvent(new CustomEvent('field:picture'))")
        assert look in (value.get_attribute("class") or "") and said in value.inner_text()
    page.locator(".field-work .value-why").first.tap()
    told = page.locator("dialog.origin")
    told.wait_for()
    assert all(fact in told.inner_text() for fact in ("数据源 设备直连", "每 60 秒一次", "水务局", "数据存疑"))


AN_HOUR = """() => { const {picture} = citydeckField, [first] = picture.alarms.filter((one) => one.acknowledged_at === null);
  Object.assign(picture, {alarms: [{...first, raised_at: citydeckField.now() - 3601500}]});
  document.dispatchEvent(new CustomEvent('field:picture')); return document.querySelector('.field-work .age').textContent; }"""


def test_the_work_tab_writes_a_span_as_every_other_face_does(open_phone):
    page = open_phone("duty_officer", SIZES["phone"])
    page.wait_for_selector(".field-work .card[data-alarm]", timeout=15_000)
    assert page.evaluate(AN_HOUR) == "1 h"


def test_in_a_storm_the_work_tab_says_that_there_are_more_alarms_than_it_shows(open_phone):
    page = open_phone("duty_officer", SIZES["phone"])
    page.wait_for_selector(".field-work .card[data-alarm]", timeout=15_000)
    page.evaluate(MANY)
    assert page.locator(".field-work .field-title span").first.inner_text() == "60+"
    more = page.locator(".field-work .field-more")
    assert more.inner_text() == "另有 40+ 条，见“告警”" and more.bounding_box()["height"] >= 44
    more.tap()
    page.wait_for_selector("[data-tab-body=alarms].is-shown")


def test_what_the_phone_says_is_left_leaves_out_what_is_nought(open_phone):
    page = open_phone("duty_officer", SIZES["phone"])
    spans = "[30, 59 * 60, 480 * 60, 107 * 60, 51 * 3600].map((seconds) => citydeckField.span(seconds * 1000))"
    assert page.evaluate(spans) == ["不到 1 分钟", "59 分钟", "8 小时", "1 小时 47 分钟", "2 天"]


def test_the_phone_calls_a_rule_and_another_desk_the_system(open_phone):
    page = open_phone("duty_officer", SIZES["phone"])
    assert page.evaluate("['rule:alarm', 'order:hotline', 'nobody'].map(citydeckField.person)") == ["系统", "系统", "nobody"]


def test_a_menu_says_what_it_is_about(open_phone):
    page = open_phone("duty_officer", SIZES["phone"])
    page.locator("[data-field-name=more]").click()
    sheet = page.locator(".field-sheet")
    expect(sheet.locator("h2")).to_have_text("更多")
    expect(sheet.locator(".field-where")).to_have_text(INCIDENT["title"])
    expect(sheet).to_have_attribute("aria-label", "更多")


CALLED_IN_VAIN = """() => {
  const params = {number: 'C-1', title: '积水', not_reached: ['li', 'wang']}, about = {thing: 'incident:i1', template: 'not_reached'};
  citydeckField.picture.notices = [{...about, notice_id: 'n1', created_at: Date.now(), read_at: null, params, people: {li: '李四'}}];
  document.dispatchEvent(new CustomEvent('field:picture')); }"""


def test_a_notice_on_the_phone_tells_people_by_their_names(open_phone):
    page = open_phone("leader", SIZES["phone"])
    page.wait_for_function("() => window.citydeckField && citydeckField.picture")
    page.evaluate(CALLED_IN_VAIN)
    expect(page.locator("[data-notice=n1]")).to_contain_text("叫应未果：C-1 积水")
    expect(page.locator("[data-notice=n1] .field-where")).to_have_text("以下人员未应答：李四、wang")


BESIDE = """(title) => { const card = document.querySelector('.field-card-head:has(.mark)'), strong = card.querySelector('strong');
  strong.textContent = title; const [mark, name] = [card.querySelector('.mark'), strong].map((one) => one.getBoundingClientRect());
  return name.left > mark.right && name.top < mark.bottom && name.bottom > mark.top; }"""


def test_a_long_title_stands_beside_its_mark(open_phone):
    page = open_phone("duty_officer", SIZES["phone"])
    page.locator(".field-card-head .mark").first.wait_for()
    assert [page.evaluate(BESIDE, title) for title in ("积水", "道滘镇富民路燃气探测器03 燃气浓度超限，已请燃气公司到场")] == [True, True]
