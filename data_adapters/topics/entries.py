"""What config/topics.yaml says of a library and what the library itself says, together as catalogue entries and a plan for jobs.py."""

from collections.abc import Mapping, Sequence
from functools import partial

from config.topics import LibraryConfig, TableConfig
from domain.catalogue import DAY_MS, Resource, ResourceField
from services.catalogue_ports import FigurePlan, LibraryPlan, LibraryState, TablePlan
from services.topic_ports import ColumnSeen, TableSeen

FORMATS = {"sql": "数据库", "files": "文件", "http_json": "接口", "prometheus": "接口"}


def plan_of(config: LibraryConfig) -> LibraryPlan:
    """What jobs.py does about this library."""
    state = LibraryState(
        config.code,
        config.zh,
        config.en,
        config.kind,
        config.layer,
        config.provider,
        config.provider_code or config.provider,
        config.every_s,
    )
    tables = tuple(_table(config, table) for table in config.tables if table.land is not None)
    figures = tuple(FigurePlan(query.name, query.time, query.figures) for query in config.queries if query.figures and query.time)
    return LibraryPlan(state, partial(resources, config), tables, figures)


def resources(config: LibraryConfig, seen: Sequence[TableSeen]) -> list[tuple[Resource, bool]]:
    """The entries of the tables that are declared and there, each with whether it is fetched."""
    there = {table.name: table for table in seen}
    return [(_resource(config, table, there[table.name]), table.land is not None) for table in config.tables if table.name in there]


def code_of(library: str, table: str) -> str:
    """The catalogue's code of a table."""
    return f"{library}.{table}"


def _resource(config: LibraryConfig, table: TableConfig, seen: TableSeen) -> Resource:
    entry = table.entry
    title = table.zh or seen.comment or table.name
    return Resource(
        code=code_of(config.code, table.name),
        library=config.code,
        table=table.name,
        title=title,
        summary=table.summary or seen.comment or title,
        provider=config.provider,
        provider_code=config.provider_code or config.provider,
        category=entry.category,
        carrier=entry.carrier,
        record_form=entry.record_form,
        storage=entry.storage,
        format=entry.format if entry.format != "数据库" else FORMATS[config.kind],
        share=entry.share,
        share_condition=entry.condition,
        share_way=entry.way,
        open=entry.open,
        cycle=entry.cycle,
        version=entry.version,
        published_on=entry.published_on,
        related=entry.related,
        fields=_fields(table, {column.name: column for column in seen.columns}),
    )


def _fields(table: TableConfig, seen: Mapping[str, ColumnSeen]) -> tuple[ResourceField, ...]:
    """Declared ones first, in their order; then what else is there. What is declared and not there is left out."""
    names = [*(name for name in table.fields if name in seen), *(name for name in seen if name not in table.fields)]
    return tuple(_field(name, table.fields.get(name), seen[name], name in table.keys) for name in names)


def _field(name: str, declared: tuple[str, str] | None, seen: ColumnSeen, key: bool) -> ResourceField:
    title, kind = declared if declared else ("", seen.type)
    return ResourceField(name, title or seen.comment or name, kind, key or seen.key, declared is not None)


def _table(config: LibraryConfig, table: TableConfig) -> TablePlan:
    land = table.land
    assert land is not None
    span_ms = None if land.days is None or table.time is None else round(land.days * DAY_MS)
    return TablePlan(table.name, code_of(config.code, table.name), table.keys, span_ms, table.time is not None, land.sums)
