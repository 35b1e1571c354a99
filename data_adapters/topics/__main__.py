"""`python -m data_adapters.topics LIBRARY [QUERY [NAME=VALUE …]]`: ask a library of config/topics.yaml without a running city.

Without a query: its tables and columns, a JSON line each. With one: its rows. `--file F --table T` reads a file as import would.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from config.settings import Settings
from config.strict import FOLDER, ConfigError
from config.topics import load_topics
from data_adapters.topics.reading import open_file
from data_adapters.topics.registry import KINDS, all_file_tables, make_libraries
from domain.event_time import NotATime, parse_time
from domain.imports import UnfitFile, read_sheet
from services.topic_ports import LibraryAway, QueryRefused, TopicLibrary, Value


def main(arguments: Sequence[str] | None = None, folder: Path = FOLDER) -> int:
    """0; 1 with one line on stderr when the library doesn't answer, 2 when it isn't there."""
    parser = argparse.ArgumentParser(prog="python -m data_adapters.topics", description="Ask a topic library without a running city.")
    parser.add_argument("library")
    parser.add_argument("query", nargs="?")
    parser.add_argument("parameters", nargs="*", metavar="NAME=VALUE")
    parser.add_argument("--table", help="the table that --file is for")
    parser.add_argument("--file", type=Path, help="a file to read as import would")
    options = parser.parse_args(arguments)
    try:
        for line in _lines(options, folder):
            print(json.dumps(line, ensure_ascii=False))
    except (LibraryAway, QueryRefused, UnfitFile, NotATime, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    except (ConfigError, LookupError) as error:
        print(error.args[0], file=sys.stderr)
        return 2
    return 0


def _lines(options: argparse.Namespace, folder: Path) -> Iterator[dict[str, Any]]:
    configs = [one for one in load_topics(KINDS, True, folder) if one.code == options.library]
    if not configs:
        raise LookupError(f"config/topics.yaml has no library {options.library!r} that is enabled")
    libraries = make_libraries(configs, Settings.from_environment(os.environ).database_url or "postgresql://nobody@127.0.0.1:9/nothing")
    if options.file:
        found = [one for one in all_file_tables(libraries) if one.table == options.table]
        if not found:
            raise LookupError(f"{options.library} has no table {options.table!r} for files")
        yield from _file(found[0], options.file.read_bytes())
    else:
        yield from _asked(libraries.by_code[options.library], options.query, options.parameters)


def _asked(library: TopicLibrary, query: str | None, parameters: Sequence[str]) -> Iterator[dict[str, Any]]:
    if query is None:
        for table in library.tables():
            columns = {one.name: one.type + (", key" if one.key else "") for one in table.columns}
            yield {"table": table.name, "comment": table.comment, "columns": columns}
        return
    for row in library.ask(query, dict(map(_parameter, parameters))).rows:
        yield {"at": row.at, **row.values}


def _parameter(said: str) -> tuple[str, Value]:
    """`since` and `until` as RFC 3339 or epoch ms; a number as one; anything else is text."""
    name, _, value = said.partition("=")
    if name in ("since", "until"):
        return name, int(value) if value.isdecimal() else parse_time(value)
    try:
        return name, int(value)
    except ValueError:
        return name, value


def _file(table: Any, content: bytes) -> Iterator[dict[str, Any]]:
    read = read_sheet(open_file(content, table.sheet), table.wanted, table.keys, table.zone, table.most_rows)
    for row in read.rows:
        yield {"row": row.number, **row.values}
    for error in read.errors:
        yield {"wrong": error._asdict()}


if __name__ == "__main__":
    sys.exit(main())
