"""Reading what a client sent. Everything is taken as hostile: what cannot be used is answered with a Problem, never with 500."""

import json
import time
from typing import Any, NoReturn
from uuid import UUID

import flask

from api.problems import Problem
from domain.event_time import NotATime, parse_time

LARGEST_BODY = 256 * 1024
LARGEST_MESSAGE = 1024 * 1024
"""Of another platform: a notification holds many things at once."""
LONGEST_TEXT = 4_096
MOST_ITEMS = 1_000


def now() -> int:
    """The clock of the API, epoch milliseconds."""
    return time.time_ns() // 1_000_000


def body(largest: int = LARGEST_BODY) -> bytes:
    """The body; 413 when it is larger than allowed. One of unannounced length is cut off by werkzeug: one byte more tells."""
    flask.request.max_content_length = largest + 1
    data = flask.request.get_data()
    if len(data) > largest:
        raise Problem(413, f"A body has at most {largest} bytes.")
    return data


def json_object() -> dict[str, Any]:
    """The body as a JSON object. Problems: 415 another content type, 400 anything but an object in UTF-8 JSON."""
    if flask.request.mimetype != "application/json":
        raise Problem(415, "Send application/json.")
    try:
        document = json.loads(body().decode("utf-8"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Problem(400, "The body is no JSON.") from error
    if not isinstance(document, dict):
        raise Problem(400, "The body is no JSON object.")
    return document


def _no_number(word: str) -> NoReturn:
    raise ValueError(word)


def text(document: dict[str, Any], name: str, default: str | None = None) -> str:
    """A text field; 422 when it is missing, no text, or holds what no database takes (NUL, half a surrogate pair)."""
    value = document.get(name, default)
    if not isinstance(value, str) or not _storable(value):
        raise Problem(422, f"`{name}` is a text of at most {LONGEST_TEXT} characters.")
    return value


def whole(document: dict[str, Any], name: str, default: int) -> int:
    """A whole number; 422 otherwise."""
    value = document.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int):
        raise Problem(422, f"`{name}` is a whole number.")
    return value


def number(document: dict[str, Any], name: str) -> float | None:
    """A number or null; 422 otherwise."""
    value = document.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e12:
        raise Problem(422, f"`{name}` is a number or null.")
    return float(value)


def texts(document: dict[str, Any], name: str) -> list[str]:
    """A list of texts, empty when it is missing; 422 for anything else."""
    value = document.get(name, [])
    if not isinstance(value, list) or len(value) > MOST_ITEMS or not all(isinstance(one, str) and _storable(one) for one in value):
        raise Problem(422, f"`{name}` is a list of at most {MOST_ITEMS} texts.")
    return value


def yes_or_no(document: dict[str, Any], name: str) -> bool:
    """true or false; 422 otherwise."""
    value = document.get(name)
    if not isinstance(value, bool):
        raise Problem(422, f"`{name}` is true or false.")
    return value


def query(name: str) -> str | None:
    """A query parameter as text; 400 when it holds what no database takes."""
    value = flask.request.args.get(name)
    if value is not None and not _storable(value):
        raise Problem(400, f"`{name}` is a text of at most {LONGEST_TEXT} characters.")
    return value


def query_time(name: str) -> int | None:
    """A moment, not in the future: RFC 3339 with an offset (also with its + read as a space) or epoch milliseconds."""
    value = query(name)
    if value is None:
        return None
    try:
        digits = value.isascii() and value.isdigit() and len(value) < 16
        at = int(value) if digits else parse_time(value[:11] + value[11:].replace(" ", "+"))
    except NotATime as error:
        raise Problem(400, f"`{name}` is RFC 3339 with an offset, or epoch milliseconds.") from error
    if not 0 <= at <= now():
        raise Problem(400, f"`{name}` lies between 1970 and now.")
    return at


def query_limit(default: int = 100) -> int:
    """How many items at most: 1 to 1,000."""
    value = query("limit") or str(default)
    if not (value.isascii() and value.isdigit() and len(value) <= 4 and 1 <= int(value) <= MOST_ITEMS):
        raise Problem(400, f"`limit` is 1 to {MOST_ITEMS}.")
    return int(value)


def whole_query(name: str) -> int:
    """A whole number from 0 on, 0 when it is missing; 400 otherwise."""
    value = query(name) or "0"
    if not (value.isascii() and value.isdigit() and len(value) <= 7):
        raise Problem(400, f"`{name}` is a whole number from 0 on.")
    return int(value)


def identifier(value: str, longest: int = 128) -> str:
    """An id from the path; 404 for what cannot be one."""
    if not 0 < len(value) <= longest or not value.isprintable():
        raise Problem(404, "There is nothing of that id.")
    return value


def uuid(value: str) -> str:
    """A UUID from the path in its usual form; 404 for anything else."""
    try:
        return str(UUID(identifier(value)))
    except ValueError as error:
        raise Problem(404, "There is nothing of that id.") from error


def _storable(value: str) -> bool:
    return len(value) <= LONGEST_TEXT and "\0" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)
