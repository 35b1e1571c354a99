"""Libraries behind HTTP: every way of paging, every credential, and what a bad interface does to us (a server of the tests)."""

import base64
import json
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.strict import ConfigError
from config.topics import LibraryConfig, QueryConfig, TableConfig
from data_adapters.topics.http_json import HttpJsonLibrary
from data_adapters.topics.setup import Setup
from data_adapters.topics.values import moment, plain
from data_adapters.topics.web import Page
from services.topic_ports import LibraryAway, QueryRefused
from tests.data_adapters.feeds.serving import QuietHandler, serving

ROWS = [{"id": n, "town": "441900003" if n % 2 else "441900004", "day": f"2026-05-{n + 1:02}", "beds": n * 10} for n in range(7)]
SECRET = "only-the-tests"
ZONE = ZoneInfo("Asia/Shanghai")


class Interface(QuietHandler):
    """/page, /offset, /cursor, /link, /next: the rows in pages of three; /stuck the same page always; /private wants a token."""

    tokens: ClassVar[list[str]] = []
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        where, said = urlsplit(self.path).path, {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        self.asked.append(self.path)
        getattr(self, f"_{where.strip('/')}")(said)

    def do_POST(self) -> None:
        wanted = "Basic " + base64.b64encode(f"city:{SECRET}".encode()).decode()
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.asked.append(self.path)
        if self.headers["Authorization"] != wanted or "grant_type=client_credentials" not in body:
            return self._say({"error": "invalid_client"}, 400 if self.path.endswith("/strict") else 401)
        self.tokens.append(f"token-{len(self.tokens)}")
        return self._say({"access_token": self.tokens[-1], "token_type": "Bearer", "expires_in": 3600})

    def _page(self, said: dict[str, str]) -> None:
        at = (int(said["p"]) - 1) * 3
        self._say({"data": {"items": ROWS[at : at + 3]}})

    def _offset(self, said: dict[str, str]) -> None:
        at = int(said["offset"])
        self._say({"data": {"items": ROWS[at : at + int(said["limit"])]}})

    def _cursor(self, said: dict[str, str]) -> None:
        at = int(said.get("after", 0))
        self._say({"data": {"items": ROWS[at : at + 3]}, "next": at + 3 if at + 3 < len(ROWS) else None})

    def _link(self, said: dict[str, str]) -> None:
        at = int(said.get("from", 0))
        link = f'<http://{self.headers["Host"]}/link?from={at + 3}>; rel="next"' if at + 3 < len(ROWS) else '</x>; rel="prev"'
        self._say({"data": {"items": ROWS[at : at + 3]}}, headers={"Link": link})

    def _away(self, said: dict[str, str]) -> None:
        self._say({"data": {"items": ROWS[:3]}}, headers={"Link": '<http://127.0.0.2:9/link>; rel="next"'})

    def _stuck(self, said: dict[str, str]) -> None:
        self._say({"data": {"items": ROWS[:3]}})

    def _private(self, said: dict[str, str]) -> None:
        known = self.headers["Authorization"] in (f"Bearer {SECRET}", *(f"Bearer {one}" for one in self.tokens[-1:]))
        self._say({"data": {"items": ROWS}} if known else {}, 200 if known else 401)

    def _broken(self, said: dict[str, str]) -> None:
        self._say("<html>")

    def _odd(self, said: dict[str, str]) -> None:
        self._say({"data": {"items": [1, 2]}})

    def _teapot(self, said: dict[str, str]) -> None:
        self._say({}, 503)

    def _say(self, document: Any, status: int = 200, headers: dict[str, str] | None = None) -> None:
        body = document.encode() if isinstance(document, str) else json.dumps(document).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with serving(Interface) as url:
        yield url


def library(
    server: str, path: str, paging: dict[str, Any] | None = None, secrets: dict[str, str] | None = None, **more: Any
) -> HttpJsonLibrary:
    settings = {"url": server, **more.pop("settings", {})}
    source = {"path": path, "rows": "data.items", "paging": paging or {}, **more.pop("source", {})}
    table = TableConfig("wards", keys=("id",), time="day", source=source)
    queries = (QueryConfig("of", {"table": "wards", "columns": ["beds"], "where": {"town": "town"}}, parameters={"town": "text"}),)
    config = LibraryConfig("clinic", "诊所", "Clinic", "http_json", "health", settings=settings, tables=(table,), queries=queries, **more)
    return HttpJsonLibrary(Setup(config, secrets or {}))


WAYS = {
    "page": {"kind": "page", "parameter": "p"},
    "offset": {"kind": "offset", "parameter": "offset", "size_parameter": "limit", "size": 3},
    "cursor": {"kind": "cursor", "parameter": "after", "next": "next"},
    "link": {"kind": "link"},
}


@pytest.mark.parametrize("way", WAYS)
def test_all_pages_are_read_whichever_way_they_are_given(server: str, way: str) -> None:
    rows = library(server, way, WAYS[way]).fetch("wards", 0, 10**13).rows
    assert [row.values["id"] for row in rows] == list(range(7))


def test_a_query_keeps_the_rows_that_fit_its_parameter_and_the_columns_asked_for(server: str) -> None:
    answer = library(server, "page", WAYS["page"]).ask("of", {"town": "441900003"})
    assert [dict(row.values) for row in answer.rows] == [{"beds": 10}, {"beds": 30}, {"beds": 50}]


def test_the_interface_is_told_the_time_when_it_takes_one(server: str) -> None:
    asked = library(server, "stuck", source={"since": "from", "until": "to", "times": "day"})
    assert len(asked.fetch("wards", 1_777_651_200_000, 1_777_824_000_000).rows) == 2
    assert Interface.asked[-1].endswith("from=2026-05-02&to=2026-05-04")


def test_columns_are_found_by_looking_at_a_page(server: str) -> None:
    (seen,) = library(server, "page", WAYS["page"]).tables()
    assert [(one.name, one.type) for one in seen.columns] == [("id", "whole"), ("town", "text"), ("day", "text"), ("beds", "whole")]


def test_a_token_is_shown_and_without_it_the_library_is_away(server: str) -> None:
    assert len(library(server, "private", secrets={"token": SECRET}).fetch("wards", 0, 10**13).rows) == 7
    with pytest.raises(LibraryAway, match="answered 401"):
        library(server, "private").fetch("wards", 0, 10**13)


def test_client_credentials_give_a_token_and_another_when_it_is_taken_back(server: str) -> None:
    asked = library(server, "private", settings={"authority": f"{server}/token"}, secrets={"client_id": "city", "client_secret": SECRET})
    assert len(asked.fetch("wards", 0, 10**13).rows) == 7
    Interface.tokens.append("another")
    assert len(asked.fetch("wards", 0, 10**13).rows) == 7
    assert len(Interface.tokens) == 3


@pytest.mark.parametrize(("place", "status"), [("/token", 401), ("/token/strict", 400)])
def test_wrong_client_credentials_are_told_once_without_showing_them(server: str, place: str, status: int) -> None:
    secrets = {"client_id": "city", "client_secret": "wrong-" + SECRET}
    before = Interface.asked.count(place)
    with pytest.raises(LibraryAway, match=f"{status} when asked for a token") as told:
        library(server, "private", settings={"authority": server + place}, secrets=secrets).fetch("wards", 0, 10**13)
    assert SECRET not in str(told.value)
    assert Interface.asked.count(place) == before + 1


@pytest.mark.parametrize(
    ("path", "paging", "said"),
    [
        ("stuck", WAYS["page"], "same page again"),
        ("away", {"kind": "link"}, "another host"),
        ("broken", {}, "no JSON"),
        ("odd", {}, "no list of objects"),
        ("teapot", {}, "answered 503"),
    ],
)
def test_a_bad_interface_is_away_with_the_reason(server: str, path: str, paging: dict[str, Any], said: str) -> None:
    with pytest.raises(LibraryAway, match=said):
        library(server, path, paging).fetch("wards", 0, 10**13)


def test_more_rows_than_the_limit_are_a_refusal(server: str) -> None:
    with pytest.raises(QueryRefused, match="more than 5 rows"):
        library(server, "page", WAYS["page"], row_limit=5).fetch("wards", 0, 10**13)


@pytest.mark.parametrize(
    ("paging", "said"), [({"kind": "cursor", "parameter": "x"}, "next"), ({"kind": "page"}, "parameter"), ({"kind": "odd"}, "one of none")]
)
def test_a_wrong_entry_stops_the_start_with_its_name(server: str, paging: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError, match=rf"topics.yaml: clinic: tables: wards: source: paging.*{said}"):
        library(server, "page", paging)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["data", "items", "next", "day", "a\0b", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(JSON, st.sampled_from([{}, *WAYS.values()]))
def test_any_answer_is_rows_or_a_reason_and_can_be_kept(answer: Any, paging: dict[str, Any]) -> None:
    asked = library("http://127.0.0.1:9", "x", paging, row_limit=50)
    asked._web.get = lambda place, parameters: Page(answer, {})  # type: ignore[method-assign]
    for work in (lambda: asked.fetch("wards", 0, 10**13).rows, asked.tables):
        with suppress(LibraryAway, QueryRefused):
            said = orjson.dumps([list(one) for one in work()], default=list).decode()  # type: ignore[no-untyped-call, operator]
            assert "\\u0000" not in said


@pytest.mark.parametrize("value", [10**30, 10**400, float("inf"), "\ud800", "a\0b", b"\xff", Decimal("NaN"), {"a": 1}, "x" * 20_000])
def test_any_value_becomes_one_that_a_database_keeps(value: Any) -> None:
    kept = plain(value, ZONE)
    assert "\\u0000" not in orjson.dumps(kept).decode() and len(str(kept)) <= 10_000


@pytest.mark.parametrize("value", [1e18, -1e15, "0001-01-01T00:00:00+08:00", "9999-12-31", "gestern", True, None])
def test_what_is_no_moment_is_none(value: Any) -> None:
    assert moment(value, ZONE) is None
