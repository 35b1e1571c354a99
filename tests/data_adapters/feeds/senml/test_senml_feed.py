"""SenML: packs of another encoder and of the RFC's kinds, and what becomes of every field."""

import base64
import json
from decimal import Decimal
from pathlib import Path

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.files import load_catalogue
from config.strict import ConfigError
from data_adapters.feeds.senml.adapter import SenmlFeed
from data_adapters.feeds.senml.pack import CBOR_LABELS, MAX_RECORDS
from data_adapters.feeds.setup import FeedSetup
from domain.messages import Position, Quality, RawMessage, Reading, Rejected
from tests.data_adapters.feeds.hostile import NOW, documents, heard, messages, payloads

CAPTURED = Path(__file__).parent / "captured.jsonl"
README = (Path(__file__).parents[4] / "data_adapters/feeds/senml/README.md").read_text()
SECONDS = NOW // 1000
CHOSEN = {"by_unit": {"Cel": "temperature"}, "sums": {"power": "energy"}}


def feed(**chosen: object) -> SenmlFeed:
    return SenmlFeed(FeedSetup("senml", ("senml/+",), load_catalogue(), 300_000, chosen or CHOSEN))


def parse(records: object, made: SenmlFeed | None = None, topic: str = "senml/box", **flags: bool) -> list:
    payload = records if isinstance(records, bytes) else json.dumps(records).encode()
    return heard(made or feed(), RawMessage(topic, payload, NOW, **flags))[0]


def told(outputs: list) -> list:
    return [
        (one.device_id, one.metric, one.at, one.text_value if one.value is None else one.value)
        for one in outputs
        if isinstance(one, Reading)
    ]


def reasons(outputs: list) -> list[str]:
    found = [one.reason for one in outputs if isinstance(one, Rejected)]
    assert all(f"`{reason}`" in README for reason in found)
    return found


def test_packs_of_another_encoder_mean_the_same_in_json_and_in_cbor() -> None:
    device, meter = "urn:dev:ow:10e2073a01080063", "urn:dev:mac:0024befffe804ff1"
    said = []
    for line in CAPTURED.read_text().splitlines():
        record = json.loads(line)
        payload = base64.b64decode(record["payload_base64"]) if "payload_base64" in record else record["payload"].encode()
        outputs, _ = heard(feed(), RawMessage(record["topic"], payload, record["received_at"]))
        assert not reasons(outputs)
        said.append([(one.device_id, one.metric, one.at - record["received_at"], one.value or one.text_value) for one in outputs])
    assert said[0] == [
        (device, "temperature", -412, 21.4),
        (device, "humidity", -5000, 63.5),
        (device, "open", -412, 1.0),
        (device, "wind_direction", -412, "NE"),
        (device, "energy", -412, 1.0),
    ]
    assert [one[:2] + one[3:] for one in said[1]] == [one[:2] + one[3:] for one in said[0]]
    assert said[2] == said[3] == [(meter, "water_level", 0, 0.37), (meter, "water_level", -60_000, 0.4)]


def test_base_fields_hold_until_the_next_one_and_a_record_may_only_set_them() -> None:
    outputs = parse(
        [
            {"bn": "a:", "bt": SECONDS, "bu": "Cel"},
            {"n": "temperature", "v": 1},
            {"n": "humidity", "u": "%RH", "v": 50, "t": -1},
            {"bn": "b:", "bv": 20, "n": "temperature"},
            {"n": "temperature", "v": 1.5},
        ]
    )
    assert told(outputs) == [
        ("a", "temperature", NOW, 1.0),
        ("a", "humidity", NOW - 1000, 50.0),
        ("b", "temperature", NOW, 20.0),
        ("b", "temperature", NOW, 21.5),
    ]


def test_a_name_that_says_no_quantity_is_told_by_its_unit_or_refused() -> None:
    pack = [{"n": "urn:dev:ow:1", "u": "Cel", "v": 23.1}]
    assert told(parse(pack)) == [("urn:dev:ow:1", "temperature", NOW, 23.1)]
    assert reasons(parse(pack, feed(sums={}))) == ["unknown_metric"]


def test_the_device_may_stand_in_the_topic() -> None:
    made = feed(topic="senml/{device}", by_unit={"Cel": "temperature"})
    assert told(parse([{"n": "humidity", "u": "%RH", "v": 5}, {"n": "x", "u": "Cel", "v": 5}], made)) == [
        ("box", "humidity", NOW, 5.0),
        ("box", "temperature", NOW, 5.0),
    ]
    assert reasons(parse([{"n": "humidity", "v": 5}], made, "other")) == ["bad_topic"]
    assert made.partition_key("senml/box") == "box"


