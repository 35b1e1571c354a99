"""From a department's table to the landing, central and topic library: as jobs.py does it, on a real database."""

import logging
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from config.topics import Entry, Landing, LibraryConfig, QueryConfig, TableConfig
from data_adapters.sql.catalogue_repository import CatalogueRepository
from data_adapters.sql.job_marks import JobMark
from data_adapters.sql.layer_repository import LayerRepository
from data_adapters.topics.entries import plan_of
from data_adapters.topics.pinyin import spelled
from data_adapters.topics.reader import make_reader, reader_url
from data_adapters.topics.setup import Setup
from data_adapters.topics.sql import SqlLibrary
from domain.access import Actor, Forbidden
from domain.catalogue import Resource
from services.catalogue import Catalogue
from services.catalogue_ports import Reconciliation
from services.reconciling import Compared, Reconciling
from services.topic_rounds import TopicRound

ZONE = ZoneInfo("Asia/Shanghai")
NOW = int(datetime(2026, 5, 10, 3, 0, tzinfo=ZONE).timestamp() * 1000)
HOUR, DAY = 3_600_000, 86_400_000
STEWARD, WATCH = Actor("steward", frozenset({"data_steward"})), Actor("watch", frozenset({"operator"}))
CONFIG = LibraryConfig(
    "school",
    "教育专题库",
    "Education",
    "sql",
    "education",
    settings={"database": "city", "schema": "lib_school"},
    tables=(
        TableConfig("attendance", "每日出勤", keys=("town", "day"), time="day", land=Landing(7, ("present",))),
        TableConfig("towns", entry=Entry(cycle="yearly", share="none"), fields={"seats": ("学位数", "whole")}, land=Landing()),
        TableConfig("absent_table", "没有的表"),
    ),
    queries=(
        QueryConfig("present", {"sql": "SELECT day, town, present FROM attendance WHERE day >= :since"}, "day", {}, {"present": "edu.p"}),
    ),
)


class Town:
    """A city with one library in its own database."""

    def __init__(self, engine: Engine, url: str) -> None:
        self.engine, self.now = engine, NOW
        self.store = LayerRepository(engine, spelled)
        self.library = SqlLibrary(Setup(CONFIG, {"url": reader_url(url)}))
        self.plan = plan_of(CONFIG)
        self.store.declare([self.plan.state])
        self.round = self.fresh_round()
        self.catalogue = Catalogue(CatalogueRepository(engine), clock=lambda: self.now)
        self.told: list[list[str]] = []

    def fresh_round(self) -> TopicRound:
        return TopicRound(self.library, self.plan, self.store, lambda: self.now)

    def later(self, ms: int) -> int:
        self.now += ms
        return self.round.round(self.now)

    def night(self) -> Reconciling:
        def tell(differ: Any, now: int) -> None:
            self.told.append([one.resource for one in differ])

        mark, compared = JobMark(self.engine, "reconciliation"), [Compared(self.library, self.plan)]
        return Reconciling(compared, self.store, mark, lambda now: (datetime.fromtimestamp(now / 1000, ZONE).date().isoformat(), 3), tell)

    def sql(self, said: str) -> Any:
        with self.engine.begin() as tx:
            done = tx.execute(text(said))
            return [tuple(row) for row in done] if done.returns_rows else None


@pytest.fixture
def town(engine: Engine, database_url: str) -> Iterator[Town]:
    with engine.begin() as tx:
        tx.execute(text("CREATE SCHEMA lib_school"))
        tx.execute(text("CREATE TABLE lib_school.attendance (town text, day date, present int, PRIMARY KEY (town, day))"))
        tx.execute(text("COMMENT ON COLUMN lib_school.attendance.present IS '实到人数'"))
        tx.execute(text("CREATE TABLE lib_school.towns (town text, seats int)"))
        tx.execute(text("INSERT INTO lib_school.attendance VALUES ('a', '2026-05-01', 1), ('a', '2026-05-08', 8), ('a', '2026-05-09', 9)"))
        tx.execute(text("INSERT INTO lib_school.towns VALUES ('a', 100), ('a', 100), ('b', 50)"))
    make_reader(engine, database_url, ["lib_school"])
    yield Town(engine, database_url)
    with engine.begin() as tx:
        tx.execute(text("SELECT set_config('citydeck.layer_writer', 'jobs', true)"))
        tx.execute(text("DROP SCHEMA lib_school CASCADE"))
        tx.execute(text("TRUNCATE landing.records, central.records, topic.figures, reconciliations, topic_runs, data_resources CASCADE"))
        tx.execute(text("TRUNCATE job_marks, topic_libraries CASCADE"))


