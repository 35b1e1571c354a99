"""Fetching media from platforms' media servers. The Media port.

Only from the stream's own origins, by http(s), never redirected, nothing taken from the environment, always with time-outs, at most 64 kB
at a time in memory.
"""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError, ReadTimeoutError

from data_adapters.feeds.asking import parts_of, session, whole
from services.video_ports import BadAnswer, NoRight, NoStream, PlatformAway, PlatformRefused, TimedOut, VideoError
from services.viewing_ports import Answered, Piece, origin_of

LARGEST_TEXT = 512 * 1024
CONNECT_S, SILENT_S = 3.0, 8.0
"""How long reaching a media server may take, and how long it may send nothing."""
REASONS: Mapping[int, type[VideoError]] = {401: NoRight, 403: NoRight, 404: NoStream, 410: NoStream, 504: TimedOut}


class HttpMedia:
    """One for a process."""

    def __init__(self) -> None:
        self._session = session({"User-Agent": "CityDeck"})

    def offer(self, origins: frozenset[str], url: str, sdp: str) -> Answered:
        """See Media. Understands WHEP (201, SDP) and ZLMediaKit's own way (200, JSON with `code` and `sdp`)."""
        with self._ask("POST", origins, url, data=sdp.encode(), headers={"Content-Type": "application/sdp"}) as answer:
            said = _whole(answer)
            place = answer.headers.get("Location")
            if "json" in answer.headers.get("Content-Type", ""):
                said = _from_json(said)
        return Answered(said, _allowed(origins, urljoin(url, place)) if place else None)

    def hang_up(self, origins: frozenset[str], resource: str) -> None:
        """See Media."""
        try:
            with self._ask("DELETE", origins, resource):
                pass
        except NoStream:
            pass

    def text(self, origins: frozenset[str], url: str) -> str:
        """See Media."""
        with self._ask("GET", origins, url) as answer:
            return _whole(answer)

    @contextmanager
    def stream(self, origins: frozenset[str], url: str) -> Iterator[Piece]:
        """See Media."""
        with self._ask("GET", origins, url) as answer:
            yield Piece(answer.headers.get("Content-Type", "application/octet-stream"), _parts(answer))

    @contextmanager
    def _ask(self, method: str, origins: frozenset[str], url: str, **more: Any) -> Iterator[requests.Response]:
        place = _allowed(origins, url)
        try:
            with self._session.request(method, place, timeout=(CONNECT_S, SILENT_S), stream=True, allow_redirects=False, **more) as answer:
                if answer.status_code >= 300:
                    raise REASONS.get(answer.status_code, PlatformRefused)(f"answered {answer.status_code}")
                yield answer
        except requests.ConnectTimeout:
            raise PlatformAway(urlsplit(url).hostname or "") from None
        except (requests.Timeout, ReadTimeoutError):
            raise TimedOut(urlsplit(url).hostname or "") from None
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            raise PlatformAway(f"{type(error).__name__} at {urlsplit(url).hostname}") from None


def _allowed(origins: frozenset[str], url: str) -> str:
    """The address, when it is at one of the stream's origins. Raises BadAnswer."""
    origin = origin_of(url)
    if origin not in origins:
        raise BadAnswer(f"an address at {origin}, where this stream does not come from")
    return url


def _parts(answer: requests.Response) -> Iterator[bytes]:
    """The body as it comes; an error in the middle ends it with one of ours."""
    try:
        yield from parts_of(answer)
    except ReadTimeoutError:
        raise TimedOut("it sends nothing any more") from None
    except (HTTPError, OSError) as error:
        raise NoStream(type(error).__name__) from None


def _whole(answer: requests.Response) -> str:
    """A text that is no longer than LARGEST_TEXT and is there within SILENT_S."""
    too_large, too_slow = BadAnswer("a text that is too long"), TimedOut("a text that trickles")
    return whole(_parts(answer), LARGEST_TEXT, time.monotonic() + SILENT_S, too_large, too_slow).decode("utf-8", "replace")


def _from_json(said: str) -> str:
    try:
        found = json.loads(said)
        sdp = found["sdp"] if found.get("code", 0) == 0 else None
    except (ValueError, KeyError, AttributeError):
        raise BadAnswer("no answer to a WebRTC offer") from None
    if not isinstance(sdp, str):
        raise NoStream(f"code {found.get('code')}")
    return sdp
