"""What dispatch needs from the database: units as they stand, their steps, and the resources beside them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from domain.units import Status, Unit


class UnitNow(NamedTuple):
    """A unit of the register as it stands. `members` are usernames; `lon`, `lat`, `seen_at`: its last known place and when (epoch ms).

    `load`: the runs it was sent on within the last twelve hours.
    """

    unit: Unit
    status: Status
    version: int
    members: tuple[str, ...]
    phone: str
    on_shift: bool
    lon: float
    lat: float
    seen_at: int | None
    load: int


class Resource(NamedTuple):
    """A team, store, shelter, hospital or expert. `free` of `capacity` is room or beds; `stock`: goods -> amount."""

    resource_id: str
    name: str
    kind: str
    region: str
    department: str
    lon: float
    lat: float
    phone: str
    capabilities: tuple[str, ...]
    capacity: int | None
    free: int | None
    stock: Mapping[str, float]


class TrackPoint(NamedTuple):
    """Where a unit was."""

    at: int
    lon: float
    lat: float
    speed: float | None
    course: float | None


class UnitStep(NamedTuple):
    """A step to write down: what `domain.units.take` made of it is in `status` and `irregular`."""

    unit_id: str
    state: str
    at: int
    recorded_at: int
    incident_id: str | None
    lon: float | None
    lat: float | None
    actor: str
    irregular: tuple[str, ...]
    status: Status
    expected_version: int


class UnitTaken(Exception):
    """The unit has gone on since it was looked at; `unit_id` says which. Nothing was written."""

    def __init__(self, unit_id: str) -> None:
        super().__init__(unit_id)
        self.unit_id = unit_id


class UnitStore(Protocol):
    """PostgreSQL (data_adapters/sql/unit_repository.py)."""

    def units(self, now: int) -> list[UnitNow]:
        """All active units as they stand."""

    def write(self, step: UnitStep) -> None:
        """A step that belongs to no incident. Raises UnitTaken."""

    def track(self, unit_id: str, since: int, until: int) -> list[TrackPoint]:
        """Where it was, oldest first."""

    def resources(self) -> list[Resource]:
        """All resources."""

    def bring(self, units: Sequence[tuple[Unit, tuple[str, ...], str]], resources: Sequence[Resource], source: str, now: int) -> int:
        """Make the units (with members and phone) and resources of one source these; returns how many rows changed.

        A unit that is gone is no longer active.
        """
