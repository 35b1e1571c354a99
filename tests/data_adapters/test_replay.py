"""The replayer: what a recorded table becomes, at which speed it goes out, and what it says when something is wrong."""

import json
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from data_adapters.embedded import Urls
from data_adapters.replay.__main__ import main
from data_adapters.replay.mapping import MappingError, MetricColumn, TimeColumn, parse_mapping, read_mapping
from data_adapters.replay.messages import Recorded, Unreadable, moment, recorded, value_of
from data_adapters.replay.send import Pace, play
from data_adapters.replay.table import read_rows
from tests.broker_client import received

STATIONS = """\
device: air-{station}
time: {column: time, format: "%Y-%m-%d %H:%M", zone: Asia/Shanghai}
missing: [NA]
no_data: [-9999]
metrics:
  pm25: {column: PM2.5}
  temperature: {column: TEMP, factor: 5/9, offset: "-160/9"}
  wind_direction: {column: wd, kind: text}
"""
TABLE = """\
time,station,PM2.5,TEMP,wd
2016-11-15 00:00,east,13.1,32,NE
2016-11-15 00:00,west,,NA,
2016-11-15 01:00,east,-9999,-9999,
2016-11-15 25:00,east,1,50,N
2016-11-15 02:00,east 2,1,50,N
"""


def write(folder: Path, **files: str) -> list[Path]:
    paths = [folder / name.replace("__", ".") for name in files]
    for path, text in zip(paths, files.values(), strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


def messages_of(mapping_file: Path, file: Path) -> tuple[list[Recorded], Counter[str], list[str]]:
    count, lines = Counter[str](), []
    mapping = read_mapping(mapping_file)
    return list(recorded(read_rows(file, mapping), mapping, count, lines.append)), count, lines


def test_a_row_becomes_one_message_with_its_units_changed_and_its_gaps_left(tmp_path):
    messages, count, lines = messages_of(*write(tmp_path, m__yaml=STATIONS, t__csv=TABLE))
    assert messages == [
        Recorded("air-east", 1479139200000, {"pm25": 13.1, "temperature": 0.0, "wind_direction": "NE"}),
        Recorded("air-east", 1479142800000, {"pm25": -9999.0, "temperature": -9999.0}),
    ]
    assert count == {"rows": 5, "values": 5, "missing": 4, "empty": 1, "unreadable": 2}
    assert [line.split(":")[0:2] for line in lines] == [["row 4", " time"], ["row 5", " device"]]


def test_a_message_is_native_telemetry():
    message = Recorded("d", 5, {"pm25": 1.5})
    assert (message.topic, json.loads(message.payload(7))) == ("city/v1/devices/d/telemetry", {"at": 7, "values": {"pm25": 1.5}})


def test_numbers_keep_every_digit_and_units_are_exact():
    assert value_of("0.1", MetricColumn("m", "c")) == 0.1
    assert value_of("69.88083514", MetricColumn("m", "c")) == 69.88083514
    document = {"device": "d", "time": {"column": "t"}, "metrics": {"m": {"column": "c", "factor": 0.3048}}}
    assert value_of("6.55", parse_mapping(document).metrics[0]) == 1.99644


def test_what_is_no_number_goes_out_as_it_is_so_that_ingest_refuses_it():
    assert value_of("Ice", MetricColumn("m", "c")) == "Ice"
    assert value_of("nan", MetricColumn("m", "c")) == "nan"
    assert value_of("perhaps", MetricColumn("m", "c", "bool")) == "perhaps"
    assert [value_of(cell, MetricColumn("m", "c", "bool")) for cell in ("Yes", "0")] == [True, False]


@pytest.mark.parametrize("cell", ["2026-03-08 02:30:00", "2025-11-02 01:30:00"])
def test_a_local_time_that_exists_twice_or_not_at_all_is_not_guessed(cell):
    zone = parse_mapping({"device": "d", "time": {"column": "t", "zone": "America/Chicago"}, "metrics": {"m": {"column": "c"}}}).time
    with pytest.raises(Unreadable, match="twice or not at all in America/Chicago"):
        moment(cell, zone)


def test_times_with_an_offset_epochs_and_zones_are_understood():
    assert moment("2016-11-15T00:00:00+08:00", TimeColumn("t")) == 1479139200000
    assert moment("1479139200.5", TimeColumn("t", "epoch_s")) == 1479139200500
    assert moment("1479139200500", TimeColumn("t", "epoch_ms")) == 1479139200500
    with pytest.raises(Unreadable, match="no offset"):
        moment("2016-11-15T00:00:00", TimeColumn("t"))


def test_jsonl_is_read_line_by_line_with_paths_into_each_record(tmp_path):
    mapping = """\
device: "{id}"
time: {column: t, format: epoch_ms}
columns: {id: meta.id, t: at, v: "values[1]"}
metrics: {level: {column: v}}
"""
    table = '{"meta": {"id": "a"}, "at": 1000, "values": [1, 0.10]}\n\n{"meta": {"id": "b"}, "at": 2000, "values": [1, null]}\n'
    messages, count, _ = messages_of(*write(tmp_path, m__yaml=mapping, t__jsonl=table))
    assert messages == [Recorded("a", 1000, {"level": 0.1})]
    assert count["missing"] == 1


NESTED = """\
device: gauge-{site}
time: {column: time}
records: series[*].values[*].points[*]
columns:
  site: series[*].site.code[0]
  what: series[*].what
  time: series[*].values[*].points[*].t
  v: series[*].values[*].points[*].v
metrics:
  discharge: {column: v, where: {what: "00060"}, factor: 0.5}
  water_level: {column: v, where: {what: "00065"}}
"""


def test_nested_json_gives_each_record_the_cells_of_those_that_hold_it(tmp_path):
    def series(site, what, *points):
        return {
            "site": {"code": [site]},
            "what": what,
            "values": [{"points": [{"t": f"1970-01-01T00:00:0{t}Z", "v": v} for t, v in points]}],
        }

    document = json.dumps({"series": [series("1", "00060", (2, "10"), (3, "12")), series("2", "00065", (1, "4.5"))]})
    messages, _, _ = messages_of(*write(tmp_path, m__yaml=NESTED, t__json=document))
    assert messages == [
        Recorded("gauge-1", 2000, {"discharge": 5.0}),
        Recorded("gauge-1", 3000, {"discharge": 6.0}),
        Recorded("gauge-2", 1000, {"water_level": 4.5}),
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"devise": "x"}, "the mapping: devise: expected one of"),
        ({"device": ""}, "device: '': expected text"),
        ({"time": {"column": "t", "zone": "Asia/Peking-Duck"}}, "time.zone: 'Asia/Peking-Duck': expected a zone"),
        ({"metrics": {"m": {"column": "c", "factor": "a lot"}}}, "metrics.m.factor: 'a lot': expected a number"),
        ({"metrics": {"m": {"column": "c", "kind": "text", "factor": 2}}}, "metrics.m: a text has no factor"),
        ({"metrics": {"m": {}}}, "metrics.m: column: is missing"),
        ({"format": "xlsx"}, "format: 'xlsx': expected one of csv, jsonl, json"),
    ],
)
def test_a_wrong_mapping_is_said_in_one_line_naming_key_value_and_what_was_expected(change, said):
    good = {"device": "d", "time": {"column": "t"}, "metrics": {"m": {"column": "c"}}}
    assert parse_mapping(good)
    with pytest.raises(MappingError) as caught:
        parse_mapping({**good, **change})
    assert said in str(caught.value)


