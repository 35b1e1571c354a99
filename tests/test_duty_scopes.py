"""Two shift leaders of two towns: neither sees, writes or calls anything of the other's duty; notices and changes are one's own."""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text

from data_adapters.sql.plan_repository import PlanRepository
from data_adapters.sql.task_repository import TaskRepository
from domain.access import Actor, Forbidden
from domain.duty import Shift
from domain.notices import Calling
from domain.plans import Task
from services.chains import Chains
from services.duty_ports import Contact, NotTaken
from services.plans import Plans
from services.tasks import TaskDesk
from tests.services.incident_fakes import REGIONS
from tests.services.test_duty import HOUR, Duty

NOW = time.time_ns() // 1_000_000
PAST = NOW - HOUR
TOWNS = {"east": "441900003", "west": "441900004"}
OTHER = {"east": "west", "west": "east"}
PEOPLE = {side: Actor(f"leader-{side}", frozenset({"duty_officer"}), regions=frozenset({town})) for side, town in TOWNS.items()}
WRITERS = {side: Actor(f"writer-{side}", frozenset({"duty_officer"})) for side in TOWNS}
AUDITOR = Actor("auditor", frozenset({"auditor"}))
WATCH = Actor("watch", frozenset({"operator"}))


class Scene(NamedTuple):
    """In each town somebody is on duty, who wrote and took down what."""

    duty: Duty
    chains: Chains
    made: dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def scene(engine: Engine) -> Scene:
    duty, made = Duty(engine), {}
    with engine.begin() as tx:
        for name in [f"{who}-{side}" for who in ("guard", "leader", "writer") for side in TOWNS]:
            tx.execute(text("INSERT INTO users (username, password_hash) VALUES (:n, '')"), {"n": name})
            values = {"n": name, "roles": ["operator"]}
            tx.execute(text("INSERT INTO user_scopes VALUES (:n, '{}', '{}', :roles, '2020-01-01', NULL)"), values)
    for side, town in TOWNS.items():
        duty.store.write([], [Shift(str(uuid4()), "seat", town, f"guard-{side}", side, "", PAST - HOUR, NOW + HOUR)], side, PAST - HOUR)
        by = PEOPLE[side]
        call = duty.room.take_call(by, town, {"text": f"call-{side}", "address": "x"}, PAST)
        duty.room.write(by, town, f"log-{side}", PAST)
        made[side] = {
            "shift": next(one.shift_id for one in duty.store.shifts(PAST, NOW) if one.department == town),
            "call": call.call_id,
            "handover": duty.room.hand_over(by, town, f"note-{side}", PAST).handover_id,
            "contact": duty.book.write(by, Contact("", town, f"number-{side}", "", "1"), PAST).contact_id,
            "roll": duty.book.call_roll(by, "roll_call", [town], PAST).roll.roll_id,
        }
    store: Any = duty.notices._store
    return Scene(duty, Chains(store, {"incident": lambda actor, thing_id, now: thing_id == actor.username}), made)


