"""Recorded messages of sensor networks, each through its feed, without a city."""

import json
from collections import Counter
from pathlib import Path

import pytest

from config.feeds import load_feeds
from config.files import load_catalogue
from data_adapters.feeds.mapping.adapter import MappingFeed
from data_adapters.feeds.registry import ADAPTERS, make_feed
from data_adapters.feeds.setup import FeedSetup
from domain.messages import Presence, RawMessage, Reading, Rejected

pytestmark = pytest.mark.real_data
NOW = 1_795_305_600_000
USGS = {
    "within": "value.timeSeries",
    "each": "values[].value[]",
    "names": {"site": {"parent": "sourceInfo.siteCode[0].value"}},
    "device": "usgs-{site}",
    "time": {"path": "dateTime"},
    "missing": ["-999999", -999999],
}
LEVEL = {"path": "value", "unit": "ft", "text": True}
FLOW = {"path": "value", "unit": "ft3/s", "text": True}


def parse(payload: bytes, *records: dict, **more: object) -> list:
    made = MappingFeed(FeedSetup("trial", (), load_catalogue(), 300_000, {"records": list(records), **more}))
    return made.parse(RawMessage("any/topic", payload, NOW), {})[0]


def usgs(payload: bytes) -> list:
    within = "value.timeSeries[?variable.variableCode[0].value=='{}']"
    return parse(
        payload,
        {**USGS, "within": within.format("00065"), "metrics": {"water_level": LEVEL}},
        {**USGS, "within": within.format("00060"), "metrics": {"discharge": FLOW}},
    )


def test_two_river_gauges_with_two_parameters_come_out_value_for_value(recorded: Path) -> None:
    payload = (recorded / "water" / "usgs_nwis_two_sites_two_params_iv.json").read_bytes()
    series = json.loads(payload)["value"]["timeSeries"]
    outputs = usgs(payload)
    assert Counter((one.device_id, one.metric) for one in outputs) == Counter(
        (f"usgs-{one['sourceInfo']['siteCode'][0]['value']}", {"00065": "water_level", "00060": "discharge"}[code])
        for one in series
        for code in [one["variable"]["variableCode"][0]["value"]]
        if code in ("00065", "00060")
        for _ in one["values"][0]["value"]
    )
    feet = next(one for one in series if one["variable"]["variableCode"][0]["value"] == "00065")["values"][0]["value"]
    level = [one.value for one in outputs if one.metric == "water_level"][: len(feet)]
    assert level == [pytest.approx(float(one["value"]) * 0.3048) for one in feet]


def test_an_answer_without_data_is_refused_as_such(recorded: Path) -> None:
    (only,) = usgs((recorded / "water" / "usgs_nwis_nothing_avail.json").read_bytes())
    assert isinstance(only, Rejected) and only.reason == "nothing_found"


def said(feed: str, topic: str, payload: bytes, received_at: int = NOW) -> list:
    """What the feed of config/feeds.yaml, on or off, makes of one message."""
    made = make_feed(load_feeds(ADAPTERS)[feed], load_catalogue(), 300_000)
    return made.parse(RawMessage(topic, payload, received_at), {})[0]


def test_the_examples_of_rfc_8428_come_out_as_the_rfc_means_them(recorded: Path) -> None:
    folder = recorded / "mqtt" / "senml"
    (single,) = said("senml", "senml/x", (folder / "rfc8428_5_1_1_single.json").read_bytes())
    assert (single.device_id, single.metric, single.value, single.at) == ("urn:dev:ow:10e2073a01080063", "temperature", 23.1, NOW)
    several = said("senml", "senml/x", (folder / "rfc8428_5_1_2_multi_basetime.json").read_bytes())
    at = 1_276_020_076_001
    assert [(one.device_id, one.metric, one.value, one.at - at) for one in several] == [
        ("urn:dev:ow:10e2073a0108006", "voltage", 0.1201, 0),
        *(("urn:dev:ow:10e2073a0108006", "current", value, -seconds * 1000) for value, seconds in ((1.2, 5), (1.3, 4), (1.4, 3))),
    ]


def test_recorded_zigbee_messages_become_readings_presences_and_named_refusals(recorded: Path) -> None:
    found: dict[str, list] = {}
    for one in json.loads((recorded / "mqtt" / "zigbee2mqtt" / "messages.json").read_text()):
        payload = one["payload"].encode() if isinstance(one["payload"], str) else json.dumps(one["payload"]).encode()
        found.setdefault(one["topic"].removeprefix("zigbee2mqtt/"), []).extend(said("zigbee2mqtt", one["topic"], payload))
    told = {
        (one.device_id, one.metric): one.value if one.text_value is None else one.text_value
        for outputs in found.values()
        for one in outputs
        if isinstance(one, Reading)
    }
    assert told == {
        ("WSDCGQ01LM", "temperature"): 27.34,
        ("WSDCGQ01LM", "humidity"): 44.72,
        ("WXKG01LM", "action"): "single",
        ("RTCGQ01LM", "motion"): 1.0,
        ("LED1545G12", "switched_on"): 1.0,
        ("LED1545G12", "brightness"): pytest.approx(215 / 2.54),
        ("LED1545G12", "colour_temperature"): 325.0,
    }
    assert found["bridge/state"] == [Presence("zigbee2mqtt", True, NOW)]
    assert found["bridge/event"] == [Presence("0x90fd9ffffe6494fc", True, NOW), Presence("my_bulb", False, NOW)]
    assert [one.reason for one in found["bridge/logging"]] == ["not_handled"]


def test_a_recorded_tasmota_sensor_is_read_in_its_own_units_and_its_zone(recorded: Path) -> None:
    one = json.loads((recorded / "mqtt" / "tasmota" / "sensor_scd30.json").read_text())
    outputs = said("tasmota", one["topic"], json.dumps(one["payload"]).encode())
    readings = [output for output in outputs if isinstance(output, Reading)]
    assert {output.metric: output.value for output in readings} == {
        "co2": 814.0,
        "eco2": 787.0,
        "temperature": pytest.approx((71.8 - 32) * 5 / 9),
        "humidity": 61.6,
        "dew_point": pytest.approx((57.9 - 32) * 5 / 9),
    }
    at = 1_662_425_579_000
    assert {(output.device_id, output.at) for output in readings} == {("DEVICE", at)}, "08:52:59 in Shanghai"
    assert [output.detail for output in outputs if isinstance(output, Rejected)] == ["config/metrics.yaml has no 'ANALOG.A0'"]
