"""Plans and their tasks on PostgreSQL: a response makes them, its level changes them, people answer them, the roster is called."""

import time
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text

from config.notices import load_call_rules
from config.plans import load_plans, plan_codes
from data_adapters.notice_wiring import notice_schedule
from data_adapters.plan_wiring import begin_plans, timeline_of
from data_adapters.sql.duty_repository import DutyRepository
from data_adapters.sql.notice_repository import NoticeRepository
from data_adapters.sql.plan_repository import PlanRepository
from data_adapters.sql.task_repository import TaskRepository
from domain.access import Actor, Forbidden
from domain.duty import Shift
from domain.incident_life import Incident
from domain.plans import PlanStep, Task, owed
from services.duty_ports import NotTaken
from services.plans import Plans
from services.tasks import TaskDesk
from tests.domain.incident_cast import LEADER, OPERATOR
from tests.services.incident_fakes import REGIONS
from tests.services.test_incident_desk import City

NOW = time.time_ns() // 1_000_000
WATER = Actor("water-man", frozenset({"handler"}), departments=frozenset({"water"}))
CHIEF = Actor("chief", frozenset({"duty_officer"}))
STEP = PlanStep("a", "巡查", "Patrol", ("1", "2"), "water", "seat", 30)


class Response:
    """An emergency, its tasks, and what jobs does."""

    def __init__(self, engine: Engine) -> None:
        self.city, self.now = City(engine), NOW
        self.work = {name: work for name, _, work in notice_schedule(engine, self.city.desk)}
        self.work["reactions"](NOW)
        self.desk = TaskDesk(TaskRepository(engine, lambda: "441900"), timeline_of(self.city.desk), lambda: REGIONS)
        made = self.city.desk.report(
            OPERATOR, {"title": "内涝", "source": "hotline", "class_code": "flood", "place": {"lon": 113.8, "lat": 23.0}}, NOW
        )
        self.incident_id = made.incident_id

    def do(self, deed: str, **said: object) -> Incident:
        self.now += 1000
        version = self.city.desk.one(LEADER, self.incident_id, self.now).incident.version
        actor = OPERATOR if deed in ("verify", "begin_initial_action") else LEADER
        done = self.city.desk.act(actor, self.incident_id, deed, said, version, self.now)
        self.work["reactions"](self.now + 1)
        return done

    def tasks(self, *states: str) -> dict[str, Task]:
        return {task.step: task for task in self.desk.of_incident(LEADER, self.incident_id) if not states or task.state in states}

    def timeline(self) -> list[tuple[str, str]]:
        seen = self.city.desk.one(LEADER, self.incident_id, self.now + 1000)
        return [(event.actor, event.data["status"]) for event in seen.events if event.deed == "task"]


@pytest.fixture
def response(engine: Engine) -> Response:
    with engine.begin() as tx:
        tx.execute(text("TRUNCATE tasks, plans, outbox, callings, job_cursors"))
        for name, role, departments in (("water-man", "handler", ["water"]), ("chief", "duty_officer", [])):
            tx.execute(text("INSERT INTO users (username, password_hash) VALUES (:n, '') ON CONFLICT DO NOTHING"), {"n": name})
            values = {"n": name, "d": departments, "roles": [role]}
            tx.execute(text("INSERT INTO user_scopes VALUES (:n, '{}', :d, :roles, '2020-01-01', NULL) ON CONFLICT DO NOTHING"), values)
    begin_plans(engine, True, NOW)
    made = Response(engine)
    made.do("verify", note="属实")
    made.do("begin_initial_action", note="先期处置")
    made.do("assess", note="较大", grade="III")
    return made


def steps(engine: Engine, level: str) -> set[str]:
    plan = next(plan for plan in PlanRepository(engine).plans() if plan.code == "flood")
    return {step.code for step in plan.steps if level in step.levels}


def test_starting_a_response_makes_the_tasks_of_its_level_once(response: Response, engine: Engine) -> None:
    response.do("start_response", response_level="3")
    assert set(response.tasks()) == steps(engine, "3") and {task.state for task in response.tasks().values()} == {"assigned"}
    again = {name: work for name, _, work in notice_schedule(engine, response.city.desk)}
    again["reactions"](response.now + 2)
    assert len(response.timeline()) == len(steps(engine, "3")), "jobs was started anew: nothing is given twice"
    pumps = response.tasks()["pumps"]
    assert (pumps.department, pumps.due_at) == ("water", response.now + 1 + 30 * 60_000)
    told = [one.thing for one in NoticeRepository(engine).of("water-man", False, 50) if one.template == "task"]
    assert f"task:{pumps.task_id}:assigned" in told


