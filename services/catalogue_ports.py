"""What the resource catalogue and the layers need from outside. Times are epoch ms."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from domain.catalogue import Resource
from services.topic_ports import Answer, TableSeen, TopicRow, Totals


class LibraryState(NamedTuple):
    """A library as it stands. `failing_since`: it has not answered since; `error` says why."""

    code: str
    name: str
    name_en: str
    kind: str
    layer: str
    provider: str
    provider_code: str
    every_s: float
    last_ok_at: int | None = None
    failing_since: int | None = None
    error: str = ""


class Spelled(NamedTuple):
    """How something is spelled in pinyin: every ending that begins at a syllable, in full and by initials, each after a `|`."""

    pinyin: str = ""
    initials: str = ""


class Entry(NamedTuple):
    """A resource as the catalogue holds it. `newest_at`: the newest time that a row of it had; `landed`: it is fetched into the landing
    library; `spelled`, `fields_spelled`: in pinyin."""

    resource: Resource
    landed: bool
    spelled: Spelled
    fields_spelled: Sequence[Spelled]
    inspected_at: int | None = None
    newest_at: int | None = None
    landed_at: int | None = None
    landed_rows: int | None = None


class Run(NamedTuple):
    """One asking. `what`: a table or a query; `rows` came in `took_ms`; `error` is empty where all went well."""

    library: str
    what: str
    started_at: int
    took_ms: int
    rows: int
    error: str = ""


class Difference(NamedTuple):
    """A record in which source and landing library differ: missing (not landed), extra (not in the source any more), changed."""

    record_key: str
    kind: str
    source: Mapping[str, Any] | None
    landed: Mapping[str, Any] | None


class Reconciliation(NamedTuple):
    """A comparison 对账. `sums`: column -> [source's, landed]. `differences` of them were kept row by row."""

    resource: str
    at: int
    source_rows: int | None
    landed_rows: int | None
    sums: Mapping[str, Sequence[float]]
    differences: int = 0
    error: str = ""

    @property
    def agrees(self) -> bool:
        """Whether both sides say the same."""
        return not self.error and self.source_rows == self.landed_rows and all(abs(a - b) < 1e-6 for a, b in self.sums.values())


class Landed(NamedTuple):
    """What of a table was fetched last: [since, until)."""

    since: int
    until: int


class TablePlan(NamedTuple):
    """A table that is fetched. `span_ms`: how far back, None for all of it; `timed`: its rows have a time."""

    name: str
    resource: str
    keys: tuple[str, ...]
    span_ms: int | None
    timed: bool
    sums: tuple[str, ...]


class FigurePlan(NamedTuple):
    """A query that claims figures: column -> figure."""

    query: str
    time: str
    figures: Mapping[str, str]


class LibraryPlan(NamedTuple):
    """What jobs.py does about a library. `describe` makes catalogue entries of what the library has."""

    state: LibraryState
    describe: Callable[[Sequence[TableSeen]], Sequence[tuple[Resource, bool]]]
    tables: tuple[TablePlan, ...] = ()
    figures: tuple[FigurePlan, ...] = ()


class CatalogueStore(Protocol):
    """data_adapters/sql/catalogue_repository.py."""

    def entries(self) -> list[Entry]:
        """All, those that are gone included, by code."""

    def libraries(self) -> list[LibraryState]:
        """Those of today, by code."""

    def stamp(self) -> Any:
        """Changes when an entry does."""

    def runs(self, library: str, most: int) -> list[Run]:
        """The newest first."""

    def reconciliations(self) -> list[Reconciliation]:
        """The newest of each resource."""

    def differences(self, resource: str, most: int) -> list[Difference]:
        """Those of its newest comparison."""


class LayerStore(Protocol):
    """Where jobs.py keeps what it fetched (data_adapters/sql/layer_repository.py)."""

    def declare(self, states: Sequence[LibraryState]) -> None:
        """These are today's libraries."""

    def describe(self, library: str, resources: Sequence[tuple[Resource, bool]], now: int) -> None:
        """What the library has; entries that it hasn't any more are marked as gone."""

    def land(self, plan: TablePlan, answer: Answer, span: Landed) -> int:
        """Landing and central library after this run, in one transaction; returns how many rows repeated the key of another."""

    def keep_figures(self, plan: FigurePlan, answer: Answer) -> int:
        """The topic library's figures; returns how many were new or other than before. Raises QueryRefused when one is said twice."""

    def newest_figure(self, library: str, query: str) -> int | None:
        """The newest time that a figure of the query has."""

    def ran(self, run: Run) -> None:
        """Keep what happened."""

    def fared(self, library: str, now: int, error: str) -> None:
        """Whether the library answered."""

    def landed(self, resource: str) -> Landed | None:
        """What was fetched last."""

    def landed_totals(self, resource: str, span: Landed, sums: Sequence[str]) -> Totals:
        """Count and sums of what lies in the landing library."""

    def landed_rows(self, resource: str, span: Landed) -> Mapping[str, Mapping[str, Any]]:
        """Record key -> facts."""

    def compared(self, found: Reconciliation, differences: Sequence[Difference]) -> None:
        """Keep a comparison."""

    def forget_runs(self, before: int) -> None:
        """Runs and comparisons from before."""


def record_key(row: TopicRow, keys: Sequence[str]) -> str | None:
    """What names a row: its keys' values; None where one of them is missing."""
    values = [row.values.get(key) for key in keys]
    return None if any(value is None for value in values) else "|".join(str(value) for value in values)
