"""Prometheus as a library, against a real server (Debian's package) that watches an exporter of the tests."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from config.strict import ConfigError
from config.topics import LibraryConfig, QueryConfig, TableConfig
from data_adapters.topics.prometheus import PrometheusLibrary
from data_adapters.topics.setup import Setup
from services.topic_ports import LibraryAway, QueryRefused
from tests.data_adapters.feeds.serving import QuietHandler, serving

EXPOSED = b'# TYPE vm_cores gauge\nvm_cores{cluster="one"} 64\nvm_cores{cluster="two"} 32\nvm_odd NaN\n'


class Exporter(QuietHandler):
    """What a cloud platform exposes."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(EXPOSED)))
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.end_headers()
        self.wfile.write(EXPOSED)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    program = shutil.which("prometheus")
    if program is None:
        pytest.skip("no prometheus here (make libraries)")
    folder = tmp_path_factory.mktemp("prometheus")
    with serving(Exporter) as exporter, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        target = exporter.removeprefix("http://")
        scrape = f"[{{job_name: cloud, static_configs: [{{targets: ['{target}']}}]}}]"
        (folder / "p.yml").write_text(f"global: {{scrape_interval: 1s, scrape_timeout: 1s}}\nscrape_configs: {scrape}\n")
        yield from _run([program, f"--config.file={folder / 'p.yml'}", f"--storage.tsdb.path={folder / 'data'}"], port, folder)


def _run(command: list[str], port: int, folder: Path) -> Iterator[str]:
    url = f"http://127.0.0.1:{port}"
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([*command, f"--web.listen-address=127.0.0.1:{port}"], stdout=log, stderr=log)
    try:
        for _ in range(200):
            try:
                if requests.get(f"{url}/api/v1/query", {"query": "vm_cores"}, timeout=2).json()["data"]["result"]:
                    break
            except (requests.RequestException, ValueError, KeyError):
                pass
            time.sleep(0.1)
        yield url
    finally:
        process.kill()
        process.wait()


def library(server: str, **queries: dict[str, Any]) -> PrometheusLibrary:
    made = tuple(QueryConfig(name, asks, "at") for name, asks in queries.items())
    table = TableConfig("cores", keys=("cluster", "at"), time="at", source={"promql": "vm_cores", "step_s": 1})
    return PrometheusLibrary(
        Setup(LibraryConfig("cloud", "云", "Cloud", "prometheus", "x", settings={"url": server}, tables=(table,), queries=made))
    )


def test_a_query_gives_a_row_a_series_with_its_labels(server: str) -> None:
    answer = library(server, cores={"promql": "sum by (cluster) (vm_cores)"}).ask("cores")
    assert sorted((str(row.values["cluster"]), row.values["value"]) for row in answer.rows) == [("one", 64.0), ("two", 32.0)]
    assert all(row.at is not None and abs(row.at - time.time() * 1000) < 60_000 for row in answer.rows)


def test_a_range_gives_a_row_a_step(server: str) -> None:
    now = int(time.time() * 1000)
    time.sleep(1.1)
    rows = library(server, cores={"promql": "sum(vm_cores)", "step_s": 1.0}).ask("cores", {"since": now - 4000, "until": now}).rows
    assert rows and {row.values["value"] for row in rows} == {96.0}


def test_what_is_no_number_is_no_value(server: str) -> None:
    assert [row.values["value"] for row in library(server, odd={"promql": "vm_odd"}).ask("odd").rows] == [None]
    assert [row.values["value"] for row in library(server, one={"promql": "scalar(vector(5))"}).ask("one").rows] == [5.0]


def test_wrong_promql_is_refused_and_too_many_steps_too(server: str) -> None:
    with pytest.raises(QueryRefused, match="answered 400"):
        library(server, bad={"promql": "sum(("}).ask("bad")
    with pytest.raises(QueryRefused, match="11000 steps"):
        library(server, long={"promql": "vm_cores", "step_s": 1.0}).ask("long")


def test_its_tables_have_the_labels_that_are_there(server: str) -> None:
    (seen,) = library(server).tables()
    assert {one.name: one.type for one in seen.columns}.items() >= {"cluster": "text", "at": "moment", "value": "number"}.items()


def test_a_server_that_is_away_is_told() -> None:
    with pytest.raises(LibraryAway, match="Connection"):
        library("http://127.0.0.1:9", up={"promql": "up"}).ask("up")


def test_a_query_without_promql_stops_the_start() -> None:
    with pytest.raises(ConfigError, match="cloud: queries: odd: promql"):
        library("http://127.0.0.1:9", odd={"sql": "SELECT 1"})
