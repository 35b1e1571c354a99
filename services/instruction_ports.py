"""What leaders' instructions need from outside. Times are epoch ms."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from domain.access import Actor
from domain.incident_life import Incident
from domain.instructions import Event, Instruction
from services.account_ports import AuditEntry


class InstructionStore(Protocol):
    """data_adapters/sql/instruction_repository.py. Events are added and read, never changed."""

    def number(self) -> str:
        """The next printed number."""

    def append(self, one: Instruction, event: Event, entry: AuditEntry) -> bool:
        """Write the event, the instruction as it then is, and the audit entry, in one transaction; False where it has gone on."""

    def one(self, instruction_id: str, at: int | None = None) -> tuple[Instruction, list[Event]] | None:
        """An instruction with its events, as known then; None where there was none, and for what is no id."""

    def listed(self, at: int | None, most: int) -> list[Instruction]:
        """The open ones and the newest of the others, as known then."""

    def overdue(self, now: int) -> list[Instruction]:
        """Those whose answer was due before `now`."""

    def incidents(self, at: int | None, most: int) -> Sequence[Incident]:
        """The incidents that leaders instructed about most recently, as known then."""


class Incidents(Protocol):
    """services/incident_desk.py, as instructions about incidents need it."""

    def mine(self, actor: Actor, incident_id: str, at: int | None = None) -> Incident: ...

    def act(self, actor: Actor, incident_id: str, deed: str, said: Mapping[str, Any], version: int | None, now: int) -> Incident: ...
