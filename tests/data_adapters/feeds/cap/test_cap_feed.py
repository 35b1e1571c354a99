"""CAP: what each element becomes, which rule a bad message breaks, and what a network can deliver instead."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.files import load_catalogue
from config.strict import ConfigError
from data_adapters.feeds.cap.adapter import NOT_HANDLED, CapFeed
from data_adapters.feeds.cap.rules import CATEGORIES, CERTAINTIES, RESPONSES, SEVERITIES, URGENCIES
from data_adapters.feeds.setup import FeedSetup
from domain.event_time import parse_time
from domain.messages import Event, RawMessage, Rejected
from domain.warnings import from_facts, shape_of
from tests.data_adapters.feeds.cap.alerts import NAMESPACE, RING, SENT, alert, info, written
from tests.data_adapters.feeds.hostile import NOW, heard, messages

README = (Path(__file__).parents[4] / "data_adapters/feeds/cap/README.md").read_text()
KEY = f"met@city.local,W1,{SENT}"


def feed(**chosen):
    return CapFeed(FeedSetup("cap", ("cap/+",), load_catalogue(), 300_000, chosen))


def parse(payload, **chosen):
    return heard(feed(**chosen), RawMessage("cap/met", payload, NOW))[0]


def said(told=None, **chosen):
    outputs = parse(written(alert() if told is None else told), **chosen)
    assert all(isinstance(one, Event) for one in outputs), outputs
    return [from_facts(one.event_id, one.facts) for one in outputs]


def refused(told, **chosen):
    outputs = parse(written(told) if isinstance(told, dict) else told, **chosen)
    (only,) = outputs
    assert isinstance(only, Rejected) and f"`{only.reason}`" in README
    return only.reason, only.detail


def test_an_alert_is_a_warning_with_its_times_its_place_and_its_words():
    (one,) = said()
    assert (one.statement, one.alert, one.action, one.status) == (KEY, KEY, "issue", "actual")
    assert (one.hazard, one.level, one.severity, one.sender) == ("暴雨", "orange", "Severe", "市气象台")
    assert (one.sent_at, one.effective_at, one.expires_at) == (parse_time(SENT), parse_time(SENT), parse_time(SENT) + 6 * 3_600_000)
    (area,) = one.areas
    assert area.name == "南城街道" and area.codes == (("GB/T 2260", "441900"),)
    assert shape_of(area).bounds == (113.7, 22.9, 113.9, 23.1), "longitude first, though CAP writes latitude first"
    assert one.texts["zh-CN"]["headline"] == "暴雨橙色预警信号"


def test_a_circle_is_read_in_kilometres():
    (one,) = said(alert([info(area={"areaDesc": "x", "circle": "23.02,113.75 5.5"})]))
    assert one.areas[0].circles == ((113.75, 23.02, 5500.0),)


def test_languages_of_one_hazard_are_one_warning_and_hazards_are_several():
    english = info(language="en-US", event="Rainstorm", headline="Orange rainstorm")
    (one,) = said(alert([english, info()]))
    assert one.hazard == "暴雨" and list(one.texts) == ["zh-CN", "en-US"]
    two = said(alert([info(), info(event="雷电", headline="雷电黄色预警")]))
    assert [(one.statement, one.hazard, one.level) for one in two] == [(KEY, "暴雨", "orange"), (f"{KEY}#1", "雷电", "yellow")]


def test_updates_and_cancellations_name_what_they_end():
    (one,) = said(alert(msgType="Update", references=f"{KEY} a,b,c"))
    assert (one.action, one.references) == ("update", (KEY, "a,b,c"))
    (one,) = said(alert([], msgType="Cancel", references=KEY))
    assert (one.action, one.hazard, one.areas) == ("cancel", "", ())
    (one,) = said(alert([info(responseType="AllClear")], msgType="Update", references=KEY))
    assert one.action == "cancel", "all clear takes back what it refers to"


def test_the_level_is_told_never_reckoned_from_severity():
    assert said(alert([info(headline="Rain", severity="Extreme")]))[0].level is None
    told = alert([info(headline="Rain", parameter={"valueName": "awareness_level", "value": "2; yellow; Moderate"})])
    chosen = {"level_parameter": "awareness_level", "levels": {"2; Yellow; moderate": "yellow"}}
    assert said(told)[0].level is None and said(told, **chosen)[0].level == "yellow"


def test_an_exercise_is_marked_and_a_long_name_is_still_one_name():
    assert said(alert(status="Exercise"))[0].status == "exercise"
    long = said(alert(identifier="W" * 400))[0]
    assert len(long.statement) == 64 and len(long.alert) > 400


def test_alerts_inside_a_list_are_read():
    inner = written(alert()).split(b"\n", 1)[1]
    other = written(alert(identifier="W2")).split(b"\n", 1)[1]
    entry = b"<entry><content>%s</content></entry>"
    outputs = parse(b'<feed xmlns="http://www.w3.org/2005/Atom">' + entry % inner + entry % other + b"</feed>")
    assert [one.facts["alert"].split(",")[1] for one in outputs] == ["W1", "W2"]


@pytest.mark.parametrize(
    ("change", "element"),
    [
        ({"identifier": None}, "identifier"), ({"identifier": "a b"}, "identifier"), ({"identifier": ["a", "b"]}, "identifier"),
        ({"sender": "a,b"}, "sender"), ({"sent": "2026-11-22"}, "sent"), ({"sent": "2026-11-22T00:00:00Z"}, "sent"),
        ({"status": "Meant"}, "status"), ({"msgType": ""}, "msgType"), ({"scope": "All"}, "scope"), ({"references": "a"}, "references"),
        ({"msgType": "Update"}, "references"), ({"msgType": "Cancel", "references": ""}, "references"),
        ({"scope": "Restricted"}, "restriction"), ({"scope": "Private"}, "addresses"),
    ],
)  # fmt: skip
def test_a_message_that_breaks_a_rule_is_rejected_by_that_rule(change, element):
    reason, detail = refused(alert(**change))
    assert reason == "breaks_rule" and detail.startswith(f"{element}: ")


@pytest.mark.parametrize(
    ("change", "element"),
    [
        ({"category": None}, "category"), ({"category": "Weather"}, "category"), ({"event": None}, "event"),
        ({"urgency": "Soon"}, "urgency"),
        ({"severity": "Red"}, "severity"), ({"certainty": "Very Likely"}, "certainty"), ({"expires": "tomorrow"}, "expires"),
        ({"responseType": "Run"}, "responseType"), ({"headline": ["a", "b"]}, "headline"), ({"parameter": {"value": "1"}}, "parameter"),
        ({"eventCode": {"value": "1"}}, "eventCode"), ({"area": {"polygon": RING}}, "areaDesc"),
        ({"area": {"areaDesc": "x", "polygon": "1,1 2,2 1,1"}}, "polygon"),
        ({"area": {"areaDesc": "x", "polygon": "1,1 2,2 3,3 4,4"}}, "polygon"),
        ({"area": {"areaDesc": "x", "polygon": "91,1 2,2 3,3 91,1"}}, "polygon"), ({"area": {"areaDesc": "x", "circle": "1,1"}}, "circle"),
        ({"area": {"areaDesc": "x", "circle": "1,1 -5"}}, "circle"), ({"area": {"areaDesc": "x", "geocode": {"value": "1"}}}, "geocode"),
    ],
)  # fmt: skip
def test_an_info_that_breaks_a_rule_is_rejected_by_that_rule(change, element):
    reason, detail = refused(alert([info(**change)]))
    assert reason == "breaks_rule" and detail.startswith(f"{element}: ")


def test_what_differs_between_the_versions_is_held_to_its_version():
    eleven = NAMESPACE.replace("1.2", "1.1")
    assert isinstance(parse(written(alert([info(certainty="Very Likely")]), namespace=eleven))[0], Event)
    (only,) = parse(written(alert([info(responseType="AllClear")]), namespace=eleven))
    assert only.detail.startswith("responseType: ")
    assert refused(written(alert(), namespace="urn:oasis:names:tc:emergency:cap:1.0"))[0] == "bad_version"


@pytest.mark.parametrize(
    "change", [{"msgType": name, "references": KEY} for name in ("Ack", "Error")] + [{"status": "System"}, {"status": "Draft"}]
)
def test_what_warns_nobody_is_rejected_by_name(change):
    reason, detail = refused(alert(**change))
    assert reason == "not_handled" and detail.split()[0] in NOT_HANDLED and f"`{detail.split()[0]}`" in README


def test_a_warning_for_some_is_not_shown_to_all_unless_the_city_says_so():
    told = alert(scope="Restricted", restriction="police")
    assert refused(told)[0] == "not_handled"
    assert said(told, scopes=["Public", "Restricted"])


def test_z_is_taken_where_a_setting_says_so():
    assert said(alert(sent="2026-11-22T00:00:00Z"), zulu="take")[0].sent_at == parse_time(SENT)


def test_a_document_without_an_alert_says_so_and_an_entity_is_never_read():
    assert refused(b"<feed/>")[0] == "no_alert"
    assert refused(alert([]))[0] == "nothing_said"
    bomb = b'<!DOCTYPE alert [<!ENTITY x SYSTEM "file:///etc/hostname">]><alert>&x;</alert>'
    assert refused(bomb)[0] == "doctype"


BOTH = {"urls": {"met": "http://warn.local"}, "header": "a", "parameter": "b"}


@pytest.mark.parametrize(
    "chosen", [{"scopes": []}, {"scopes": "Public"}, {"levels": {"a": "pink"}}, {"zulu": 1}, {"poll": {}}, {"poll": BOTH}, {"unknown": 1}]
)
def test_settings_that_mean_nothing_are_refused_at_start(chosen):
    with pytest.raises(ConfigError, match="cap"):
        feed(**chosen)


words = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), min_size=1, max_size=12).map(str.strip).filter(bool)
plain_infos = st.fixed_dictionaries(
    {
        "category": st.sampled_from(sorted(CATEGORIES)),
        "event": words,
        "urgency": st.sampled_from(sorted(URGENCIES)),
        "severity": st.sampled_from(sorted(SEVERITIES)),
        "certainty": st.sampled_from(sorted(CERTAINTIES)),
        "responseType": st.sampled_from(sorted(RESPONSES["1.1"])),
        "headline": words,
        "description": words,
    }
)


@given(plain_infos)
def test_whatever_a_sound_alert_says_is_kept_word_for_word(told):
    (one,) = said(alert([info(**told)]))
    assert [one.hazard, one.urgency, one.severity, one.certainty] == [told[name] for name in ("event", "urgency", "severity", "certainty")]
    assert [one.texts["zh-CN"][name] for name in ("headline", "description")] == [told["headline"], told["description"]]


mangled = st.tuples(st.integers(0, 900), st.integers(0, 40), st.binary(max_size=8)).map(
    lambda cut: written(alert())[: cut[0]] + cut[2] + written(alert())[cut[0] + cut[1] :]
)


@settings(max_examples=200)
@given(messages(st.just("cap/met"), st.binary(max_size=80) | mangled))
def test_whatever_comes_is_an_event_or_a_reason(message):
    outputs = heard(feed(), message)[0]
    assert outputs and all(isinstance(one, Event) or f"`{one.reason}`" in README for one in outputs)
