"""GTFS Realtime: messages of another encoder (captured.jsonl), what each field becomes, and what a network can deliver instead."""

import base64
import json
from pathlib import Path

import pytest
from google.transit import gtfs_realtime_pb2 as gtfs
from hypothesis import given, settings
from hypothesis import strategies as st

from config.files import load_catalogue
from config.strict import ConfigError
from data_adapters.feeds.__main__ import main
from data_adapters.feeds.gtfs_realtime.adapter import NOT_HANDLED, GtfsRealtimeFeed
from data_adapters.feeds.gtfs_realtime.envelope import MAX_ENTITIES
from data_adapters.feeds.setup import FeedSetup
from domain.messages import Position, Quality, RawMessage, Reading, Rejected
from tests.data_adapters.feeds.hostile import NOW, heard, messages

HERE = Path(__file__).parent
README = (HERE.parents[3] / "data_adapters/feeds/gtfs_realtime/README.md").read_text()
SECONDS = NOW // 1000


def feed(**chosen):
    return GtfsRealtimeFeed(FeedSetup("gtfs_realtime", ("gtfs-realtime/+",), load_catalogue(), 300_000, chosen))


def dataset(*entities, version="2.0", timestamp=SECONDS, incrementality="FULL_DATASET"):
    made = gtfs.FeedMessage(entity=entities)
    made.header.gtfs_realtime_version = version
    made.header.incrementality = gtfs.FeedHeader.Incrementality.Value(incrementality)
    if timestamp is not None:
        made.header.timestamp = timestamp
    return made.SerializePartialToString()


def bus(name="7", lat=23.02, lon=113.75, timestamp=SECONDS, **more):
    """An entity; `more` are fields of its VehiclePosition. `place` are more fields of its position."""
    place = more.pop("place", {})
    entity = gtfs.FeedEntity(id="e")
    entity.vehicle.CopyFrom(gtfs.VehiclePosition(**more))
    entity.vehicle.vehicle.id = name
    if lat is not None:
        entity.vehicle.position.CopyFrom(gtfs.Position(latitude=lat, longitude=lon, **place))
    if timestamp is not None:
        entity.vehicle.timestamp = timestamp
    return entity


def parse(payload, **chosen):
    return heard(feed(**chosen), RawMessage("gtfs-realtime/x", payload, NOW))[0]


def reasons(outputs):
    found = [one.reason for one in outputs if isinstance(one, Rejected)]
    assert all(f"`{reason}`" in README for reason in found)
    return found


def values(outputs):
    return {one.metric: one.text_value if one.value is None else one.value for one in outputs if isinstance(one, Reading)}


def captured(**chosen):
    told = []
    for line in (HERE / "captured.jsonl").read_text().splitlines():
        record = json.loads(line)
        told.append(heard(feed(**chosen), RawMessage(record["topic"], base64.b64decode(record["payload_base64"]), NOW))[0])
    return told


def test_messages_of_another_encoder_become_positions_readings_and_named_refusals():
    vehicles, everything, changes, empty, old = captured()
    assert vehicles[0] == Position("bus-7", NOW - 12_000, 113.7518005, 23.0207005, 8.25, 271.5, NOW)
    assert values(vehicles[1:5]) == {
        "passenger_load": 65.0,
        "occupancy_status": "FEW_SEATS_AVAILABLE",
        "congested": 1.0,
        "odometer": 123.456,
    }
    assert vehicles[5] == Position("bus-8", NOW, 113.7600021, 23.0300007, None, None, NOW)
    assert reasons(vehicles) == ["no_fix", "bad_device", "nothing_measured"] and values(vehicles[6:]) == {"passenger_load": 180.0}
    assert reasons(everything) == ["not_handled"] * 2 and isinstance(everything[0], Position)
    assert [one.detail.split(":")[0] for one in everything[1:]] == ["2 trip updates", "1 alerts"]
    assert (reasons(changes), empty, reasons(old)) == (["not_handled"], [], ["no_time"])


