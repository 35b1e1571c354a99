"""Sparkplug B: what two real edge nodes sent, and what becomes of births, aliases, gaps, deaths and every type."""

import base64
import json
from pathlib import Path

import pytest

from config.strict import ConfigError
from data_adapters.feeds.sparkplug.payload import MAX_BYTES, MAX_METRICS, Payload, read_payload
from data_adapters.feeds.sparkplug.schema import DataType
from domain.messages import Presence, Quality, RawMessage, Reading, Rejected, Reply
from tests.data_adapters.feeds.sparkplug.edge_node import NOW, Listener, asked, birth, death, feed, metric, payload, reasons, values

CAPTURED = Path(__file__).parent / "captured.jsonl"
README = (Path(__file__).parents[4] / "data_adapters/feeds/sparkplug/README.md").read_text()
LEVEL = metric("Water/Level", 10, 2.37, alias=1)


def replayed(group: str):
    listener, memory, outputs = feed(), {}, []
    for line in CAPTURED.read_text().splitlines():
        record = json.loads(line)
        if record["topic"].split("/")[1] == group:
            message = RawMessage(record["topic"], base64.b64decode(record["payload_base64"]), record["received_at"])
            made, memory = listener.parse(message, json.loads(json.dumps(memory)))
            outputs += made
    return outputs


def test_an_edge_node_of_another_maker_is_followed_from_birth_to_death():
    outputs = replayed("Dongguan Water")
    told = [(one.metric, one.text_value if one.value is None else one.value) for one in outputs if isinstance(one, Reading)]
    assert told == [
        ("Uptime", 12), ("Firmware", "1.4"), ("Level", 2.37), ("Alarm/High", 0), ("Label", "东江 3 号"), ("Offset", -3),
        ("Counter", 2**40), ("Installed", 1_717_200_000_000), ("Uptime", 13), ("Level", 2.91), ("Offset", -128), ("Level", 2.5),
        ("Alarm/High", 1),
    ]  # fmt: skip
    online = [(one.device_id, one.online) for one in outputs if isinstance(one, Presence)]
    node, device = "Dongguan Water:pump-7", "Dongguan Water:pump-7:level-1"
    assert online == [(node, True), (device, True), (device, False), (node, False)]
    assert reasons(outputs) == ["null_value", "command"] and not asked(outputs)


def test_values_that_bring_their_own_name_and_type_need_no_birth_that_announced_them():
    outputs = replayed("City")
    assert values(outputs)["DATA/pm25"] == 38.5
    assert reasons(outputs) == ["no_unit", "no_seq"], "pm25 is a metric of the catalogue: nobody said its unit"


def test_an_alias_means_what_the_birth_said_after_a_kill_too():
    listener = Listener()
    listener.hear("NBIRTH", birth(LEVEL))
    listener.memory = json.loads(json.dumps(listener.memory))
    assert values(listener.hear("NDATA", payload([metric(datatype=0, value=2.91, alias=1)], 1))) == {"Water/Level": 2.91}


def test_an_alias_that_no_birth_announced_is_refused_and_the_births_are_asked_for_once():
    listener = Listener()
    listener.hear("NBIRTH", birth(LEVEL))
    outputs = listener.hear("NDATA", payload([metric(value=1.0, alias=9), metric(value=2.0, alias=1)], 1))
    assert reasons(outputs) == ["unknown_alias"] and values(outputs) == {"Water/Level": 2.0}
    (request,) = [one for one in outputs if isinstance(one, Reply)]
    (told,) = read_payload(request.payload, "engUnit").metrics
    assert request.topic == "spBv1.0/g/NCMD/n" and (told.name, told.datatype, told.said.boolean_value) == ("Node Control/Rebirth", 11, True)
    assert asked(listener.hear("NDATA", payload([metric(value=1.0, alias=9)], 2))) == []
    listener.at += 30_000
    assert asked(listener.hear("NDATA", payload([metric(value=1.0, alias=9)], 3))) == ["spBv1.0/g/NCMD/n"]


@pytest.mark.parametrize(("kind", "device"), [("NDATA", ""), ("DDATA", "d"), ("DDEATH", "d"), ("DBIRTH", "d")])
def test_a_node_whose_birth_was_not_heard_is_asked_for_it(kind, device):
    outputs = Listener().hear(kind, payload([LEVEL], 7), device)
    assert asked(outputs) == ["spBv1.0/g/NCMD/n"]
    assert values(outputs) == ({"Water/Level": 2.37} if kind == "DBIRTH" else {})


