"""One read-only transaction on somebody else's database: bounded in time, rolled back, and its connection closed."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, TextClause, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from services.topic_ports import LibraryAway, QueryRefused

REFUSALS = ("ProgrammingError", "DataError", "NotSupportedError", "InternalError")
"""Errors that say something about the query; all others are about the library."""
MYSQL_LIMIT = {True: "SET SESSION max_statement_time = {s}", False: "SET SESSION max_execution_time = {ms}"}
"""MariaDB's word for the longest statement, and MySQL's."""


class Terms(NamedTuple):
    """The library's code, its schema, its zone, and the longest statement in seconds."""

    code: str
    schema: str | None
    zone: ZoneInfo
    timeout_s: float


class ReadOnly:
    """A connection for one question. Raises QueryRefused, LibraryAway."""

    def __init__(self, engine: Engine, terms: Terms) -> None:
        self._engine, self._terms = engine, terms
        self._connection: Connection | None = None

    def __enter__(self) -> Connection:
        try:
            self._connection = self._engine.connect()
            for statement in opening(self._connection, self._terms):
                self._connection.execute(statement)
            return self._connection
        except (SQLAlchemyError, OSError) as error:
            self._end()
            raise LibraryAway(f"{self._terms.code}: {why(error)}") from None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        self._end()
        if isinstance(error, SQLAlchemyError | OSError):
            refused = type(error).__name__ in REFUSALS
            raise (QueryRefused if refused else LibraryAway)(f"{self._terms.code}: {why(error)}") from None

    def _end(self) -> None:
        connection, self._connection = self._connection, None
        try:
            if connection is not None:
                connection.close()
        except (SQLAlchemyError, OSError):
            return


def why(error: BaseException) -> str:
    """What went wrong, in one line; neither the statement nor the URL is part of it."""
    said = str(error.orig if isinstance(error, DBAPIError) else error).strip().splitlines()
    return f"{type(error).__name__}: {said[0][:300]}" if said else type(error).__name__


def opening(connection: Connection, terms: Terms) -> list[TextClause]:
    """What begins the transaction."""
    found = OPENINGS.get(connection.dialect.name)
    return found(connection, terms) if found else []


def _postgresql(_: Connection, terms: Terms) -> list[TextClause]:
    """The SELECT fixes the read-only mode: after it nothing in the transaction can lift it."""
    set_up = (
        "SELECT set_config('search_path', :path, true), set_config('timezone', :zone, true), set_config('statement_timeout', :ms, true)"
    )
    path = '"' + (terms.schema or "public").replace('"', '""') + '"'
    return [
        text("SET TRANSACTION READ ONLY"),
        text(set_up).bindparams(path=path, zone=terms.zone.key, ms=str(round(terms.timeout_s * 1000))),
    ]


def _mysql(connection: Connection, terms: Terms) -> list[TextClause]:
    maria = bool(getattr(connection.dialect, "is_mariadb", False))
    offset = datetime.now(terms.zone).strftime("%z")
    return [
        text(MYSQL_LIMIT[maria].format(s=terms.timeout_s, ms=round(terms.timeout_s * 1000))),
        text("SET SESSION time_zone = :zone").bindparams(zone=f"{offset[:3]}:{offset[3:]}"),
        text("START TRANSACTION READ ONLY"),
    ]


OPENINGS: Mapping[str, Callable[[Connection, Terms], list[TextClause]]] = {
    "postgresql": _postgresql,
    "mysql": _mysql,
    "mariadb": _mysql,
}
