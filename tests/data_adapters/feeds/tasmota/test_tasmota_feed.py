"""Tasmota: messages after its documentation, and what becomes of every kind."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.files import load_catalogue
from config.strict import ConfigError
from data_adapters.feeds.setup import FeedSetup
from data_adapters.feeds.tasmota.adapter import MAX_VALUES, TasmotaFeed
from data_adapters.feeds.tasmota.vocabulary import INFO, SENSORS, STATE, UNITS
from data_adapters.feeds.units import converter
from domain.messages import Presence, Quality, RawMessage, Reading, Rejected
from tests.data_adapters.feeds.hostile import NOW, documents, heard, messages, payloads

DOCUMENTED = Path(__file__).parent / "documented.jsonl"
README = (Path(__file__).parents[4] / "data_adapters/feeds/tasmota/README.md").read_text()
CHOSEN = {"zone": "Asia/Shanghai", "without_time": "received"}
AT_EIGHT = "2026-11-22T08:00:00"


def feed(**chosen: object) -> TasmotaFeed:
    return TasmotaFeed(FeedSetup("tasmota", ("tele/+/+",), load_catalogue(), 300_000, {**CHOSEN, **chosen}))


def parse(topic: str, document: object, made: TasmotaFeed | None = None, **flags: bool) -> list:
    payload = document.encode() if isinstance(document, str) else json.dumps(document).encode()
    return heard(made or feed(), RawMessage(topic, payload, NOW, **flags))[0]


def sensor(document: dict, made: TasmotaFeed | None = None, **flags: bool) -> list:
    return parse("tele/d/SENSOR", {"Time": AT_EIGHT, **document}, made, **flags)


def told(outputs: list) -> dict:
    return {(one.device_id, one.metric): one.text_value if one.value is None else one.value for one in outputs if isinstance(one, Reading)}


def reasons(outputs: list) -> list[str]:
    found = [one.reason for one in outputs if isinstance(one, Rejected)]
    assert all(f"`{reason}`" in README for reason in found)
    return found


def test_a_day_of_a_plug_and_a_weather_sensor() -> None:
    outputs, made = [], feed()
    for line in map(json.loads, DOCUMENTED.read_text().splitlines()):
        outputs += heard(made, RawMessage(line["topic"], line["payload"].encode(), line["received_at"]))[0]
    assert not reasons(outputs)
    assert [(one.device_id, one.online) for one in outputs if isinstance(one, Presence)] == [("plug-7", True), ("plug-7", False)]
    readings = [one for one in outputs if isinstance(one, Reading)]
    assert [(one.metric, one.value) for one in readings if one.metric == "switched_on"] == [
        ("switched_on", value) for value in (1.0, 0.0, 0.0)
    ]
    assert told(readings) == {
        ("plug-7", "firmware"): "14.2.0(release-tasmota)",
        ("plug-7", "restart_reason"): "Power On",
        ("plug-7", "uptime"): 9.0,
        ("plug-7", "switched_on"): 0.0,
        ("plug-7", "signal_strength"): -61.0,
        ("plug-7", "energy"): 12.345,
        ("plug-7", "energy_yesterday"): 0.412,
        ("plug-7", "energy_today"): 0.1,
        ("plug-7", "power"): 42.0,
        ("plug-7", "apparent_power"): 50.0,
        ("plug-7", "reactive_power"): 27.0,
        ("plug-7", "power_factor"): 0.84,
        ("plug-7", "supply_voltage"): 231.0,
        ("plug-7", "current"): 0.216,
        ("bme-1", "temperature"): 22.5,
        ("bme-1", "humidity"): 41.2,
        ("bme-1", "dew_point"): 8.5,
        ("bme-1", "air_pressure"): pytest.approx(1013.25, abs=0.01),
    }
    assert [one.at for one in readings if one.metric == "humidity"] == [NOW + 10_000]


def test_the_device_clock_is_local_and_its_zone_must_be_said() -> None:
    assert [one.at for one in sensor({"X": {"Humidity": 1}})] == [NOW]
    assert reasons(sensor({"X": {"Humidity": 1}}, feed(zone=None))) == ["no_zone"]
    assert [one.at for one in parse("tele/d/SENSOR", {"Time": "2026-11-22T00:00:00Z", "X": {"Humidity": 1}}, feed(zone=None))] == [NOW]
    twice = parse("tele/d/SENSOR", {"Time": "2026-11-01T01:30:00", "X": {"Humidity": 1}}, feed(zone="America/New_York"))
    assert [one.quality for one in twice] == [Quality.SUSPECT], "an hour that the clocks run through twice"
    assert reasons(parse("tele/d/SENSOR", {"Time": 5, "X": {"Humidity": 1}})) == ["bad_time"]
    assert reasons(parse("tele/d/SENSOR", {"Time": "yesterday", "X": {"Humidity": 1}})) == ["bad_time"]


def test_a_clock_that_was_never_set_is_not_believed() -> None:
    (only,) = parse("tele/d/SENSOR", {"Time": "1970-01-01T08:00:12", "X": {"Humidity": 1}})
    assert (only.at, only.quality, only.source_at) == (NOW, Quality.SUSPECT, "12000")


def test_two_sensors_that_measure_the_same_are_never_taken_for_one() -> None:
    both = {"DS18B20-1": {"Id": "A", "Temperature": 20}, "DS18B20-2": {"Id": "B", "Temperature": 30}, "TempUnit": "C"}
    assert reasons(sensor(both)) == ["ambiguous", "ambiguous"]
    assert told(sensor(both, feed(sensors="apart"))) == {("d:DS18B20-1", "temperature"): 20.0, ("d:DS18B20-2", "temperature"): 30.0}
    one = feed(metrics={"DS18B20-2.Temperature": "device_temperature"})
    assert told(sensor(both, one)) == {("d", "temperature"): 20.0, ("d", "device_temperature"): 30.0}
    assert told(sensor({**both, "TempUnit": "F"}, one))[("d", "device_temperature")] == pytest.approx(-10 / 9)


def test_one_switch_is_the_devices_own_and_several_are_kept_apart() -> None:
    assert told(parse("stat/d/POWER", "ON")) == told(parse("stat/d/RESULT", {"POWER": "ON"})) == {("d", "switched_on"): 1.0}
    assert reasons(parse("stat/d/POWER2", "ON")) == ["ambiguous"]
    apart = feed(sensors="apart")
    assert told(parse("stat/d/POWER2", "OFF", apart)) == {("d:POWER2", "switched_on"): 0.0}
    state = {"Time": AT_EIGHT, "POWER1": "ON", "POWER2": "OFF", "Dimmer": 40, "CT": 300}
    assert told(parse("tele/d/STATE", state, apart)) == {
        ("d:POWER1", "switched_on"): 1.0,
        ("d:POWER2", "switched_on"): 0.0,
        ("d", "brightness"): 40.0,
        ("d", "colour_temperature"): 300.0,
    }


def test_answers_to_a_status_request_are_read_like_what_is_sent_by_itself() -> None:
    inner = {"Time": AT_EIGHT, "SHT3X": {"Humidity": 55}}
    assert (
        told(parse("stat/d/STATUS10", {"StatusSNS": inner}))
        == told(parse("stat/d/STATUS8", {"StatusSNS": inner}))
        == {("d", "humidity"): 55.0}
    )
    assert told(parse("stat/d/STATUS11", {"StatusSTS": {"Time": AT_EIGHT, "UptimeSec": 9}})) == {("d", "uptime"): 9.0}


def test_what_has_no_time_needs_the_settings_word_and_is_doubted_when_sent_again() -> None:
    assert reasons(parse("stat/d/POWER", "ON", feed(without_time="reject"))) == ["no_time"]
    assert reasons(parse("stat/d/POWER", "ON", retained=True)) == ["no_time"]
    assert [one.quality for one in parse("stat/d/RESULT", {"POWER": "ON"}, redelivered=True)] == [Quality.SUSPECT]
    assert [one.quality for one in sensor({"X": {"Humidity": 1}}, redelivered=True, retained=True)] == [Quality.GOOD]
    assert parse("tele/d/LWT", "Offline", redelivered=True) == []


def test_values_of_ones_own_are_described_in_the_settings() -> None:
    made = feed(metrics={"ANALOG.A0": {"metric": "water_depth", "unit": "mm"}, "Switch1": "contact"}, ignore=["Count"])
    outputs = sensor({"ANALOG": {"A0": 542}, "Switch1": "ON", "Count": 5}, made)
    assert told(outputs) == {("d", "water_depth"): 0.542, ("d", "contact"): 1.0} and not reasons(outputs)


def test_the_other_order_of_the_topic() -> None:
    made = feed(full_topic="home/%topic%/%prefix%/")
    assert told(parse("home/d/tele/SENSOR", {"Time": AT_EIGHT, "X": {"Humidity": 1}}, made)) == {("d", "humidity"): 1.0}
    assert made.partition_key("home/d/stat/POWER") == "d" and reasons(parse("tele/d/SENSOR", {}, made)) == ["bad_topic"]


REFUSED = {
    "discovery": ("tasmota/discovery/A/config", {}, "bad_topic"),
    "command": ("cmnd/d/POWER", "ON", "command"),
    "odd telemetry": ("tele/d/MARGINS", {}, "not_handled"),
    "odd status": ("stat/d/STATUS5", {}, "not_handled"),
    "other answer": ("stat/d/RESULT", {"TelePeriod": 300}, "not_handled"),
    "odd will": ("tele/d/LWT", "online", "wrong_type"),
    "no json": ("tele/d/SENSOR", "542", "wrong_type"),
    "broken": ("tele/d/STATE", "{", "bad_json"),
    "no member": ("stat/d/STATUS10", {"Other": 1}, "wrong_type"),
    "toggle": ("stat/d/POWER", "TOGGLE", "wrong_type"),
    "analog": ("tele/d/SENSOR", {"Time": AT_EIGHT, "ANALOG": {"A0": 542}}, "unknown_metric"),
    "phases": ("tele/d/SENSOR", {"Time": AT_EIGHT, "ENERGY": {"Power": [7]}}, "unknown_metric"),
    "no unit": ("tele/d/SENSOR", {"Time": AT_EIGHT, "X": {"Temperature": 20}}, "no_unit"),
    "odd unit": ("tele/d/SENSOR", {"Time": AT_EIGHT, "X": {"Temperature": 20}, "TempUnit": "warm?"}, "unknown_unit"),
    "wrong unit": ("tele/d/SENSOR", {"Time": AT_EIGHT, "X": {"Temperature": 20}, "TempUnit": "m"}, "wrong_unit"),
    "text": ("tele/d/SENSOR", {"Time": AT_EIGHT, "X": {"Humidity": "wet"}}, "wrong_type"),
    "too hot": ("tele/d/SENSOR", {"Time": AT_EIGHT, "X": {"Temperature": 71.8}, "TempUnit": "C"}, "out_of_range"),
    "long": (f"tele/{'x' * 130}/SENSOR", {"Time": AT_EIGHT, "X": {"Humidity": 1}}, "bad_device"),
    "flood": ("tele/d/SENSOR", {"Time": AT_EIGHT, "X": list(range(MAX_VALUES + 1))}, "too_large"),
}


@pytest.mark.parametrize(("topic", "document", "reason"), REFUSED.values(), ids=list(REFUSED))
def test_what_is_no_measurement_is_refused_by_name(topic: str, document: object, reason: str) -> None:
    assert reasons(parse(topic, document)) == [reason]


def test_every_word_is_a_metric_of_the_catalogue_with_a_unit_that_fits() -> None:
    catalogue = load_catalogue()
    for word in (*SENSORS.values(), *STATE.values(), *INFO.values()):
        known = catalogue.get(word.metric)
        assert known is not None and (word.told_by or converter(word.unit, known.unit, UNITS)), word


@pytest.mark.parametrize(
    "chosen", [{"full_topic": "%topic%/x/"}, {"zone": "Mars"}, {"sensors": "both"}, {"metrics": {"A0": "x"}}, {"colour": 1}]
)
def test_wrong_settings_stop_the_start(chosen: dict) -> None:
    with pytest.raises(ConfigError, match=r"^feeds\.yaml: tasmota: settings: "):
        feed(**chosen)


KINDS = [
    "tele/d/SENSOR",
    "tele/d/STATE",
    "tele/d/LWT",
    "tele/d/INFO1",
    "stat/d/RESULT",
    "stat/d/POWER1",
    "stat/d/STATUS10",
    "stat/d/STATUS11",
    "d",
]
KEYS = (
    "Time",
    "TempUnit",
    "Temperature",
    "POWER",
    "POWER2",
    "StatusSNS",
    "StatusSTS",
    "Info1",
    "Version",
    "Wifi",
    "Signal",
    "Humidity",
    "CT",
)
FEEDS = [feed(), feed(sensors="apart", others="keep", zone=None), feed(metrics={"Version": "contact", "X.Humidity": "humidity"})]
timed = st.dictionaries(st.sampled_from(KEYS), documents(*KEYS)).map(lambda one: json.dumps({**one, "Time": AT_EIGHT}).encode())


@settings(deadline=None, max_examples=150)
@given(messages(st.sampled_from(KINDS) | st.text(max_size=20), payloads(*KEYS) | timed), st.sampled_from(FEEDS))
def test_nothing_that_a_network_can_deliver_makes_it_raise(message: RawMessage, made: TasmotaFeed) -> None:
    _, memory = heard(made, message)
    assert memory == {}
