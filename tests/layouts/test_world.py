"""What the world says beside what people say, as it stands on the faces: component trees without a browser."""

from dataclasses import replace

import dash_mantine_components as dmc
import pytest
from dash import html

from callbacks.alarms import decided
from callbacks.incident_detail import alarm_now
from domain.access import Actor
from domain.notices import Calling
from domain.review import review
from layouts import blind_spots, chains, report_review, rules, side
from layouts import value as drawn
from layouts.incidents import evidence, queue, tabs, timeline
from layouts.panels import PANELS, alarms
from layouts.rows import alarm_rows
from services.alarm_incidents import BlindSpot
from services.alarm_quality import RuleFigures
from services.chains import Chain
from services.duty import Uncovered
from tests.domain.incident_cast import T0
from tests.fake_server import make_faces
from tests.fake_wall import roster
from tests.fakes import MINUTE, NOW, make_city
from tests.layouts.test_incidents import incident, naming, record
from tests.layouts.test_panels import classed, components, texts, view

CALLING = Calling("c", "alarm:1", "critical_alarm", ("wang", "li"), 1, 2, T0, "calling", superior="zhao")
OFFICER = Actor("officer", frozenset({"duty_officer"}))
ALARM = {
    "severity": "critical",
    "state": "active",
    "raised_at": T0,
    "text": "鸿福路涵洞 · 道路积水过深",
    "now": [drawn.now(naming().words, drawn.Value("0.62", "m")), " ", "上限 0.30 m"],
}


@pytest.mark.parametrize(("state", "alarm", "said"), [
    ("fed_back", "active", True), ("answered", "active", True), ("handling", "active", False), ("fed_back", "cleared", False),
])  # fmt: skip
def test_an_incident_said_to_be_done_names_the_sensor_that_is_not_normal(state, alarm, said):
    one = replace(incident()[0], state=state, alarms=("a",))
    found = evidence.contradiction(naming(), one, {"a": {**ALARM, "state": alarm}})
    assert bool(found) is said
    if said:
        assert all(part in " ".join(texts(found).split()) for part in ("传感器仍未恢复正常", "鸿福路涵洞", "现在 0.62 m 上限 0.30 m", "起"))


def test_the_value_that_contradicts_is_drawn_like_every_other_and_says_where_it_comes_from():
    city = make_city()
    held = view(city)
    deep = held.snapshot.alarms[0]
    shown = alarm_now(held, deep)
    assert "0.62 m" in texts(shown) and "上限 0.30 m" in texts(shown)
    assert "数据源 设备直连" in getattr(shown[-1], "data-origin")
    city.picture.devices[deep["device_id"]]["values"]["water_depth"] = [NOW - 60 * MINUTE, 0.62, "good"]
    assert "数据陈旧" in texts(alarm_now(held, deep))
    city.picture.devices[deep["device_id"]]["values"].clear()
    assert alarm_now(held, deep) == []


def test_a_sensor_whose_value_nobody_knows_is_named_without_one():
    one = replace(incident()[0], state="fed_back", alarms=("a",))
    assert "现在" not in texts(evidence.contradiction(naming(), one, {"a": {**ALARM, "now": []}}))


def test_done_and_still_wrong_has_its_tab_its_count_and_its_mark():
    found = [record(state="fed_back", alarms=("a",), contradicted=True), record(state="fed_back", alarms=("a",), contradicted=False)]
    held = tabs.counts(found, OFFICER, T0)
    assert held["contradicted"] == 1
    tab = classed(queue.rail(naming().words, held), "queue-tab-contradicted")[0]
    assert texts(tab) == "办后未复 1" and "is-warned" in tab.className
    assert "办后未复" in queue.row(naming(), found[0], T0)["flags"] and "办后未复" not in queue.row(naming(), found[1], T0)["flags"]
    assert queue.query_of({"filter": {"tab": "contradicted"}}, OFFICER, T0).contradicted


