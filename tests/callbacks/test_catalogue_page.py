"""The page of the catalogue on PostgreSQL: an entry in full, how libraries stand, a file previewed, confirmed and undone."""

import base64
import json
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Engine, text

from callbacks import catalogue as page
from callbacks import imports as desk
from config.languages import load_catalogues
from config.topics import Landing, LibraryConfig, TableConfig
from data_adapters.sql.catalogue_repository import CatalogueRepository
from data_adapters.sql.import_repository import ImportRepository
from data_adapters.sql.layer_repository import LayerRepository
from data_adapters.topics.entries import plan_of
from data_adapters.topics.files import FilesLibrary
from data_adapters.topics.pinyin import spelled
from data_adapters.topics.reading import open_file
from data_adapters.topics.setup import Setup
from domain.access import Actor
from layouts.catalogue import newest
from layouts.words import Words
from services.catalogue import Catalogue
from services.catalogue_ports import Difference, Reconciliation, Run
from services.manual_import import ManualImport
from services.topic_rounds import TopicRound
from tests.callbacks.test_duty_forms import Register
from tests.layouts.test_panels import classed, components, texts

CATALOGUES = load_catalogues()
STEWARD, WATCH = Actor("steward", frozenset({"data_steward"})), Actor("watch", frozenset({"operator"}))
NOW = 1_777_600_000_000
FIELDS = {"town": ("镇街", "text"), "day": ("日期", "day"), "pupils": ("在校生数", "whole")}


class City:
    """What the page asks of a city with one files library."""

    def __init__(self, engine: Engine) -> None:
        table = TableConfig("pupils", "在校学生", fields=FIELDS, keys=("town", "day"), time="day", land=Landing(None, ("pupils",)))
        config = LibraryConfig("school", "教育专题库", "Education library", "files", "education", tables=(table,))
        imports, self.store = ImportRepository(engine), LayerRepository(engine, spelled)
        self.library = FilesLibrary(Setup(config, {}, imports))
        self.store.declare([plan_of(config).state])
        self.round = TopicRound(self.library, plan_of(config), self.store, lambda: NOW)
        self.catalogue, self.register = Catalogue(CatalogueRepository(engine), clock=iter(range(0, 10**6, 10)).__next__), Register()
        self.imports = ManualImport(self.library.file_tables, imports, open_file)


@pytest.fixture(scope="module")
def faces(engine: Engine) -> Any:
    city = City(engine)
    city.round.round(NOW)
    return SimpleNamespace(city=city, words=lambda search: Words("en" if search else "zh", CATALOGUES["en" if search else "zh"]))


def upload(said: str) -> str:
    return "data:text/csv;base64," + base64.b64encode(said.encode("gbk")).decode()


def found_texts(tree: Any) -> str:
    return json.dumps([texts(one) for one in tree], ensure_ascii=False, default=str)


@pytest.mark.parametrize(("cycle", "told"), [("daily", "2026-05-01"), ("yearly", "2026-05-01"), ("hourly", "2026-05-01 09:46:40")])
def test_the_newest_data_of_a_resource_have_a_time_of_day_only_where_they_come_more_often_than_daily(cycle: str, told: str) -> None:
    held: Any = SimpleNamespace(newest_at=NOW, resource=SimpleNamespace(cycle=cycle))
    assert newest(Words("zh", CATALOGUES["zh"]), held) == told


def test_an_entry_is_found_by_initials_and_shown_with_its_fields(faces: Any) -> None:
    asked = {"words": "zxxs", "library": "", "share": ""}
    listed, detail, count, libraries = page.shown(faces, WATCH, asked, "", None, None)
    assert count == "1 项资源" and len(classed(listed[0], "catalogue-row")) == 1
    said = found_texts(detail)
    for word in ("在校学生", "school.pupils", "在校生数", "有条件共享", "教育专题库", "尚未归集"):
        assert word in said or word == "尚未归集"
    assert [one["label"] for one in libraries] == ["全部库", "教育专题库"]


def test_what_nobody_has_is_said_to_be_found_nowhere(faces: Any) -> None:
    listed, detail, _, _ = page.shown(faces, WATCH, {"words": "没有这样的", "library": "", "share": ""}, "", None, None)
    assert "没有符合条件的资源" in found_texts(listed) and detail == []


def test_a_file_is_previewed_confirmed_counted_and_undone(faces: Any) -> None:
    words, city = faces.words(None), faces.city
    good = "镇街,日期,在校生数\n莞城,2026-05-01,100\n东城,2026-05-01,很多\n"
    seen, told = desk.brought(city.imports, STEWARD, words, "school.pupils", "pupils.csv", upload(good))
    said = found_texts(seen)
    assert told == "" and "不是数值" in said and "莞城" in said and "GB 18030" in said and "跳过 1 行错误并导入" in said
    ids = [one.id for tree in seen for one in components(tree) if isinstance(getattr(one, "id", None), dict)]
    keep = next(one for one in ids if one["deed"] == "confirm_skipping")
    assert desk.done(city.imports, STEWARD, words, "confirm", keep["import"])[1].startswith("存在错误行")
    assert desk.done(city.imports, STEWARD, words, keep["deed"], keep["import"]) == (None, "已导入，错误行已跳过")
    city.round.round(NOW + 3_600_000)
    assert city.catalogue.entry(WATCH, "school.pupils").landed_rows == 1
    assert desk.done(city.imports, STEWARD, words, "undo", keep["import"])[1].startswith("已撤销")
    city.round.round(NOW + 7_200_000)
    assert city.catalogue.entry(WATCH, "school.pupils").landed_rows == 0
    listed, tables = desk.listed(city.imports, STEWARD, words)
    assert "已撤销" in found_texts(listed) and tables[0]["value"] == "school.pupils"


@pytest.mark.parametrize(
    ("table", "content", "said"),
    [
        ("school.pupils", upload(""), "文件为空"),
        ("school.pupils", "data:;base64,***", "无法导入此文件"),
        ("", upload("a,b\n1,2\n"), "请先选择要导入的表"),
        ("school.pupils", upload("a,b\n1,2\n"), "缺少列 (镇街)"),
    ],
)
def test_why_a_file_is_not_imported_is_said(faces: Any, table: str, content: str, said: str) -> None:
    assert desk.brought(faces.city.imports, STEWARD, faces.words(None), table, "x.csv", content) == (None, said)


def test_a_watch_officer_imports_nothing(faces: Any) -> None:
    seen, told = desk.brought(faces.city.imports, WATCH, faces.words(None), "school.pupils", "x.csv", upload("a\n1\n"))
    assert (seen, told) == (None, "无法导入此文件")


def test_the_steward_sees_libraries_runs_and_differences(faces: Any, engine: Engine) -> None:
    store = faces.city.store
    store.ran(Run("school", "pupils", NOW, 12, 0, "school: away"))
    store.compared(
        Reconciliation("school.pupils", NOW, 5, 4, {"pupils": [10.0, 8.0]}, 1),
        [Difference("莞城|2026-05-01", "changed", {"a": 1}, {"a": 2})],
    )
    said = found_texts(page.standing(faces, STEWARD, "school.pupils", None))
    for word in ("教育专题库", "school: away", "不一致", "5 / 4", "逐行差异 1", "莞城|2026-05-01", "数值不同"):
        assert word in said
    with engine.connect() as tx:
        assert tx.execute(text("SELECT count(*) FROM reconciliation_differences")).scalar() == 1
    english = found_texts(page.standing(faces, STEWARD, "", "?lang=en"))
    assert "Education library" in english and "differ" in english
