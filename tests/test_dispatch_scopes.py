"""Two people with two scopes over units, what helps, and what lies around an incident."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
import shapely
from sqlalchemy import Engine, text

from data_adapters.sql.camera_catalogue import CameraCatalogue
from data_adapters.sql.camera_repository import CameraRepository
from data_adapters.sql.history_repository import HistoryRepository
from data_adapters.sql.register_repository import RegisterRepository
from domain.access import Actor, Forbidden
from domain.incidents import Refused
from domain.registry import Device
from domain.travel import NO_GRAPH, Arrival, Point, Reach
from services.around import Surroundings
from services.camera_ports import Found
from services.cameras import Cameras
from services.dispatch import Dispatch
from services.history import History
from services.recommending import Recommender
from services.register import Register
from services.video_ports import Entry
from tests.domain.incident_cast import LIMITS
from tests.services.test_dispatch import RULES, Scene

TOWNS = {"east": "441900003", "west": "441900004"}
UNITS = {"east": "u2", "west": "u3"}
LON = {"east": 113.8, "west": 113.7}
PEOPLE = {side: Actor(side, frozenset({"dispatcher"}), regions=frozenset({town})) for side, town in TOWNS.items()}
AUDITOR = Actor("auditor", frozenset({"auditor"}))
OTHER = {"east": "west", "west": "east"}
BOX = [[113.0, 22.5], [114.5, 22.5], [114.5, 23.5], [113.0, 23.5]]
FACTS = """
INSERT INTO regions (code, name, level, valid_from) VALUES ('441900', '东莞市', 'city', '2020-01-01');
INSERT INTO regions (code, name, parent, level, valid_from)
    VALUES ('441900003', '东城街道', '441900', 'town', '2020-01-01'), ('441900004', '南城街道', '441900', 'town', '2020-01-01');
INSERT INTO devices (device_id, name, kind, region, department, lon, lat, valid_from)
    VALUES ('cam-east', '', 'camera', '441900003', 'water', 113.8, 23.0, '2020-01-01'),
           ('cam-west', '', 'camera', '441900004', 'water', 113.7, 23.0, '2020-01-01'),
           ('gauge-east', '', 'water_level', '441900003', 'water', 113.801, 23.0, '2020-01-01');
INSERT INTO places (place_id, name, kind, region, lon, lat)
    VALUES ('u2', '', 'school', '441900003', 113.8, 23.0), ('u3', '', 'school', '441900004', 113.7, 23.0)
