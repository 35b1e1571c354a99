"""What the world says beside what people say, as it stands on the faces: component trees without a browser."""

from dataclasses import replace

import pytest

from domain.access import Actor
from domain.notices import Calling
from domain.review import review
from layouts import chains, report_review
from layouts.incidents import evidence, queue, tabs, timeline
from layouts.panels import alarms
from layouts.rows import alarm_rows
from services.chains import Chain
from tests.domain.incident_cast import T0
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
    assert texts(tab) == "说完仍异常 1" and "is-warned" in tab.className
    assert "说完仍异常" in queue.row(naming(), found[0], T0)["flags"] and "说完仍异常" not in queue.row(naming(), found[1], T0)["flags"]
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
    rows = {row["key"]: row for row in alarm_rows(shown, callings={waiting: CALLING})}
    assert (rows[waiting]["by"], rows[waiting]["calling"]) == ("叫应 li·2", True)
    assert not any(row["calling"] for key, row in rows.items() if key != waiting)
    vain = alarm_rows(shown, callings={waiting: CALLING._replace(state="exhausted")})
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
