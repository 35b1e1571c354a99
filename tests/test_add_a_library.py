"""docs/add-a-library.md, word for word: its SQL in a real MariaDB, its entries in a topics.yaml, its commands and what they print."""

import re
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from config.strict import FOLDER, ConfigError
from config.topics import load_topics
from data_adapters.topics.__main__ import main
from data_adapters.topics.registry import KINDS
from tests.data_adapters.topics.mariadb import installed, mariadb

DOC = (Path(__file__).resolve().parents[1] / "docs" / "add-a-library.md").read_text(encoding="utf-8")


def blocks(kind: str) -> list[str]:
    """The doc's blocks of a language, in order."""
    return re.findall(rf"^```{kind}\n(.*?)^```", DOC, re.MULTILINE | re.DOTALL)


def commands() -> list[list[str]]:
    """The arguments of each `python -m data_adapters.topics`, in order."""
    return [line.split()[3:] for block in blocks("bash") for line in block.splitlines() if " -m data_adapters.topics " in line]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A configuration with the doc's entries at its end."""
    shipped = (FOLDER / "topics.yaml").read_text(encoding="utf-8")
    (tmp_path / "topics.yaml").write_text(shipped + "\n" + "\n".join(blocks("yaml")), encoding="utf-8")
    return tmp_path


def printed(arguments: list[str], folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    assert main(arguments, folder) == 0, capsys.readouterr().err
    return capsys.readouterr().out


def test_the_sql_library_answers_as_the_doc_says(
    reachable_dir: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if not installed():
        pytest.skip("no mariadb-server-core and mariadb-client-core here (make libraries)")
    home = reachable_dir / "maria-doc"
    home.mkdir()
    with mariadb(home) as url:
        admin = create_engine(url.replace("mariadb://", "mariadb+pymysql://"), isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            for statement in blocks("sql")[0].split(";\n"):
                connection.execute(text(statement.replace(":", r"\:"))) if statement.strip() else None
        told = next(re.search(r"PARKS_URL='(.*)'", block) for block in blocks("bash") if "PARKS_URL" in block)
        assert told is not None
        monkeypatch.setenv("PARKS_URL", told[1].replace("3306", url.rpartition(":")[2].partition("/")[0]))
        said = "".join(printed(one, folder, capsys) for one in commands() if one[0] == "parks")
    assert said == blocks("json")[0]


def test_the_file_is_read_as_the_doc_says(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for encoding in ("utf-8", "gbk"):
        (tmp_path / "parks.csv").write_text(blocks("csv")[0], encoding=encoding)
        monkeypatch.chdir(tmp_path)
        (command,) = [one for one in commands() if one[0] == "park_files"]
        assert printed(command, folder, capsys) == blocks("json")[1]


def test_a_wrong_key_is_told_as_the_doc_says(folder: Path) -> None:
    path = folder / "topics.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("share: unconditional, open: true, cycle: daily, published_on: 2026-05-06", "share: open")
    )
    with pytest.raises(ConfigError) as told:
        load_topics(KINDS, True, folder)
    assert f"citydeck: {told.value}" in DOC


def test_a_second_source_of_a_figure_stops_the_start(folder: Path) -> None:
    path = folder / "topics.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace(
            "parameters: {park: text}", "parameters: {park: text}\n      figures: {visitors: parks.visitors}"
        )
    )
    with pytest.raises(ConfigError, match=r"figure 'parks\.visitors' is claimed by parks\.visitors \(visitors\) and parks\.of_park"):
        load_topics(KINDS, True, folder)


def test_what_is_not_there_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nothing"], folder) == 2
    assert "no library 'nothing'" in capsys.readouterr().err
    assert main(["parks"], folder) == 2
    assert "PARKS_URL" in capsys.readouterr().err
