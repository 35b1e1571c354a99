"""The demo city: its pack, its day, and how it is told."""

import json
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
import shapely

from data_adapters.city_pack import Pack, read_pack
from data_adapters.demo import areas
from data_adapters.demo.day import Moment, Sensor, values
from data_adapters.demo.diary import Diary
from data_adapters.demo.facts import read_facts
from data_adapters.demo.pack import build_demo_pack
from data_adapters.demo.play import CATCH_UP_MS, Play
from data_adapters.demo.troubles import TROUBLES, troubled
from data_adapters.demo.vehicles import LEG_MS, Vehicle, ignition, position
from data_adapters.demo.weather import rain_1h

MIDNIGHT = 1_794_931_200_000
"""Midnight in Shanghai, 18 November 2026, a Wednesday."""
HOUR = 3_600_000
MINUTE = 60_000


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return read_pack(build_demo_pack(tmp_path_factory.mktemp("demo")))


@pytest.fixture
def play(pack: Pack) -> Play:
    return Play(pack)


def test_the_demo_pack_is_an_ordinary_pack_without_a_single_notice(pack: Pack) -> None:
    assert pack.notices == []
    assert pack.city.demo
    assert Counter(outline.region.level for outline in pack.regions) == {"city": 1, "zone": 6, "town": 33}
    assert all(outline.schematic for outline in pack.regions)


def test_the_demo_is_the_same_every_time(tmp_path: Path) -> None:
    build_demo_pack(tmp_path / "a")
    build_demo_pack(tmp_path / "b")
    for file in sorted((tmp_path / "a").iterdir()):
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()


def test_the_city_has_about_three_thousand_devices_400_cameras_and_60_vehicles(pack: Pack) -> None:
    kinds = Counter(found.device.kind for found in pack.devices if "platform" not in found.attributes)
    assert kinds["camera"] == 400
    assert kinds["vehicle"] == 60
    assert 2_800 <= sum(kinds.values()) - 460 <= 3_200
    assert {place.kind for place in pack.places} == {"hospital", "store", "shelter", "fire_station"}


def test_a_vehicles_english_name_says_what_it_is_and_is_no_id(pack: Pack) -> None:
    names = {str(found.attributes["name_en"]) for found in pack.devices if found.device.kind == "vehicle"}
    assert names and not [name for name in names if "veh-" in name] and any("police car" in name for name in names)


def test_every_device_lies_in_its_own_town(pack: Pack) -> None:
    towns = {outline.region.code: outline.area for outline in pack.regions}
    for found in pack.devices:
        if found.device.lon is not None:
            area = towns[found.device.region]
            assert area is not None and area.buffer(0.0005).contains(shapely.Point(found.device.lon, found.device.lat))


def test_towns_cover_the_city_without_overlapping(pack: Pack) -> None:
    towns = [outline.area for outline in pack.regions if outline.region.level == "town"]
    city = pack.regions[0].area
    assert city is not None
    assert shapely.union_all(towns).area == pytest.approx(city.area, rel=0.001)
    assert sum(town.area for town in towns if town is not None) == pytest.approx(city.area, rel=0.001)


