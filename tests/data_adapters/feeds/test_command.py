"""`python -m data_adapters.feeds`: captured payloads are parsed without a running city."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest

from config.feeds import load_feeds, overlap
from config.files import load_catalogue
from config.strict import ConfigError
from data_adapters.feeds.__main__ import main
from data_adapters.feeds.registry import ADAPTERS, ANY_TOPIC, make_feed, make_feeds

ROOT = Path(__file__).parents[3]
CAPTURED = Path(__file__).parent / "native" / "captured.jsonl"
TOPIC = "city/v1/devices/d1/telemetry"


def lines(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


def write(folder: Path, content: str | bytes) -> str:
    file = folder / "payload"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(file)


def test_a_captured_file_is_parsed_with_no_city_and_no_settings_around(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CITYDECK_")}
    done = subprocess.run(
        [sys.executable, "-m", "data_adapters.feeds", "native", str(CAPTURED)], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "not_finite: NaN and Infinity are no JSON numbers\n")
    assert lines(done.stdout) == [
        *(
            {
                "type": "reading",
                "device_id": "air-0417",
                "metric": metric,
                "at": "2026-11-22T00:00:00.000Z",
                "value": value,
                "quality": "good",
                "received_at": "2026-11-22T00:00:00.412Z",
            }
            for metric, value in (("pm25", 38.0), ("temperature", 21.4), ("humidity", 63.0))
        ),
        *(
            {
                "type": "reading",
                "device_id": "pump-12",
                "metric": metric,
                "at": "2026-11-22T00:00:01.000Z",
                **value,
                "quality": "good",
                "received_at": "2026-11-22T00:00:01.250Z",
            }
            for metric, value in (("running", {"value": 1.0}), ("current", {"value": 118.5}), ("note", {"text_value": "检修后"}))
        ),
        {
            "type": "position",
            "device_id": "bus-7",
            "at": "2026-11-22T00:00:02.000Z",
            "lon": 113.7518,
            "lat": 23.0207,
            "speed": 8.3,
            "course": 271.0,
            "received_at": "2026-11-22T00:00:02.090Z",
        },
        {"type": "presence", "device_id": "pump-12", "online": False, "received_at": "2026-11-22T00:00:03.000Z"},
        {"rejected": "not_finite"},
    ]


def test_one_raw_payload_is_parsed_under_the_given_topic(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    payload = write(tmp_path, '{"at": "2026-11-22T08:00:00.5+08:00", "topic": "no matter", "values": {"pm25": 38, "humidity": 101}}\n')
    assert main(["native", payload, "--topic", TOPIC]) == 0
    reading, refused = lines(capsys.readouterr().out)
    assert (reading["metric"], reading["at"], refused["rejected"]) == ("pm25", "2026-11-22T00:00:00.500Z", "out_of_range")


def test_lines_that_name_no_topic_take_the_given_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = {"payload": json.dumps({"at": 0, "values": {"pm25": 38}}), "received_at": "1970-01-01T08:00:00+08:00"}
    assert main(["native", write(tmp_path, json.dumps(record)), "--topic", TOPIC]) == 0
    assert [line["at"] for line in lines(capsys.readouterr().out)] == ["1970-01-01T00:00:00.000Z"]


def test_a_binary_payload_is_refused_not_a_crash(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["native", write(tmp_path, b"\xff\x00\n\xfe"), "--topic", TOPIC]) == 0
    assert [line["rejected"] for line in lines(capsys.readouterr().out)] == ["nul"]


GOOD = json.dumps({"topic": TOPIC, "payload": "x"})


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"at": 1, "values": {}}', "--topic"),
        ("", "--topic"),
        (b"\xff\xfe", "--topic"),
        (f"{GOOD}\nnonsense\n", "line 2"),
        (json.dumps({"payload": "x"}), "line 1"),
        (f"{GOOD}\n\n{json.dumps({'topic': TOPIC})}\n", "line 3"),
        (json.dumps({"topic": TOPIC, "payload_base64": "!"}), "payload_base64"),
        (json.dumps({"topic": TOPIC, "payload": "x", "received_at": "noon"}), "received_at"),
        (json.dumps({"topic": 7, "payload": "x"}), "line 1"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_clear_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | bytes, words: str
) -> None:
    assert main(["native", write(tmp_path, content)]) == 2
    said = capsys.readouterr()
    assert said.out == "" and words in said.err and said.err.count("\n") == 1


def test_an_unknown_feed_and_a_missing_file_are_one_clear_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sparkplug9", str(CAPTURED)]) == 2
    assert "there is no feed 'sparkplug9'; there are: native" in capsys.readouterr().err
    for wrong in (tmp_path / "absent", tmp_path):
        assert main(["native", str(wrong)]) == 2
        said = capsys.readouterr().err
        assert str(wrong) in said and said.count("\n") == 1


@pytest.mark.parametrize("feed", ["mapping", "senml", "tasmota", "zigbee2mqtt"])
def test_a_secret_that_no_adapter_knows_stops_the_start(feed: str) -> None:
    one = replace(load_feeds(ADAPTERS)[feed], secrets={"password": "env:PATH"})
    with pytest.raises(ConfigError, match=rf"^feeds\.yaml: {feed}: secrets: 'password': expected a known secret: none"):
        make_feed(one, load_catalogue(), 300_000)


def test_every_feed_that_ships_may_be_switched_on_together_with_all_others() -> None:
    shipped = list(load_feeds(ADAPTERS).values())
    topics = [(one.name, topic) for one in shipped for topic in one.filters]
    assert not [(one, other) for one, other in combinations(topics, 2) if overlap(one[1], other[1])]
    assert {one.name for one in shipped} == set(make_feeds(load_catalogue(), 300_000, shipped))


@pytest.mark.parametrize("adapter", sorted(ANY_TOPIC))
def test_what_says_all_of_itself_is_read_alike_under_any_topic(adapter: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (file,) = (Path(__file__).parent / adapter).glob("*.jsonl")
    records = [json.loads(line) for line in file.read_text().splitlines()]
    said = []
    for topic in (None, "any/topic"):
        content = "\n".join(json.dumps({**record, "topic": topic or record["topic"]}) for record in records)
        assert main([adapter, write(tmp_path, content)]) == 0
        said.append(capsys.readouterr().out)
    assert said[0] == said[1] != ""