def test_the_catalogue_fills_itself_from_the_declaration_and_from_the_library(town: Town) -> None:
    town.later(0)
    entry = town.catalogue.entry(STEWARD, "school.attendance")
    resource: Resource = entry.resource
    assert (resource.title, resource.provider, resource.share, resource.cycle) == ("每日出勤", "education", "conditional", "daily")
    assert [(one.name, one.title, one.type, one.key) for one in resource.fields] == [
        ("town", "town", "text", True),
        ("day", "day", "day", True),
        ("present", "实到人数", "whole", False),
    ]
    assert [one.title for one in town.catalogue.entry(STEWARD, "school.towns").resource.fields] == ["学位数", "town"]
    with pytest.raises(LookupError):
        town.catalogue.entry(STEWARD, "school.absent_table")


@pytest.mark.parametrize("words", ["每日", "chuqin", "meirichuqin", "mrcq", "实到", "shidao", "sdrs", "school.att", "出勤 present"])
def test_it_is_found_by_chinese_pinyin_and_initials(town: Town, words: str) -> None:
    town.later(0)
    assert [match.entry.resource.code for match in town.catalogue.search(WATCH, words).matches] == ["school.attendance"]


@pytest.mark.parametrize("words", ["iri", "uqin", "没有", "出勤 seats"])
def test_pinyin_is_matched_from_a_syllable_on_and_every_word_must_be_there(town: Town, words: str) -> None:
    town.later(0)
    assert town.catalogue.search(WATCH, words).total == 0


def test_what_is_not_shared_is_found_by_its_provider_and_the_city_only(town: Town) -> None:
    town.later(0)
    of = {name: Actor(name, frozenset({"handler"}), departments=frozenset({name})) for name in ("education", "water")}
    assert town.catalogue.search(of["education"]).total == 2
    assert town.catalogue.search(of["water"]).total == 1
    with pytest.raises(LookupError):
        town.catalogue.entry(of["water"], "school.towns")
    with pytest.raises(Forbidden):
        town.catalogue.search(Actor("auditor", frozenset({"auditor"})))
    with pytest.raises(Forbidden):
        town.catalogue.differences(WATCH, "school.attendance")


def test_rows_land_and_the_central_library_keeps_what_was_and_what_is_gone(town: Town) -> None:
    town.later(0)
    assert town.sql("SELECT record_key, facts->>'present' FROM landing.records WHERE resource = 'school.attendance' ORDER BY 1") == [
        ("a|2026-05-08", "8"),
        ("a|2026-05-09", "9"),
    ]
    town.sql("UPDATE lib_school.attendance SET present = 80 WHERE day = '2026-05-08'")
    town.sql("DELETE FROM lib_school.attendance WHERE day = '2026-05-09'")
    town.later(HOUR)
    found = "SELECT record_key, facts->>'present', gone_run IS NULL FROM central.records WHERE resource = 'school.attendance' ORDER BY 1"
    assert town.sql(found) == [("a|2026-05-08", "80", True), ("a|2026-05-09", "9", False)]
    assert town.sql("SELECT count(*) FROM landing.records WHERE resource = 'school.towns'") == [(3,)]


def test_figures_come_from_their_query_and_follow_corrections(town: Town) -> None:
    town.later(0)
    found = "SELECT member, at::date::text, value FROM topic.figures WHERE figure = 'edu.p' ORDER BY at"
    assert [row[2] for row in town.sql(found)] == [1.0, 8.0, 9.0]
    town.sql("UPDATE lib_school.attendance SET present = 7 WHERE day = '2026-05-08'")
    town.later(HOUR)
    assert town.sql(found)[1][0] == "town=a" and [row[2] for row in town.sql(found)] == [1.0, 7.0, 9.0]


@pytest.mark.parametrize("table", ["landing.records", "central.records", "topic.figures"])
@pytest.mark.parametrize("deed", ["DELETE FROM {}", "TRUNCATE {}", "INSERT INTO {} SELECT * FROM {}", "UPDATE {} SET run_id = 1"])
def test_nobody_but_jobs_writes_into_the_layers(town: Town, table: str, deed: str) -> None:
    deed = deed.replace("run_id", "changed_run") if table.startswith("central") else deed
    with pytest.raises(DBAPIError, match="only jobs write into"):
        town.sql(deed.replace("{}", table))


