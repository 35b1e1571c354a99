"""Asking a video platform over HTTP: bounded in time and size, and its failures in the words of services/video_ports.py.

Connecting, and each answer whole, take at most the time-out; nothing is followed elsewhere; no error holds a parameter, for those carry
passwords and tokens.
"""

import json
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

import requests
from urllib3.exceptions import HTTPError, ReadTimeoutError

from data_adapters.feeds.asking import parts_of, session, whole
from services.video_ports import BadAnswer, PlatformAway, TimedOut

LARGEST_JSON = 8 * 1024 * 1024
LARGEST_PICTURE = 4 * 1024 * 1024


class Answer(NamedTuple):
    """An answer's status, headers and body."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    def json(self) -> Any:
        """The body as JSON. Raises BadAnswer."""
        try:
            return json.loads(self.content)
        except (ValueError, RecursionError):
            raise BadAnswer(f"no JSON, with status {self.status}") from None


def get(
    url: str, timeout_s: float, largest: int, parameters: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
) -> Answer:
    """One GET. Raises TimedOut, PlatformAway, BadAnswer when it is too large."""
    until = time.monotonic() + timeout_s
    try:
        with (
            session({}) as asking,
            asking.get(url, params=parameters, headers=headers, timeout=timeout_s, stream=True, allow_redirects=False) as found,
        ):
            too_large, too_slow = BadAnswer(f"more than {largest} bytes"), TimedOut("an answer that trickles")
            return Answer(found.status_code, found.headers, whole(parts_of(found), largest, until, too_large, too_slow))
    except (requests.Timeout, ReadTimeoutError):
        raise TimedOut(f"no answer in {timeout_s:g} s") from None
    except (requests.RequestException, HTTPError, OSError, ValueError) as error:
        raise PlatformAway(type(error).__name__) from None


def reachable(url: str, timeout_s: float) -> bool:
    """Whether something answers there, and not that it has no such thing: only the answer's head is read."""
    try:
        with session({}) as asking, asking.get(url, timeout=timeout_s, stream=True, allow_redirects=False) as found:
            return found.status_code < 500 and found.status_code not in (404, 410)
    except (requests.RequestException, HTTPError, OSError, ValueError):
        return False
