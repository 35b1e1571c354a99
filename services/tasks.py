"""Tasks: made by a response's plan, by a leader's instruction 批示 or by minutes; acknowledged, done, or no longer needed.

What follows from an incident's events is done by jobs.py (`follow`): it compares what the incident now asks for with the tasks that are
there, so looking at an event twice does nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from domain.access import Actor, Forbidden
from domain.identity import uuid7
from domain.incident_life import Incident
from domain.plans import MINUTE, OPEN, Plan, Task, chosen, move, owed
from domain.registry import Region, ancestors
from services.duty_ports import NotTaken, written
from services.notices import Notices
from services.plan_ports import PlanStore, TaskStore, Timeline
from services.reactions import Happened, People

MOST = 500
LEVELLED = frozenset({"start_response", "adjust_response", "end_response"})
"""Deeds after which a plan asks for other steps. What ended a task by itself stands where a person's reason would."""


class TaskDesk:
    """What people do with tasks: see theirs, acknowledge, answer; whoever leads gives and ends them."""

    def __init__(self, store: TaskStore, timeline: Timeline, regions: Callable[[], Mapping[str, Region]]) -> None:
        self._store, self._timeline, self._regions = store, timeline, regions

    def open(self, actor: Actor) -> list[Task]:
        """The open tasks in the actor's scope, the most urgent first. Raises Forbidden."""
        return [task for task in self._store.open(MOST) if self._sees(actor, task)]

    def of_incident(self, actor: Actor, incident_id: str) -> list[Task]:
        """The tasks of an incident that lie in the actor's scope. Raises Forbidden."""
        return [task for task in self._store.of_incident(incident_id) if self._sees(actor, task)]

    def act(self, actor: Actor, task_id: str, deed: str, answer: str, now: int) -> Task:
        """acknowledge, finish (with an answer) or cancel (with a reason; those who lead). Raises Forbidden, LookupError, NotTaken."""
        task = self._store.task(task_id)
        if task is None or not self._sees(actor, task):
            raise LookupError(task_id)
        if not actor.may("call_roll" if deed == "cancel" else "act_on_incident"):
            raise Forbidden(deed)
        if deed != "acknowledge" and not answer.strip():
            raise NotTaken("empty", value="answer")
        after = move(task, deed, actor.username, now, written(answer, "answer"))
        if after is None or not self._store.save(after, task.state):
            raise NotTaken("gone_on", value=task.state)
        tell_timeline(self._timeline, after, actor.username, now)
        return after

    def _sees(self, actor: Actor, task: Task) -> bool:
        if not actor.may("see_duty"):
            raise Forbidden("see_duty")
        regions = dict(self._regions())
        mine = not actor.departments or task.department in actor.departments
        return mine and (not actor.regions or bool(actor.regions.intersection(ancestors(task.region, regions))))