def test_a_time_is_counted_from_now_below_two_to_the_28th() -> None:
    times = [0, -5, 2, 2**28 - 1, 2**28, SECONDS + 0.25]
    at = [parse([{"n": "d:humidity", "u": "%RH", "v": 1, "t": time}])[0] for time in times]
    assert [one.at for one in at] == [NOW, NOW - 5000, NOW + 2000, NOW, NOW, NOW + 250]
    assert [one.quality for one in at] == [Quality.GOOD] * 3 + [Quality.SUSPECT] * 2 + [Quality.GOOD]
    assert at[4].source_at == str(2**28 * 1000)


def test_now_is_nothing_for_a_retained_pack_and_doubtful_for_one_delivered_again() -> None:
    pack = [{"n": "d:humidity", "u": "%RH", "v": 1}]
    assert reasons(parse(pack, retained=True)) == ["no_time"]
    assert [one.quality for one in parse(pack, redelivered=True)] == [Quality.SUSPECT]
    assert [one.quality for one in parse([{**pack[0], "t": SECONDS}], retained=True, redelivered=True)] == [Quality.GOOD]


def test_sums_are_energy_where_the_settings_say_so() -> None:
    pack = [{"bn": "m:", "bs": 1_800_000, "n": "power", "u": "W", "v": 100, "s": 1_800_000}]
    assert told(parse(pack)) == [("m", "power", NOW, 100.0), ("m", "energy", NOW, 1.0)]
    assert reasons(parse(pack, feed(by_unit={}))) == ["unknown_metric"]


def test_longitude_and_latitude_of_one_moment_are_a_position() -> None:
    outputs = parse([{"bn": "bus:", "bt": SECONDS, "n": "lon", "u": "lon", "v": 113.75}, {"n": "lat", "u": "lat", "v": 23.02}])
    assert outputs == [Position("bus", NOW, 113.75, 23.02, None, None, NOW)]
    assert reasons(parse([{"n": "bus:lon", "u": "lon", "v": 113.75}])) == ["wrong_type"]


def test_a_device_without_names_for_its_values_is_told_by_units_alone_as_in_the_rfc() -> None:
    made = feed(by_unit={"%RH": "humidity", "%EL": "battery"})
    records = [{"bn": "urn:dev:ow:10e2073a01080063", "bt": SECONDS, "bu": "%RH", "v": 20}]
    records += [{"u": "lon", "v": 24.30621}, {"u": "lat", "v": 60.07965}, {"t": 60, "v": 20.3}, {"u": "%EL", "t": 150, "v": 98}]
    outputs = parse(records, made)
    device = "urn:dev:ow:10e2073a01080063"
    assert told(outputs) == [
        (device, "humidity", NOW, 20.0),
        (device, "humidity", NOW + 60_000, 20.3),
        (device, "battery", NOW + 150_000, 98.0),
    ]
    assert outputs[-1] == Position(device, NOW, 24.30621, 60.07965, None, None, NOW)


def test_data_is_kept_as_base64url_in_both_forms() -> None:
    binary = cbor2.dumps([{0: "d:action", 8: b"\xfb\xff"}])
    assert told(parse([{"n": "d:action", "vd": "-_8"}])) == told(parse(binary)) == [("d", "action", NOW, "-_8")]


