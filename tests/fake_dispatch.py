"""Units and incidents as the faces' tests need them: what was put there, and nothing else."""

from dataclasses import dataclass, field
from typing import Any

from domain.travel import ROAD, Arrival
from services.dispatch import Near


@dataclass
class FakeDispatch:
    """`services.dispatch.Dispatch`."""

    held: list[Any] = field(default_factory=list)

    def units(self, actor: Any, now: int) -> list[Any]:
        return self.held

    def nearest(self, actor: Any, place: Any, now: int, most: int, class_code: str = "") -> list[Near]:
        free = [one for one in self.held if one.status.free]
        return [Near(one, Arrival(240.0 + 95 * n, ROAD), None) for n, one in enumerate(free[:most])]


@dataclass
class FakeIncidentDesk:
    """`services.incident_desk.IncidentDesk`: incident id -> what is seen of it."""

    seen: dict[str, Any] = field(default_factory=dict)

    def one(self, actor: Any, incident_id: str, now: int, at: int | None = None) -> Any:
        if incident_id not in self.seen:
            raise LookupError(incident_id)
        return self.seen[incident_id]
