"""The native topics: what is read, and why each thing that cannot be read is refused."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.files import load_catalogue
from data_adapters.feeds.native.adapter import MAX_BYTES, MAX_DEPTH, MAX_TEXT, MAX_VALUES, NativeFeed
from data_adapters.feeds.setup import FeedSetup
from domain.messages import Position, Presence, Quality, RawMessage, Reading, Rejected

NOW = 1_795_305_600_000
AHEAD_MS = 300_000
DAY_MS = 86_400_000
FEED = NativeFeed(FeedSetup("native", ("city/v1/#",), load_catalogue(), AHEAD_MS))
README = (Path(__file__).parents[4] / "data_adapters/feeds/native/README.md").read_text()
TELEMETRY = "city/v1/devices/d1/telemetry"
LOCATION = "city/v1/devices/d1/location"
STATUS = "city/v1/devices/d1/status"


def parse(payload: bytes | str, topic: str = TELEMETRY, redelivered: bool = False) -> list:
    raw = payload.encode() if isinstance(payload, str) else payload
    return FEED.parse(RawMessage(topic, raw, NOW, redelivered=redelivered), {})[0]


def telemetry(values: object, at: object = NOW) -> bytes:
    return json.dumps({"at": at, "values": values}).encode()


def reasons(outputs: list) -> list[str]:
    return [output.reason for output in outputs if isinstance(output, Rejected)]


def test_every_value_of_a_message_becomes_a_reading_at_its_time() -> None:
    outputs = parse(telemetry({"pm25": 38, "running": True, "note": "检修"}, "2026-11-22T08:00:00.250+08:00"))
    assert outputs == [
        Reading("d1", "pm25", NOW + 250, 38.0, None, Quality.GOOD, NOW),
        Reading("d1", "running", NOW + 250, 1.0, None, Quality.GOOD, NOW),
        Reading("d1", "note", NOW + 250, None, "检修", Quality.GOOD, NOW),
    ]


REFUSED = {
    "nan": (b'{"at": 1795305600000, "values": {"pm25": NaN}}', "not_finite"),
    "infinite": (b'{"at": 1795305600000, "values": {"pm25": Infinity}}', "not_finite"),
    "minus infinite": (b'{"at": 1795305600000, "values": {"pm25": -Infinity}}', "not_finite"),
    "too large for a double": (b'{"at": 1795305600000, "values": {"pm25": 1e999}}', "not_finite"),
    "above the physical range": (telemetry({"humidity": 100.01}), "out_of_range"),
    "below the physical range": (telemetry({"temperature": -60.1}), "out_of_range"),
    "text for a number": (telemetry({"pm25": "38"}), "wrong_type"),
    "bool for a number": (telemetry({"pm25": True}), "wrong_type"),
    "number for a bool": (telemetry({"running": 1}), "wrong_type"),
    "null": (telemetry({"pm25": None}), "wrong_type"),
    "object as a value": (telemetry({"pm25": {"v": 1}}), "wrong_type"),
    "text too long": (telemetry({"note": "x" * (MAX_TEXT + 1)}), "wrong_type"),
    "values missing": (b'{"at": 1795305600000}', "wrong_type"),
    "values empty": (telemetry({}), "wrong_type"),
    "values a list": (telemetry([1]), "wrong_type"),
    "too many values": (telemetry({f"m{i}": i for i in range(MAX_VALUES + 1)}), "wrong_type"),
    "a list": (b"[1, 2]", "wrong_type"),
    "not json": (b"pm25=38", "bad_json"),
    "the word NaN in broken json": (b'{"NaN": 1,}', "bad_json"),
    "empty": (b"", "bad_json"),
    "a lone surrogate": (b'{"at": 1795305600000, "values": {"note": "\\ud800"}}', "bad_json"),
    "wrong utf-8": (b'{"at": 1795305600000, "values": {"note": "\xff"}}', "bad_utf8"),
    "gb18030 text": ('{"at": 1795305600000, "values": {"note": "检修"}}'.encode("gb18030"), "bad_utf8"),
    "over 256 kB": (b" " * (MAX_BYTES + 1), "too_large"),
    "nested too deep": (b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), "too_deep"),
    "a bomb": (b'{"a":' * 40_000, "too_deep"),
    "raw NUL": (b'{"at": 1795305600000, "values": {"note": "a\x00b"}}', "nul"),
    "escaped NUL": (b'{"at": 1795305600000, "values": {"note": "a\\u0000b"}}', "nul"),
    "NUL in a metric's name": (b'{"at": 1795305600000, "values": {"a\\u0000": 1}}', "bad_metric"),
    "metric with a space": (telemetry({"pm 25": 1}), "bad_metric"),
    "metric without a name": (telemetry({"": 1}), "bad_metric"),
    "time missing": (b'{"values": {"pm25": 38}}', "no_time"),
    "time null": (telemetry({"pm25": 38}, None), "bad_time"),
    "time true": (telemetry({"pm25": 38}, True), "bad_time"),
    "time in words": (telemetry({"pm25": 38}, "yesterday"), "bad_time"),
    "time without offset": (telemetry({"pm25": 38}, "2026-11-22T08:00:00"), "bad_time"),
    "30 February": (telemetry({"pm25": 38}, "2026-02-30T08:00:00Z"), "bad_time"),
    "time beyond the calendar": (telemetry({"pm25": 38}, 10**17), "bad_time"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused_with_its_reason(name: str) -> None:
    payload, reason = REFUSED[name]
    outputs = parse(payload)
    assert reasons(outputs) == [reason] and len(outputs) == 1


def test_every_reason_is_explained_in_the_readme() -> None:
    for reason in {reason for _, reason in REFUSED.values()} | {"bad_topic"}:
        assert f"`{reason}`" in README


def test_one_bad_value_does_not_take_its_neighbours_along() -> None:
    outputs = parse(telemetry({"pm25": 38, "humidity": 101, "temperature": 20}))
    assert [o.metric for o in outputs if isinstance(o, Reading)] == ["pm25", "temperature"]
    assert reasons(outputs) == ["out_of_range"]


def test_limits_themselves_are_still_taken() -> None:
    assert not reasons(parse(telemetry({"humidity": 0, "temperature": 60, "note": "x" * MAX_TEXT})))
    deep = b'{"at": 1795305600000, "values": {"pm25": 1}, "more": ' + b"[" * (MAX_DEPTH - 1) + b"]" * (MAX_DEPTH - 1) + b"}"
    assert not reasons(parse(deep))
    padded = telemetry({"pm25": 1})
    assert not reasons(parse(padded + b" " * (MAX_BYTES - len(padded))))


def test_brackets_inside_text_do_not_count_as_depth() -> None:
    assert not reasons(parse(telemetry({"note": '[[[[[[[[[[{{{{{"\\'})))


def test_metrics_that_nobody_has_described_are_kept_unchecked() -> None:
    (reading,) = parse(telemetry({"salinity": -1e300}))
    assert reading.value == -1e300


@pytest.mark.parametrize(
    "topic", ["", "city/v1/devices/d1", "city/v1/devices/d 1/telemetry", "city/v1/devices/设备/telemetry", f"{TELEMETRY}/x"]
)
def test_a_topic_that_names_no_device_is_refused(topic: str) -> None:
    assert reasons(parse(telemetry({"pm25": 1}), topic)) == ["bad_topic"]


def test_device_ids_have_up_to_128_characters() -> None:
    assert not reasons(parse(telemetry({"pm25": 1}), f"city/v1/devices/{'d' * 128}/telemetry"))
    assert reasons(parse(telemetry({"pm25": 1}), f"city/v1/devices/{'d' * 129}/telemetry")) == ["bad_topic"]


def test_a_time_that_cannot_be_right_becomes_the_time_of_receipt() -> None:
    (reading,) = parse(telemetry({"pm25": 1}, NOW + DAY_MS + 1))
    assert (reading.at, reading.quality, reading.source_at) == (NOW, Quality.SUSPECT, str(NOW + DAY_MS + 1))


def test_a_clock_ahead_makes_the_value_suspect() -> None:
    assert parse(telemetry({"pm25": 1}, NOW + AHEAD_MS))[0].quality == Quality.GOOD
    assert parse(telemetry({"pm25": 1}, NOW + AHEAD_MS + 1))[0].quality == Quality.SUSPECT


def test_a_location_is_a_position_and_may_lack_speed_and_course() -> None:
    full = {"at": NOW, "lon": 113.75, "lat": 23.02, "speed": 8.3, "course": 271}
    assert parse(json.dumps(full), LOCATION) == [Position("d1", NOW, 113.75, 23.02, 8.3, 271.0, NOW)]
    bare = {"at": NOW, "lon": -180, "lat": 90, "speed": None}
    assert parse(json.dumps(bare), LOCATION) == [Position("d1", NOW, -180.0, 90.0, None, None, NOW)]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"lon": 180.01}, "out_of_range"),
        ({"lat": -90.01}, "out_of_range"),
        ({"speed": -1}, "out_of_range"),
        ({"speed": 151}, "out_of_range"),
        ({"course": 361}, "out_of_range"),
        ({"lon": None}, "wrong_type"),
        ({"lat": "23.02"}, "wrong_type"),
        ({"course": True}, "wrong_type"),
        ({"at": "noon"}, "bad_time"),
    ],
)
def test_a_location_that_cannot_be_is_refused(change: dict, reason: str) -> None:
    assert reasons(parse(json.dumps({"at": NOW, "lon": 113.75, "lat": 23.02, **change}), LOCATION)) == [reason]


def test_a_status_is_online_or_offline_and_nothing_else() -> None:
    assert parse(b"online", STATUS) == [Presence("d1", True, NOW)]
    assert parse(b"offline", STATUS) == [Presence("d1", False, NOW)]
    assert reasons(parse(b"ONLINE", STATUS)) == reasons(parse(b"", STATUS)) == ["wrong_type"]


def test_a_status_delivered_again_does_not_overwrite_a_newer_one() -> None:
    assert parse(b"offline", STATUS, redelivered=True) == []


topics = st.one_of(st.sampled_from([TELEMETRY, LOCATION, STATUS]), st.text(max_size=40))
scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20))
documents = st.dictionaries(
    st.sampled_from(["at", "values", "lon", "lat", "speed", "course"]), st.one_of(scalars, st.dictionaries(st.text(max_size=8), scalars))
)


@settings(deadline=None)
@given(st.one_of(st.binary(max_size=200), documents.map(lambda document: json.dumps(document).encode())), topics, st.integers(0, 2**42))
def test_nothing_that_a_network_can_deliver_makes_it_raise(payload: bytes, topic: str, received_at: int) -> None:
    outputs, memory = FEED.parse(RawMessage(topic, payload, received_at), {})
    assert outputs and memory == {}
    for output in outputs:
        if isinstance(output, Reading):
            assert (output.value is None) != (output.text_value is None)
            assert abs(output.at - received_at) <= 7306 * DAY_MS
