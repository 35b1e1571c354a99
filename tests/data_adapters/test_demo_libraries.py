"""The demo's topic libraries: made at once, filled in the background, and growing with the clock."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, text

from data_adapters.demo.facts import read_facts
from data_adapters.demo.libraries import Filling, Library, make_tables, read_libraries
from data_adapters.demo.libraries.halls import halls

ZONE = ZoneInfo("Asia/Shanghai")
HOUR, DAY = 3_600_000, 86_400_000
NOW = int(datetime(2026, 5, 1, 10, 20, tzinfo=ZONE).timestamp() * 1000)


def small() -> list[Library]:
    """All tables, with little history."""
    libraries = read_libraries()
    return [one._replace(tables=tuple(table._replace(keep=3) for table in one.tables)) for one in libraries]


@pytest.fixture(scope="module")
def filling(engine: Engine) -> Filling:
    libraries = small()
    make_tables(engine, libraries)
    make_tables(engine, libraries)
    filling = Filling(engine, libraries, read_facts())
    assert filling.tick(NOW) > 0
    return filling


def rows(engine: Engine, sql: str) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(sql))]


def test_every_share_refers_to_a_column_before_it() -> None:
    for library in read_libraries():
        for table in library.tables:
            seen: set[str] = set()
            for column in table.columns:
                assert column.of is None or column.of in seen, (library.code, table.name, column.name)
                seen.add(column.name)


def test_government_service_has_one_city_hall_three_zones_32_towns_and_586_village_stations() -> None:
    levels = [hall.level for hall in halls(read_facts())]
    assert {level: levels.count(level) for level in levels} == {"city": 1, "zone": 3, "town": 32, "village": 586}


def test_a_tick_fills_every_table_to_the_last_hour_day_and_month_that_are_over(engine: Engine, filling: Filling) -> None:
    for library in small():
        for table in library.tables:
            newest = rows(engine, f"SELECT max({table.time})::text, count(DISTINCT {table.time}) FROM {library.schema}.{table.name}")
            expected = {"hour": "2026-05-01 01:00:00+00", "day": "2026-04-30", "month": "2026-04-01"}[table.step]
            assert newest == [(expected, 3)], (library.code, table.name)


def test_an_hour_later_the_hourly_tables_have_grown_and_no_row_has_changed(engine: Engine, filling: Filling) -> None:
    before = rows(engine, "SELECT * FROM lib_ecology.air_hourly")
    assert filling.tick(NOW) == 0
    assert filling.tick(NOW + HOUR) > 0
    after = rows(engine, "SELECT * FROM lib_ecology.air_hourly")
    assert set(before) < set(after) and len(after) == len(before) + 33


def test_a_part_is_never_more_than_its_whole(engine: Engine, filling: Filling) -> None:
    for library in small():
        for table in library.tables:
            for column in table.columns:
                if column.of:
                    bad = rows(engine, f"SELECT count(*) FROM {library.schema}.{table.name} WHERE {column.name} > {column.of}")
                    assert bad == [(0,)], (library.code, table.name, column.name)
