"""Chinese warnings: what a table says by what it no longer says, single messages, and what a network can deliver instead."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.files import load_catalogue
from config.strict import ConfigError
from data_adapters.feeds.cn_warning.adapter import CnWarningFeed
from data_adapters.feeds.setup import FeedSetup
from domain.event_time import parse_time, to_datetime
from domain.messages import Event, RawMessage, Rejected
from domain.warnings import Standing, from_facts, standings
from tests.data_adapters.feeds.cap.alerts import RING, written
from tests.data_adapters.feeds.hostile import NOW, heard, messages, payloads

README = (Path(__file__).parents[4] / "data_adapters/feeds/cn_warning/README.md").read_text()
MINUTE = 60_000
ISSUED = "2026-11-22T08:00:00+08:00"
SINGLE = {
    "identifier": "44190041600000_20261122080000_0",
    "sender": "东莞市气象台",
    "sendTime": "2026-11-22 08:00:00",
    "status": "Actual",
    "msgType": "Alert",
    "scope": "Public",
    "eventType": "11B03",
    "severity": "Orange",
    "headline": "东莞市气象台发布暴雨橙色预警信号",
    "areaDesc": "东莞市",
    "geocode": "441900",
    "polygon": RING,
}


def feed(**chosen):
    return CnWarningFeed(FeedSetup("cn", (), load_catalogue(), 300_000, chosen))


def row(kind="暴雨", colour="橙色", issued=ISSUED, **more):
    return {
        "type": kind,
        "color": colour,
        "level": "Ⅱ" if colour == "橙色" else None,
        "issued": issued,
        "expires": None,
        "name": "东莞市",
    } | more


def table(minute, **warnings):
    updated = NOW + minute * MINUTE
    return json.dumps({"updated": to_text(updated), "warnings": {code[1:]: rows for code, rows in warnings.items()}}).encode(), updated


def to_text(at):
    return to_datetime(at).isoformat()


def heard_in_turn(*tables, **chosen):
    """Outputs of each table, parsed one after the other."""
    made, memory, found = feed(**chosen), {}, []
    for payload, at in tables:
        outputs, memory = heard(made, RawMessage("cn-warning/x", payload, at), memory)
        found.append(outputs)
    return found


def said(outputs):
    assert all(isinstance(one, Event) for one in outputs), outputs
    return [from_facts(one.event_id, one.facts) for one in outputs]


def reasons(outputs):
    found = [one.reason for one in outputs if isinstance(one, Rejected)]
    assert all(f"`{reason}`" in README for reason in found)
    return found


def test_a_warning_is_said_once_and_lifted_when_the_table_no_longer_holds_it():
    first, second, third = heard_in_turn(table(0, c441900=[row()]), table(1, c441900=[row()]), table(2))
    (one,), (gone,) = said(first), said(third)
    assert (one.hazard, one.level, one.action, one.expires_at, one.areas[0].codes) == (
        "暴雨",
        "orange",
        "issue",
        None,
        (("GB/T 2260", "441900"),),
    )
    assert second == [] and (gone.action, gone.references) == ("cancel", (one.alert,))
    assert standings([one, gone], NOW + MINUTE, 10**9)[one.statement] is Standing.IN_FORCE
    assert standings([one, gone], NOW + 2 * MINUTE, 10**9) == {one.statement: Standing.LIFTED}


def test_another_colour_or_a_longer_time_replaces_the_only_one_of_its_kind():
    first, second, third = heard_in_turn(
        table(0, c441900=[row(), row("雷电", "黄色", level="Ⅲ")]),
        table(1, c441900=[row(colour="红色", level="Ⅰ"), row("雷电", "黄色", level="Ⅲ")]),
        table(2, c441900=[row(colour="红色", level="Ⅰ", expires="2026-11-23T08:00:00+08:00"), row("雷电", "黄色", level="Ⅲ")]),
    )
    (graver,), (longer,) = said(second), said(third)
    assert (graver.action, graver.level, graver.references) == ("update", "red", (said(first)[0].alert,))
    assert (longer.action, longer.references, longer.expires_at) == ("update", (graver.alert,), parse_time("2026-11-23T08:00:00+08:00"))


def test_two_of_a_kind_are_never_paired_by_guess():
    _, second = heard_in_turn(
        table(0, c441900=[row(), row(colour="黄色", level="Ⅲ")]),
        table(1, c441900=[row(colour="红色", level="Ⅰ"), row(colour="蓝色", level="Ⅳ")]),
    )
    assert sorted(one.action for one in said(second)) == ["cancel", "cancel", "issue", "issue"]


def test_what_cannot_be_read_is_not_thereby_lifted():
    _, second, third = heard_in_turn(
        table(0, c441900=[row()], c440000=[row()]), table(1, c441900=[row(color="紫色")]), table(2, c441900=[row()])
    )
    assert reasons(second) == ["bad_level"]
    assert [one.areas[0].codes[0][1] for one in said([one for one in second if isinstance(one, Event)])] == ["440000"]
    assert third == [], "it was never gone"


def test_a_table_that_is_none_lifts_nothing_and_an_old_one_is_refused():
    _, broken, old, same = heard_in_turn(
        table(5, c441900=[row()]), (b'{"warnings": 1}', NOW + 6 * MINUTE), table(4), table(7, c441900=[row()])
    )
    assert reasons(broken) == ["wrong_type"] and reasons(old) == ["old_table"] and same == []


@pytest.mark.parametrize(("code", "taken"), [("441900", True), ("440000", True), ("441900003", True), ("440100", False), ("110000", False)])
def test_a_city_hears_what_is_in_it_and_what_it_lies_in(code, taken):
    ((*outputs,),) = heard_in_turn(table(0, **{f"c{code}": [row()]}), of="441900")
    assert bool(outputs) is taken
    ((*single,),) = heard_in_turn((json.dumps(SINGLE | {"geocode": code}).encode(), NOW), of="441900")
    assert [type(one) for one in single] == ([Event] if taken else [Rejected]) and (taken or reasons(single) == ["elsewhere"])


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"color": "紫"}, "bad_level"), ({"level": "Ⅰ"}, "bad_level"), ({"issued": None}, "bad_time"), ({"issued": "now"}, "bad_time"),
     ({"expires": 5}, "bad_time"), ({"type": ""}, "wrong_type")],
)  # fmt: skip
def test_a_row_that_contradicts_itself_is_refused_by_name(change, reason):
    ((*outputs,),) = heard_in_turn(table(0, c441900=[row(**change)]))
    assert reasons(outputs) == [reason]


def test_a_single_message_says_the_same_in_json_and_in_xml():
    in_json, in_xml = heard_in_turn((json.dumps(SINGLE).encode(), NOW), (written(SINGLE, namespace="http://none"), NOW))
    (one,) = said(in_json)
    assert said(in_xml) == [one]
    assert (one.hazard, one.level, one.sent_at, one.sender) == ("暴雨", "orange", parse_time(ISSUED), "东莞市气象台")
    assert one.areas[0].codes == (("GB/T 2260", "441900"),) and one.areas[0].rings[0][0] == (113.7, 22.9)


@pytest.mark.parametrize(
    ("headline", "hazard"),
    [("东莞市气象台解除雷雨大风黄色预警信号", "雷雨大风"), ("暴雨黄色预警信号升级为橙色", "暴雨"), ("关于注意安全的提示", "11B03")],
)
def test_the_hazard_is_what_the_headline_names_else_the_code(headline, hazard):
    ((*outputs,),) = heard_in_turn((json.dumps(SINGLE | {"headline": headline, "severity": "Yellow"}).encode(), NOW))
    assert said(outputs)[0].hazard == hazard
    ((*named,),) = heard_in_turn(
        (json.dumps(SINGLE | {"headline": headline, "severity": "Yellow"}).encode(), NOW), types={"11B03": "大暴雨"}
    )
    assert said(named)[0].hazard == "大暴雨"


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"identifier": ""}, "wrong_type"), ({"status": "Draft"}, "not_handled"), ({"msgType": "Ack"}, "not_handled"),
     ({"scope": "Private"}, "not_handled"), ({"msgType": "Cancel"}, "wrong_type"), ({"sendTime": "08:00"}, "bad_time"),
     ({"severity": "Severe"}, "bad_level"), ({"severity": "Red"}, "bad_level"), ({"geocode": "东莞"}, "bad_code"),
     ({"polygon": "1,1"}, "breaks_rule")],
)  # fmt: skip
def test_a_single_message_that_cannot_be_taken_says_why(change, reason):
    ((*outputs,),) = heard_in_turn((json.dumps(SINGLE | change).encode(), NOW))
    assert reasons(outputs) == [reason]


@pytest.mark.parametrize("chosen", [{"of": 441900}, {"of": "4419"}, {"types": [1]}, {"poll": {"urls": {}}}, {"unknown": 1}])
def test_settings_that_mean_nothing_are_refused_at_start(chosen):
    with pytest.raises(ConfigError, match="cn"):
        feed(**chosen)


keys = ("updated", "warnings", "441900", "type", "color", "level", "issued", "expires", "name", *SINGLE)


@given(st.lists(messages(st.just("cn-warning/x"), payloads(*keys)), max_size=3))
def test_whatever_comes_is_events_or_reasons(told):
    made, memory = feed(), {}
    for message in told:
        outputs, memory = heard(made, message, memory)
        assert len(reasons(outputs)) <= len(outputs)


@given(
    st.lists(
        st.lists(
            st.tuples(st.sampled_from(["441900", "440000"]), st.sampled_from(["暴雨", "雷电"]), st.sampled_from("红橙黄蓝")), unique=True
        ),
        min_size=1,
        max_size=5,
    )
)
def test_after_any_tables_what_is_in_force_is_what_the_last_one_holds(tables):
    events = []
    told = [
        table(
            minute,
            **{f"c{code}": [row(kind, f"{colour}色", level=None) for other, kind, colour in rows if other == code] for code, _, _ in rows},
        )
        for minute, rows in enumerate(tables)
    ]
    for outputs in heard_in_turn(*told):
        events += said(outputs)
    last = NOW + len(tables) * MINUTE
    shown = {name for name, standing in standings(events, last, 10**10).items() if standing is Standing.IN_FORCE}
    assert {tuple(name.split("/")[:3]) for name in shown} == {
        (code, kind, {"红": "red", "橙": "orange", "黄": "yellow", "蓝": "blue"}[colour]) for code, kind, colour in tables[-1]
    }