def test_a_city_that_must_not_speak_to_its_devices_asks_for_nothing():
    outputs = Listener({"others": "keep", "rebirth": "never"}).hear("NDATA", payload([LEVEL], 7))
    assert reasons(outputs) == ["not_born"] and not asked(outputs)


def test_a_gap_in_the_sequence_is_told_and_mended_and_what_came_is_kept():
    listener = Listener()
    listener.hear("NBIRTH", birth(LEVEL))
    assert reasons(listener.hear("NDATA", payload([LEVEL], 1))) == []
    outputs = listener.hear("NDATA", payload([LEVEL], 3))
    assert reasons(outputs) == ["sequence_gap"] and values(outputs) == {"Water/Level": 2.37} and len(asked(outputs)) == 1
    assert reasons(listener.hear("NDATA", payload([LEVEL], 4))) == []


def test_sequence_numbers_go_on_from_0_after_255_and_over_node_and_devices_alike():
    listener = Listener()
    listener.hear("NBIRTH", birth(LEVEL, seq=254))
    listener.hear("DBIRTH", payload([LEVEL], 255), "d")
    assert reasons(listener.hear("DDATA", payload([LEVEL], 0), "d")) == []


def test_a_message_delivered_again_is_no_gap():
    listener = Listener()
    listener.hear("NBIRTH", birth(LEVEL))
    listener.hear("NDATA", payload([LEVEL], 1))
    assert reasons(listener.hear("NDATA", payload([LEVEL], 1), redelivered=True)) == []
    assert reasons(listener.hear("NDATA", payload([LEVEL], 2))) == []


def test_births_and_deaths_delivered_again_behind_newer_ones_change_nothing():
    listener = Listener()
    born, device = birth(LEVEL), payload([LEVEL], 1)
    listener.hear("NBIRTH", born)
    listener.hear("DBIRTH", device, "d")
    heard = listener.memory
    assert listener.hear("NBIRTH", born, redelivered=True) != [] and listener.hear("DBIRTH", device, "d", redelivered=True) != []
    assert listener.hear("DDEATH", payload([], 9, at=NOW - 1), "d", redelivered=True) == []
    assert listener.memory == heard
    listener.hear("DDEATH", payload([], 2), "d")
    again = listener.hear("DBIRTH", device, "d", redelivered=True)
    assert not any(isinstance(one, Presence) for one in again) and reasons(listener.hear("DDATA", payload([LEVEL], 3), "d")) == ["not_born"]


def test_with_the_node_its_devices_go_offline_and_say_nothing_until_they_are_born_again():
    listener = Listener()
    listener.hear("NBIRTH", birth(LEVEL))
    listener.hear("DBIRTH", payload([LEVEL], 1), "d")
    assert listener.hear("NDEATH", death())[:2] == [Presence("g:n", False, listener.at), Presence("g:n:d", False, listener.at)]
    assert reasons(listener.hear("DDATA", payload([LEVEL], 2), "d")) == ["not_born"]
    listener.hear("NBIRTH", birth(LEVEL, bd=4))
    assert "not_born" in reasons(listener.hear("DDATA", payload([LEVEL], 1), "d"))


def test_the_late_will_of_a_node_that_is_back_already_changes_nothing():
    listener = Listener()
    listener.hear("NBIRTH", birth(LEVEL, bd=0))
    assert reasons(listener.hear("NDEATH", death(255))) == ["stale_death"]
    assert values(listener.hear("NDATA", payload([LEVEL], 1))) == {"Water/Level": 2.37}


def test_a_device_that_dies_alone_leaves_its_node_online():
    listener = Listener()
    listener.hear("NBIRTH", birth(LEVEL))
    listener.hear("DBIRTH", payload([LEVEL], 1), "d")
    assert listener.hear("DDEATH", payload([], 2), "d") == [Presence("g:n:d", False, listener.at)]
    assert values(listener.hear("NDATA", payload([LEVEL], 3))) == {"Water/Level": 2.37}
    assert reasons(listener.hear("DDATA", payload([LEVEL], 4), "d")) == ["not_born"]