def test_a_differential_message_is_taken_where_the_settings_say_so_and_a_deletion_ends_nothing():
    _, _, changes, _, _ = captured(differential="take")
    assert changes == [Position("bus-8", NOW, 113.7600021, 23.0300007, 0.0, None, NOW)]


def test_a_vehicle_without_a_time_is_as_old_as_its_message_or_refused():
    payload = dataset(bus("a", timestamp=None), bus("b", timestamp=0), bus("c", timestamp=SECONDS - 9))
    assert [one.at for one in parse(payload)] == [NOW, NOW, NOW - 9000]
    assert reasons(parse(payload, without_time="reject")) == ["no_time"] * 2
    assert reasons(parse(dataset(bus(timestamp=None), timestamp=None))) == ["no_time"]


def test_a_clock_that_cannot_be_right_is_told():
    ahead, dead = (parse(dataset(bus(timestamp=time, occupancy_percentage=5))) for time in (SECONDS + 3600, SECONDS * 1000))
    assert (ahead[1].quality, ahead[1].at) == (Quality.SUSPECT, NOW + 3_600_000)
    assert (dead[0].at, dead[0].source_at) == (NOW, str(NOW * 1000)), "told in milliseconds"
    assert reasons(parse(dataset(bus(timestamp=2**63)))) == ["bad_time"]


def test_the_device_is_called_as_the_settings_say():
    entity = bus("7")
    entity.vehicle.vehicle.label, entity.vehicle.vehicle.license_plate = "26路", "粤S12345"
    templates = ["{vehicle}", "bus-{vehicle}", "{label}/{plate}", "{entity}"]
    assert [parse(dataset(entity), device=one)[0].device_id for one in templates] == ["7", "bus-7", "26路/粤S12345", "e"]


@pytest.mark.parametrize("kind", NOT_HANDLED)
def test_what_is_no_vehicle_is_refused_by_name_once_a_message(kind):
    entities = [gtfs.FeedEntity(id=str(number)) for number in range(3)]
    for one in entities:
        getattr(one, kind).SetInParent()
    (refused,) = parse(dataset(*entities))
    assert refused.reason == "not_handled" and refused.detail.startswith("3 ") and f"`FeedEntity.{kind}`" in README


def test_one_broken_entity_takes_no_other_along():
    good, cut = dataset(bus("1")), b"\x12\x04\x22\x02\x0a\x7f"
    outputs = parse(good + cut + dataset(bus("2"))[len(dataset()) :])
    assert [type(one) for one in outputs] == [Position, Rejected, Position] and reasons(outputs) == ["bad_protobuf"]


def broken_text():
    return dataset(bus("AB")).replace(b"AB", b"\xff\xfe")


REFUSED = {
    "json": (b'{"header": {}}', "bad_protobuf"),
    "empty": (b"", "incomplete"),
    "old": (dataset(version="0.1"), "bad_version"),
    "no utf-8": (broken_text(), "bad_device"),
    "no id": (dataset(bus("")), "bad_device"),
    "long id": (dataset(bus("x" * 129)), "bad_device"),
    "no place on earth": (dataset(bus(lat=91)), "out_of_range"),
    "nan": (dataset(bus(lat=float("nan"))), "out_of_range"),
    "infinite speed": (dataset(bus(place={"speed": float("inf")})), "out_of_range"),
    "backwards": (dataset(bus(place={"bearing": -1})), "out_of_range"),
    "no place": (dataset(bus(lat=0, lon=0)), "no_fix"),
    "nothing": (dataset(bus(lat=None)), "nothing_measured"),
    "empty entity": (dataset(gtfs.FeedEntity(id="e")), "nothing_measured"),
    "too many": (dataset() + b"\x12\x00" * (MAX_ENTITIES + 1), "too_large"),
    "too large": (b"\x00" * (8 * 1024 * 1024 + 1), "too_large"),
    "large vehicle": (dataset(bus(stop_id="x" * 70_000)), "too_large"),
    "no data as minus one": (dataset(bus(lat=None, occupancy_percentage=2**32 - 1)), "out_of_range"),
}


