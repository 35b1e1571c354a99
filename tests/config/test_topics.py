"""topics.yaml: what is shipped is right, and what is wrong stops the start with one line that names it."""

from pathlib import Path

import pytest

from config.strict import ConfigError
from config.topics import load_topics
from data_adapters.topics.registry import KINDS, configured, make_libraries

GOOD = """
parks:
  zh: 公园
  en: Parks
  kind: sql
  provider: urban_management
  secrets: {url: "env:PARKS_URL"}
  tables: {days: {keys: [park, day], time: day, land: {days: 30, sums: [visitors]}, fields: {park: {zh: 公园, type: text}}}}
  queries: {visitors: {sql: SELECT 1 AS a, time: a, figures: {a: parks.a}, parameters: {park: text}}}
"""


def load(folder: Path, *changes: tuple[str, str], demo: bool = False) -> list[str]:
    said = GOOD
    for old, new in changes:
        assert old in said
        said = said.replace(old, new)
    (folder / "topics.yaml").write_text(said, encoding="utf-8")
    return [one.code for one in load_topics(KINDS, demo, folder)]


def test_the_shipped_libraries_are_asked_only_while_the_demo_plays() -> None:
    assert configured(False) == []
    assert len(make_libraries(configured(True), "postgresql://a:b@127.0.0.1/x").by_code) >= 16


def test_a_library_that_is_off_is_not_asked_but_checked_all_the_same(tmp_path: Path) -> None:
    assert load(tmp_path) == ["parks"]
    assert load(tmp_path, ("  kind: sql", "  enabled: false\n  kind: sql")) == []
    assert load(tmp_path, ("  kind: sql", "  demo: true\n  kind: sql")) == []
    with pytest.raises(ConfigError):
        load(tmp_path, ("  kind: sql", "  enabled: false\n  kind: odd"))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("kind: sql", "kind: odd", "parks: kind: 'odd'"),
        ("parks:\n", "Parks:\n", "Parks: name"),
        ("  provider: urban_management\n", "", "parks: provider: is missing"),
        ('"env:PARKS_URL"', '"mysql://u:p@h/x"', "never the secret itself"),
        ("keys: [park, day]", "keys: [park, park]", "a list of texts, none twice"),
        ("days: 30", "days: 0", "a number, 1 or more"),
        ("sums: [visitors]", "sums: ['a;b']", "a column's name"),
        ("type: text}}", "type: words}}", "one of text, whole"),
        ("a: parks.a", "a: Parks A", "a figure's name"),
        ("{park: text}}", "{since: moment}}", "since and until are always there"),
        ("  kind: sql", "  row_limit: 0\n  kind: sql", "a whole number from 1"),
        ("  kind: sql", "  settings: {password: x}\n  kind: sql", "'password' under `secrets`"),
        ("  kind: sql", "  catalogue: {published_on: soon}\n  kind: sql", "a day such as"),
        ("  kind: sql", "  catalogue: {cycle: sometimes}\n  kind: sql", "one of live, hourly"),
        ("  kind: sql", "  odd: 1\n  kind: sql", "a known key"),
    ],
)
def test_a_wrong_entry_is_one_line_that_names_it(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(ConfigError) as told:
        load(tmp_path, (old, new))
    assert said in str(told.value) and str(told.value).startswith("topics.yaml: ") and "\n" not in str(told.value)


def test_a_secret_that_is_not_there_is_told_by_name(tmp_path: Path) -> None:
    load(tmp_path)
    with pytest.raises(ConfigError, match=r"topics\.yaml: parks: secrets: url: 'env:PARKS_URL'"):
        make_libraries(load_topics(KINDS, False, tmp_path), "", None, {})
