"""GB/T 28181 notifications: the standard's tables, both bodies, three encodings, and what a network can deliver."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.files import load_catalogue
from config.video_alarms import load_video_alarms
from data_adapters.feeds.__main__ import main
from data_adapters.feeds.gb28181.adapter import NOT_HANDLED, Gb28181Feed
from data_adapters.feeds.gb28181.alarms import METHODS, TYPES, methods_of, type_of
from data_adapters.feeds.setup import FeedSetup
from domain.messages import Event, Position, Presence, RawMessage, Reading, Rejected
from tests.data_adapters.feeds.hostile import NOW, heard, messages, payloads

HERE = Path(__file__).parent
README = (HERE.parents[3] / "data_adapters/feeds/gb28181/README.md").read_text()
CATALOGUE = load_catalogue()
CODE = "44190000001320000001"
EIGHT = 1_795_305_600_000  # 2026-11-22T08:00:00+08:00
ALARM = f"""<?xml version="1.0" encoding="%s"?>
<Notify>
<CmdType>Alarm</CmdType><SN>17</SN><DeviceID>{CODE}</DeviceID>
<AlarmPriority>1</AlarmPriority><AlarmMethod>5</AlarmMethod><AlarmTime>2026-11-22T08:00:00</AlarmTime>
<AlarmDescription>东门有人翻越</AlarmDescription><Longitude>113.75</Longitude><Latitude>23.02</Latitude>
<Info><AlarmType>6</AlarmType><AlarmTypeParam><EventType>1</EventType></AlarmTypeParam></Info>
</Notify>"""


def feed(**settings):
    return Gb28181Feed(FeedSetup("gb28181", (), CATALOGUE, 300_000, settings))


def parse(payload, **settings):
    return heard(feed(**settings), RawMessage("gb28181/platform", payload.encode() if isinstance(payload, str) else payload, NOW))[0]


def xml(command, inner, root="Notify", code=CODE):
    return f"<{root}><CmdType>{command}</CmdType><SN>1</SN><DeviceID>{code}</DeviceID>{inner}</{root}>"


@pytest.mark.parametrize(("declared", "encoding"), [("GB2312", "gb2312"), ("GBK", "gbk"), ("GB18030", "gb18030"), ("UTF-8", "utf-8")])
def test_an_intrusion_is_the_same_alarm_in_every_encoding(declared, encoding):
    (event,) = parse((ALARM % declared).encode(encoding))
    assert (event.kind, event.device_id, event.at, event.lon, event.lat) == ("video_alarm", CODE, EIGHT, 113.75, 23.02)
    assert event.facts == {
        "type": "intrusion",
        "phase": "again",
        "priority": 1,
        "method": [5],
        "source": "5.6",
        "direction": "entered",
        "said": "东门有人翻越",
    }


def test_the_json_of_a_gateway_says_the_same_as_the_xml():
    said = {
        "deviceId": "44190000002000000001", "channelId": CODE, "alarmPriority": "1", "alarmMethod": "5", "alarmType": "6",
        "alarmTime": "2026-11-22 08:00:00", "alarmDescription": "东门有人翻越", "longitude": 113.75, "latitude": 23.02,
        "alarmTypeParam": {"eventType": 1}, "alarmPriorityDescription": "一级警情",
    }  # fmt: skip
    (event,) = parse(json.dumps(said))
    (other,) = parse(ALARM % "UTF-8")
    assert event.facts == other.facts and (event.at, event.device_id) == (other.at, other.device_id)


def test_a_gateway_that_sends_gb18030_whatever_it_declares_is_read_by_its_setting():
    (event,) = parse((ALARM % "UTF-8").encode("gb18030"), encoding="gb18030")
    assert event.facts["said"] == "东门有人翻越"


@pytest.mark.parametrize(("method", "number", "name"), [(m, n, name) for m, table in TYPES.items() for n, name in table.items()])
def test_every_type_of_the_standard_has_its_word(method, number, name):
    (event,) = parse(json.dumps({"DeviceID": CODE, "AlarmMethod": method, "AlarmType": number, "AlarmTime": "2026-11-22T08:00:00"}))
    assert event.facts["type"] == name in load_video_alarms()
    assert f"{number} `{name}`" in README


def test_methods_without_a_type_and_combined_ones_are_read_without_guessing():
    assert {type_of([method], None) for method in METHODS} <= set(load_video_alarms())
    assert type_of([1, 2], 2) == "tampered" and type_of([2, 5], 13) == "covered"
    assert type_of([2, 5], 1) == type_of([2, 5], None) == type_of([2, 5], 99) == "other"
    assert type_of([5], 99) == "video"
    assert methods_of("125") == [1, 2, 5] and methods_of("1234567") == list(METHODS)
    assert [methods_of(text) for text in ("", "0", "8", "55", "x", "-1", "１")] == [None] * 7


@given(st.text(max_size=9))
def test_combined_methods_are_digits_of_one_to_seven_none_twice(text):
    found = methods_of(text)
    assert found is None or (0 < len(found) == len(set(found)) and set(found) <= set(METHODS))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("<AlarmMethod>5", "<AlarmMethod>8"), "bad_method"),
        (("<AlarmPriority>1", "<AlarmPriority>5"), "bad_code"),
        (("<AlarmType>6", "<AlarmType>six"), "bad_code"),
        ((CODE, "4419000000132000000"), "bad_device"),
        (("2026-11-22T08:00:00", "yesterday"), "bad_time"),
        (("2026-11-22T08:00:00", ""), "no_time"),
        (("<CmdType>Alarm", "<CmdType>Gossip"), "unknown_message"),
        (("<Notify>", '<!DOCTYPE Notify [<!ENTITY x SYSTEM "file:///etc/passwd">]><Notify>'), "doctype"),
        (("</Notify>", ""), "bad_xml"),
    ],
)
def test_what_can_not_be_taken_is_rejected_by_name(change, reason):
    (found,) = parse((ALARM % "UTF-8").replace(*change))
    assert isinstance(found, Rejected) and found.reason == reason and f"`{reason}`" in README


@pytest.mark.parametrize("command", NOT_HANDLED)
def test_messages_of_others_are_rejected_by_name(command):
    assert [one.reason for one in parse(xml(command, ""))] == ["not_handled"]
    assert command in README.lower()


@pytest.mark.parametrize("root", ["Response", "Query", "Control"])
def test_what_others_ask_of_each_other_is_not_heard(root):
    assert [one.reason for one in parse(xml("Alarm", "", root))] == ["not_handled"]


def test_a_keepalive_says_that_the_device_is_there():
    presence, online = parse(xml("Keepalive", "<Status>OK</Status>"))
    assert presence == Presence(CODE, True, NOW)
    assert isinstance(online, Reading) and (online.metric, online.value) == ("online", 1.0)


def test_channels_that_go_up_and_down_are_told_by_the_catalogue():
    items = "".join(
        f"<Item><DeviceID>{CODE[:-1]}{n}</DeviceID><Event>{event}</Event></Item>" for n, event in enumerate(("ON", "OFF", "VLOST", "ADD"))
    )
    found = parse(xml("Catalog", f'<SumNum>4</SumNum><DeviceList Num="4">{items}</DeviceList>'))
    assert [(one.device_id[-1], one.online) for one in found if isinstance(one, Presence)] == [("0", True), ("1", False), ("2", False)]


def test_a_moving_camera_tells_its_place_in_metres_a_second():
    inner = (
        "<Time>2026-11-22T08:00:00</Time><Longitude>113.75</Longitude><Latitude>23.02</Latitude><Speed>36</Speed><Direction>90</Direction>"
    )
    assert parse(xml("MobilePosition", inner)) == [Position(CODE, EIGHT, 113.75, 23.02, 10.0, 90.0, NOW)]
    assert [one.reason for one in parse(xml("MobilePosition", inner.replace("113.75", "0").replace("23.02", "0")))] == ["no_fix"]


def test_the_same_alarm_again_has_the_same_identity_and_another_one_has_not():
    def alarm(serial, time):
        return parse((ALARM % "UTF-8").replace("<SN>17", f"<SN>{serial}").replace("08:00:00", time))[0]

    first, again, other = alarm(17, "08:00:00"), alarm(18, "08:00:00"), alarm(19, "08:00:01")
    assert first.event_id == again.event_id != other.event_id


def test_the_fixture_gives_alarms_a_state_and_a_place(capsys):
    assert main(["gb28181", str(HERE / "documented.jsonl")]) == 0
    kinds = [next(iter(json.loads(line).get("event", json.loads(line)).items())) for line in capsys.readouterr().out.splitlines()]
    assert kinds == [("kind", "video_alarm"), ("kind", "video_alarm"), ("type", "presence"), ("type", "reading"), ("type", "position")]


KEYS = ("CmdType", "DeviceID", "AlarmMethod", "AlarmType", "AlarmPriority", "AlarmTime", "Longitude", "Latitude", "AlarmDescription")


@given(messages(st.text(max_size=20), payloads(*KEYS)))
def test_whatever_comes_is_parsed_or_rejected(message):
    outputs = heard(feed(), message)[0]
    assert all(getattr(one, "received_at", message.received_at) == message.received_at for one in outputs)


@given(
    st.fixed_dictionaries(
        {
            "DeviceID": st.just(CODE),
            "AlarmMethod": st.integers(0, 9),
            "AlarmTime": st.sampled_from(["2026-11-22T08:00:00", "2026-11-22 08:00:00+08:00", "", "x"]),
        },
        optional={name: st.one_of(st.text(max_size=8), st.integers(-1, 20), st.floats()) for name in KEYS[3:] if name != "AlarmTime"},
    )
)
def test_an_alarm_of_any_fields_is_one_event_or_one_reason(said):
    assert [type(one) for one in parse(json.dumps(said))] in ([Event], [Rejected])
