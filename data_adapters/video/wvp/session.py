"""WVP's REST: its envelope {code, msg, data}, its token, and its codes in the words of services/video_ports.py."""

import hashlib
import threading
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from data_adapters.video.http import LARGEST_JSON, LARGEST_PICTURE, Answer, get
from data_adapters.video.values import table, words
from services.video_ports import (
    BadAnswer,
    Busy,
    NoRight,
    NoStream,
    Offline,
    PlatformRefused,
    TimedOut,
    UnknownChannel,
    VideoError,
)

LOGIN = "/api/user/login"
TOKEN, API_KEY = "access-token", "api-key"
CODES: Mapping[int, type[VideoError]] = {
    401: NoRight,
    403: NoRight,
    404: UnknownChannel,
    408: TimedOut,
    486: TimedOut,
    -1: TimedOut,
    -2: NoStream,
    -3: Busy,
    -6: NoStream,
    -14: NoStream,
}
"""Codes of its envelope: HTTP's own where it borrows them; negative ones are those of an invitation to a stream (signalling timed out,
no stream arrived, out of resources, ...)."""
SAYINGS: Mapping[str, type[VideoError]] = {
    "离线": Offline,
    "offline": Offline,
    "不在线": Offline,
    "超时": TimedOut,
    "timeout": TimedOut,
    "不存在": UnknownChannel,
    "无权限": NoRight,
}
"""What its message says, where the code is the general 100 or 500."""


class WvpSession:
    """One account at one WVP. The token is asked for when it is first needed, and again once when WVP no longer takes it."""

    def __init__(self, base: str, timeout_s: float, username: str, password: str, api_key: str = "") -> None:
        self._base, self._timeout_s, self._username, self._api_key = base, timeout_s, username, api_key
        self._digest = hashlib.md5(password.encode(), usedforsecurity=False).hexdigest()
        self._token = ""
        self._lock = threading.Lock()

    def ask(self, path: str, parameters: Mapping[str, Any] | None = None, **parts: str) -> Any:
        """The `data` of an answer; `parts` fill the path. Raises VideoErrors: NoRight when the account is refused, what CODES say."""
        document = table(self._get(path, parameters, LARGEST_JSON, parts).json())
        if "code" not in document:
            # Some of WVP's calls (a stop) answer without an envelope when all went well.
            return document
        return _opened(document)

    def picture(self, path: str, parameters: Mapping[str, Any] | None = None, **parts: str) -> bytes:
        """The body of an answer that is a picture; empty where there is none yet. Raises VideoErrors."""
        return self._get(path, parameters, LARGEST_PICTURE, parts).content

    def text(self, path: str, parameters: Mapping[str, Any] | None = None) -> str:
        """The body of an answer as text. Raises VideoErrors."""
        return self._get(path, parameters, LARGEST_JSON, {}).content[:4096].decode("utf-8", "replace")

    def _get(self, path: str, parameters: Mapping[str, Any] | None, largest: int, parts: Mapping[str, str]) -> Answer:
        place = path.format(**{name: quote(part, safe="") for name, part in parts.items()})
        token = self._token or self._fresh("")
        found = self._once(place, parameters, largest, token)
        if _refused(found) and not self._api_key:
            found = self._once(place, parameters, largest, self._fresh(token))
        if _refused(found):
            raise NoRight("WVP does not take its account")
        if found.status != 200 and not _enveloped(found):
            raise CODES.get(found.status, PlatformRefused)(f"answered {found.status}")
        return found

    def _once(self, place: str, parameters: Mapping[str, Any] | None, largest: int, token: str) -> Answer:
        headers = {API_KEY: self._api_key} if self._api_key else {TOKEN: token}
        return get(self._base + place, self._timeout_s, largest, parameters, headers)

    def _fresh(self, refused: str) -> str:
        """A token that is not the refused one: another thread's, or one that is asked for now."""
        if self._api_key:
            return ""
        with self._lock:
            if self._token == refused:
                self._token = self._log_in()
            return self._token

    def _log_in(self) -> str:
        found = get(self._base + LOGIN, self._timeout_s, LARGEST_JSON, {"username": self._username, "password": self._digest})
        document = table(found.json())
        if document.get("code") != 0:
            raise NoRight("WVP refused the account")
        token = found.headers.get(TOKEN) or words(table(document.get("data")).get("accessToken")) or ""
        if not token or not token.isascii() or not token.isprintable():
            raise BadAnswer("a login without a token")
        return token


def _refused(answer: Answer) -> bool:
    return answer.status == 401 or (_enveloped(answer) and table(answer.json()).get("code") == 401)


def _enveloped(answer: Answer) -> bool:
    return answer.content[:1] == b"{" and b'"code"' in answer.content[:LARGEST_JSON]


def _opened(document: Mapping[str, Any]) -> Any:
    code, said = document["code"], words(document.get("msg"))
    if code == 0:
        return document.get("data")
    if isinstance(code, bool) or not isinstance(code, int):
        raise BadAnswer("an envelope whose code is no number")
    kind = CODES.get(code) or next((kind for word, kind in SAYINGS.items() if word in said.lower()), PlatformRefused)
    raise kind(f"{code} {said}")
