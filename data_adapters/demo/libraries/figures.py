"""How a demo table's figures are made: one SQL statement a table, so that the database fills two years in seconds (演示数据)."""

from data_adapters.demo.libraries.tables import STEPS, Column, Table

CHANCE = "((hashtextextended(m.key || '|' || m.t::text || '|{name}', 0) & 1048575) / 524288.0 - 1)"
"""From -1 to below 1; always the same for the same row and column."""
WEEKLY = "(CASE WHEN extract(isodow FROM m.t) > 5 THEN -1 ELSE 0.4 END)"
DAILY = "sin((extract(hour FROM m.t) - 8) * pi() / 12)"
YEARLY = "sin((extract(doy FROM m.t) - 110) * 2 * pi() / 365)"
YEARS = "(extract(epoch FROM m.t - timestamp '2025-01-01') / 31557600)"
KEYS = {
    "region": "行政区划代码", "hall": "大厅编码", "department": "部门代码", "cluster": "云区", "ring": "环网", "outlet": "互联网出口",
    "zone": "网络区域", "kind": "装备类型", "at": "时间", "day": "日期", "month": "月份",
}  # fmt: skip
"""What key and time columns are called."""
SPREAD_OF_COUNTS, SPREAD_OF_SHARES = 0.1, 0.02


def insert(schema: str, table: Table) -> str:
    """Fills the table's steps from :first to :last (local times, `:step` apart) for `:keys` with `:scales`; rows that are there stay."""
    names = [column.name for column in table.columns]
    made = "\n".join(f"CROSS JOIN LATERAL (SELECT {figure(column)} AS {column.name}) {column.name}_" for column in table.columns)
    picked = ", ".join(f"{name}_.{name}" for name in names)
    at = "m.t AT TIME ZONE :zone" if table.step == "hour" else "m.t::date"
    return f"""INSERT INTO {schema}.{table.name} ({table.key}, {table.time}, {", ".join(names)})
        SELECT m.key, {at}, {picked}
        FROM (SELECT k.key, k.scale, t FROM unnest(CAST(:keys AS text[]), CAST(:scales AS float8[])) AS k(key, scale),
              generate_series(CAST(:first AS timestamp), CAST(:last AS timestamp), CAST(:step AS interval)) AS t) m
        {made}
        ON CONFLICT DO NOTHING"""


def figure(column: Column) -> str:
    """The column's figure for the row `m` (key, scale in thousands, local time t); a share refers to a column before it."""
    swing = "".join(f" * (1 + {size} * {wave})" for size, wave in _waves(column) if size)
    chance = CHANCE.format(name=column.name)
    if column.of:
        spread = SPREAD_OF_SHARES if column.spread is None else column.spread
        value = f"{column.of}_.{column.of} * greatest(0, least(1, {column.share}{swing} + {spread} * {chance}))"
    else:
        spread = SPREAD_OF_COUNTS if column.spread is None else column.spread
        size = f"{column.per_1000} * m.scale" if column.around is None else str(column.around)
        value = f"greatest(0, {size}{swing} * (1 + {spread} * {chance}))"
    return f"round(({value})::numeric, {column.decimals})"


def create(schema: str, table: Table) -> list[str]:
    """The statements that make the table, if it isn't there, with a comment on it and on each column."""
    time, kind = STEPS[table.step]
    columns = [f"{one.name} {'double precision' if one.decimals else 'bigint'} NOT NULL" for one in table.columns]
    body = ", ".join([f"{table.key} text NOT NULL", f"{time} {kind} NOT NULL", *columns, f"PRIMARY KEY ({table.key}, {time})"])
    comments = {name: KEYS[name] for name in (table.key, table.time)} | {one.name: one.comment for one in table.columns}
    return [
        f"CREATE TABLE IF NOT EXISTS {schema}.{table.name} ({body})",
        f"COMMENT ON TABLE {schema}.{table.name} IS '{table.zh}（演示数据）'",
        *(f"COMMENT ON COLUMN {schema}.{table.name}.{name} IS '{said}'" for name, said in comments.items()),
    ]


def _waves(column: Column) -> list[tuple[float, str]]:
    return [(column.daily, DAILY), (column.weekly, WEEKLY), (column.yearly, YEARLY), (column.growth, YEARS)]
