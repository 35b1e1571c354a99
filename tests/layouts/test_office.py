"""The panels of the leader's office as component trees: what a leader reads, without a browser."""

import pytest

from callbacks.office import drilled
from callbacks.views import view_of
from domain.access import Actor
from domain.alarm_care import Storm
from domain.portfolio import Portfolio
from layouts.instructions import Naming, listing
from layouts.panels import office_alarms, office_instructions, office_now, office_today
from layouts.view import SEVERITIES
from tests.fake_office import FakeInstructions
from tests.fake_server import make_faces
from tests.fake_states import STORM, city_in
from tests.fakes import NOW
from tests.layouts.test_panels import classed, texts

LEADER = Actor("leader", frozenset({"leader"}))
TOWN = "441900121"


def shown(city, lang="zh"):
    faces = make_faces(city)
    return office_alarms.render(view_of_mid(faces, lang))


def view_of_mid(faces, lang="zh"):
    return view_of(faces, LEADER, faces.words(f"?lang={lang}"), faces.city.picture.snapshot(LEADER), "mid")


def counts(tree):
    return {getattr(one, "data-count"): int(texts(one.children[0])) for one in classed(tree, "office-count")}


def test_a_storm_is_seen_at_one_glance_by_severity_with_what_nobody_has_taken():
    city = city_in("storm", NOW)
    tree, alarms = shown(city), city.picture.alarms
    found = counts(tree)
    assert found["alarm:all"] == STORM == sum(found[f"alarm:{severity}"] for severity in SEVERITIES)
    assert found["alarm:untaken"] == sum(one["acknowledged_at"] is None for one in alarms) < STORM
    new = sum(NOW - one["raised_at"] <= 600_000 for one in alarms)
    assert texts(classed(tree, "office-storm")) == f"告警风暴 · 10 分钟内新增 {new}"
    assert "Alarm storm" in texts(shown(city, "en"))


def test_the_one_critical_alarm_that_nobody_has_taken_says_where_and_how_much_and_several_say_in_which_towns():
    tree = shown(city_in("critical", NOW))
    assert "".join(texts(classed(tree, "office-worst")).split()).startswith("虎门镇积水点4号2min·未确认道路积水过深0.62m上限0.30m")
    assert not classed(tree, "office-alarm-towns")
    assert classed(shown(city_in("storm", NOW)), "office-alarm-towns")


def test_a_quiet_city_is_one_calm_line_and_one_that_nobody_hears_is_not_called_quiet():
    assert texts(shown(city_in("well", NOW))).strip() == "分管范围内无活动告警"
    assert texts(shown(city_in("empty", NOW))).strip() == "没有设备接入，无从判断"
    assert not classed(shown(city_in("critical", NOW)), "office-storm")


def no_major(city, lang="zh"):
    faces = make_faces(city)
    faces.city.office.calm = True
    return classed(office_now.render(view_of_mid(faces, lang)), "state-empty")


def test_that_no_major_incident_is_open_is_said_together_with_a_critical_alarm_that_nobody_has_taken():
    [calm] = no_major(city_in("well", NOW))
    assert texts(calm).strip() == "无在办重大事件" and classed(calm, "state-check")
    [warned] = no_major(city_in("critical", NOW))
    assert texts(warned).strip() == "无在办重大事件，但有 1 条紧急告警未确认"
    assert classed(warned, "mark-critical") and not classed(warned, "state-check")
    assert texts(no_major(city_in("critical", NOW), "en")).strip().endswith("but unacknowledged critical alarms: 1")
    city = city_in("critical", NOW)
    city.picture.alarms = [one | {"acknowledged_at": NOW} for one in city.picture.alarms]
    assert texts(no_major(city)).strip() == "无在办重大事件"


def test_while_a_feed_is_silent_nobody_calls_the_city_quiet():
    city = city_in("well", NOW)
    city.picture.notes["feeds"]["native"]["last_message_at"] = NOW - 3_600_000
    assert texts(shown(city)).strip() == "1 路数据中断，告警可能不全" and not classed(shown(city), "state-check")
    stormy = city_in("storm", NOW)
    stormy.picture.notes["feeds"] = city.picture.notes["feeds"]
    assert texts(classed(shown(stormy), "office-deaf")) == "1 路数据中断，告警可能不全"


def test_a_leader_of_one_town_counts_that_towns_alarms():
    city = city_in("storm", NOW)
    city.portfolios.kept = Portfolio((), (TOWN,))
    here = [one for one in city.picture.alarms if one["region"] == TOWN]
    assert counts(shown(city))["alarm:all"] == len(here) < STORM


@pytest.mark.parametrize(("ages_s", "raised", "on"), [((0, 600), 2, True), ((0, 600.001), 1, False), ((-1, 0), 1, False)])
def test_so_many_within_so_many_seconds_are_a_storm(ages_s, raised, on):
    storm = Storm(2, 600.0)
    assert storm.raised((NOW - round(age * 1000) for age in ages_s), NOW) == raised and storm.is_on(raised) is on


def test_a_number_of_alarms_leads_to_its_towns_and_a_town_to_its_list():
    faces = make_faces(city_in("storm", NOW))
    words = faces.words("?lang=zh")
    towns = drilled(faces, LEADER, words, "alarm:critical", "", None)
    counted = {one.id["region"]: int(texts(one.children[2])) for one in classed(towns, "office-drill-town")}
    assert sum(counted.values()) == sum(one["severity"] == "critical" for one in faces.city.picture.alarms)
    town = max(counted, key=counted.get)
    listed = drilled(faces, LEADER, words, "alarm:critical", town, None)
    lines = classed(listed, "office-case")
    assert len(lines) == counted[town] and all("view=watch" in one.href for one in lines)
    assert "紧急告警" in texts(listed)


def test_an_instruction_names_its_town_and_its_indicator_in_the_readers_language():
    faces = make_faces(city_in("evening", NOW))
    first, second, third = faces.city.instructions.held
    odd = second._replace(about="indicator", object="odd", title="到校率")
    faces.city.instructions.held = [first, odd, third._replace(about="region", object="441900999", title="旧镇", answer="")]
    for lang, said in (("zh", ("虎门镇 · ", "到校率 · ", "旧镇 · ")), ("en", ("Humen · ", "Attendance · ", "旧镇 · "))):
        shown = texts(office_instructions.render(view_of_mid(faces, lang)))
        assert all(part in shown for part in said), shown


def test_the_ledger_names_a_town_in_the_readers_language():
    one = FakeInstructions(NOW).held[0]
    naming = Naming(make_faces(city_in("evening", NOW)).words("?lang=en"), {TOWN: "Humen", "water": "Water bureau"})
    assert "Humen → Water bureau" in texts(listing(naming, [one], "", NOW))


def test_what_changed_has_signs_of_one_width():
    shown = texts(office_today.render(view_of_mid(make_faces(city_in("evening", NOW)))))
    assert "−1.0点" in shown and "-1.0" not in shown
