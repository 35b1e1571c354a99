"""The moment that a page shows: `?at=` in its address, and the `moment` store that the time control moves."""

from typing import Any
from urllib.parse import parse_qs

from callbacks.faces import now_ms
from domain.event_time import OLDEST_MS, NotATime, parse_time


class WrongMoment(ValueError):
    """The address asks for a moment that cannot be shown. `message` is the id of the text that says why; `text` what was asked."""

    def __init__(self, message: str, text: str) -> None:
        super().__init__(f"{message}: {text}")
        self.message, self.text = message, text


def moment_asked(search: str | None, now: int) -> int | None:
    """`at` of a query string in epoch ms: RFC 3339 with an offset (also with its + read as a space) or epoch ms; None without one.

    Raises WrongMoment for what is no time, what has not happened yet (after `now`) and what no city of ours remembers.
    """
    text = parse_qs((search or "").lstrip("?"), keep_blank_values=True).get("at", [None])[0]
    if text is None:
        return None
    try:
        at = int(text) if text.isascii() and text.isdigit() and len(text) < 16 else parse_time(text[:11] + text[11:].replace(" ", "+"))
    except NotATime as error:
        raise WrongMoment("moment.not_a_time", text[:64]) from error
    if at > now:
        raise WrongMoment("moment.future", text[:64])
    if at < now - OLDEST_MS:
        raise WrongMoment("moment.too_old", text[:64])
    return at


def past(moment: Any) -> int | None:
    """What the `moment` store holds, as services take it: epoch ms of a past moment, or None for now."""
    return moment if isinstance(moment, int) and not isinstance(moment, bool) and 0 < moment < now_ms() else None
