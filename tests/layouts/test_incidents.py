"""The desk's incidents as component trees and rules: tabs, rows, sentences, forms, likeness by words; without a browser."""

import json
from dataclasses import replace
from functools import cache

import pytest

from config.incident_files import load_classes
from config.languages import load_catalogues
from domain.access import Actor
from domain.clocks import HOUR_MS, Standing
from domain.duplicates import same_words
from domain.incident_decisions import Move
from domain.incident_fields import ALSO
from domain.incident_fold import fold
from domain.incident_life import KINDS, Event, Incident
from domain.incident_states import SPINES
from domain.incidents import TRANSITIONS
from domain.registry import Department, Region
from layouts import reports
from layouts.incidents import answers, deeds, detail, evidence, queue, tabs, timeline
from layouts.incidents.naming import Naming
from layouts.words import Words
from services.incident_ports import Attachment
from services.report_desk import Owed
from tests.domain.incident_cast import T0
from tests.layouts.test_panels import classed, components, texts

OFFICER = Actor("officer", frozenset({"duty_officer"}))
REGIONS = {"441900": Region("441900", "东莞市", None, "city"), "441900003": Region("441900003", "东城街道", "441900", "town", "Dongcheng")}
WATER = {"water": Department("water", "水务局", "Water Authority"), "transport": Department("transport", "交通运输局", "")}
REPORT = {"title": "鸿福路积水", "source": "hotline", "class_code": "standing_water", "region": "441900003", "place": {"address": "鸿福路"}}


@cache
def naming(lang="zh"):
    return Naming(Words(lang, load_catalogues()[lang]), REGIONS, WATER, load_classes())


def incident(*events):
    """Folded from a report and (deed, kind, data) tuples by `officer`."""
    told = [Event(1, "state", "report", T0, T0, "operator", REPORT)]
    told += [Event(n, kind, deed, T0 + n, T0 + n, "officer", data) for n, (deed, kind, data) in enumerate(events, start=2)]
    return fold("0190a000-0000-7000-8000-000000000001", "C-441900-0000007", told), told


def record(**more):
    plain = {
        "incident_id": "i",
        "number": "C-441900-0000007",
        "version": 1,
        "spine": "case",
        "state": "reported",
        "class_code": "standing_water",
        "title": "鸿福路积水",
        "urgency": "urgent",
        "region": "441900003",
        "address": "鸿福路",
        "lead": "",
        "departments": (),
        "reported_at": T0,
        "clock": "verify",
        "due_at": T0 + 100,
        "near_at": T0 + 80,
        "paused": False,
        "supervised": False,
        "proposals": (),
        "alarms": (),
        "source": "hotline",
        "exercise": False,
    }
    return {**plain, **more}


def test_every_open_state_is_on_a_tab_of_what_is_owed():
    on_tabs = {step for tab in tabs.TABS for step in tab.steps}
    assert on_tabs == {f"{spine}.{state.code}" for spine, states in SPINES.items() for state in states if state.open}


@pytest.mark.parametrize(
    ("role", "owes", "not_owes"),
    [
        ("dispatcher", "case.filed", "case.handling"),
        ("handler", "case.handling", "case.filed"),
        ("operator", "case.reported", "case.filed"),
        ("leader", "emergency.assessed", "case.reported"),
    ],
)
def test_what_is_owed_by_me_follows_my_role(role, owes, not_owes):
    steps = tabs.steps_of(Actor("a", frozenset({role})))
    assert owes in steps and not_owes not in steps


@pytest.mark.parametrize(("now", "near", "over"), [(79, 0, 0), (80, 1, 0), (100, 1, 0), (101, 0, 1)])
def test_near_due_and_overdue_begin_at_their_moments(now, near, over):
    held = tabs.counts([record()], OFFICER, T0 + now)
    assert (held["near_due"], held["overdue"], held["intake"], held["all"]) == (near, over, 1, 1)


def test_a_paused_clock_is_never_overdue():
    assert tabs.counts([record(paused=True)], OFFICER, T0 + 10**9)["overdue"] == 0


@pytest.mark.parametrize(
    ("said", "fits"),
    [
        ({"text": "鸿福"}, True),
        ({"text": "东城"}, False),
        ({"region": "441900"}, True),
        ({"urgency": "critical"}, False),
        ({"tab": "dispatch"}, False),
        ({"since": "day"}, True),
        ({"department": "water"}, False),
    ],
)
def test_a_live_incident_fits_a_filter_as_the_database_would_say(said, fits):
    assert queue.fits(naming(), record(), {"tab": "all", **said}, OFFICER, T0 + 1000) is fits


