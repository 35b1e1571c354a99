"""What the incident's life needs from outside: a store, a place for attachments, and what it must be told of the world."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from domain.clocks import Allowance, WorkingTime
from domain.duties import Duty
from domain.incident_life import Event, Incident
from domain.incident_limits import IncidentLimits
from domain.registry import Region
from services.unit_ports import UnitStep

PHASES = ("report", "before", "after", "check", "other")
"""When a picture was taken in the incident's life; before, after and check stand side by side."""


class Step(NamedTuple):
    """One event, the incident as it then is, when its most pressing clock becomes near due, and the unit's step that goes with it."""

    incident: Incident
    event: Event
    near_at: int | None = None
    request_id: str | None = None
    unit: UnitStep | None = None


class Changed(Exception):
    """Somebody else acted meanwhile; `events` are what happened since the version the actor had seen."""

    def __init__(self, incident: Incident, events: Sequence[Event]) -> None:
        super().__init__(f"{incident.number} is at version {incident.version}")
        self.incident, self.events = incident, list(events)


class Query(NamedTuple):
    """What a list asks for. Empty fields ask nothing. `text` is looked for in number, title, address and description; `steps` are
    `spine.state`, any of which fits."""

    text: str = ""
    spine: str = ""
    states: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    open: bool | None = None
    classes: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    department: str = ""
    urgency: str = ""
    grade: str = ""
    overdue: bool = False
    near_due: bool = False
    supervised: bool = False
    proposed: bool = False
    contradicted: bool = False
    source: str = ""
    since: int | None = None
    until: int | None = None
    sort: str = "-reported_at"
    offset: int = 0
    limit: int = 100


class Row(NamedTuple):
    """An incident as lists show it; times are epoch ms."""

    incident_id: str
    number: str
    version: int
    spine: str
    state: str
    open: bool
    source: str
    class_code: str
    title: str
    urgency: str
    grade: str
    response_level: str
    region: str
    lon: float | None
    lat: float | None
    address: str
    device_id: str
    lead: str
    departments: tuple[str, ...]
    reported_at: int
    changed_at: int
    clock: str
    due_at: int | None
    near_at: int | None
    paused: bool
    supervised: bool
    carried: bool
    proposals: tuple[str, ...]
    alarms: tuple[str, ...]
    exercise: bool


class Attachment(NamedTuple):
    """A file of an incident, checked by content; `sha256` finds its bytes."""

    attachment_id: str
    incident_id: str
    sha256: str
    media_type: str
    bytes: int
    name: str
    phase: str
    taken_at: int | None
    lon: float | None
    lat: float | None
    added_by: str
    added_at: int


class Scoped(NamedTuple):
    """Where somebody may look: region codes with all below them already listed, and departments; None means everywhere."""

    regions: tuple[str, ...] | None
    departments: tuple[str, ...] | None


class IncidentStore(Protocol):
    """PostgreSQL, as incidents need it (data_adapters/sql/incident_repository.py)."""

    def number(self) -> int:
        """The next number to print; gaps are allowed."""

    def append(self, steps: Sequence[Step]) -> None:
        """Write all events, and the incidents as they then are, in one transaction, or nothing. Raises Changed where an incident
        has gone on since the step was decided, or where its actor has already sent the `request_id`; Refused `alarm_taken` where an open
        incident has an alarm that a step brings into another."""

    def find(self, incident_id: str, at: int | None = None) -> Incident | None:
        """The incident folded from its events; at a past moment from those recorded until then. None where there was none, and for
        what is no id."""

    def story(self, incident_id: str, at: int | None = None) -> tuple[Incident, list[Event]] | None:
        """As `find`, with the events it was folded from."""

    def events(self, incident_id: str, at: int | None = None) -> list[Event]:
        """Its events in order."""

    def find_by_request(self, actor: str, request_id: str) -> Incident | None:
        """The incident, as it is now, of a request that `actor` has sent before."""

    def search(self, scoped: Scoped, query: Query, now: int) -> tuple[list[Row], int]:
        """One page of a list, and how many there are in all."""

    def past(self, scoped: Scoped, at: int) -> list[Incident]:
        """The incidents that were open at a past moment, as they were then known."""

    def between(self, scoped: Scoped, since: int, until: int) -> list[Incident]:
        """Incidents reported in this time, as they are now."""

    def near(self, scoped: Scoped, lon: float, lat: float, metres: float, since: int, limit: int) -> list[tuple[Row, float]]:
        """Open incidents around a place reported since then, nearest first, with their distance in metres."""

    def of_alarm(self, alarm_id: str) -> list[str]:
        """The incidents that an alarm belongs to."""

    def deferred(self, until: int) -> list[tuple[str, int]]:
        """Open incidents deferred up to then at the latest, with when that is over."""

    def attach(self, attachment: Attachment, step: Step) -> None:
        """Write an attachment with its event in one transaction. Raises Changed."""

    def attachments(self, incident_id: str) -> list[Attachment]:
        """All attachments of an incident, oldest first."""


class Blobs(Protocol):
    """Where attachments' bytes lie, outside the web root (data_adapters/blobs.py)."""

    def put(self, content: bytes) -> str:
        """Store; returns the SHA-256. Safe when this returns."""

    def get(self, sha256: str) -> bytes | None:
        """The bytes, or None."""


class Inspect(Protocol):
    """Says what a file is by its content (data_adapters/inspect.py)."""

    def __call__(self, content: bytes) -> str | None:
        """The media type, or None for what is not allowed or not what it pretends to be."""


class Told(Protocol):
    """Whoever must hear that incidents changed: the live picture, the outbox. Never raises; what it misses is made good later."""

    def __call__(self, steps: Sequence[Step]) -> None: ...


Said = Mapping[str, Any]


class Handbook(Protocol):
    """The city's rules, as the configuration says them (data_adapters/handbook.py)."""

    working: WorkingTime
    limits: IncidentLimits

    def regions(self) -> Mapping[str, Region]:
        """The regions of now."""

    def region_at(self, lon: float, lat: float) -> str:
        """The smallest region with an outline around the point; empty where there is none."""

    def device_place(self, device_id: str) -> Mapping[str, Any] | None:
        """`lon`, `lat`, `region`, `department` of a device."""

    def group(self, class_code: str) -> str:
        """The group of a class; empty for an unknown one."""

    def spine(self, class_code: str) -> str:
        """The spine that incidents of this class take; `case` for an unknown one."""

    def urgency(self, class_code: str) -> str:
        """How urgent incidents of this class are unless somebody says otherwise."""

    def duty(self, class_code: str, region: str, owner: str) -> Duty | None:
        """The entry of the responsibility matrix that applies."""

    def allowances(self, incident: Incident) -> Mapping[str, Allowance]:
        """The clocks of the incident's spine, without `handle`."""