def test_a_missing_column_is_named_with_those_that_there_are(tmp_path):
    mapping, table = write(tmp_path, m__yaml=STATIONS, t__csv="time,station,PM2.5,wd\n2016-11-15 00:00,a,1,N\n")
    with pytest.raises(MappingError, match=r"no column 'TEMP'; there are PM2.5, station, time, wd"):
        messages_of(mapping, table)


class Told:
    """A sender that remembers when each message went out, by a clock that sleeping moves."""

    def __init__(self) -> None:
        self.now, self.sent = 100.0, []

    def send(self, topic, payload):
        self.sent.append((self.now - 100, json.loads(payload)["at"]))

    def sleep(self, seconds):
        self.now += seconds


@pytest.mark.parametrize(
    ("pace", "when"),
    [(Pace(speed=60), [0, 1, 1, 2]), (Pace(max_rate=2), [0, 0.5, 1, 1.5]), (Pace(), [0, 0, 0, 0])],
    ids=["speed", "rate", "free"],
)
def test_messages_go_out_at_the_chosen_speed_and_late_rows_at_once(pace, when):
    told = Told()
    messages = [Recorded("d", at, {"m": 1}) for at in (0, 60_000, 30_000, 120_000)]
    play(messages, told, pace, lambda message, _first: message.at, clock=lambda: told.now, sleep=told.sleep)
    assert [at for at, _ in told.sent] == pytest.approx(when)


def replay(urls: Urls, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "data_adapters.replay", *map(str, arguments)]
    return subprocess.run(command, env={"CITYDECK_MQTT_URL": urls.mqtt or ""}, capture_output=True, text=True, timeout=60)


def test_every_message_reaches_the_real_broker_and_is_acknowledged(engines, tmp_path):
    mapping, table = write(tmp_path, m__yaml=STATIONS, t__csv=TABLE)
    received(engines.mqtt, "replay-test", "city/v1/devices/air-east/telemetry", prepare_only=True)
    done = replay(engines, mapping, table)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert (report["messages"], report["acknowledged"], report["unreadable"]) == (2, 2, 2)
    assert "row 4: time: '2016-11-15 25:00'" in done.stderr
    got = received(engines.mqtt, "replay-test", "city/v1/devices/air-east/telemetry", at_least=2)
    assert [json.loads(text.partition(" ")[2])["at"] for text in got] == [1479139200000, 1479142800000]


def test_shifted_to_now_the_last_row_is_now_and_the_distances_stay(engines, tmp_path):
    mapping, table = write(tmp_path, m__yaml=STATIONS, t__csv=TABLE)
    received(engines.mqtt, "shift-test", "city/v1/devices/air-east/telemetry", prepare_only=True)
    before = time.time() * 1000
    assert replay(engines, mapping, table, "--shift-to-now", "--max-rate", "500").returncode == 0
    first, last = (
        json.loads(text.partition(" ")[2])["at"]
        for text in received(engines.mqtt, "shift-test", "city/v1/devices/air-east/telemetry", at_least=2)
    )
    assert last - first == 3_600_000
    assert before - 1000 < last < time.time() * 1000 + 1000


def test_without_a_broker_named_one_line_says_what_to_set(tmp_path, capsys, monkeypatch):
    monkeypatch.delenv("CITYDECK_MQTT_URL", raising=False)
    mapping, table = write(tmp_path, m__yaml=STATIONS, t__csv=TABLE)
    assert main([str(mapping), str(table)]) == 2
    assert capsys.readouterr().err.startswith("CITYDECK_MQTT_URL: is not set")