def test_a_strange_request_asks_for_the_first_page_of_all():
    for strange in (
        None,
        7,
        {"filter": 3, "sort": "x", "start": "y"},
        {"filter": {"tab": 9, "text": ["a"]}, "sort": [{"colId": "title; DROP"}]},
    ):
        query = queue.query_of(strange, OFFICER, T0)
        assert (query.text, query.sort, query.offset, query.open) == ("", "-reported_at", 0, True)


def test_a_row_names_what_is_owed_where_and_by_whom():
    row = queue.row(naming(), record(lead="water", proposals=("file",), alarms=("a",)), T0 + 5)
    assert (row["owed"], row["about"], row["number"]) == ("待受理", "道路积水 · 东城街道 · 水务局", "0000007")
    assert row["flags"] == ["待批", "告警 1"]
    assert queue.row(naming("en"), record(), T0)["owed"] == "intake"


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("spine", "deed"), list(TRANSITIONS))
def test_every_deed_has_a_name_and_a_form_with_all_that_it_needs(spine, deed, lang):
    form = deeds.form(naming(lang), Incident("i", "n", spine=spine), deed, None)
    held = {getattr(one, "data-field"): one for one in components(form) if hasattr(one, "data-field")}
    assert (form is None) == (deed in deeds.NOT_BY_HAND)
    if form is not None:
        assert set(TRANSITIONS[spine, deed].needs) <= set(held)
        assert set(held) <= {"note", *TRANSITIONS[spine, deed].needs, *ALSO.get(deed, ()), *deeds.MORE.get(deed, ())}
    assert naming(lang).deed(f"approve:{deed}")


def test_a_dispatch_begins_with_what_the_matrix_says():
    from domain.clocks import Allowance
    from domain.duties import Duty

    duty = Duty("water_rule", ("standing_water",), (), "", "water", ("transport",), Allowance(4, "natural_hours"), "test")
    form = deeds.form(naming(), incident()[0], "dispatch", duty)
    begun = {getattr(one, "data-field"): json.loads(getattr(one, "data-value")) for one in components(form) if hasattr(one, "data-value")}
    assert begun == {"lead": "water", "assisting": ["transport"]}
    assert "water_rule" in texts(form) and "4 小时" in texts(form)


def test_an_instruction_is_shown_with_what_it_owes_and_offered_to_be_answered():
    one, _ = incident(
        ("instruct", "instruction", {"text": "一小时内报告", "instruction": "i1"}),
        ("instruct", "instruction", {"text": "开放避难场所", "instruction": "i2"}),
        ("answer_instruction", "instruction", {"instruction": "i2", "text": "已开放 3 处"}),
    )  # fmt: skip
    shown = texts(evidence.instructions(naming(), one))
    assert "一小时内报告" in shown and "待回复" in shown and "已开放 3 处" in shown
    held = {
        getattr(field, "data-field"): field
        for field in components(deeds.form(naming(), one, "answer_instruction", None))
        if hasattr(field, "data-field")
    }
    ((offered, _),) = json.loads(getattr(held["instruction"], "data-options"))
    assert offered == json.loads(getattr(held["instruction"], "data-value")) == "i1"


def test_a_deed_that_overwrites_nothing_asks_for_no_version():
    versions = {
        deed: getattr(deeds.form(naming(), incident()[0], deed, None), "data-version") for deed in ("say", "accept", "figure", "void")
    }
    assert versions == {"say": "none", "accept": "1", "figure": "none", "void": "1"}