Read = Callable[[Scene, Actor, str, int | None], Any]
SPAN = (NOW - 10 * HOUR, NOW + 10 * HOUR)
READS: dict[str, Read] = {
    "roster.shifts": lambda scene, actor, side, at: scene.duty.roster.shifts(actor, *SPAN, at),
    "roster.on_duty": lambda scene, actor, side, at: scene.duty.roster.on_duty(actor, NOW, at),
    "roster.calendar": lambda scene, actor, side, at: scene.duty.roster.calendar(actor, *SPAN),
    "duty_room.log": lambda scene, actor, side, at: scene.duty.room.log(actor, TOWNS[side], NOW, at),
    "duty_room.calls": lambda scene, actor, side, at: scene.duty.room.calls(actor, TOWNS[side], NOW, at),
    "duty_room.hand_overs": lambda scene, actor, side, at: scene.duty.room.hand_overs(actor, TOWNS[side], NOW, at),
    "duty_book.pages": lambda scene, actor, side, at: scene.duty.book.pages(actor, NOW, at),
    "duty_book.rolls": lambda scene, actor, side, at: scene.duty.book.rolls(actor, NOW, at),
}
OF_THE_CITY = {"roster.gaps", "roster.people", "duty_room.open_matters", "chains.going_on"}
"""Gaps are the center's, and so are the names that may stand on a roster; what is open, and the things whose callings are asked for, come
from services that are held to scope elsewhere."""
ACTS: dict[str, Callable[[Scene, Actor, str], Any]] = {
    "roster.write": lambda scene, actor, side: scene.duty.roster.write(
        actor, Shift("", "seat", TOWNS[side], "guard-east", "", "", NOW + 5 * HOUR, NOW + 6 * HOUR), NOW
    ),
    "roster.one": lambda scene, actor, side: scene.duty.roster.one(actor, scene.made[side]["shift"]),
    "roster.remove": lambda scene, actor, side: scene.duty.roster.remove(actor, scene.made[side]["shift"], NOW),
    "roster.read_file": lambda scene, actor, side: _refused(
        scene.duty.roster.read_file(
            actor,
            f"post,department,username,phone,starts,ends\nseat,{TOWNS[side]},guard-east,,2030-01-01T00:00,2030-01-01T01:00\n",
            NOW,
        )
    ),
    "duty_room.write": lambda scene, actor, side: scene.duty.room.write(actor, TOWNS[side], "x", NOW),
    "duty_room.take_call": lambda scene, actor, side: scene.duty.room.take_call(actor, TOWNS[side], {"text": "x"}, NOW),
    "duty_room.to_incident": lambda scene, actor, side: scene.duty.room.to_incident(actor, scene.made[side]["call"], {}, NOW),
    "duty_room.hand_over": lambda scene, actor, side: scene.duty.room.hand_over(actor, TOWNS[side], "", NOW),
    "duty_room.sign": lambda scene, actor, side: scene.duty.room.sign(actor, scene.made[side]["handover"], "", NOW),
    "duty_book.write": lambda scene, actor, side: scene.duty.book.write(actor, Contact("", TOWNS[side], "a", "", "1"), NOW),
    "duty_book.remove": lambda scene, actor, side: scene.duty.book.remove(actor, scene.made[side]["contact"], NOW),
    "duty_book.read_file": lambda scene, actor, side: _refused(
        scene.duty.book.read_file(actor, f"department,name,post,phone\n{TOWNS[side]},a,,1\n", NOW)
    ),
    "duty_book.call_roll": lambda scene, actor, side: scene.duty.book.call_roll(actor, "roll_call", [TOWNS[side]], NOW),
}
OWN = (
    {f"duty_changes.{name}" for name in ("ask", "answer", "agree", "decide", "refuse", "open")}
    | {f"notices.{name}" for name in ("answer", "mine", "read", "set_address", "addresses", "people_called")}
    | {f"outbox.{name}" for name in ("sent", "test", "tests")}
)
PLANS = {"plans.all", "plans.draft", "plans.approve"}
"""Plans are the whole city's, read by all who see duty, drafted and approved by role."""
TASKS = {"tasks.open", "tasks.of_incident", "tasks.act"}
HELD = TASKS | PLANS | set(READS) | set(ACTS) | OF_THE_CITY | OWN | {"chains.of"}


def _refused(result: tuple[int, list[Any]]) -> None:
    """A file with rows of somebody else's unit is not taken."""
    assert result[0] == 0
    raise LookupError(result[1][0].code)


@pytest.mark.parametrize("side", TOWNS)
@pytest.mark.parametrize("at", [None, NOW - 1], ids=["now", "past"])
@pytest.mark.parametrize("name", READS)
def test_a_read_shows_ones_own_and_nothing_of_the_other(scene: Scene, name: str, at: int | None, side: str) -> None:
    shown = repr(READS[name](scene, PEOPLE[side], side, at))
    assert side in shown or TOWNS[side] in shown
    assert OTHER[side] not in shown and TOWNS[OTHER[side]] not in shown


@pytest.mark.parametrize("side", TOWNS)
@pytest.mark.parametrize("name", READS)
def test_asking_for_the_other_ones_duty_gives_nothing(scene: Scene, name: str, side: str) -> None:
    with suppress(LookupError):
        assert OTHER[side] not in repr(READS[name](scene, PEOPLE[side], OTHER[side], None))