@pytest.mark.parametrize(("payload", "reason"), REFUSED.values(), ids=list(REFUSED))
def test_what_cannot_be_true_is_refused_by_name(payload, reason):
    assert reasons(parse(payload)) == [reason]


def test_a_position_without_longitude_is_incomplete():
    entity = bus(lat=None)
    entity.vehicle.position.latitude = 23.02
    (refused,) = parse(dataset(entity))
    assert refused.reason == "incomplete" and "longitude" in refused.detail


def test_words_without_meaning_are_no_reading():
    unknown = bus(occupancy_status="NO_DATA_AVAILABLE", congestion_level="UNKNOWN_CONGESTION_LEVEL")
    assert values(parse(dataset(unknown))) == {}
    assert values(parse(dataset(bus(congestion_level="RUNNING_SMOOTHLY", occupancy_status="EMPTY")))) == {
        "congested": 0.0,
        "occupancy_status": "EMPTY",
    }


@pytest.mark.parametrize(
    "chosen",
    [{"device": "bus"}, {"device": "{trip}"}, {"device": 7}, {"differential": "yes"}, {"without_time": "received"}, {"colour": 1}],
)
def test_wrong_settings_stop_the_start(chosen):
    with pytest.raises(ConfigError, match=r"^feeds\.yaml: gtfs_realtime: settings: "):
        feed(**chosen)


def test_a_file_as_it_was_fetched_is_read_on_the_command_line_without_a_topic(tmp_path, capsys):
    (tmp_path / "vehicles.pb").write_bytes(dataset(bus("7", timestamp=SECONDS - 5)))
    assert main(["gtfs_realtime", str(tmp_path / "vehicles.pb")]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["type"], said["device_id"], said["at"]) == ("position", "7", "2026-11-21T23:59:55.000Z")


number, whole = st.floats(width=32), st.integers(0, 2**64 - 1)
places = st.builds(gtfs.Position, latitude=number, longitude=number, bearing=number, speed=number, odometer=st.floats())
vehicles = st.builds(
    gtfs.VehiclePosition,
    position=places | st.none(),
    vehicle=st.builds(gtfs.VehicleDescriptor, id=st.text(max_size=4), label=st.text(max_size=4)),
    timestamp=whole | st.just(SECONDS),
    occupancy_percentage=st.integers(0, 2**32 - 1),
    occupancy_status=st.integers(0, 8),
    congestion_level=st.integers(0, 4),
)
entities = st.builds(
    gtfs.FeedEntity, id=st.text(max_size=4), is_deleted=st.booleans(), vehicle=vehicles | st.none(), alert=st.none() | st.just(gtfs.Alert())
)
payloads = st.builds(
    lambda inner, version, at, mode, tail: dataset(*inner, version=version, timestamp=at, incrementality=mode) + tail,
    st.lists(entities, max_size=3),
    st.sampled_from(["2.0", "1.0", "", "3"]),
    whole | st.just(SECONDS),
    st.sampled_from(["FULL_DATASET", "DIFFERENTIAL"]),
    st.just(b"") | st.binary(max_size=12) | st.binary(max_size=40).map(lambda inner: b"\x12" + bytes([len(inner)]) + inner),
)
cut = st.builds(lambda raw, at, put: raw[: at % (len(raw) + 1)] + put + raw[at % (len(raw) + 1) + 1 :], payloads, whole, st.binary())
FEEDS = [feed(), feed(differential="take", device="{label}-{entity}", without_time="reject")]


@settings(deadline=None, max_examples=150)
@given(messages(st.text(max_size=12), st.binary(max_size=120) | payloads | cut), st.sampled_from(FEEDS))
def test_nothing_that_a_network_can_deliver_makes_it_raise(message, made):
    outputs, memory = heard(made, message)
    assert memory == {}
    for one in outputs:
        if isinstance(one, Position):
            assert -180 <= one.lon <= 180 and -90 <= one.lat <= 90 and 0 < len(one.device_id) <= 128