class TaskMaker:
    """What follows for tasks from what happens to incidents; run by jobs.py."""

    def __init__(
        self,
        plans: PlanStore,
        tasks: TaskStore,
        timeline: Timeline,
        notices: Notices,
        people: People,
        lineage: Callable[[str], Sequence[str]],
    ) -> None:
        """`lineage`: class code -> class, section, group."""
        self._plans, self._tasks, self._timeline = plans, tasks, timeline
        self._notices, self._people, self._lineage = notices, people, lineage

    def follow(self, one: Happened, now: int) -> None:
        """After an event: the tasks that the incident, as it is now, asks for."""
        if one.event.deed in LEVELLED:
            self._follow_plan(one.incident, one.event.actor, now)
        elif one.event.deed == "instruct":
            self._instructed(one, now)
        elif one.event.deed == "answer_instruction":
            self._answered(one, now)

    def from_minutes(self, title: str, incident: Incident | None, minute: tuple[str, str, int | None], by: str, now: int) -> Task:
        """A decision of a consultation becomes its department's task: `minute` is department, what is to be done, until when."""
        (department, said, due), about = minute, incident
        incident_id = about.incident_id if about else None
        task = Task(str(uuid7(now)), incident_id, "minutes", None, uuid7(now).hex, "", department, "", said, "", "assigned", by, now, due)
        if about:
            task = task._replace(region=about.region, number=about.number, title=about.title, exercise=about.exercise)
        task = task if about else task._replace(title=title)
        self._tasks.add(task)
        tell_timeline(self._timeline, task, by, now)
        self._tell(task, "task", by, now)
        return task

    def _follow_plan(self, incident: Incident, by: str, now: int) -> None:
        tasks = self._tasks.of_incident(incident.incident_id)
        plan = self._plan_of(incident, tasks)
        if plan is None:
            return
        level = incident.response_level if incident.state == "responding" else ""
        why = "adjust_response" if level else "end_response"
        missing, over = owed(plan, level, tasks)
        for step in missing:
            names = (step.code, level, step.department, step.post, step.zh, step.en)
            due = now + round(step.within_min * MINUTE)
            self._give(incident, "plan", plan.plan_id, names, by, due, now)
        for task in over:
            ended = move(task, "cancel", by, now, why)
            if ended and self._tasks.save(ended, task.state):
                tell_timeline(self._timeline, ended, by, now)
                self._tell(ended, f"task_ended_by_{why}", by, now)

    def _plan_of(self, incident: Incident, tasks: Sequence[Task]) -> Plan | None:
        """The one that the response began with; at its beginning the approved one for the class."""
        begun = next((task.plan_id for task in tasks if task.kind == "plan" and task.plan_id), None)
        return self._plans.plan(begun) if begun else chosen(self._plans.plans(), self._lineage(incident.class_code))

    def _instructed(self, one: Happened, now: int) -> None:
        """The task has the id of its instruction, by which either is answered."""
        said = one.event.data
        department = str(said.get("lead") or one.incident.lead)
        names = (f"v{one.event.version}", "", department, "", str(said["text"]), "")
        self._give(one.incident, "instruction", None, names, one.event.actor, said.get("until"), now, str(said.get("instruction") or ""))

    def _answered(self, one: Happened, now: int) -> None:
        """An answer in the incident ends the task of its instruction."""
        task = self._tasks.task(str(one.event.data["instruction"]))
        after = move(task, "finish", one.event.actor, now, str(one.event.data["text"])) if task else None
        if task and after and task.incident_id == one.incident.incident_id and self._tasks.save(after, task.state):
            tell_timeline(self._timeline, after, one.event.actor, now)

    def _give(
        self,
        incident: Incident,
        kind: str,
        plan_id: str | None,
        names: tuple[str, str, str, str, str, str],
        by: str,
        due: int | None,
        now: int,
        task_id: str = "",
    ) -> None:
        step, level, department, post, zh, en = names
        task_id = task_id or str(uuid7(now))
        task = Task(
            task_id, incident.incident_id, kind, plan_id, step, level, department, post, zh, en, "assigned", by, now, due,
            region=incident.region, number=incident.number, title=incident.title, exercise=incident.exercise,
        )  # fmt: skip
        if self._tasks.add(task):
            tell_timeline(self._timeline, task, by, now)
            self._tell(task, "task", by, now)

    def _tell(self, task: Task, template: str, by: str, now: int) -> None:
        chain, _ = self._people.chain(now, task.department)
        whom = [name for name in chain if task.kind != "instruction" or name != by]
        params: dict[str, Any] = {"number": task.number, "title": task.title, "said": task.zh, "by": by}
        self._notices.tell(whom, f"task:{task.task_id}:{task.state}", template, params, link_of(task), now, task.exercise)


def link_of(task: Task) -> str:
    """Where a task is answered: on its incident, else among the tasks."""
    return f"/desk?incident={task.incident_id}" if task.incident_id else "/duty?part=tasks"


def tell_timeline(timeline: Timeline, task: Task, by: str, now: int) -> None:
    """Write a task's state into its incident's events, once."""
    if task.incident_id is None:
        return
    said = {"task_id": task.task_id, "status": task.state, "text": task.zh}
    said |= {"lead": task.department} if task.department else {}
    said |= {"note": task.answer} if task.answer and task.answer not in LEVELLED and task.state not in OPEN else {}
    timeline(task.incident_id, by, said, now, f"task:{task.task_id}:{task.state}")
