"""What plans and tasks need from outside. Times are epoch ms."""

from collections.abc import Mapping
from typing import Any, Protocol

from domain.plans import Plan, Task


class PlanStore(Protocol):
    """data_adapters/sql/plan_repository.py."""

    def plans(self) -> list[Plan]:
        """All versions, by code, newest first."""

    def plan(self, plan_id: str) -> Plan | None: ...

    def draft(self, plan: Plan) -> bool:
        """Keep a draft, new or changed; False when that version is no draft any more."""

    def approve(self, plan_id: str, drafted_at: int, by: str, now: int) -> bool:
        """The draft becomes the approved version, and the one before it is retired; False when it is not the draft of then any more."""


class TaskStore(Protocol):
    """data_adapters/sql/task_repository.py."""

    def add(self, task: Task) -> bool:
        """Keep a new one; False when its step has a task already."""

    def task(self, task_id: str) -> Task | None: ...

    def of_incident(self, incident_id: str) -> list[Task]:
        """Oldest first."""

    def open(self, most: int) -> list[Task]:
        """Those assigned or acknowledged, the most urgent first."""

    def save(self, task: Task, expected: str) -> bool:
        """Its next state; False when it is not in `expected` any more."""


class Timeline(Protocol):
    """Writes what happens to tasks into their incident's events."""

    def __call__(self, incident_id: str, actor: str, said: Mapping[str, Any], now: int, request_id: str) -> None: ...
