"""The examples of docs/add-an-indicator.md are true: put where it says, they make indicators, of columns that are there."""

import re
import shutil

import pytest
import yaml

from config.indicators import load_indicators
from config.strict import FOLDER
from config.topics import load_topics
from data_adapters.demo.libraries import read_libraries
from data_adapters.topics.registry import KINDS
from domain.live_roll_ups import ROLL_UPS
from tests.config.test_indicators import FILES

PAGE = (FOLDER.parent / "docs" / "add-an-indicator.md").read_text(encoding="utf-8")
QUERY, ENTRIES = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
NEW = ("rentals_checked", "parking_free")


def grid_of(text):
    """Where the queries of `grid` begin."""
    return text.index("  queries:\n", text.index("\ngrid:\n")) + len("  queries:\n")


@pytest.fixture
def folder(tmp_path):
    for name in FILES:
        shutil.copy(FOLDER / name, tmp_path)
    topics, indicators = ((tmp_path / name).read_text(encoding="utf-8") for name in ("topics.yaml", "indicators.yaml"))
    if QUERY not in topics:
        topics = topics[: grid_of(topics)] + QUERY + topics[grid_of(topics) :]
    (tmp_path / "topics.yaml").write_text(topics, encoding="utf-8")
    (tmp_path / "indicators.yaml").write_text(indicators + ("" if ENTRIES in indicators else ENTRIES), encoding="utf-8")
    return tmp_path


def test_both_examples_become_indicators(folder):
    found = {one.code: one for one in load_indicators(KINDS, folder)}
    assert [found[name].cycle for name in NEW] == ["month", "hour"]
    assert set(yaml.safe_load(ENTRIES)) == set(NEW)


def test_the_query_asks_for_columns_that_the_library_has(folder):
    query = next(
        one for library in load_topics(KINDS, True, folder) if library.code == "grid" for one in library.queries if one.name == "residents"
    )
    table = next(one for library in read_libraries() if library.code == "grid" for one in library.tables if one.name == "residents_monthly")
    asked = set(re.search(r"SELECT (.*) FROM", query.asks["sql"])[1].split(", "))
    assert asked <= {table.key, table.time, *(column.name for column in table.columns)} and query.time == table.time


def test_the_page_names_every_roll_up_of_the_city():

    assert set(re.findall(r"`live\.(\w+)`", PAGE)) == set(ROLL_UPS)