TYPES = [
    (DataType.INT8, "int_value", 0xFD, -3), (DataType.INT8, "int_value", 0xFFFFFFFD, -3), (DataType.INT16, "int_value", 0x8000, -32768),
    (DataType.INT32, "int_value", 0xFFFFFFFF, -1), (DataType.INT64, "long_value", 2**64 - 1, -1), (DataType.UINT8, "int_value", 255, 255),
    (DataType.UINT16, "int_value", 65535, 65535), (DataType.UINT32, "long_value", 2**32 - 1, 2**32 - 1),
    (DataType.UINT64, "long_value", 5, 5),
    (DataType.FLOAT, "float_value", 21.4, 21.4), (DataType.DOUBLE, "double_value", 0.1, 0.1), (DataType.BOOLEAN, "boolean_value", True, 1),
    (DataType.STRING, "string_value", "检修".encode(), "检修"), (DataType.DATETIME, "long_value", NOW, NOW),
    (DataType.TEXT, "string_value", b"x", "x"), (DataType.UUID, "string_value", b"0-1", "0-1"),
]  # fmt: skip


@pytest.mark.parametrize(("datatype", "field", "raw", "expected"), TYPES)
def test_every_single_value_is_taken(datatype, field, raw, expected):
    assert values(Listener().hear("NBIRTH", birth(metric("x", datatype, raw, field)))) == {"x": expected}


@pytest.mark.parametrize("datatype", sorted(set(DataType) - {kind for kind, *_ in TYPES} - {DataType.UNKNOWN}))
def test_what_is_no_single_value_is_refused_by_its_name(datatype):
    outputs = Listener().hear("NBIRTH", birth(metric("x", datatype, b"\x08\x01", "bytes_value")))
    (refused,) = [one for one in outputs if isinstance(one, Rejected)]
    assert refused.reason == "not_handled" and datatype.name.lower() in refused.detail and datatype.name.lower() in README.lower()


REFUSED = {
    "null_value": metric("x", is_null=True),
    "transient": metric("x", value=1.0, is_transient=True),
    "wrong_type": metric("x", 10, True, "boolean_value"),
    "not_finite": metric("x", 10, float("nan")),
    "unknown_alias": metric("x", 0, 1.0),
    "bad_metric": {"name": b"\xff", "datatype": 10, "double_value": 1.0},
}


@pytest.mark.parametrize("reason", REFUSED)
def test_what_is_no_value_is_refused_with_its_reason_and_its_neighbour_kept(reason):
    outputs = Listener().hear("NBIRTH", birth(REFUSED[reason], LEVEL))
    assert reasons(outputs) == [reason] and values(outputs) == {"Water/Level": 2.37}


def test_a_metric_without_a_time_has_its_messages_time_but_a_historical_one_has_none():
    bare = {"name": b"x", "datatype": 10, "double_value": 1.0}
    (reading,) = [one for one in Listener().hear("NBIRTH", birth(bare)) if isinstance(one, Reading)]
    assert reading.at == NOW
    assert reasons(Listener().hear("NBIRTH", birth({**bare, "is_historical": True}))) == ["no_time"]
    assert reasons(Listener().hear("NBIRTH", payload([bare], at=None))) == ["no_time"]


def test_a_historical_value_is_stored_at_its_own_time():
    late = metric("x", value=1.0, is_historical=True) | {"timestamp": NOW - 3_600_000}
    (reading,) = [one for one in Listener().hear("NBIRTH", birth(late)) if isinstance(one, Reading)]
    assert (reading.at, reading.quality) == (NOW - 3_600_000, Quality.GOOD)


def with_property(key, **value):
    made = Payload(timestamp=NOW, seq=0)
    one = made.metrics.add(name=b"Level", datatype=10, double_value=237.0, timestamp=NOW)
    one.properties.keys.append(key.encode())
    one.properties.values.add(**value)
    return made.SerializeToString()


NAMED = {"metrics": {"Level": "water_level"}}


