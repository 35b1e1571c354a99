"""Recorded messages of moving things, each through its feed as shipped, without a city."""

from collections import Counter
from pathlib import Path

import pytest
from google.transit import gtfs_realtime_pb2 as gtfs

from config.feeds import load_feeds
from config.files import load_catalogue
from data_adapters.feeds.registry import ADAPTERS, make_feed
from domain.event_time import parse_time
from domain.messages import Event, Position, RawMessage, Reading, Rejected

pytestmark = pytest.mark.real_data


def said(recorded: Path, file: str) -> tuple[gtfs.FeedMessage, list]:
    """The message as the bindings read it, and what the feed makes of it when it comes as it was published."""
    payload = (recorded / "gtfs_miway" / f"{file}.pb").read_bytes()
    message = gtfs.FeedMessage.FromString(payload)
    made = make_feed(load_feeds(ADAPTERS)["gtfs_realtime"], load_catalogue(), 300_000)
    return message, list(made.parse(RawMessage("gtfs_realtime", payload, message.header.timestamp * 1000), {})[0])


def test_every_recorded_bus_is_where_and_when_it_said(recorded: Path) -> None:
    message, outputs = said(recorded, "VehiclePositions")
    told = {(one.device_id, one.at): (one.lon, one.lat, one.speed, one.course) for one in outputs if isinstance(one, Position)}
    assert len(told) == len(message.entity) == 125
    for vehicle in (entity.vehicle for entity in message.entity):
        place = vehicle.position
        speed = pytest.approx(place.speed, abs=1e-6) if place.HasField("speed") else None
        assert told[(vehicle.vehicle.id, vehicle.timestamp * 1000)] == (
            pytest.approx(place.longitude, abs=1e-6),
            pytest.approx(place.latitude, abs=1e-6),
            speed,
            pytest.approx(place.bearing, abs=1e-5),
        )
    assert min(at for _, at in told) < message.header.timestamp * 1000, "vehicle times are older than the header"


def test_every_recorded_bus_is_as_full_as_it_said_and_nothing_is_refused(recorded: Path) -> None:
    message, outputs = said(recorded, "VehiclePositions")
    vehicles = [entity.vehicle for entity in message.entity]
    load = {one.device_id: one.value for one in outputs if isinstance(one, Reading) and one.metric == "passenger_load"}
    assert load == {one.vehicle.id: one.occupancy_percentage for one in vehicles if one.HasField("occupancy_percentage")}
    assert max(load.values()) > 100, "more passengers than it was made for"
    status = {one.device_id: one.text_value for one in outputs if isinstance(one, Reading) and one.metric == "occupancy_status"}
    names = gtfs.VehiclePosition.OccupancyStatus
    assert status == {one.vehicle.id: names.Name(one.occupancy_status) for one in vehicles if one.HasField("occupancy_status")}
    assert not [one for one in outputs if isinstance(one, Rejected)]


@pytest.mark.parametrize(("file", "words"), [("TripUpdates", "125 trip updates"), ("Alerts", "69 alerts")])
def test_what_is_no_vehicle_is_refused_once_by_name(recorded: Path, file: str, words: str) -> None:
    _, outputs = said(recorded, file)
    (refused,) = outputs
    assert refused.reason == "not_handled" and refused.detail.startswith(words)


def test_a_recorded_dispatch_centre_s_units_and_calls_are_read(recorded: Path) -> None:
    now = parse_time("2015-08-03T20:30:00Z")
    made = make_feed(load_feeds(ADAPTERS)["cad_rss"], load_catalogue(), 300_000)

    def said(file: str) -> list:
        return list(made.parse(RawMessage("cad_rss", (recorded / "cad_adashi" / file).read_bytes(), now), {})[0])

    units, calls = said("AVLExport.xml"), said("current.xml")
    assert (
        sum(isinstance(one, Position) for one in units) + sum(one.reason == "no_fix" for one in units if isinstance(one, Rejected)) == 829
    )
    states = Counter(one.text_value for one in units if isinstance(one, Reading))
    assert states["available"] == 416 + 19 + 17 + 1 and states["out_of_service"] == 235 and states["on_scene"] == 24 + 20
    words = Counter(one.detail.split("'")[1] for one in units if isinstance(one, Rejected) and one.reason == "unknown_status")
    assert words == {"INC": 13, "CAV": 7, "WRS": 6}
    assert len(calls) == 165 and all(isinstance(one, Event) for one in calls)
    assert sum(one.lon is not None for one in calls) == 151 and 10 < sum(one.facts["exercise"] for one in calls) < 60