"""


class Reaching:
    """Everything is near enough."""

    def to_place(self, place: Point, origins: Sequence[Point], at: int, urgent: bool) -> list[Arrival]:
        return [Arrival(60.0, NO_GRAPH) for _ in origins]

    def reach(self, place: Point, seconds: float, at: int, urgent: bool) -> Reach:
        return Reach(shapely.Point(place.lon, place.lat).buffer(1), NO_GRAPH)


@pytest.fixture(scope="module")
def whole(engine: Engine) -> Iterator[tuple[Scene, Dispatch, Surroundings, dict[str, str], Register]]:
    with engine.begin() as tx:
        for statement in FACTS.split(";"):
            tx.execute(text(statement))
    scene = Scene(engine)
    watching = CameraCatalogue(engine)
    entries = {side: Entry(side, side, True, lon=LON[side] + 0.02, lat=23.0) for side in TOWNS}
    watching.begin("hall")
    watching.put("hall", [Found(UNITS[side], entries[side], TOWNS[side], "water", (), False) for side in TOWNS], scene.city.now - 1)
    register = Register(RegisterRepository(engine))
    recommender = Recommender(Reaching(), None, RULES, {})  # type: ignore[arg-type]
    around = Surroundings(
        scene.city.desk, scene.city.board, scene.dispatch, register, History(HistoryRepository(engine), register), recommender,
        {"water_level": "water_level"}.get, LIMITS.nearby, Cameras(CameraRepository(engine), register),
    )  # fmt: skip
    incidents = {side: scene.city.report(place={"lon": LON[side], "lat": 23.0}).incident_id for side in TOWNS}
    yield scene, scene.dispatch, around, incidents, register


Call = Callable[[Any, Actor, str], Any]


def _camera_at(all: Any, actor: Actor, side: str) -> list[str]:
    """The camera beside a sensor two kilometres away from all else."""
    sensor = Device("sensor", "水位", "water_level", TOWNS[side], "water", LON[side] + 0.02, 23.0, 60)
    near = all[2].camera_at(actor, sensor, all[0].city.now)
    return [near.camera_id] if near else []


READS: dict[str, Call] = {
    "dispatch.units": lambda all, actor, side: [one.unit.unit_id for one in all[1].units(actor, all[0].city.now)],
    "dispatch.track": lambda all, actor, side: [UNITS[side], all[1].track(actor, UNITS[side], all[0].city.now)],
    "dispatch.recommend": lambda all, actor, side: [u.unit.unit_id for u in all[1].recommend(actor, all[3][side], all[0].city.now).units],
    "dispatch.several": lambda all, actor, side: [UNITS[side], all[1].several(actor, [all[3][side]], all[0].city.now)],
    "dispatch.nearest": lambda all, actor, side: [
        one.now.unit.unit_id for one in all[1].nearest(actor, Point(LON[side], 23.0), all[0].city.now, 9)
    ],
    "dispatch.resources": lambda all, actor, side: [UNITS[side], all[1].resources(actor)],
    "register.places": lambda all, actor, side: [one.place_id for one in all[4].places(actor)],
    "surroundings.around": lambda all, actor, side: [UNITS[side], all[2].around(actor, all[3][side], all[0].city.now)],
    "surroundings.camera_at": _camera_at,
    "surroundings.inside": lambda all, actor, side: [UNITS[side], all[2].inside(actor, BOX, all[0].city.now)],
}
ACTS: dict[str, Call] = {
    "dispatch.send": lambda all, actor, side: all[1].send(actor, all[3][side], [UNITS[side]], {}, all[0].city.now),
    "dispatch.step": lambda all, actor, side: all[1].step(actor, UNITS[side], "out_of_service", {}, all[0].city.now),
}
HELD = set(READS) | set(ACTS)


@pytest.mark.parametrize("side", TOWNS)
@pytest.mark.parametrize("name", READS)
def test_a_read_shows_ones_own_and_nothing_of_the_other(whole: Any, name: str, side: str) -> None:
    shown = repr(READS[name](whole, PEOPLE[side], side))
    assert UNITS[side] in shown
    for foreign in (UNITS[OTHER[side]], f"cam-{OTHER[side]}", whole[3][OTHER[side]]):
        assert f"'{foreign}'" not in shown


@pytest.mark.parametrize("side", TOWNS)
@pytest.mark.parametrize("name", ["dispatch.track", "dispatch.recommend", "dispatch.several", "surroundings.around", *ACTS])
def test_the_other_ones_units_and_incidents_are_as_good_as_unknown(whole: Any, name: str, side: str) -> None:
    with pytest.raises(LookupError):
        {**READS, **ACTS}[name](whole, PEOPLE[side], OTHER[side])


@pytest.mark.parametrize("name", sorted(HELD))
def test_an_administrator_neither_sees_nor_sends(whole: Any, name: str) -> None:
    with pytest.raises((LookupError, Forbidden)):
        assert not {**READS, **ACTS}[name](whole, AUDITOR, "east")
        raise LookupError("nothing to see")


def test_around_an_incident_are_its_cameras_sensors_units_and_what_helps(whole: Any) -> None:
    found = whole[2].around(PEOPLE["east"], whole[3]["east"], whole[0].city.now)
    assert [(near.camera_id, near.view) for near in found.cameras] == [("cam-east", "unknown")]
    assert [(near.device.device_id, near.metric) for near in found.sensors] == [("gauge-east", "water_level")]
    assert found.units[0][0].unit.unit_id == "u2" and found.resources[0][0].resource_id == "r1" and found.how == NO_GRAPH
    assert found.reach["type"] == "Polygon"


NO_CORDONS = [[], [[1, 2], [3, 4]], [[0, 0]] * 3, [["a", 1], [1, 2], [2, 3]], [[0, 0], [99, 0], [0, 80]], [[1e999, 0]] * 3]


@pytest.mark.parametrize("corners", NO_CORDONS)
def test_a_line_that_is_no_cordon_is_refused(whole: Any, corners: Any) -> None:
    with pytest.raises(Refused) as caught:
        whole[2].inside(PEOPLE["east"], corners, whole[0].city.now)
    assert caught.value.code == "bad_cordon"
