"""What consultations need from outside. Times are epoch milliseconds."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from services.account_ports import AuditEntry

Shapes = list[Mapping[str, Any]]


class Consultation(NamedTuple):
    """A consultation 会商 on a wall: the picture held at `held_at`, what is drawn upon it, maybe the incident it is about."""

    consultation_id: str
    wall: str
    incident_id: str | None
    title: str
    held_at: int
    opened_by: str
    opened_at: int
    version: int = 1
    shapes: Sequence[Mapping[str, Any]] = ()
    closed_by: str = ""
    closed_at: int | None = None


class ConsultationStore(Protocol):
    """data_adapters/sql/consultation_repository.py. Each change and its audit entry are one transaction."""

    def open(self, consultation: Consultation, entry: AuditEntry) -> bool:
        """Keep a new one; False when one is held on this wall already."""

    def one(self, consultation_id: str) -> Consultation | None: ...

    def held(self, wall: str) -> Consultation | None:
        """The one that is not closed."""

    def draw(self, consultation_id: str, to: Callable[[Shapes], Shapes]) -> Consultation | None:
        """Replace the shapes by `to(shapes)`; None when it is closed."""

    def close(self, consultation_id: str, entry: AuditEntry) -> bool: ...

    def write(self, entry: AuditEntry) -> None:
        """Only the entry."""
