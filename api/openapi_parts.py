"""What the descriptions of the API's operations are made of."""

from typing import NamedTuple

AT = ("at", "A moment in the past: what was known then. RFC 3339 with an offset, or epoch milliseconds; left out: now.")
LIMIT = ("limit", "At most this many items, 1 to 1,000; 100 when left out.")
AFTER = ("after", "The items after this device_id.")
BY_SCOPE = (("region", "Region code, this region alone."), ("department", "Department code."))


class Operation(NamedTuple):
    """One thing that the API does. `answers`: status -> schema name, or None for an empty body."""

    method: str
    path: str
    summary: str
    answers: dict[int, str | None]
    query: tuple[tuple[str, str], ...] = ()
    body: str | None = None
    problems: tuple[int, ...] = ()
    open: bool = False


READ = (400, 403)
DEED = (403, 413, 415)