def test_who_looked_at_which_camera_stands_in_the_timeline_and_in_the_review():
    one, events = incident(("open_source", "link", {"source": "camera-7"}), ("open_source", "link", {"source": "gone-1"}))
    named = replace(naming(), sources={"camera-7": "摄像机 鸿福路口"})
    lines = texts(timeline.build(named, one, events))
    assert "officer 调阅了摄像机 鸿福路口" in " ".join(lines.split()) and "调阅了gone-1" in lines and "camera-7" not in lines
    found = review(one, events, {}, [], [], T0)
    part = classed(report_review.build(named, one, found), "review-opened")[0]
    assert "摄像机 鸿福路口" in texts(part) and "officer" in texts(part)
    assert classed(report_review.build(named, one, found._replace(opened=())), "review-opened")[0].hidden


def test_the_row_of_an_alarm_says_who_is_called_about_it_until_somebody_takes_it():
    city = make_city()
    shown, waiting = view(city, "desk"), city.picture.alarms[0]["alarm_id"]
    rows = {row["key"]: row for row in alarm_rows(shown, callings={waiting: {"person": "li", "call": 2, "state": "calling"}})}
    assert (rows[waiting]["by"], rows[waiting]["calling"]) == ("叫应 li·2", True)
    assert not any(row["calling"] for key, row in rows.items() if key != waiting)
    vain = alarm_rows(shown, callings={waiting: {"person": "", "call": 2, "state": "exhausted"}})
    assert next(row["by"] for row in vain if row["key"] == waiting) == "无人应答"


def test_the_chain_beside_an_alarm_names_who_did_not_answer_and_offers_the_answer_to_whom_it_waits_for():
    words = naming().words
    found = chains.of_device(words, [Chain(CALLING, [])], Actor("li", frozenset({"operator"})), T0 - 60_000)
    said = texts(found)
    assert all(part in said for part in ("叫应", "wang", "正在叫 li", "第 2 次"))
    assert [one.id["thing"] for one in components(found) if getattr(one, "id", None)] == ["alarm:1"]
    assert chains.of_device(words, [], OFFICER, T0) == []


def test_a_group_on_the_wall_names_the_places_of_its_others_for_nobody_can_open_it_there():
    city = make_city()
    shown = view(city)
    head, *others = city.picture.alarms[:6]
    names = [shown.place_and_name(one)[1] for one in others]
    line = texts(alarms.line(shown, head, others))
    assert all(name in line for name in names[:3]) and "等 5 处" in line
    assert "及" in texts(alarms.line(shown, head, others[:1])) and "处" not in texts(
        classed(alarms.line(shown, head, others[:1]), "line-with")
    )
    assert not classed(alarms.line(shown, head), "line-with")


def test_the_rules_stand_with_what_they_raised_and_the_share_that_was_false():
    names = make_faces(make_city()).names
    table = rules.rows(naming().words, names, [RuleFigures("gas_high", 8, 6, 0.75, 2), RuleFigures("deep_water", 12, 0, 0.0, 0)])
    assert [[texts(cell).strip() for cell in row.children] for row in components(table) if isinstance(row, html.Tr)] == [
        ["告警规则", "告警", "误报", "误报率", "抖动"],
        ["可燃气超限", "8", "6", "75 %", "2"],
        ["道路积水过深", "12", "0", "0 %", "0"],
    ]
    assert "没有告警" in texts(rules.rows(naming().words, names, [])) and rules.total(naming().words, []) == ""


SPOT = BlindSpot("i-1", "C-441900-0000007", "鸿福路积水", "standing_water", "441900003", 113.7, 23.0, T0, 2)._asdict()


def test_a_blind_spot_says_what_where_and_whether_a_device_could_have_seen_it_and_opens_its_incident():
    near, alone = blind_spots.rows(naming(), [SPOT, {**SPOT, "devices_near": 0}], OFFICER)
    assert all(part in texts(near) for part in ("鸿福路积水", "东城街道", "0000007", "附近有 2 台"))
    assert "附近没有能看到它的设备" in texts(alone)
    assert getattr(near, "data-open-incident") == "i-1"
    steward = blind_spots.rows(naming(), [SPOT], Actor("s", frozenset({"data_steward"})))[0]
    assert isinstance(steward, html.Div), "who does not work on incidents reads the list"
    assert "没看到的事件" in texts(blind_spots.rows(naming(), [], OFFICER))


