"""Asking another system over HTTP, for the feeds that must (services/polling.py): settings, and one bounded request.

Connecting, and each answer whole, take at most `timeout_s`; nothing is followed elsewhere; what is away says why without its secret.
"""

import re
import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError

from config.strict import REQUIRED, Field, text
from services.polling import SourceAway

LARGEST = 8 * 1024 * 1024
CHUNK = 64 * 1024
UNCHANGED = 304
NAME = re.compile(r"[a-z][a-z0-9_]{0,31}\Z")
WORD = re.compile(r"[A-Za-z0-9_.-]{1,64}\Z")


def url(raw: Any) -> str:
    """A place to ask, in a setting. Raises ValueError."""
    parts = urlsplit(text(raw))
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        raise ValueError("`url` as http(s)://host, without a password")
    return str(raw).rstrip("/")


def named_urls(raw: Any) -> dict[str, str]:
    """The places that are asked, each with its name, in a setting. Raises ValueError."""
    if not isinstance(raw, dict) or not raw or not all(isinstance(name, str) and NAME.match(name) for name in raw):
        raise ValueError("`urls`: names in small letters, each with its url")
    for one in raw.values():
        url(one)
    return dict(raw)


def word(raw: Any) -> str:
    """The name of a header or a parameter, in a setting. Raises ValueError."""
    if not isinstance(raw, str) or not WORD.match(raw):
        raise ValueError("the name of a header or a parameter")
    return raw


def shown_as(header: str | None, parameter: str | None, key: str) -> tuple[dict[str, str], dict[str, str]]:
    """Headers and parameters that show who asks; without either name the key goes as a bearer's."""
    if not key:
        return {}, {}
    if parameter:
        return {}, {parameter: key}
    return ({header: key} if header else {"Authorization": f"Bearer {key}"}), {}


def seconds(raw: Any) -> float:
    """A pause or a time-out, in a setting. Raises ValueError."""
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not 0.05 <= raw <= 86_400:
        raise ValueError("seconds above 0, at most a day")
    return float(raw)


def poll_settings(raw: Any, known: Mapping[str, Field]) -> dict[str, Any]:
    """The setting `poll`, checked against the keys it may have. Raises ValueError."""
    if not isinstance(raw, dict) or not set(raw) <= set(known):
        raise ValueError(f"keys among {', '.join(known)}")
    missing = [key for key, (_, default) in known.items() if default is REQUIRED and key not in raw]
    if missing:
        raise ValueError(f"`{missing[0]}`, which is missing")
    return {key: read(raw[key]) if key in raw else default for key, (read, default) in known.items()}


def session(headers: Mapping[str, str]) -> requests.Session:
    """One that takes nothing from the environment, and answers as they are."""
    made = requests.Session()
    made.headers.update({"Accept-Encoding": "identity", **headers})
    made.trust_env = False
    return made


class Answered(SourceAway):
    """It is there, but answers with another status than 200."""

    def __init__(self, status: int, what: str) -> None:
        super().__init__(f"answered {status} for {what}")
        self.status = status


def ask(
    asking: requests.Session,
    place: str,
    timeout_s: float,
    what: str,
    parameters: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> tuple[bytes, Mapping[str, str]]:
    """The body and the headers of the answer. Raises SourceAway, which names `what`; Answered for another status than 200."""
    until = time.monotonic() + timeout_s
    try:
        with asking.get(place, params=parameters, headers=headers, timeout=timeout_s, stream=True, allow_redirects=False) as answer:
            if answer.status_code != 200:
                raise Answered(answer.status_code, what)
            return _body(answer, until), answer.headers
    except (requests.RequestException, HTTPError, ValueError) as error:
        # ValueError: what no header can carry (a tenant's name in Chinese) is found out only when it is sent.
        raise SourceAway(f"{type(error).__name__} at {urlsplit(place).hostname}") from None


def parts_of(answer: requests.Response) -> Iterator[bytes]:
    """The body as it comes, at most CHUNK bytes at a time."""
    return iter(lambda: answer.raw.read1(CHUNK), b"")


def whole(parts: Iterable[bytes], largest: int, until: float, too_large: Exception, too_slow: Exception) -> bytes:
    """The body. One that is larger than `largest` bytes, or trickles beyond `until` (of time.monotonic), is cut off. Raises these."""
    content = bytearray()
    for part in parts:
        content += part
        if len(content) > largest:
            raise too_large
        if time.monotonic() > until:
            raise too_slow
    return bytes(content)


def _body(answer: requests.Response, until: float) -> bytes:
    too_large = SourceAway(f"answered more than {LARGEST} bytes; ask for smaller pages")
    return whole(parts_of(answer), LARGEST, until, too_large, SourceAway("took too long to answer"))
