"""Prometheus as a library: its HTTP API v1, `query` and `query_range`, which only read. Rows: labels, `at`, `value`."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from config.strict import Field, at_least_one, read_entry, wrong
from config.strict import text as some_text
from config.topics import QueryConfig, TableConfig
from data_adapters.topics.asking import Asking, Span, now_ms
from data_adapters.topics.setup import FILE, Setup
from data_adapters.topics.web import SETTINGS, WebSession
from domain.event_time import to_datetime
from services.topic_ports import ColumnSeen, LibraryAway, QueryRefused, TableSeen, Value

SOURCE_FIELDS: dict[str, Field] = {"promql": (some_text, None), "step_s": (at_least_one, 3600.0)}
MOST_STEPS = 11_000
"""Prometheus refuses more points a series."""


class PrometheusLibrary(Asking):
    """One server. Queries have `promql`; with `step_s` they ask for every step from since to until, else for the value at `until`."""

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup.config)
        self._web = WebSession(setup, setup.read(SETTINGS, optional=("token",)))
        for query in self.config.queries:
            if "promql" not in query.asks or query.parameters:
                raise wrong(FILE, f"{self.code}: queries: {query.name}", "promql", query.asks.get("promql"), "PromQL, without parameters")
        self._sources = {table.name: self._source(table) for table in self.config.tables}

    def tables(self) -> Sequence[TableSeen]:
        """Each table with the labels that its series have now."""
        found = []
        for name, source in self._sources.items():
            labels = {label: "text" for row in self._ask(source["promql"], None, Span(0, now_ms())) for label in row}
            columns = [ColumnSeen(label, word) for label, word in {**labels, "at": "moment", "value": "number"}.items()]
            found.append(TableSeen(name, columns))
        return found

    def _query(self, query: QueryConfig, span: Span, parameters: Mapping[str, Value]) -> Iterable[Mapping[str, Any]]:
        return self._ask(query.asks["promql"], query.asks.get("step_s"), span)

    def _table(self, table: TableConfig, span: Span) -> Iterable[Mapping[str, Any]]:
        source = self._sources[table.name]
        return self._ask(source["promql"], source["step_s"], Span(span.since, min(span.until, now_ms())))

    def _ask(self, promql: str, step_s: float | None, span: Span) -> list[dict[str, Any]]:
        asked = {"query": promql, "timeout": f"{round(self.config.timeout_s * 1000)}ms"}
        if step_s is None:
            page = self._web.get("/api/v1/query", {**asked, "time": str(span.until / 1000)})
        else:
            if (span.until - span.since) / 1000 / step_s > MOST_STEPS:
                raise QueryRefused(f"{self.code}: more than {MOST_STEPS} steps of {step_s:g} s: ask for a shorter time, by `since`")
            ends = {"start": str(span.since / 1000), "end": str(span.until / 1000), "step": f"{step_s:g}"}
            page = self._web.get("/api/v1/query_range", {**asked, **ends})
        return self._rows(page.document)

    def _rows(self, document: Any) -> list[dict[str, Any]]:
        try:
            if document["status"] != "success":
                raise LibraryAway(f"{self.code}: {str(document.get('error'))[:200]}")
            kind, result = document["data"]["resultType"], document["data"]["result"]
            if kind in ("scalar", "string"):
                return [_row({}, result)]
            pairs = [(series.get("metric", {}), series["values"] if kind == "matrix" else [series["value"]]) for series in result]
            return [_row(labels, point) for labels, points in pairs for point in points]
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise LibraryAway(f"{self.code}: answered what is no Prometheus answer ({type(error).__name__})") from None

    def _source(self, table: TableConfig) -> dict[str, Any]:
        said = read_entry(FILE, f"{self.code}: tables: {table.name}: source", table.source, SOURCE_FIELDS)
        if not said["promql"]:
            raise wrong(FILE, f"{self.code}: tables: {table.name}: source", "promql", None, "PromQL")
        return said


def _row(labels: Mapping[str, str], point: Sequence[Any]) -> dict[str, Any]:
    """A point is [seconds, "value"]; a value that is no number (NaN, a string's) is none."""
    at, said = point
    try:
        value: float | None = float(said)
    except ValueError:
        value = None
    return {**labels, "at": to_datetime(round(float(at) * 1000)), "value": value}