def test_the_unit_that_the_birth_tells_is_converted_to_the_metrics_own():
    told = with_property("engUnit", type=12, string_value=b"cm")
    assert values(Listener(NAMED).hear("NBIRTH", told)) == {"water_level": 2.37}
    in_mm = {"metrics": {"Level": {"metric": "water_level", "unit": "mm"}}}
    assert values(Listener(in_mm).hear("NBIRTH", told)) == {"water_level": 2.37}
    assert values(Listener(in_mm).hear("NBIRTH", with_property("engUnit", type=12, string_value=b"metres ASL"))) == {"water_level": 0.237}
    assert reasons(Listener(NAMED).hear("NBIRTH", with_property("engUnit", type=12, string_value=b"furlongs?"))) == ["unknown_unit"]


def test_a_value_that_the_device_itself_does_not_trust_is_suspect():
    for quality, expected in ((192, Quality.GOOD), (0, Quality.SUSPECT), (500, Quality.SUSPECT)):
        outputs = Listener(NAMED).hear("NBIRTH", with_property("Quality", type=3, int_value=quality))
        assert [one.quality for one in outputs if isinstance(one, Reading)] == [expected]


def test_without_settings_a_metric_that_nobody_named_is_refused():
    assert reasons(Listener({}).hear("NBIRTH", birth(LEVEL))) == ["unknown_metric"]
    assert reasons(Listener({"ignore": ["Water/Level"]}).hear("NBIRTH", birth(LEVEL))) == []


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"metrics": {"Level": "depth_of_water"}}, "a metric of metrics.yaml"),
        ({"metrics": {"Level": {"metric": "water_level", "unit": "hPa"}}}, "cannot be told"),
        ({"rebirth": "sometimes"}, "one of ask, never"),
        ({"alias": 1}, "a known key"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_line(settings, words):
    with pytest.raises(ConfigError, match=words):
        feed(settings)


def parse(topic, content=b""):
    return list(feed().parse(RawMessage(topic, content, NOW), {})[0])


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "spBv1.0",
        "spAv1.0/g/NDATA/n",
        "spBv1.0/g/NDATA",
        "spBv1.0/g/NDATA/n/d",
        "spBv1.0/g/DDATA/n",
        "spBv1.0/g/X/n",
        "spBv1.0//NDATA/n",
    ],
)
def test_a_topic_of_another_form_is_refused(topic):
    assert reasons(parse(topic)) == ["bad_topic"]


@pytest.mark.parametrize("topic", ["spBv1.0/g/NCMD/n", "spBv1.0/g/DCMD/n/d"])
def test_commands_to_devices_are_refused_by_name(topic):
    assert reasons(parse(topic)) == ["command"]


def test_a_host_application_says_whether_it_is_there():
    assert parse("spBv1.0/STATE/scada", b'{"online": true, "timestamp": 1}') == [Presence("scada", True, NOW)]
    assert reasons(parse("spBv1.0/STATE/scada", b"ONLINE")) == ["bad_json"]
    assert reasons(parse("spBv1.0/STATE/scada", b"{}")) == ["wrong_type"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{}", "bad_protobuf"),
        (b" " * (MAX_BYTES + 1), "too_large"),
        (payload([metric("x", value=1.0)] * (MAX_METRICS + 1)), "too_large"),
        (payload([LEVEL], 256), "bad_seq"),
        (Payload(seq=0, body=b"squeezed").SerializeToString(), "not_handled"),
    ],
)
def test_what_is_no_payload_is_refused(content, reason):
    assert reasons(parse("spBv1.0/g/NBIRTH/n", content)) == [reason]


def test_ids_that_hold_colons_stay_apart():
    assert parse("spBv1.0/a:b/NBIRTH/c", birth())[0].device_id == "a%3Ab:c"
    assert parse("spBv1.0/a/NBIRTH/b:c", birth())[0].device_id == "a:b%3Ac"
    assert reasons(parse(f"spBv1.0/g/NBIRTH/{'n' * 128}", birth())) == ["bad_device"]


def test_every_reason_is_explained_in_the_readme():
    said = {
        *REFUSED,
        "outlived",
        "bad_topic",
        "command",
        "bad_protobuf",
        "too_large",
        "bad_seq",
        "no_seq",
        "sequence_gap",
        "stale_death",
        "not_born",
    }
    for reason in said | {
        "no_time",
        "not_handled",
        "unknown_metric",
        "no_unit",
        "unknown_unit",
        "wrong_unit",
        "bad_device",
        "out_of_range",
    }:
        assert f"`{reason}`" in README, reason