def test_raising_the_level_adds_tasks_and_lowering_it_ends_those_that_no_longer_apply(response: Response, engine: Engine) -> None:
    response.do("start_response", response_level="3")
    response.do("adjust_response", response_level="1", reason="水位上涨")
    assert set(response.tasks("assigned")) == steps(engine, "1")
    done = response.desk.act(LEADER, response.tasks()["rescue"].task_id, "finish", "已集结", response.now)
    response.do("adjust_response", response_level="4", reason="水位回落")
    assert set(response.tasks("assigned")) == steps(engine, "4") and response.tasks()["rescue"] == done
    response.do("adjust_response", response_level="3", reason="再次上涨")
    assert set(response.tasks("assigned")) == steps(engine, "3")
    response.do("end_response", reason="结束", unpublished_because="演练外")
    assert not response.tasks("assigned") and response.tasks("done") == {"rescue": done}


def test_a_plan_that_changes_leaves_the_response_that_runs_as_it_is(response: Response, engine: Engine) -> None:
    response.do("start_response", response_level="4")
    plans = Plans(PlanRepository(engine), plan_codes(), lambda: {"water"})
    draft = plans.draft(CHIEF, "flood", ("新预案", "New"), "special", ["flood"], [STEP], response.now)
    assert draft.version == 2
    with pytest.raises(Forbidden):
        plans.approve(CHIEF, draft.plan_id, response.now)
    again = plans.draft(CHIEF, "flood", ("新预案二", "Newer"), "special", ["flood"], [STEP], response.now + 1)
    with pytest.raises(NotTaken):
        plans.approve(LEADER, draft.plan_id, response.now + 2, seen=draft.drafted_at)
    assert [plan.state for plan in plans.all(CHIEF) if plan.code == "flood"] == ["draft", "approved"], "nothing is retired for it"
    boss = Actor("boss", frozenset({"leader"}))
    plans.draft(boss, "flood", ("新预案二", "Newer"), "special", ["flood"], [STEP], response.now + 1)
    last = plans.draft(CHIEF, "flood", ("新预案二", "Newer"), "special", ["flood"], [STEP], response.now + 1)
    assert (last.authors, last.drafted_at) == (("chief", "boss"), again.drafted_at)
    with pytest.raises(Forbidden):
        plans.approve(boss, draft.plan_id, response.now + 2)
    plans.approve(LEADER, draft.plan_id, response.now + 2, seen=again.drafted_at)
    states = {(plan.code, plan.version): plan.state for plan in plans.all(CHIEF)}
    assert (states["flood", 1], states["flood", 2]) == ("retired", "approved")
    response.do("adjust_response", response_level="3", reason="x")
    assert "traffic" in response.tasks("assigned") and "a" not in response.tasks()
    with pytest.raises(NotTaken):
        plans.draft(CHIEF, "flood", ("新", "N"), "special", ["flood"], [STEP._replace(levels=("9",))], response.now)


def test_a_task_is_acknowledged_and_answered_and_the_incident_tells_it(response: Response) -> None:
    response.do("start_response", response_level="4")
    pumps = response.tasks()["pumps"]
    with pytest.raises(LookupError):
        response.desk.act(WATER, response.tasks()["patrol"].task_id, "acknowledge", "", response.now)
    response.desk.act(WATER, pumps.task_id, "acknowledge", "", response.now)
    with pytest.raises(NotTaken, match="empty"):
        response.desk.act(WATER, pumps.task_id, "finish", " ", response.now)
    response.desk.act(WATER, pumps.task_id, "finish", "三台泵已开", response.now)
    with pytest.raises(NotTaken, match="gone_on"):
        response.desk.act(WATER, pumps.task_id, "acknowledge", "", response.now)
    with pytest.raises(Forbidden):
        response.desk.act(WATER, pumps.task_id, "cancel", "x", response.now)
    assert response.timeline()[-2:] == [("water-man", "acknowledged"), ("water-man", "done")]


def test_a_leaders_instruction_is_a_task_whose_answer_comes_back(response: Response) -> None:
    response.do("instruct", text="一小时内报告人员转移情况", lead="water", until=NOW + 3_600_000)
    (task,) = [task for task in response.tasks().values() if task.kind == "instruction"]
    assert (task.zh, task.department, task.due_at) == ("一小时内报告人员转移情况", "water", NOW + 3_600_000)
    owed = response.city.desk.one(LEADER, response.incident_id, response.now).incident.owes_answers
    assert list(owed) == [task.task_id], "the instruction has the id of its task"
    response.do("answer_instruction", instruction=task.task_id, text="已转移 120 人")
    assert [one.answer for one in response.tasks("done").values()] == ["已转移 120 人"]


