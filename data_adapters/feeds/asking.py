"""Asking another system over HTTP, for the feeds that must (services/polling.py): settings, and one bounded request.

Connecting, and each answer whole, take at most `timeout_s`; nothing is followed elsewhere; what is away says why without its secret.
"""

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError

from config.strict import REQUIRED, Field, text
from services.polling import SourceAway

LARGEST = 8 * 1024 * 1024
CHUNK = 64 * 1024
UNCHANGED = 304


def url(raw: Any) -> str:
    """A place to ask, in a setting. Raises ValueError."""
    parts = urlsplit(text(raw))
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        raise ValueError("`url` as http(s)://host, without a password")
    return str(raw).rstrip("/")


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


def ask(
    asking: requests.Session,
    place: str,
    timeout_s: float,
    what: str,
    parameters: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> tuple[bytes, Mapping[str, str]] | None:
    """The body and the headers of the answer; None where it says that nothing has changed. Raises SourceAway, which names `what`."""
    until = time.monotonic() + timeout_s
    try:
        with asking.get(place, params=parameters, headers=headers, timeout=timeout_s, stream=True, allow_redirects=False) as answer:
            if answer.status_code == UNCHANGED:
                return None
            if answer.status_code != 200:
                raise SourceAway(f"answered {answer.status_code} for {what}")
            return _whole(answer, until), answer.headers
    except (requests.RequestException, HTTPError, ValueError) as error:
        # ValueError: what no header can carry (a tenant's name in Chinese) is found out only when it is sent.
        raise SourceAway(f"{type(error).__name__} at {urlsplit(place).hostname}") from None


def _whole(answer: requests.Response, until: float) -> bytes:
    """The body. One that trickles, or is too large, is cut off."""
    content = bytearray()
    while part := answer.raw.read1(CHUNK):
        content += part
        if len(content) > LARGEST:
            raise SourceAway(f"answered more than {LARGEST} bytes; ask for smaller pages")
        if time.monotonic() > until:
            raise SourceAway("took too long to answer")
    return bytes(content)
