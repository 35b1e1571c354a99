"""Tasks in PostgreSQL (services/plan_ports.py, TaskStore)."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, text

from data_adapters.sql.ids import is_uuid
from domain.event_time import to_datetime, to_ms
from domain.plans import Task

FIELDS = Task._fields
UUIDS = ("task_id", "incident_id", "plan_id")
TIMES = ("assigned_at", "due_at", "acknowledged_at", "ended_at")
TASK = ", ".join(f"{name}::text" if name in UUIDS else name for name in FIELDS)
ADD = text(f"""INSERT INTO tasks (origin_center, {", ".join(FIELDS)}) VALUES (:center, {", ".join(":" + name for name in FIELDS)})
    ON CONFLICT (incident_id, kind, step) WHERE state <> 'cancelled' DO NOTHING""")
SAVE = text("""UPDATE tasks SET state = :state, acknowledged_by = :acknowledged_by, acknowledged_at = :acknowledged_at,
    ended_by = :ended_by, ended_at = :ended_at, answer = :answer WHERE task_id = CAST(:task_id AS uuid) AND state = :expected""")
OPEN = text(f"SELECT {TASK} FROM tasks WHERE state IN ('assigned', 'acknowledged') ORDER BY due_at NULLS LAST, assigned_at LIMIT :most")
OF = text(f"SELECT {TASK} FROM tasks WHERE incident_id = CAST(:id AS uuid) ORDER BY assigned_at, task_id")
ONE = text(f"SELECT {TASK} FROM tasks WHERE task_id = CAST(:id AS uuid)")


class TaskRepository:
    """The TaskStore port."""

    def __init__(self, engine: Engine, center: Callable[[], str]) -> None:
        self._engine, self._center = engine, center

    def add(self, task: Task) -> bool:
        with self._engine.begin() as tx:
            return tx.execute(ADD, {**_values(task), "center": self._center()}).rowcount == 1

    def task(self, task_id: str) -> Task | None:
        if not is_uuid(task_id):
            return None
        with self._engine.connect() as tx:
            row = tx.execute(ONE, {"id": task_id}).first()
        return _task(row) if row else None

    def of_incident(self, incident_id: str) -> list[Task]:
        with self._engine.connect() as tx:
            return [_task(row) for row in tx.execute(OF, {"id": incident_id})]

    def open(self, most: int) -> list[Task]:
        with self._engine.connect() as tx:
            return [_task(row) for row in tx.execute(OPEN, {"most": most})]

    def save(self, task: Task, expected: str) -> bool:
        with self._engine.begin() as tx:
            return tx.execute(SAVE, {**_values(task), "expected": expected}).rowcount == 1


def _values(task: Task) -> dict[str, Any]:
    values = task._asdict()
    return values | {name: to_datetime(values[name]) for name in TIMES if values[name] is not None}


def _task(row: Any) -> Task:
    fields = dict(zip(FIELDS, row, strict=True))
    return Task(**fields | {name: to_ms(fields[name]) for name in TIMES if fields[name] is not None})
