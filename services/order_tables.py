"""Tables of hotline orders that somebody exported and brings by hand: looked at row by row, then handed to the feed as its platform would.

Nothing is kept of a look. What is handed in twice is taken once: an order has its number.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from domain.access import Actor, Forbidden
from domain.imports import Formula, UnfitFile, is_empty
from domain.messages import Event, Output, RawMessage, Rejected, Reply
from services.import_ports import Opener
from services.manual_import import NotImported
from services.ports import Feed
from services.webhooks import Webhooks

AT_ONCE = 200
"""Rows in one message."""
MOST_ROWS = 20_000
SHOWN = 50


class Line(NamedTuple):
    """A row of the table (the heading is 1): the order that it tells of, or why it is none (`reason` a code, `detail` words)."""

    row: int
    number: str
    title: str
    status: str
    reason: str = ""
    detail: str = ""


class Seen(NamedTuple):
    """A table as its feed reads it: how many rows are orders and how many aren't, the first of both."""

    file_name: str
    encoding: str
    good: int
    wrong: int
    orders: Sequence[Line]
    errors: Sequence[Line]


class OrderTables:
    """`feeds`: those that read such tables, by name."""

    def __init__(self, feeds: Mapping[str, Feed], opened: Opener, webhooks: Webhooks) -> None:
        self._feeds, self._opened, self._webhooks = feeds, opened, webhooks

    def feeds(self, actor: Actor) -> list[str]:
        """For which feeds tables may be brought. Raises Forbidden."""
        _steward(actor)
        return list(self._feeds)

    def look(self, actor: Actor, feed: str, file_name: str, content: bytes, now: int) -> Seen:
        """What the feed would make of the table; nothing is handed in. Raises Forbidden, LookupError for no such feed, NotImported."""
        _steward(actor)
        encoding, _, read = self._read(feed, content, now)
        lines = [_line(row, output) for row, _, output in read]
        orders, errors = [one for one in lines if not one.reason], [one for one in lines if one.reason]
        return Seen(file_name, encoding, len(orders), len(errors), orders[:SHOWN], errors[:SHOWN])

    def hand_in(self, actor: Actor, feed: str, content: bytes, skip_errors: bool, now: int) -> int:
        """Hand the orders to the feed; returns how many. Raises as `look`, NotImported also where there are errors and nobody said to
        leave those rows out, and where nothing is left."""
        _steward(actor)
        _, heading, read = self._read(feed, content, now)
        good = [cells for _, cells, output in read if isinstance(output, Event)]
        if len(good) < len(read) and not skip_errors:
            raise NotImported("has_errors", str(len(read) - len(good)))
        if not good:
            raise NotImported("no_rows")
        for piece in _pieces(heading, good):
            self._webhooks.message(actor, feed, f"{feed}/table", piece)
        return len(good)

    def _read(self, feed: str, content: bytes, now: int) -> tuple[str, list[str], list[tuple[int, list[str], Output]]]:
        """Encoding, heading, and each row with what the feed makes of it."""
        reader = self._feeds.get(feed)
        if reader is None:
            raise LookupError(feed)
        try:
            sheet = self._opened(content)
            rows = [(number, [_text(cell) for cell in cells]) for number, cells in sheet.rows if not all(is_empty(cell) for cell in cells)]
        except UnfitFile as error:
            raise NotImported(error.reason, error.detail) from None
        if len(rows) > MOST_ROWS:
            raise NotImported("too_many_rows", str(MOST_ROWS))
        heading, read = [_text(name) for name in sheet.heading], list[tuple[int, list[str], Output]]()
        for start in range(0, len(rows), AT_ONCE):
            read += _judged(reader, heading, rows[start : start + AT_ONCE], now)
        return sheet.encoding, heading, read


def _judged(reader: Feed, heading: list[str], rows: list[tuple[int, list[str]]], now: int) -> Iterator[tuple[int, list[str], Output]]:
    """A feed makes one thing of each row; where it refuses the table as a whole, that is said of every row."""
    made, _ = reader.parse(RawMessage("table", _written(heading, [cells for _, cells in rows]), now), {})
    outputs = [one for one in made if not isinstance(one, Reply)]
    if len(outputs) != len(rows):
        whole = next((one for one in outputs if isinstance(one, Rejected)), Rejected("bad_table", ""))
        outputs = [whole] * len(rows)
    for (number, cells), output in zip(rows, outputs, strict=True):
        yield number, cells, output


def _pieces(heading: list[str], rows: list[list[str]]) -> Iterator[bytes]:
    for start in range(0, len(rows), AT_ONCE):
        yield _written(heading, rows[start : start + AT_ONCE])


def _written(heading: list[str], rows: list[list[str]]) -> bytes:
    held = io.StringIO(newline="")
    csv.writer(held).writerows([heading, *rows])
    return held.getvalue().encode()


def _text(cell: Any) -> str:
    """A cell as an export would write it: whole numbers without a point, a formula without its result as nothing."""
    if cell is None or isinstance(cell, Formula):
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _line(row: int, output: Output) -> Line:
    if isinstance(output, Rejected):
        return Line(row, "", "", "", output.reason, output.detail)
    facts = output.facts if isinstance(output, Event) else {}
    said = {name: str(facts.get(name) or "") for name in ("number", "title", "text", "status")}
    return Line(row, said["number"], said["title"] or said["text"], said["status"])


def _steward(actor: Actor) -> None:
    if not actor.may("steward_data") or not actor.may("send_telemetry") or actor.departments or actor.regions:
        raise Forbidden("steward_data")