@pytest.mark.parametrize("side", TOWNS)
@pytest.mark.parametrize("name", ACTS)
def test_nobody_acts_outside_their_scope(scene: Scene, name: str, side: str) -> None:
    with pytest.raises(LookupError):
        ACTS[name](scene, PEOPLE[side], OTHER[side])
    with pytest.raises((Forbidden, LookupError)):
        ACTS[name](scene, AUDITOR, side)


def test_an_administrator_gets_no_names_and_no_callings(scene: Scene) -> None:
    with pytest.raises(Forbidden):
        scene.duty.roster.people(AUDITOR)
    assert scene.chains.going_on(AUDITOR, "incident", ["leader-east"]) == {}


@pytest.mark.parametrize("name", READS)
def test_an_administrator_sees_no_duty(scene: Scene, name: str) -> None:
    with pytest.raises((Forbidden, LookupError)):
        READS[name](scene, AUDITOR, "east", None)


def test_tasks_are_seen_and_answered_where_they_belong(scene: Scene, engine: Engine) -> None:
    store = TaskRepository(engine, lambda: "441900")
    desk = TaskDesk(store, lambda *_: None, lambda: REGIONS)
    made = {}
    for side, town in TOWNS.items():
        made[side] = Task(str(uuid4()), None, "minutes", None, side, "", side, "", side, "", "assigned", "x", NOW, None, region=town)
        assert store.add(made[side])
    for side in TOWNS:
        for actor in (PEOPLE[side], Actor("seat", frozenset({"handler"}), departments=frozenset({side}))):
            assert desk.open(actor) == [made[side]] and desk.of_incident(actor, str(uuid4())) == []
            with pytest.raises(LookupError):
                desk.act(actor, made[OTHER[side]].task_id, "acknowledge", "", NOW)
    for ask in (lambda: desk.open(AUDITOR), lambda: desk.act(AUDITOR, made["east"].task_id, "acknowledge", "", NOW)):
        with pytest.raises(Forbidden):
            ask()


def test_plans_are_drafted_by_those_who_lead_alone(engine: Engine) -> None:
    plans = Plans(PlanRepository(engine), {"flood"}, lambda: ())
    for ask in (lambda: plans.all(AUDITOR), lambda: plans.draft(WATCH, "x", ("x", ""), "special", [], [], NOW)):
        with pytest.raises(Forbidden):
            ask()


def test_a_town_writes_nothing_into_the_centers_log(scene: Scene) -> None:
    with pytest.raises(LookupError):
        scene.duty.room.write(PEOPLE["east"], "", "x", NOW)


def test_a_chain_is_seen_by_those_who_see_its_thing_and_those_it_calls(scene: Scene) -> None:
    store: Any = scene.duty.notices._store
    assert store.save_calling(Calling(str(uuid4()), "incident:leader-east", "task", ("guard-west",), 0, 1, NOW, "calling"), {}, None)
    for who in (PEOPLE["east"], Actor("guard-west")):
        seen = scene.chains.of(who, "incident:leader-east", NOW)
        assert seen is not None and seen.calling.person == "guard-west"
    with pytest.raises(LookupError):
        scene.chains.of(PEOPLE["west"], "incident:leader-east", NOW)


def test_a_calling_is_listed_for_those_it_may_come_to_and_for_the_whole_citys_people(scene: Scene) -> None:
    store: Any = scene.duty.notices._store
    calling = Calling(str(uuid4()), "task:listed", "task", ("guard-west",), 0, 1, NOW, "calling", superior="leader-east")
    assert store.save_calling(calling, {}, None)
    guard, everywhere = Actor("guard-west", regions=frozenset({TOWNS["west"]})), Actor("chief", frozenset({"duty_officer"}))
    for who, listed in ((PEOPLE["east"], True), (PEOPLE["west"], False), (guard, True), (everywhere, True)):
        assert (calling.thing in {one.thing for one, _ in scene.duty.notices.people_called(who)}) is listed


def test_a_change_is_nobody_elses_matter(scene: Scene) -> None:
    with pytest.raises(LookupError):
        scene.duty.changes.ask(PEOPLE["west"], scene.made["east"]["shift"], "guard-west", None, "", NOW)
    with pytest.raises(NotTaken):
        scene.duty.changes.ask(Actor("guard-east", frozenset({"operator"})), scene.made["east"]["shift"], "stranger", None, "", NOW)
