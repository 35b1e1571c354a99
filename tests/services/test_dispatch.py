"""Sending units on PostgreSQL: recommended with reasons, ordered all or none, never twice, each step with time and place."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, text

from data_adapters.assigning import HungarianAssigner
from data_adapters.sql.partitions import Partitions
from data_adapters.sql.unit_repository import UnitRepository
from domain.access import Actor, Forbidden
from domain.event_time import DAY_MS
from domain.incident_life import Incident
from domain.incidents import Refused
from domain.recommendation import Need, Rules
from domain.travel import NO_GRAPH, Arrival, Point, Reach
from domain.units import Unit
from services.dispatch import Dispatch
from services.recommending import Recommender
from services.unit_ports import Resource, UnitTaken
from tests.domain.incident_cast import DISPATCHER, HANDLER, LEADER, LIMITS, OPERATOR, T0
from tests.services.test_incident_desk import WEST, City

CREW = Actor("crew-1", frozenset({"handler"}), departments=frozenset({"water"}))
RULES = Rules({"available": 1.0, "returning": 1.0}, 0.8, 1.05, 1.2, 7200)


class Metres:
    """Travel times in proportion to degrees; no roads."""

    def to_place(self, place: Point, origins: list[Point], at: int, urgent: bool) -> list[Arrival]:
        return [Arrival(abs(one.lon - place.lon) * 10_000, NO_GRAPH) for one in origins]

    def reach(self, place: Point, seconds: float, at: int, urgent: bool) -> Reach:
        raise NotImplementedError


def unit(number: int, lon: float, region: str = "441900003", capability: str = "pumping", department: str = "water") -> Unit:
    return Unit(f"u{number}", f"排涝{number}队", "crew", frozenset({capability}), lon, 23.0, region, department, (f"car-{number}",))


class Scene:
    """A city with three pumping crews and one police car."""

    def __init__(self, engine: Engine) -> None:
        self.city = City(engine)
        self.store = UnitRepository(engine)
        recommender = Recommender(Metres(), HungarianAssigner(), RULES, {})  # type: ignore[arg-type]
        needs = {"standing_water": (Need("pumping", 1), Need("police", 1)), "cellar": (Need("pumping", 1),)}
        wanted, regions = (lambda code: needs.get(code, ())), self.city.handbook.regions
        self.dispatch = Dispatch(self.store, self.city.desk, recommender, wanted, regions, LIMITS.track_ms)
        units = [(unit(1, 113.81), ("crew-1",), "1380000"), (unit(2, 113.80), (), ""), (unit(3, 113.70, "441900004"), (), ""),
                 (unit(4, 113.79, capability="police", department="public_security"), (), "")]  # fmt: skip
        store = Resource("r1", "东城仓库", "store", "441900003", "emergency", 113.8, 23.0, "", (), None, None, {"沙袋": 50})
        self.store.bring(units, [store], "test", T0)

    def state(self, unit_id: str) -> str:
        return next(one.status.state for one in self.store.units(self.city.now) if one.unit.unit_id == unit_id)


@pytest.fixture
def scene(engine: Engine) -> Iterator[Scene]:
    with engine.begin() as tx:
        tx.execute(text("TRUNCATE unit_steps, unit_status, units, resources"))
    Partitions(engine).ensure({T0 // DAY_MS})
    yield Scene(engine)


def refusal(call: Any, *arguments: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        call(*arguments)
    return caught.value


def filed(scene: Scene) -> Incident:
    return scene.city.report()


def test_the_nearest_fit_unit_comes_first_with_its_reasons_and_a_label_where_there_is_no_road_graph(scene: Scene) -> None:
    pumps, police = scene.dispatch.recommend(DISPATCHER, filed(scene).incident_id, scene.city.now).answers
    assert [one.unit_id for one in pumps.ranked] == ["u2", "u1", "u3"] and pumps.send == ("u2",) and police.send == ("u4",)
    assert {reason.code: reason.value for reason in pumps.ranked[0].reasons}["how"] == NO_GRAPH
    assert pumps.refused == {"capability": 1}


def test_what_is_missing_is_said(scene: Scene) -> None:
    scene.store.bring([(unit(1, 113.81), ("crew-1",), "")], [], "test", T0)
    pumps, police = scene.dispatch.recommend(DISPATCHER, filed(scene).incident_id, scene.city.now).answers
    assert (pumps.missing, police.missing) == (0, 1)


def test_an_order_goes_to_all_units_and_into_the_incident(scene: Scene) -> None:
    one = filed(scene)
    after = scene.dispatch.send(DISPATCHER, one.incident_id, ["u2", "u4"], {}, scene.city.now)
    assert after.version == 3 and scene.state("u2") == scene.state("u4") == "assigned"
    sent = [(event.data["unit_id"], event.data["status"]) for event in scene.city.store.events(one.incident_id)[1:]]
    assert sent == [("u2", "assigned"), ("u4", "assigned")] and set(after.units) == {"u2", "u4"}
    assert after.units["u2"]["due_at"] == scene.city.now + scene.city.store.events(one.incident_id)[1].data["seconds"] * 1000


def test_another_than_the_recommended_needs_a_reason_and_a_busy_one_is_not_sent(scene: Scene) -> None:
    one = filed(scene)
    assert refusal(scene.dispatch.send, DISPATCHER, one.incident_id, ["u1"], {}, scene.city.now).code == "needs_reason"
    scene.dispatch.send(DISPATCHER, one.incident_id, ["u1"], {"override_reason": "二队在换班"}, scene.city.now)
    assert scene.city.store.events(one.incident_id)[-1].data["override_reason"] == "二队在换班"
    assert refusal(scene.dispatch.send, DISPATCHER, one.incident_id, ["u1"], {}, scene.city.now).code == "unit_here"
    other = filed(scene)
    assert refusal(scene.dispatch.send, DISPATCHER, other.incident_id, ["u1"], {}, scene.city.now).code == "unit_not_free"
    pumps = scene.dispatch.recommend(DISPATCHER, other.incident_id, scene.city.now).answers[0]
    assert "u1" not in [proposal.unit_id for proposal in pumps.ranked]


def test_of_two_dispatchers_the_second_does_not_get_the_same_unit_and_nothing_of_the_order_is_written(scene: Scene) -> None:
    one, other = filed(scene), filed(scene)
    real = scene.store.units
    before = real(scene.city.now)
    scene.dispatch.send(DISPATCHER, one.incident_id, ["u2"], {}, scene.city.now)
    scene.store.units = lambda now: before  # type: ignore[method-assign]
    with pytest.raises(UnitTaken):
        scene.dispatch.send(DISPATCHER, other.incident_id, ["u4", "u2"], {}, scene.city.now)
    scene.store.units = real  # type: ignore[method-assign]
    assert scene.state("u4") == "available" and len(scene.city.store.events(other.incident_id)) == 1


def test_a_crew_says_its_own_times_with_place_and_they_stand_in_the_incident(scene: Scene) -> None:
    one, now = filed(scene), scene.city.now
    scene.dispatch.send(DISPATCHER, one.incident_id, ["u1"], {"override_reason": "x"}, now)
    for minute, state in enumerate(("acknowledged", "en_route", "on_scene", "available"), 1):
        said = {"lon": 113.8, "lat": 23.0} if state == "on_scene" else {}
        done = scene.dispatch.step(CREW, "u1", state, said, now + minute * 60_000)
    assert done.status.free and done.load == 1
    events = scene.city.store.events(one.incident_id)
    assert [event.data["status"] for event in events[1:]] == ["assigned", "acknowledged", "en_route", "on_scene", "available"]
    assert events[-2].data["lon"] == 113.8
    assert [point.lon for point in scene.dispatch.track(OPERATOR, "u1", now + 3_600_000)] == [113.8]


def test_nobody_speaks_for_another_departments_unit_or_out_of_scope(scene: Scene) -> None:
    one, now = filed(scene), scene.city.now
    scene.dispatch.send(DISPATCHER, one.incident_id, ["u2", "u4"], {}, now)
    with pytest.raises(LookupError):
        scene.dispatch.step(HANDLER, "u4", "en_route", {}, now)
    with pytest.raises(LookupError):
        scene.dispatch.step(WEST, "u2", "en_route", {}, now)
    with pytest.raises(Forbidden):
        scene.dispatch.step(LEADER, "u2", "en_route", {}, now)
    with pytest.raises(Forbidden):
        scene.dispatch.send(OPERATOR, one.incident_id, ["u1"], {}, now)
    assert refusal(scene.dispatch.step, CREW, "u1", "flying", {}, now).code == "unknown_state"
    assert {found.unit.unit_id for found in scene.dispatch.units(WEST, now)} == {"u3"} and not scene.dispatch.resources(WEST)


def test_the_same_step_sent_twice_by_a_tablet_is_taken_once(scene: Scene, engine: Engine) -> None:
    one, now = filed(scene), scene.city.now
    scene.dispatch.send(DISPATCHER, one.incident_id, ["u1"], {"override_reason": "x"}, now)
    for _ in range(2):
        scene.dispatch.step(CREW, "u1", "en_route", {}, now + 60_000, request_id="t-1")
    assert len(scene.city.store.events(one.incident_id)) == 3
    for _ in range(2):
        scene.dispatch.step(CREW, "u1", "available", {}, now + 90_000, request_id="t-2")
    with engine.connect() as tx:
        assert tx.execute(text("SELECT count(*) FROM unit_steps WHERE unit_id = 'u1' AND state = 'available'")).scalar_one() == 1


def test_a_unit_is_where_its_vehicle_says_and_the_view_has_its_positions(scene: Scene, engine: Engine) -> None:
    moved = """INSERT INTO positions (device_id, at, lon, lat, speed, course, received_at)
        VALUES ('car-3', to_timestamp(:t), 113.79, 23, 5, 90, now())"""
    with engine.begin() as tx:
        tx.execute(text(moved), {"t": T0 / 1000})
    found = next(one for one in scene.dispatch.units(OPERATOR, T0 + 1000) if one.unit.unit_id == "u3")
    assert (found.lon, found.seen_at) == (113.79, T0)
    with engine.connect() as tx:
        rows = list(tx.execute(text("SELECT unit_id, device_id, lon, course FROM unit_positions WHERE unit_id = 'u3'")))
    assert rows == [("u3", "car-3", 113.79, 90)]


def test_several_incidents_are_served_in_the_least_total_and_the_least_worst_way(scene: Scene) -> None:
    ids = [filed(scene).incident_id, scene.city.report(place={"lon": 113.7, "lat": 23.0}).incident_id]
    plans = scene.dispatch.several(DISPATCHER, ids, scene.city.now)
    assert plans.least_total.total_s <= plans.greedy.total_s and plans.least_worst.worst_s <= plans.greedy.worst_s
    assert set(plans.greedy.sent.values()) <= {"u1", "u2", "u3"}


def test_the_nearest_free_units_come_first_and_one_that_is_out_of_service_is_not_among_them(scene: Scene) -> None:
    place, there = Point(113.79, 23.0), scene.dispatch.units(DISPATCHER, T0)
    by_way = sorted((one for one in there if one.status.free), key=lambda one: (abs(one.lon - place.lon), one.unit.unit_id))
    found = scene.dispatch.nearest(DISPATCHER, place, T0, 2)
    assert [one.now.unit.unit_id for one in found] == [one.unit.unit_id for one in by_way[:2]]
    assert found[0].way.seconds <= found[1].way.seconds and found[0].fits is None
    scene.dispatch.step(DISPATCHER, found[0].now.unit.unit_id, "out_of_service", {}, T0)
    assert found[0].now.unit.unit_id not in [one.now.unit.unit_id for one in scene.dispatch.nearest(DISPATCHER, place, T0, 9)]


def test_those_that_can_do_what_is_needed_come_before_the_nearer_ones_that_cannot(scene: Scene) -> None:
    found = scene.dispatch.nearest(DISPATCHER, Point(113.79, 23.0), T0, 9, "cellar")
    able = [one.fits for one in found]
    assert able == sorted(able, reverse=True) and set(able) == {True, False}
    assert max(one.way.seconds for one in found if one.fits) > min(one.way.seconds for one in found if not one.fits)
    unknown = scene.dispatch.nearest(DISPATCHER, Point(113.79, 23.0), T0, 9, "unheard_of")
    assert {one.fits for one in unknown} == {None}
