"""Makes the demo's libraries and keeps them growing: an hour's rows when it is over, a day's after midnight, a month's on the first."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, text

from data_adapters.demo.facts import Facts
from data_adapters.demo.libraries.figures import create, insert
from data_adapters.demo.libraries.halls import halls
from data_adapters.demo.libraries.tables import Library, Table
from domain.event_time import to_datetime

LOG = logging.getLogger("citydeck.demo")
ZONE = "Asia/Shanghai"
STEPS = {"hour": "1 hour", "day": "1 day", "month": "1 month"}
HALLS = """CREATE TABLE IF NOT EXISTS lib_government_service.halls (hall text PRIMARY KEY, level text NOT NULL, name text NOT NULL,
    region text NOT NULL, windows bigint NOT NULL)"""
HALL_WORDS = {
    "hall": "大厅编码",
    "level": "层级（city、zone、town、village）",
    "name": "大厅名称",
    "region": "行政区划代码",
    "windows": "窗口数",
}
BATCH = 4000
"""Rows of one statement, about: nobody else waits long for the database."""


def make_tables(engine: Engine, libraries: Sequence[Library]) -> None:
    """Schemas and empty tables, those that aren't there yet; takes a few tenths of a second."""
    with engine.begin() as tx:
        for library in libraries:
            tx.execute(text(f"CREATE SCHEMA IF NOT EXISTS {library.schema}"))
            for table in library.tables:
                for statement in create(library.schema, table):
                    tx.execute(text(statement))
        tx.execute(text(HALLS))
        tx.execute(text("COMMENT ON TABLE lib_government_service.halls IS '政务服务大厅名录（演示数据）'"))
        for name, said in HALL_WORDS.items():
            tx.execute(text(f"COMMENT ON COLUMN lib_government_service.halls.{name} IS '{said}'"))


class Filling:
    """Fills what is missing up to now, table by table, so that the newest is there soon."""

    def __init__(self, engine: Engine, libraries: Sequence[Library], facts: Facts) -> None:
        self._engine, self._libraries, self._halls = engine, libraries, halls(facts)
        self._members = {
            "towns": {unit.code: unit.population / 1000 for unit in facts.units},
            "departments": {one.code: 1.0 for one in facts.departments},
            "halls": {hall.hall: float(hall.windows) for hall in self._halls},
        }

    def tick(self, now: int) -> int:
        """Fill up to `now` (epoch ms); returns how many rows were new."""
        local = to_datetime(now).astimezone(ZoneInfo(ZONE)).replace(tzinfo=None)
        with self._engine.begin() as tx:
            new = _fill_halls(tx, [hall._asdict() for hall in self._halls])
        return new + sum(self._fill(library, table, local) for library in self._libraries for table in library.tables)

    def _fill(self, library: Library, table: Table, local: datetime) -> int:
        last = latest(table.step, local)
        with self._engine.connect() as connection:
            held = connection.execute(text(f"SELECT max({table.time}) FROM {library.schema}.{table.name}")).scalar()
        first = back(table.step, last, table.keep - 1) if held is None else back(table.step, _local(held), -1)
        members = table.members or self._members[table.by]
        scales = [size / 1000 for size in members.values()] if table.members else list(members.values())
        each = max(1, BATCH // len(members))
        new = 0
        while first <= last:
            until = min(last, back(table.step, first, 1 - each))
            said = {"keys": list(members), "scales": scales, "first": first, "last": until, "step": STEPS[table.step]}
            with self._engine.begin() as tx:
                new += tx.execute(text(insert(library.schema, table)), said | ({"zone": ZONE} if table.step == "hour" else {})).rowcount
            first = back(table.step, until, -1)
        return new


def latest(step: str, local: datetime) -> datetime:
    """The newest hour, day or month that is over at `local`: what a department knows by then."""
    hour = local.replace(minute=0, second=0, microsecond=0)
    day = hour.replace(hour=0)
    return {"hour": hour - timedelta(hours=1), "day": day - timedelta(days=1), "month": back("month", day.replace(day=1), 1)}[step]


def back(step: str, at: datetime, many: int) -> datetime:
    """`many` steps before `at` (after it, where `many` is negative)."""
    if step == "month":
        months = at.year * 12 + at.month - 1 - many
        return at.replace(year=months // 12, month=months % 12 + 1)
    return at - many * (timedelta(hours=1) if step == "hour" else timedelta(days=1))


def _local(held: object) -> datetime:
    """A time column's value as local time without zone."""
    if isinstance(held, datetime):
        return held.astimezone(ZoneInfo(ZONE)).replace(tzinfo=None)
    return datetime.fromisoformat(str(held))


def _fill_halls(tx: Connection, found: Sequence[dict[str, object]]) -> int:
    if tx.execute(text("SELECT EXISTS (SELECT FROM lib_government_service.halls)")).scalar():
        return 0
    said = "INSERT INTO lib_government_service.halls (hall, level, name, region, windows) VALUES (:hall, :level, :zh, :region, :windows)"
    tx.execute(text(said), found)
    return len(found)