def test_a_leader_on_duty_is_not_sent_their_own_instruction(response: Response, engine: Engine) -> None:
    with engine.begin() as tx:
        tx.execute(text("INSERT INTO users (username, password_hash) VALUES (:n, '') ON CONFLICT DO NOTHING"), {"n": LEADER.username})
    span = (NOW - 3_600_000, NOW + 36_000_000)
    on = [Shift(str(uuid4()), post, "", who, who, "", *span) for who, post in (("leader", "leader_on_duty"), ("chief", "shift_leader"))]
    DutyRepository(engine).write([], on, "chief", NOW - 3_600_000)
    try:
        response.do("instruct", text="一小时内报告人员转移情况")
        response.work["callings"](response.now + 2 + round(load_call_rules()["task"].after_s * 1000))
        store = NoticeRepository(engine)
        told = {name: any(one.template == "task" for one in store.of(name, False, 50)) for name in ("leader", "chief")}
        (given,) = [task for task in response.tasks().values() if task.kind == "instruction"]
        found = [one for one, _ in store.callings(("calling",)) if one.thing == f"task:{given.task_id}"]
        assert told == {"leader": False, "chief": True} and [one.chain for one in found] == [("chief",)]
    finally:
        with engine.begin() as tx:
            tx.execute(text("TRUNCATE duty_shifts CASCADE"))


def test_tasks_that_the_end_of_the_response_ended_say_so(response: Response, engine: Engine) -> None:
    response.do("start_response", response_level="4")
    response.do("adjust_response", response_level="2", reason="雨势加大")
    response.do("adjust_response", response_level="4", reason="雨势减弱")
    lowered = {task.task_id for task in response.tasks("cancelled").values()}
    response.do("end_response", reason="险情解除", unpublished_because="范围很小")
    ended = {task.task_id: task.answer for task in response.desk.of_incident(LEADER, response.incident_id) if task.state == "cancelled"}
    assert lowered and {ended[one] for one in lowered} == {"adjust_response"}
    assert {why for one, why in ended.items() if one not in lowered} == {"end_response"}
    told = [one for one in NoticeRepository(engine).of("water-man", False, 50) if one.template.startswith("task_ended")]
    assert {one.template for one in told} >= {"task_ended_by_end_response"}
    assert all("end_response" not in str(event.data.get("note")) for event in response.city.store.events(response.incident_id))


def test_a_task_nobody_acknowledges_is_called_down_its_departments_roster(response: Response, engine: Engine) -> None:
    response.do("start_response", response_level="4")
    pumps, rule = response.tasks()["pumps"], load_call_rules()["task"]
    later = response.now + 2 + round(rule.after_s * 1000)
    response.work["callings"](later)
    found = NoticeRepository(engine).calling_of(f"task:{pumps.task_id}")
    assert found is not None and (found[0].person, found[0].superior, found[0].state) == ("water-man", "chief", "calling")
    response.desk.act(WATER, pumps.task_id, "acknowledge", "", later)
    response.work["callings"](later + 1)
    found = NoticeRepository(engine).calling_of(f"task:{pumps.task_id}")
    assert found is not None and found[0].state == "ended"


def test_nobody_is_offered_to_write_tasks_into_the_timeline(response: Response) -> None:
    seen = response.city.desk.one(LEADER, response.incident_id, response.now)
    assert "task" not in {move.deed for move in seen.moves}


def test_the_citys_plans_are_drafts_until_a_leader_approves_and_in_the_demo_they_hold(engine: Engine, response: Response) -> None:
    assert {plan.state for plan in PlanRepository(engine).plans()} == {"approved"}
    with engine.begin() as tx:
        tx.execute(text("TRUNCATE plans"))
    assert begin_plans(engine, False, NOW) == 3 and begin_plans(engine, False, NOW) == 0
    assert {plan.state for plan in PlanRepository(engine).plans()} == {"draft"}


def test_a_step_that_was_done_stays_done() -> None:
    (plan,) = [one for one in load_plans(lambda: str(uuid4()), NOW) if one.code == "crowd"]
    done = Task("t", "i", "plan", plan.plan_id, "count", "4", "", "", "", "", "done", "x", NOW, None)
    missing, over = owed(plan, "4", [done])
    assert not missing and not over and owed(plan, "", [done]) == ([], [])
