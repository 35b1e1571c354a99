"""Consultation 会商 on a wall: the picture is held at a moment and drawn upon, wall and remotes show the same; minutes become tasks."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from domain.access import Actor, Forbidden
from domain.drawing import MOST_SHAPES, CannotDraw, shape
from domain.identity import uuid7
from domain.incident_life import Incident
from domain.plans import Task
from services.account_ports import AuditEntry
from services.consultation_ports import Consultation, ConsultationStore, Shapes
from services.tasks import TaskMaker
from services.wall_ports import Nudge
from services.walls import Steering

SCENE = "consultation"
TITLE_LENGTH, MINUTE_LENGTH, MOST_MINUTES = 80, 500, 50


class Minute(NamedTuple):
    """One decision: which department does what, by when (epoch ms, None: no deadline)."""

    department: str
    text: str
    due_at: int | None


class NotHeld(ValueError):
    """It cannot be done; `args[0]` says why: title, moment, held, closed, minutes, department."""


class Consultations:
    """`incident(actor, id)` is an incident in the actor's scope or LookupError; `departments` their codes."""

    def __init__(
        self,
        store: ConsultationStore,
        steering: Steering,
        tasks: TaskMaker,
        incident: Callable[[Actor, str], Incident],
        departments: Callable[[], Mapping[str, Any]],
        nudge: Nudge,
    ) -> None:
        self._store, self._steering, self._tasks = store, steering, tasks
        self._incident, self._departments, self._nudge = incident, departments, nudge

    def begin(self, actor: Actor, wall: str, title: str, at: int, incident_id: str | None, now: int) -> Consultation:
        """Hold the wall's picture at `at`. Raises Forbidden, LookupError (wall, incident), NotHeld."""
        self._steer(actor, wall)
        title = title.strip()
        if not 0 < len(title) <= TITLE_LENGTH or not title.isprintable():
            raise NotHeld("title")
        if not 0 < at <= now:
            raise NotHeld("moment")
        about = self._incident(actor, incident_id) if incident_id else None
        made = Consultation(str(uuid7(now)), wall, incident_id, title, at, actor.username, now)
        detail = {"wall": wall, "title": title, "held_at": at, "incident": incident_id}
        if not self._store.open(made, AuditEntry(now, actor.username, "begin_consultation", made.consultation_id, "ok", "", detail)):
            raise NotHeld("held")
        focus = {"kind": "incident", "id": incident_id, "lon": about.place.get("lon"), "lat": about.place.get("lat")} if about else None
        self._steering.ask(actor, wall, {"scene": SCENE, "at": at, "hold": True, "focus": focus, "told": ""}, now)
        return made

    def held(self, actor: Actor, wall: str) -> Consultation | None:
        """The one on this wall now, for its screen and whoever may steer it. Raises Forbidden, LookupError."""
        self._steering.asked_of(actor, wall)
        return self._store.held(wall)

    def draw(self, actor: Actor, consultation_id: str, deed: Mapping[str, Any]) -> Consultation:
        """`deed` is {"shape": ...}, {"undo": true} or {"clear": true}. Raises Forbidden, LookupError, CannotDraw, NotHeld."""
        found = self._mine(actor, consultation_id)
        drawn = self._store.draw(consultation_id, _change(deed))
        if drawn is None:
            raise NotHeld("closed")
        self._nudge(found.wall, drawn.version)
        return drawn

    def minutes(self, actor: Actor, consultation_id: str, minutes: Sequence[Minute], now: int) -> list[Task]:
        """Each decision becomes a task of its department. Raises Forbidden, LookupError, NotHeld."""
        if not actor.may("call_roll"):
            raise Forbidden("call_roll")
        found = self._mine(actor, consultation_id)
        known = self._departments()
        for one in minutes:
            if not 0 < len(one.text.strip()) <= MINUTE_LENGTH or (one.due_at is not None and one.due_at <= now):
                raise NotHeld("minutes")
            if one.department not in known:
                raise NotHeld("department")
        if not 0 < len(minutes) <= MOST_MINUTES:
            raise NotHeld("minutes")
        about = self._incident(actor, found.incident_id) if found.incident_id else None
        given = [self._tasks.from_minutes(found.title, about, one, actor.username, now) for one in minutes]
        detail = {"tasks": [task.task_id for task in given]}
        self._store.write(AuditEntry(now, actor.username, "write_minutes", consultation_id, "ok", "", detail))
        return given

    def end(self, actor: Actor, consultation_id: str, now: int) -> None:
        """Give the wall back to its playlist. Raises Forbidden, LookupError, NotHeld."""
        found = self._mine(actor, consultation_id)
        if not self._store.close(consultation_id, AuditEntry(now, actor.username, "end_consultation", consultation_id)):
            raise NotHeld("closed")
        self._steering.ask(actor, found.wall, {"scene": "", "at": None, "hold": False, "focus": None}, now)

    def _mine(self, actor: Actor, consultation_id: str) -> Consultation:
        found = self._store.one(consultation_id)
        if found is None:
            raise LookupError(consultation_id)
        self._steer(actor, found.wall)
        return found

    def _steer(self, actor: Actor, wall: str) -> None:
        if not actor.may("steer_wall"):
            raise Forbidden("steer_wall")
        self._steering.asked_of(actor, wall)


def _change(deed: Mapping[str, Any]) -> Callable[[Shapes], Shapes]:
    """What a deed makes of the shapes. Raises CannotDraw."""
    if deed.get("clear") is True:
        return lambda shapes: []
    if deed.get("undo") is True:
        return lambda shapes: shapes[:-1]
    said = deed.get("shape")
    if not isinstance(said, Mapping):
        raise CannotDraw("a deed is shape, undo or clear")
    drawn = shape(said)

    def add(shapes: Shapes) -> Shapes:
        if len(shapes) >= MOST_SHAPES:
            raise CannotDraw(f"at most {MOST_SHAPES} shapes")
        return [*shapes, drawn]

    return add
