"""Steering walls and consulting on them, on real PostgreSQL: who may, what a wall can be asked, what is drawn, what minutes become."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import Engine, text

from data_adapters.sql.account_repository import AccountRepository
from data_adapters.sql.consultation_repository import ConsultationRepository
from data_adapters.sql.pairing_repository import PairingRepository
from data_adapters.sql.task_repository import TaskRepository
from data_adapters.sql.wall_repository import WallRepository
from domain.access import MAY, Actor, Forbidden
from domain.drawing import MOST_SHAPES, CannotDraw
from domain.pairing import Limits
from domain.registry import Region
from domain.wall_state import CannotAsk, WallState
from services.consultations import Consultations, Minute, NotHeld
from services.pairing import Pairing
from services.tasks import TaskDesk, TaskMaker
from services.walls import HEARD_MS, Steering

HELD = {
    *(f"walls.{name}" for name in ("steerable", "asked_of", "ask", "report")),
    *(f"consultations.{name}" for name in ("begin", "held", "draw", "minutes", "end")),
}
"""What tests/test_scopes.py leaves to this file."""
NOW = 1_760_000_000_000
TOWN = "441900003"
REGIONS = {"441900": Region("441900", "东莞市", None, "city"), TOWN: Region(TOWN, "东城街道", "441900", "town")}
OFFICER = Actor("officer", frozenset({"duty_officer"}))
OF_A_TOWN = Actor("town", frozenset({"duty_officer"}), frozenset({TOWN}))
EVERYTHING = (frozenset[str](), frozenset[str]())
LINE = {"kind": "line", "pen": "a", "points": [[113.7, 23.0], [113.8, 23.1]]}


@dataclass
class House:
    """Two walls, two cameras that may be on a wall, and what was said to browsers and departments."""

    engine: Engine
    pairing: Pairing
    walls: Steering
    consultations: Consultations
    tasks: TaskDesk
    nudged: list[tuple[str, int]] = field(default_factory=list)
    told: list[tuple[Any, ...]] = field(default_factory=list)

    def screen(self, wall: str, scope: Any = EVERYTHING) -> Actor:
        secret, ask = self.pairing.ask("", NOW)
        self.pairing.approve(OFFICER, ask.code, f"{wall} screen", wall, scope, NOW)
        actor = self.pairing.actor_of(secret, NOW)
        assert actor
        return actor

    def audit(self) -> list[tuple[str, str, str]]:
        with self.engine.connect() as connection:
            rows = connection.execute(text("SELECT actor, action, object FROM audit_log ORDER BY id"))
            return [(row.actor, row.action, row.object) for row in rows if row.action != "pair_screen"]


class NobodyIsCalled:
    """Notices and people: keeps what would have been told."""

    def __init__(self, told: list[tuple[Any, ...]]) -> None:
        self._told = told

    def chain(self, now: int, department: str) -> tuple[list[str], str]:
        return [f"head of {department}"], ""

    def tell(self, *what: Any) -> None:
        self._told.append(what)


@pytest.fixture
def house(engine: Engine) -> House:
    with engine.begin() as connection:
        connection.execute(
            text("TRUNCATE screens, screen_asks, sign_in_attempts, audit_log, wall_states, wall_shown, consultations, tasks CASCADE")
        )
    store, nudged, told = PairingRepository(engine), [], []
    pairing = Pairing(store, AccountRepository(engine), lambda: REGIONS, ("hall", "town"), Limits(codes_per_address=99))

    def nudge(wall: str, version: int) -> None:
        nudged.append((wall, version))

    scenes, captions = ("overview", "traffic", "consultation"), {"visit": 2}
    walls = Steering(WallRepository(engine), store, lambda: REGIONS, ("hall", "town"), scenes, captions, lambda _: {"c1", "c2"}, nudge)
    people, repository = NobodyIsCalled(told), TaskRepository(engine, lambda: "441900")
    maker = TaskMaker(None, repository, lambda *said: None, people, people, lambda code: ())  # type: ignore[arg-type]

    def incident(actor: Actor, incident_id: str) -> Any:
        raise LookupError(incident_id)

    consultations = Consultations(ConsultationRepository(engine), walls, maker, incident, lambda: {"water": 1}, nudge)
    return House(engine, pairing, walls, consultations, TaskDesk(repository, lambda *said: None, lambda: REGIONS), nudged, told)


def test_a_wall_that_nobody_has_asked_for_anything_runs_by_itself(house: House) -> None:
    assert house.walls.asked_of(OFFICER, "hall").state == WallState()


def test_what_is_asked_is_kept_told_to_browsers_and_written_down(house: House) -> None:
    house.walls.ask(OFFICER, "hall", {"scene": "traffic", "hold": True}, NOW)
    state = house.walls.ask(OFFICER, "hall", {"cameras": ["c2", "c1"], "brightness": 0.5}, NOW + 1)
    assert (state.scene, state.hold, state.cameras, state.brightness, state.version) == ("traffic", True, ("c2", "c1"), 0.5, 2)
    asked = house.walls.asked_of(OFFICER, "hall")
    assert asked.state == state and (asked.by, asked.at) == ("officer", NOW + 1)
    assert house.nudged == [("hall", 1), ("hall", 2)]
    assert house.audit() == [("officer", "steer_wall", "hall")] * 2


@pytest.mark.parametrize(
    "change",
    [
        {"scene": "nowhere"},
        {"scene": 1},
        {"focus": {"kind": "person", "id": "x"}},
        {"focus": {"kind": "incident", "id": "x", "lon": 500, "lat": 0}},
        {"focus": {"kind": "incident", "id": ""}},
        {"hold": 1},
        {"brightness": 0},
        {"brightness": True},
        {"brightness": 2},
        {"cameras": ["hidden"]},
        {"cameras": "c1"},
        {"cameras": ["c1", "c1"]},
        {"at": NOW + 1},
        {"at": "now"},
        {"told": "nothing"},
        {"told": "visit", "step": 2},
        {"step": -1},
        {"version": 7},
        {"colour": "red"},
    ],
)
def test_what_a_wall_cannot_do_is_refused_and_changes_nothing(house: House, change: dict[str, Any]) -> None:
    with pytest.raises(CannotAsk):
        house.walls.ask(OFFICER, "hall", change, NOW)
    assert house.walls.asked_of(OFFICER, "hall").state.version == 0 and house.nudged == [] and house.audit() == []


@pytest.mark.parametrize("role", sorted({role for roles in MAY.values() for role in roles} - MAY["steer_wall"]))
def test_who_may_not_steer_is_refused(house: House, role: str) -> None:
    somebody = Actor("x", frozenset({role}))
    for deed in (
        lambda: house.walls.steerable(somebody, NOW),
        lambda: house.walls.ask(somebody, "hall", {"hold": True}, NOW),
        lambda: house.consultations.begin(somebody, "hall", "a", NOW, None, NOW),
    ):
        with pytest.raises(Forbidden):
            deed()


def test_a_screen_reads_what_is_asked_of_its_own_wall_and_asks_nothing(house: House) -> None:
    screen = house.screen("hall")
    house.walls.ask(OFFICER, "hall", {"scene": "traffic"}, NOW)
    assert house.walls.asked_of(screen, "hall").state.scene == "traffic"
    with pytest.raises(LookupError):
        house.walls.asked_of(screen, "town")
    with pytest.raises(LookupError):
        house.walls.report(screen, "town", {"scene": "x"}, NOW)
    for deed in (
        lambda: house.walls.ask(screen, "hall", {"hold": True}, NOW),
        lambda: house.walls.steerable(screen, NOW),
        lambda: house.consultations.begin(screen, "hall", "a", NOW, None, NOW),
    ):
        with pytest.raises(Forbidden):
            deed()


def test_a_wall_whose_screens_see_more_than_somebody_does_not_exist_for_them(house: House) -> None:
    house.screen("hall")
    house.screen("town", (frozenset({TOWN}), frozenset[str]()))
    assert [one.wall for one in house.walls.steerable(OF_A_TOWN, NOW)] == ["town"]
    assert [one.wall for one in house.walls.steerable(OFFICER, NOW)] == ["hall", "town"]
    assert house.walls.ask(OF_A_TOWN, "town", {"hold": True}, NOW).hold
    for deed in (
        lambda: house.walls.asked_of(OF_A_TOWN, "hall"),
        lambda: house.walls.ask(OF_A_TOWN, "hall", {"hold": True}, NOW),
        lambda: house.walls.report(OF_A_TOWN, "hall", {}, NOW),
        lambda: house.consultations.begin(OF_A_TOWN, "hall", "a", NOW, None, NOW),
        lambda: house.consultations.held(OF_A_TOWN, "hall"),
    ):
        with pytest.raises(LookupError):
            deed()


def test_the_remote_shows_what_a_wall_really_shows_until_it_falls_silent(house: House) -> None:
    screen = house.screen("hall")
    assert house.walls.report(screen, "hall", {"scene": "overview", "version": 0}, NOW) == 0
    [wall, _] = house.walls.steerable(OFFICER, NOW + HEARD_MS)
    assert [(one.shown["scene"], one.at) for one in wall.shown] == [("overview", NOW)]
    assert house.walls.steerable(OFFICER, NOW + HEARD_MS + 1)[0].shown == []
    for said in ({"scene": {"a": 1}}, {"scene": "x" * 201}, {str(n): n for n in range(13)}):
        with pytest.raises(CannotAsk):
            house.walls.report(screen, "hall", said, NOW)


def test_a_told_scene_begins_with_its_first_caption(house: House) -> None:
    house.walls.ask(OFFICER, "hall", {"told": "visit", "step": 1}, NOW)
    assert house.walls.ask(OFFICER, "hall", {"told": "visit"}, NOW).step == 0


def test_a_consultation_holds_the_picture_and_gives_the_wall_back(house: House) -> None:
    held = house.consultations.begin(OFFICER, "hall", " 台风会商 ", NOW - 60_000, None, NOW)
    state = house.walls.asked_of(OFFICER, "hall").state
    assert (state.scene, state.at, state.hold) == ("consultation", NOW - 60_000, True)
    assert house.consultations.held(house.screen("hall"), "hall") == held and held.title == "台风会商"
    with pytest.raises(NotHeld, match="held"):
        house.consultations.begin(OFFICER, "hall", "another", NOW, None, NOW)
    house.consultations.end(OFFICER, held.consultation_id, NOW)
    state = house.walls.asked_of(OFFICER, "hall").state
    assert (state.scene, state.at, state.hold) == ("", None, False) and house.consultations.held(OFFICER, "hall") is None
    assert [action for _, action, _ in house.audit()] == ["begin_consultation", "steer_wall", "end_consultation", "steer_wall"]


@pytest.mark.parametrize(
    ("title", "at", "why"), [("", NOW, "title"), ("x" * 81, NOW, "title"), ("a", NOW + 1, "moment"), ("a", 0, "moment")]
)
def test_a_consultation_without_a_title_or_of_the_future_is_refused(house: House, title: str, at: int, why: str) -> None:
    with pytest.raises(NotHeld, match=why):
        house.consultations.begin(OFFICER, "hall", title, at, None, NOW)
    with pytest.raises(LookupError):
        house.consultations.begin(OFFICER, "hall", "a", NOW, "0197f000-0000-7000-8000-000000000001", NOW)


def test_what_one_draws_all_see_in_order_and_the_last_can_be_taken_back(house: House) -> None:
    held = house.consultations.begin(OFFICER, "hall", "a", NOW, None, NOW)
    for pen in ("a", "b", "c"):
        house.consultations.draw(OFFICER, held.consultation_id, {"shape": {**LINE, "pen": pen}})
    house.consultations.draw(OFFICER, held.consultation_id, {"undo": True})
    seen = house.consultations.held(house.screen("hall"), "hall")
    assert seen and [one["pen"] for one in seen.shapes] == ["a", "b"] and seen.version == 5 and house.nudged[-1] == ("hall", 5)
    assert house.consultations.draw(OFFICER, held.consultation_id, {"clear": True}).shapes == ()


@pytest.mark.parametrize(
    "deed",
    [
        {},
        {"shape": "x"},
        {"shape": {**LINE, "kind": "photo"}},
        {"shape": {**LINE, "pen": "red"}},
        {"shape": {**LINE, "points": [[113.7, 23.0]]}},
        {"shape": {**LINE, "points": [[113.7, 95.0], [0, 0]]}},
        {"shape": {**LINE, "points": [["a", "b"], [0, 0]]}},
        {"shape": {"kind": "text", "points": [[1, 1]], "text": " "}},
        {"shape": {"kind": "text", "points": [[1, 1]], "text": "x" * 41}},
        {"shape": {**LINE, "points": [[1, 1]] * 501}},
    ],
)
def test_what_cannot_be_drawn_is_refused(house: House, deed: dict[str, Any]) -> None:
    held = house.consultations.begin(OFFICER, "hall", "a", NOW, None, NOW)
    with pytest.raises(CannotDraw):
        house.consultations.draw(OFFICER, held.consultation_id, deed)


def test_drawing_has_an_end_and_a_closed_consultation_takes_nothing(house: House) -> None:
    held = house.consultations.begin(OFFICER, "hall", "a", NOW, None, NOW)
    with house.engine.begin() as connection:
        shapes = "[" + ",".join(['{"kind": "mark"}'] * MOST_SHAPES) + "]"
        connection.execute(text("UPDATE consultations SET shapes = CAST(:shapes AS jsonb)"), {"shapes": shapes})
    with pytest.raises(CannotDraw, match="at most"):
        house.consultations.draw(OFFICER, held.consultation_id, {"shape": LINE})
    house.consultations.end(OFFICER, held.consultation_id, NOW)
    for deed in (
        lambda: house.consultations.draw(OFFICER, held.consultation_id, {"clear": True}),
        lambda: house.consultations.end(OFFICER, held.consultation_id, NOW),
    ):
        with pytest.raises(NotHeld, match="closed"):
            deed()


def test_minutes_become_tasks_that_their_departments_see_and_answer(house: House) -> None:
    held = house.consultations.begin(OFFICER, "hall", "台风会商", NOW, None, NOW)
    decided = [Minute("water", "加派两台泵车到东城下穿隧道", NOW + 3_600_000), Minute("water", "每小时报一次水位", None)]
    given = house.consultations.minutes(OFFICER, held.consultation_id, decided, NOW)
    water = Actor("water-man", frozenset({"handler"}), departments=frozenset({"water"}))
    seen = house.tasks.open(water)
    assert [(one.kind, one.zh, one.due_at, one.title) for one in seen] == [
        ("minutes", "加派两台泵车到东城下穿隧道", NOW + 3_600_000, "台风会商"),
        ("minutes", "每小时报一次水位", None, "台风会商"),
    ]
    assert [one[0] for one in house.told] == [["head of water"]] * 2
    assert house.tasks.act(water, given[0].task_id, "finish", "已到位", NOW + 60_000).state == "done"
    assert ("officer", "write_minutes", held.consultation_id) in house.audit()


@pytest.mark.parametrize(
    ("minutes", "why"),
    [
        ([], "minutes"),
        ([Minute("water", " ", None)], "minutes"),
        ([Minute("water", "x", NOW)], "minutes"),
        ([Minute("nowhere", "x", None)], "department"),
        ([Minute("water", "x", None)] * 51, "minutes"),
    ],
)
def test_minutes_that_nobody_could_follow_are_refused_whole(house: House, minutes: list[Minute], why: str) -> None:
    held = house.consultations.begin(OFFICER, "hall", "a", NOW, None, NOW)
    with pytest.raises(NotHeld, match=why):
        house.consultations.minutes(OFFICER, held.consultation_id, minutes, NOW)
    assert house.tasks.open(OFFICER) == []


def test_who_does_not_lead_gives_no_tasks(house: House) -> None:
    held = house.consultations.begin(OFFICER, "hall", "a", NOW, None, NOW)
    with pytest.raises(Forbidden):
        house.consultations.minutes(Actor("o", frozenset({"operator"})), held.consultation_id, [Minute("water", "x", None)], NOW)
