"""What the register and the history need from outside (data_adapters/sql/). Times are epoch milliseconds; `at` None is now."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from domain.registry import Department, Device, Region
from services.account_ports import AuditEntry


class RegionArea(NamedTuple):
    """A region with its GeoJSON geometry (None: no area known), a point inside it, and whether the area is only schematic."""

    region: Region
    outline: Mapping[str, Any] | None
    lon: float | None
    lat: float | None
    schematic: bool


class Place(NamedTuple):
    """A hospital, store, shelter or fire station, WGS 84."""

    place_id: str
    name: str
    kind: str
    region: str
    lon: float
    lat: float
    attributes: Mapping[str, Any]


class RegisterStore(Protocol):
    """The register as it is, and as it was."""

    def changes(self) -> list[int]:
        """The moments at which regions, departments or adopted devices began or ceased to be, oldest first."""

    def regions(self, at: int | None) -> list[Region]:
        """All regions valid at `at`."""

    def areas(self) -> list[RegionArea]:
        """The regions of now with their areas."""

    def departments(self, at: int | None) -> list[Department]:
        """All departments valid at `at`."""

    def devices(self, at: int | None) -> list[Device]:
        """All adopted devices valid at `at`, by id."""

    def device(self, device_id: str, at: int | None) -> Device | None:
        """One adopted device."""

    def unadopted(self) -> list[Device]:
        """Devices that have spoken and that nobody has adopted."""

    def places(self) -> list[Place]:
        """All places."""

    def city(self) -> dict[str, Any]:
        """What the city pack says of the city; empty before one is loaded."""

    def adopt(self, device: Device, entry: AuditEntry) -> bool:
        """Make `device` an adopted one from entry.at on, with the audit entry. False when nothing unadopted has that id."""


class Point(NamedTuple):
    """One step of a trend. `text` is set, and the numbers are not, where the metric is words."""

    at: int
    mean: float | None
    low: float | None
    high: float | None
    text: str | None = None


class HistoryStore(Protocol):
    """Readings and roll-ups of the past."""

    def raw(self, device_id: str, metric: str, since: int, until: int, received_by: int | None, most: int) -> list[Point]:
        """The readings themselves, oldest first; at most `most`."""

    def rolled(self, grain: str, device_id: str, metric: str, since: int, until: int) -> list[Point]:
        """Roll-ups of `grain` (1m or 1h), oldest first."""

    def rolled_over(self, grain: str, device_ids: Sequence[str], metric: str, since: int, until: int) -> list[Point]:
        """Roll-ups of several devices as one: the mean of their means, the lowest and highest of all."""

    def hour_so_far(self, device_ids: Sequence[str], metric: str, hour: int, until: int) -> list[Point]:
        """As rolled_over of 1h for the hour that begins at `hour`, from its minutes before `until`; nothing where there were none."""