def test_blind_spots_are_on_the_maps_that_the_city_has_chosen():
    words = naming().words
    assert blind_spots.layer("big", ()) == [] and blind_spots.key(words, ()) == []
    assert classed(blind_spots.layer("big", ("blind_spots",)), "blind-feed") and "盲区" in texts(blind_spots.key(words, ("blind_spots",)))
    shown = view(make_city(), "desk")
    assert "盲区" in texts(PANELS["map"].render(shown)) and "盲区" not in texts(PANELS["map"].render(view(make_city(), "big")))


@pytest.mark.parametrize(("role", "tabs_of"), [
    ("operator", ["数据接入", "检修屏蔽", "盲区", "邻警"]),
    ("duty_officer", ["数据接入", "检修屏蔽", "规则质量", "盲区", "邻警"]),
    ("data_steward", ["待纳管设备", "数据接入", "检修屏蔽", "规则质量", "盲区"]),
])  # fmt: skip
def test_what_stands_beside_the_lists_is_one_tab_each_by_what_the_person_may(role, tabs_of):
    built = side.build(naming().words, make_faces(make_city()).displays["desk"], Actor("a", frozenset({role})))
    assert [texts(one).strip() for one in components(built) if isinstance(one, dmc.TabsTab)] == tabs_of


EMPTY_POST = Uncovered("watch_officer", "critical", NOW - 90 * MINUTE, NOW + 30 * MINUTE, 0, 1)
SHORT_POST = Uncovered("leader_on_duty", "minor", None, None, 1, 2)


@pytest.mark.parametrize(("name", "page", "shape"), [("alarms", "big", "line"), ("mobile_alarms", "mobile", "card")])
def test_a_gap_in_cover_stands_among_the_alarms_as_severe_as_it_is(name, page, shape):
    city = make_city()
    city.roster.short = [EMPTY_POST, SHORT_POST]
    tree = PANELS[name].render(view(city, page))
    shown = classed(tree, shape)
    first, last = (next(one for one in shown if getattr(one, "data-gap", "") == gap.post) for gap in city.roster.short)
    assert first is shown[0] and "line-critical" in first.className and "值班空岗 2" in texts(tree)
    assert all(part in texts(first) for part in ("本中心", "值班员", "在岗 0 人，应有 1 人", "待补岗", "排班至"))
    assert (
        all(part in texts(last) for part in ("带班领导", "在岗 1 人，应有 2 人", "早于本班表所记", "后续无人排班"))
        and "line-minor" in last.className
    )
    after = [one.className for one in shown[shown.index(last) :]]
    assert not any("line-critical" in one or "line-major" in one for one in after), "no gap stands before what is worse"


def test_departments_have_a_line_each_towns_half_a_line_and_who_has_none_is_counted():
    city = make_city()
    city.roster.there = roster(NOW)
    seen = view(city)
    seen.display.rows["on_duty"] = 11
    tree = PANELS["on_duty"].render(seen)
    lines = [(texts(one).split()[0], "is-whole" in one.className) for one in classed(tree, "duty-unit")]
    assert lines[:2] == [("住房和城乡建设局", True), ("水务局", True)] and not any(whole for _, whole in lines[2:])
    assert len(lines) == 2 + 2 * 2 and f"另有 {len(city.store.places_known) + 2 - len(lines)} 个" in texts(tree)


def test_a_gap_alone_leaves_no_city_that_runs_normally():
    city = make_city()
    city.picture.alarms.clear()
    city.roster.short = [EMPTY_POST]
    tree = PANELS["alarms"].render(view(city))
    assert len(classed(tree, "line")) == 1 and "运行正常" not in texts(tree)


def test_on_the_desk_a_gap_leads_to_the_duty_page_and_is_no_alarm_to_take():
    city = make_city()
    city.roster.short = [EMPTY_POST]
    faces = make_faces(city)
    first = alarm_rows(view(city, "desk"))[0]
    assert (first["key"], first["device_id"], first["raise"], first["link"]) == ("gap:watch_officer", "", "", "/duty?part=gaps&lang=zh")
    assert first["key"] not in {row["key"] for row in alarm_rows(view(city, "desk"), "441900121")}, "the center's posts are no town's"
    for button in ("acknowledge-selected", "false-alarm"):
        told = decided(faces, OFFICER, {"type": button}, [first], "误报", faces.words("?lang=zh"))
        assert "值班页" in told and city.alarm_desk.taken == []