def test_every_run_is_recorded_with_rows_and_errors(town: Town) -> None:
    town.later(0)
    (standing,) = town.catalogue.libraries(STEWARD, town.now)
    assert sorted((run.what, run.rows, run.error) for run in standing.runs) == [("attendance", 2, ""), ("present", 3, ""), ("towns", 3, "")]
    town.sql("ALTER TABLE lib_school.attendance RENAME COLUMN present TO here")
    town.later(HOUR)
    (standing,) = town.catalogue.libraries(STEWARD, town.now)
    assert "present" in standing.state.error and any("present" in run.error for run in standing.runs)
    assert {run.what for run in standing.runs if run.started_at >= town.now - 1000 or run.error} >= {"present"}


def test_a_library_that_is_away_is_said_once_asked_again_slower_and_then_answers_again(
    town: Town, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    town.later(0)
    reach, town.library._terms = town.library._engine, town.library._terms._replace(code="school")
    town.library._engine = SqlLibrary(Setup(CONFIG, {"url": "postgresql://x:only-the-tests@127.0.0.1:9/x"}))._engine
    with caplog.at_level(logging.INFO, "citydeck.topics"):
        town.later(HOUR)
        asked = [town.later(1000) for _ in range(10)]
        town.library._engine = reach
        town.later(HOUR)
    assert asked.count(1) == 3
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 2 and "is away" in said[0] and "answers again" in said[1] and "only-the-tests" not in said[0]
    assert town.catalogue.libraries(STEWARD, town.now)[0].state.failing_since is None


def test_a_resource_whose_newest_row_is_too_old_is_late(town: Town) -> None:
    town.later(0)
    entry = town.catalogue.entry(STEWARD, "school.attendance")
    assert entry.newest_at == int(datetime(2026, 5, 9, tzinfo=ZONE).timestamp() * 1000)
    assert town.catalogue.late(entry, entry.newest_at + 60 * HOUR) is None
    assert town.catalogue.late(entry, entry.newest_at + 60 * HOUR + 1) == 1


def test_at_night_both_sides_are_compared_and_differences_listed_row_by_row(town: Town) -> None:
    town.later(0)
    assert town.night().round(town.now) == 2
    assert all(one.agrees for one in town.catalogue.reconciliations(STEWARD)) and town.told == []
    assert town.night().round(town.now + HOUR) == 0
    town.sql("UPDATE lib_school.attendance SET present = 80 WHERE day = '2026-05-08'")
    town.sql("DELETE FROM lib_school.attendance WHERE day = '2026-05-09'")
    town.sql("INSERT INTO lib_school.attendance VALUES ('b', '2026-05-07', 5), ('b', '2026-05-10', 5), ('b', '2026-06-01', 1)")
    town.now += DAY
    assert town.night().round(town.now) == 2
    first: Reconciliation = town.catalogue.reconciliations(STEWARD)[0]
    assert (first.resource, first.agrees, first.source_rows, first.landed_rows) == ("school.attendance", False, 3, 2)
    assert first.sums == {"present": [90.0, 17.0]}
    found = [(one.record_key, one.kind) for one in town.catalogue.differences(STEWARD, "school.attendance")]
    assert found == [("a|2026-05-08", "changed"), ("a|2026-05-09", "extra"), ("b|2026-05-07", "missing"), ("b|2026-05-10", "missing")]
    assert town.told == [["school.attendance"]]


def test_a_table_that_goes_is_gone_from_the_catalogue_but_not_from_its_past(town: Town) -> None:
    town.later(0)
    before = town.now
    town.sql("DROP TABLE lib_school.towns")
    town.later(DAY)
    assert town.catalogue.search(STEWARD).total == 1
    assert town.catalogue.search(STEWARD, at=before).total == 2


def test_a_query_whose_rows_are_not_told_apart_claims_nothing_and_says_so(town: Town) -> None:
    town.sql("ALTER TABLE lib_school.attendance DROP CONSTRAINT attendance_pkey")
    town.sql("INSERT INTO lib_school.attendance VALUES ('a', '2026-05-09', 10)")
    town.later(0)
    assert town.sql("SELECT count(*) FROM topic.figures") == [(0,)]
    (standing,) = town.catalogue.libraries(STEWARD, town.now)
    assert "gives a figure twice" in standing.state.error
    assert any("1 rows repeat a key" in run.error for run in standing.runs if run.what == "attendance")
