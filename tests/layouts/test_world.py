"""What the world says beside what people say, as it stands on the faces: component trees without a browser."""

from dataclasses import replace

import dash_mantine_components as dmc
import pytest
from dash import html

from domain.access import Actor
from domain.notices import Calling
from domain.review import review
from layouts import blind_spots, chains, report_review, rules, side
from layouts.incidents import evidence, queue, tabs, timeline
from layouts.panels import PANELS, alarms
from layouts.rows import alarm_rows
from services.alarm_incidents import BlindSpot
from services.alarm_quality import RuleFigures
from services.chains import Chain
from tests.domain.incident_cast import T0
from tests.fake_server import make_faces
from tests.fakes import make_city
from tests.layouts.test_incidents import incident, naming, record
from tests.layouts.test_panels import classed, components, texts, view

CALLING = Calling("c", "alarm:1", "critical_alarm", ("wang", "li"), 1, 2, T0, "calling", superior="zhao")
OFFICER = Actor("officer", frozenset({"duty_officer"}))
ALARM = {
    "severity": "critical",
    "state": "active",
    "raised_at": T0,
    "text": "鸿福路涵洞 · 道路积水过深",
    "now": "0.62 m 上限 0.30 m",
}


@pytest.mark.parametrize(("state", "alarm", "said"), [
    ("fed_back", "active", True), ("answered", "active", True), ("handling", "active", False), ("fed_back", "cleared", False),
])  # fmt: skip
def test_an_incident_said_to_be_done_names_the_sensor_that_is_not_normal(state, alarm, said):
    one = replace(incident()[0], state=state, alarms=("a",))
    found = evidence.contradiction(naming(), one, {"a": {**ALARM, "state": alarm}})
    assert bool(found) is said
    if said:
        assert all(part in texts(found) for part in ("传感器仍未恢复正常", "鸿福路涵洞", "现在 0.62 m 上限 0.30 m", "起"))


def test_a_sensor_whose_value_nobody_knows_is_named_without_one():
    one = replace(incident()[0], state="fed_back", alarms=("a",))
    assert "现在" not in texts(evidence.contradiction(naming(), one, {"a": {**ALARM, "now": ""}}))


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
    assert [texts(row).split() for row in components(table) if isinstance(row, html.Tr)] == [
        ["告警规则", "告警", "误报", "误报率", "抖动"],
        ["可燃气超限", "8", "6", "75%", "2"],
        ["道路积水过深", "12", "0", "0%", "0"],
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
    ("operator", ["数据接入", "检修屏蔽", "盲区"]),
    ("duty_officer", ["数据接入", "检修屏蔽", "规则质量", "盲区"]),
    ("data_steward", ["待纳管设备", "数据接入", "检修屏蔽", "规则质量", "盲区"]),
])  # fmt: skip
def test_what_stands_beside_the_lists_is_one_tab_each_by_what_the_person_may(role, tabs_of):
    built = side.build(naming().words, make_faces(make_city()).displays["desk"], Actor("a", frozenset({role})))
    assert [texts(one).strip() for one in components(built) if isinstance(one, dmc.TabsTab)] == tabs_of