def test_without_the_outline_package_the_city_is_a_hull_of_its_centres(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(areas, "outline_file", lambda code: None)
    facts = read_facts()
    outline = areas.city_outline(facts.city.code, facts.units)
    cells = areas.voronoi_areas(facts.units, outline)
    assert len(cells) == 33
    assert all(cells[unit.code].contains(shapely.Point(unit.lon, unit.lat)) for unit in facts.units)


def sensor(kind: str, device_id: str = "x-1") -> Sensor:
    return Sensor(device_id, kind, 113.75, 23.02, 60)


def test_traffic_is_slower_in_the_evening_rush_than_at_night() -> None:
    rush, night = (values(sensor("traffic_flow"), MIDNIGHT + hour * HOUR) for hour in (18, 3))
    assert rush["speed"] < night["speed"] - 8
    assert rush["flow"] > 2 * night["flow"]


def test_a_sunday_has_no_morning_rush() -> None:
    sunday = MIDNIGHT + 4 * 24 * HOUR
    assert Moment(sunday, None).weekend
    assert values(sensor("traffic_flow"), sunday + 8 * HOUR)["flow"] < values(sensor("traffic_flow"), MIDNIGHT + 8 * HOUR)["flow"]


@pytest.mark.parametrize(("hour", "lit"), [(12, False), (18, False), (19, True), (2, True), (7, False)])
def test_street_lights_burn_from_dusk_to_dawn(hour: int, lit: bool) -> None:
    assert values(sensor("street_light"), MIDNIGHT + hour * HOUR)["lit"] is lit


def test_rain_moves_across_the_towns() -> None:
    wettest = []
    for hour in range(0, 48, 2):
        facts = read_facts()
        rain = {unit.code: rain_1h(unit.lon, unit.lat, MIDNIGHT + hour * HOUR) for unit in facts.units}
        assert min(rain.values()) < 1
        wettest.append(max(rain, key=lambda code: rain[code]))
    assert len(set(wettest)) > 5


def test_a_failing_pump_stops_and_a_jam_crawls() -> None:
    assert values(sensor("pump"), MIDNIGHT, ("pump_failure", 1.0)) == {"current": 0.0, "running": False}
    assert values(sensor("traffic_flow"), MIDNIGHT + 15 * HOUR, ("jam", 1.0))["speed"] < 10


def test_a_value_is_the_same_whenever_it_is_asked_for(play: Play) -> None:
    play.start(MIDNIGHT)
    said = {(m.topic, m.body["at"]): m.body for m in play.due(MIDNIGHT + 5 * MINUTE, 100_000) if isinstance(m.body, dict)}
    play.start(MIDNIGHT + 2 * MINUTE)
    again = play.due(MIDNIGHT + 5 * MINUTE, 100_000)
    assert len(again) > 5_000
    assert all(said[(m.topic, m.body["at"])] == m.body for m in again if isinstance(m.body, dict))


def test_a_few_things_are_wrong_at_a_time_never_a_storm(play: Play) -> None:
    by_kind = {trouble.kind: [s.device_id for s in play.sensors.values() if s.kind == trouble.kind] for trouble in TROUBLES}
    counts = [len(troubled(by_kind, MIDNIGHT + step * 10 * MINUTE)) for step in range(432)]
    assert max(counts) <= 9
    assert 1.5 < sum(counts) / len(counts) < 5


def test_the_city_says_100_to_200_messages_a_second(play: Play) -> None:
    play.start(MIDNIGHT)
    assert 100 <= len(play.due(MIDNIGHT + MINUTE, 100_000)) / 60 <= 200


def test_payloads_are_json_of_the_native_topics(play: Play) -> None:
    play.start(MIDNIGHT)
    for message in play.due(MIDNIGHT + 10_000, 2_000):
        kind = message.topic.rpartition("/")[2]
        body = json.loads(json.dumps(message.body, allow_nan=False))
        assert isinstance(body["at"], int)
        assert (kind == "telemetry" and body["values"]) or (kind == "location" and -180 <= body["lon"] <= 180)


def test_after_an_outage_devices_make_up_ten_minutes_in_order_and_no_more(play: Play) -> None:
    play.start(MIDNIGHT)
    now = MIDNIGHT + 5 * HOUR
    first = play.due(now, 150)
    assert len(first) == 150
    times = [m.body["at"] for m in [*first, *play.due(now, 1_000_000)] if isinstance(m.body, dict)]
    assert times == sorted(times)
    assert now - CATCH_UP_MS <= times[0] < now - CATCH_UP_MS + 10_000
    assert len(times) < 200 * CATCH_UP_MS / 1000


def test_the_silent_ones_speak_once_and_then_no_more(play: Play) -> None:
    play.start(MIDNIGHT + HOUR)
    said = Counter(message.topic for message in play.due(MIDNIGHT + HOUR + CATCH_UP_MS, 1_000_000))
    expected = {f"city/v1/devices/{s.device_id}/telemetry" for s in play.sensors.values() if (s.interval_s or 0) <= 120}
    assert 1 <= sum(said[topic] == 1 for topic in expected) <= 4


def test_cameras_say_their_status_once_and_again_when_it_changes(play: Play) -> None:
    first = play.camera_changes(MIDNIGHT)
    assert len(first) == 400
    assert all(message.retain and message.body in ("online", "offline") for message in first)
    assert play.camera_changes(MIDNIGHT + 1_000) == []
    assert 0 < sum(len(play.camera_changes(MIDNIGHT + step * HOUR)) for step in range(1, 6)) < 60


def test_the_past_day_is_told_device_by_device_newest_first_without_gaps(play: Play) -> None:
    messages = list(play.history(MIDNIGHT))
    assert 20_000 < len(messages) <= 60_000
    times: dict[str, list[int]] = {}
    for message in messages:
        assert isinstance(message.body, dict)
        times.setdefault(message.topic, []).append(message.body["at"])
    for topic, found in times.items():
        interval_ms = 1000 * (play.sensors[topic.split("/")[3]].interval_s or 0)
        steps = {before - after for before, after in pairwise(found)}
        assert steps == {2 * interval_ms}
        assert MIDNIGHT - interval_ms <= found[0] <= MIDNIGHT
        assert found[-1] - (MIDNIGHT - 24 * HOUR) <= 2 * interval_ms


def test_some_vehicles_that_stand_for_a_leg_idle_and_the_others_switch_off(play: Play) -> None:
    seen = {
        (position(vehicle, at).speed > 0, ignition(vehicle, at))
        for vehicle in play.vehicles.values()
        for at in range(MIDNIGHT + LEG_MS // 3, MIDNIGHT + 6 * HOUR, LEG_MS)
    }
    assert {(True, True), (False, True), (False, False)} <= seen and (True, False) not in seen


def test_a_vehicle_moves_smoothly_at_a_speed_that_fits_its_way() -> None:
    vehicle = Vehicle("veh-1", ((113.70, 23.00), (113.73, 23.01), (113.71, 23.04)))
    places = [position(vehicle, MIDNIGHT + second * 1000) for second in range(0, 3600, 5)]
    for before, after in pairwise(places):
        metres = shapely.distance(
            shapely.Point(before.lon * 102_500, before.lat * 111_320), shapely.Point(after.lon * 102_500, after.lat * 111_320)
        )
        assert metres <= 5 * (max(before.speed, after.speed) + 0.6)
    assert all(0 <= place.course <= 360 and place.speed < 20 for place in places)


def test_the_demo_goes_on_where_it_stopped(tmp_path: Path) -> None:
    diary = Diary(tmp_path / "diary.json")
    assert (diary.said_until, diary.past_told) == (None, False)
    diary.past_told = True
    diary.write(MIDNIGHT, MIDNIGHT)
    again = Diary(tmp_path / "diary.json")
    assert (again.said_until, again.past_told) == (MIDNIGHT, True)


def test_a_torn_diary_is_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "diary.json").write_text('{"said_until": 1', encoding="utf-8")
    assert Diary(tmp_path / "diary.json").said_until is None