ONE = {"n": "d:humidity", "u": "%RH", "v": 1}
REFUSED = {
    "must understand": ([{**ONE, "vv_": 1}], "must_understand"),
    "must understand later": ([ONE, {"n": "x", "lock_": None}], "must_understand"),
    "newer": ([{**ONE, "bver": 11}], "bad_version"),
    "two versions": ([{**ONE, "bver": 10}, {**ONE, "bver": 5}], "bad_version"),
    "no version": ([{**ONE, "bver": "10"}], "bad_version"),
    "two values": ([{**ONE, "vs": "a"}], "bad_record"),
    "text as number": ([{**ONE, "v": "1"}], "bad_record"),
    "true as number": ([{**ONE, "v": True}], "bad_record"),
    "number as true": ([{"n": "d:open", "vb": 1}], "bad_record"),
    "no base64": ([{"n": "d:action", "vd": "a b"}], "bad_record"),
    "bad base": ([{"bt": "now"}, ONE], "bad_record"),
    "no name": ([{"u": "%RH", "v": 1}], "bad_name"),
    "name with blank": ([{"n": "a b:humidity", "v": 1}], "bad_name"),
    "endless name": ([{"n": "a-" * 100_000, "v": 1}], "bad_name"),
    "no value": ([{"n": "d:humidity", "u": "%RH"}], "no_value"),
    "no unit": ([{"n": "d:humidity", "v": 1}], "no_unit"),
    "wrong unit": ([{"n": "d:humidity", "u": "m", "v": 1}], "wrong_unit"),
    "unknown unit": ([{"n": "d:humidity", "u": "zz9", "v": 1}], "unknown_unit"),
    "out of range": ([{**ONE, "v": 101}], "out_of_range"),
    "far future": ([{**ONE, "t": 1e300}], "bad_time"),
    "long name": ([{"n": f"{'d' * 130}:humidity", "u": "%RH", "v": 1}], "bad_device"),
    "xml": (b"<sensml/>", "not_handled"),
    "exi": (b"$EXI\xa0", "not_handled"),
    "object": (ONE, "wrong_type"),
    "empty": ([], "wrong_type"),
    "many": ([{}] * (MAX_RECORDS + 1), "too_large"),
    "stream": (b'[{"n":"a","v":1},', "bad_json"),
    "cut cbor": (b"\x82\xa1", "bad_cbor"),
    "cbor twice": (cbor2.dumps([{0: "d:humidity", 1: "%RH", 2: 1}]) * 2, "bad_cbor"),
    "deep cbor": (b"\x81" * 60 + b"\x01", "bad_cbor"),
    "big float bomb": (bytes.fromhex("81a102c5821b000000100000000003"), "bad_cbor"),
}


@pytest.mark.parametrize(("records", "reason"), REFUSED.values(), ids=list(REFUSED))
def test_what_the_rfc_does_not_allow_is_refused_by_name(records: object, reason: str) -> None:
    assert reasons(parse(records)) == [reason]


def test_one_bad_record_does_not_take_its_neighbours_along() -> None:
    outputs = parse([ONE, {"n": "d:humidity", "v": "x"}, {**ONE, "t": -1}])
    assert len(told(outputs)) == 2 and reasons(outputs) == ["bad_record"]


def test_every_kind_of_cbor_number_is_read() -> None:
    numbers = [21, 21.5, Decimal("21.25"), 2**70]
    outputs = parse(cbor2.dumps([{0: "d:co2", 1: "ppm", 2: number} for number in numbers]))
    assert [one[3] for one in told(outputs)] == [21.0, 21.5, 21.25] and reasons(outputs) == ["out_of_range"]


@pytest.mark.parametrize(
    "chosen",
    [{"by_unit": {"Cel": "warmth"}}, {"by_unit": {"??": "temperature"}}, {"sums": ["power"]}, {"topic": "senml/{name}"}, {"colour": 1}],
)
def test_wrong_settings_stop_the_start(chosen: dict) -> None:
    with pytest.raises(ConfigError, match=r"^feeds\.yaml: senml: settings: "):
        feed(**chosen)


LABELS = (*CBOR_LABELS.values(), "x_", "bver")
FEEDS = [feed(), feed(topic="senml/{device}", others="keep")]
record = st.dictionaries(st.sampled_from(LABELS), documents(*LABELS) | st.just("d:humidity") | st.just("%RH"), max_size=6)
packs = st.lists(record, max_size=4)
numbered = {label: number for number, label in CBOR_LABELS.items()}


def as_cbor(pack: list[dict]) -> bytes:
    clean = json.loads(json.dumps(pack).encode("utf-8", "replace").decode().replace("\\ud", "\\u0"))
    return cbor2.dumps([{numbered.get(label, label): value for label, value in one.items()} for one in clean])


@settings(deadline=None, max_examples=150)
@given(
    messages(
        st.sampled_from(["senml/box", "x"]),
        payloads(*LABELS)
        | packs.map(lambda one: json.dumps(one).encode())
        | packs.map(as_cbor)
        | st.binary().map(lambda rest: b"\x81" + rest),
    ),
    st.sampled_from(FEEDS),
)
def test_nothing_that_a_network_can_deliver_makes_it_raise(message: RawMessage, made: SenmlFeed) -> None:
    _, memory = heard(made, message)
    assert memory == {}