def test_moves_on_the_way_are_numbered_and_proposals_stand_first():
    one, _ = incident(
        ("accept", "state", {"from": "reported", "to": "accepted"}), ("propose", "state", {"deed": "void", "data": {"reason": "误报"}})
    )
    found = [Move("verify", ("note",), ""), Move("say", ("text",), ""), Move("approve:void", (), ""), Move("receipt", (), "")]
    tree = deeds.moves(naming(), one, found)
    buttons = [(getattr(b, "data-deed"), getattr(b, "data-key")) for b in components(tree) if hasattr(b, "data-deed")]
    assert buttons == [("approve:void", "1"), ("verify", "2"), ("say", "")]
    assert "误报" in texts(classed(tree, "proposal"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_event_is_a_sentence(lang):
    for (spine, deed), one in TRANSITIONS.items():
        data = {
            "deed": "file",
            "data": {},
            "what": "dead",
            "value": 2,
            "amount": 4,
            "unit": "natural_hours",
            "to": None,
            "status": "on_scene",
            "unit_id": "u",
        }
        assert timeline.sentence(naming(lang), spine, Event(2, one.kind, deed, T0, T0, "a", data)).strip(), (spine, deed)


def test_the_timeline_names_a_unit_and_its_step():
    said = Event(2, "unit", "unit", T0, T0, "a", {"unit_id": "u1", "status": "on_scene"})
    assert timeline.sentence(replace(naming(), units={"u1": "排涝一队"}), "emergency", said) == "排涝一队：到场"
    assert timeline.sentence(naming("en"), "emergency", said) == "u1: On scene"


@pytest.mark.parametrize(("spine", "said"), [("case", "批准：回退"), ("order", "批准：退单")])
def test_an_order_is_returned_by_a_word_of_its_own(spine, said):
    assert naming().deed("approve:return", spine) == said


def test_all_kinds_of_events_are_in_the_timelines_groups():
    assert set(timeline.GROUP_OF) == set(KINDS)


def test_the_timeline_says_who_did_what_and_what_was_said_newest_first():
    one, events = incident(("dispatch", "assignment", {"lead": "water", "rule_id": "water_rule", "from": "filed", "to": "dispatched"}))
    lines = [texts(line) for line in classed(timeline.build(naming(), one, events), "timeline-line")]
    assert all(part in lines[0] for part in ("officer", "派遣", "待派遣", "待签收", "主办", "水务局", "water_rule"))
    assert "上报（12345 热线）" in lines[1]


def test_people_stand_by_name_wherever_an_incident_tells_who_did_something():
    called = {"officer": "值班长", "operator": "值班员"}
    words = Words("zh", load_catalogues()["zh"], called=lambda who: called.get(who, who))
    named = Naming(words, REGIONS, WATER, load_classes())
    return_ = {"lead": "water", "reason": "不属本部门", "by": "officer", "at": T0}
    one, events = incident(("dispatch", "assignment", {"lead": "water", "rule_id": "r", "from": "filed", "to": "dispatched"}))
    whole = replace(one, owner="operator", handled_by=frozenset({"officer"}), reported_by="operator", returns=(return_,))
    shown = str([timeline.build(named, whole, events), detail.build(named, whole, {}, [], detail.Around({}, {}, T0))])

    assert "值班长" in shown and "值班员" in shown
    assert "officer" not in shown and "operator" not in shown


@pytest.mark.parametrize("reporter", ["rule:alarm", "order:hotline"])
def test_a_rule_or_another_desk_that_reported_is_told_by_the_source_alone(reporter):
    one = replace(incident()[0], reported_by=reporter)

    assert reporter not in str(detail.build(naming(), one, {}, [], detail.Around({}, {}, T0)))


@pytest.mark.parametrize(
    ("ms", "unit", "told"),
    [
        (2 * HOUR_MS, "natural_hours", naming().words("standing.left", time=naming().span(2 * HOUR_MS))),
        (2 * HOUR_MS, "working_hours", "剩 工作时间 " + naming().span(2 * HOUR_MS)),
        (-2 * HOUR_MS, "working_hours", "超 工作时间 " + naming().span(2 * HOUR_MS)),
        (40 * HOUR_MS, "working_days", naming().words("standing.left", time=naming().working_span(40 * HOUR_MS, "working_days"))),
    ],
)
def test_hours_of_working_time_that_are_left_are_called_so(ms, unit, told):
    assert naming().left(ms, unit) == told


def test_what_a_rule_did_was_done_by_the_system():
    one, events = incident(("dispatch", "assignment", {"lead": "water", "rule_id": "water_rule", "from": "filed", "to": "dispatched"}))
    line = texts(classed(timeline.build(naming(), one, [event._replace(actor="rule:alarm") for event in events]), "timeline-line")[0])
    assert "系统" in line and "rule:alarm" not in line


def test_figures_that_disagree_stand_side_by_side_until_one_is_confirmed():
    said = [("figure", "figure", {"what": "injured", "value": v, "source": s}) for v, s in ((2, "hotline"), (3, "department"))]
    open_question = texts(evidence.figures(naming(), incident(*said)[0]))
    assert all(part in open_question for part in ("未确认口径", "2", "3", "12345 热线", "部门报送"))
    agreed = texts(evidence.figures(naming(), incident(*said, ("confirm_figure", "figure", {"what": "injured", "value": 3}))[0]))
    assert "统一口径 第 1 版" in agreed and "12345 热线" in agreed and "部门报送" not in agreed


def test_two_returns_are_called_passing_on():
    back = ("return", "state", {"reason": "不属我局", "from": "handling", "to": "filed"})
    given = ("dispatch", "assignment", {"lead": "water", "from": "filed", "to": "dispatched"})
    tree = texts(evidence.chains(naming(), incident(given, back, given, back)[0]))
    assert "已被推回 2 次" in tree and "水务局" in tree and "不属我局" in tree


def test_pictures_stand_side_by_side_with_time_and_place():
    one, _ = incident()
    shot = Attachment("a1", one.incident_id, "x", "image/jpeg", 9, "x.jpg", "before", T0, 113.75, 23.02, "handler", T0)
    tree = evidence.pictures(naming(), one, [shot, shot._replace(attachment_id="a2", phase="after", lon=None, lat=None)])
    columns = [texts(column) for column in classed(tree, "pictures-column")]
    assert "113.7500, 23.0200" in columns[0] and "无位置" in columns[1] and "暂无" in columns[2]


def test_the_head_says_what_is_owed_and_how_the_clock_stands():
    one, _ = incident()
    tree = detail.build(naming(), one, {"verify": Standing("on_time", 1)}, [], detail.Around({}, {}, T0))
    assert "待受理" in texts(classed(tree, "incident-owed")) and "道路积水" in texts(tree) and "尚未派遣" in texts(tree)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_refusal_says_why_and_what_is_open_instead(lang):
    said = {"code": "missing", "params": {"fields": ["reason"]}, "open": ["accept", "say", "no such deed"]}
    tree = answers.refusal(naming(lang), said)
    opens = [getattr(one, "data-deed") for one in components(tree) if hasattr(one, "data-deed")]
    assert opens == ["accept", "say"] and texts(tree)
    assert "x9" in texts(answers.refusal(naming(lang), {"code": "x9"}))


def test_a_conflict_tells_what_happened_since():
    one, events = incident(("accept", "state", {"from": "reported", "to": "accepted"}))
    tree = answers.meanwhile(naming(), one, events, 1)
    assert "officer" in texts(tree) and "受理" in texts(tree) and "上报" not in texts(tree)


@pytest.mark.parametrize(
    ("text", "other", "share"),
    [("路灯不亮", "体育路路灯不亮", 1.0), ("积水", "井盖", 0.0), ("", "路灯", 0.0), ("鸿福路积水", "鸿福路积水，车辆熄火", 1.0)],
)
def test_the_same_words_are_the_same_in_any_order_of_length(text, other, share):
    assert same_words(text, other) == same_words(other, text) == share


def test_every_move_can_be_shown_in_both_languages():
    for lang in ("zh", "en"):
        for spine in ("case", "order", "emergency"):
            one = Incident("i", "n", spine=spine)
            assert deeds.moves(naming(lang), one, [Move(deed, (), "") for s, deed in TRANSITIONS if s == spine]) is not None


def test_a_report_by_phone_keeps_its_deadline_once_it_is_written_down():
    one, _ = incident(("phone_report", "report", {"which": "first", "who": "市应急局", "called_at": T0 + 60_000}))
    owed = Owed("first", 0, "", {"phone": T0 + 15 * 60_000})
    later = T0 + 3_600_000
    shown = reports.Shown(naming(), one, [], owed, Actor("li", frozenset({"operator"})), later, {})
    head = reports.build(shown)
    assert [getattr(part, "data-due") for part in components(head) if hasattr(part, "data-due")] == ["met"]
    assert "市应急局" in texts(head)
    assert [getattr(part, "data-deed") for part in components(head) if hasattr(part, "data-deed")] == ["phone_report"]
    none = shown._replace(incident=incident()[0], actor=Actor("h", frozenset({"handler"})))
    assert [getattr(part, "data-due") for part in components(reports.build(none)) if hasattr(part, "data-due")] == ["over"]
    assert not [part for part in components(reports.build(none)) if hasattr(part, "data-deed")]
