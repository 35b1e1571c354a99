"""Asking a library over HTTP: bounded as feeds are (data_adapters/feeds/asking.py), with a token or OAuth2 (oauthlib)."""

import time
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import orjson
import requests
from oauthlib.oauth2 import BackendApplicationClient, OAuth2Error
from urllib3.exceptions import HTTPError

from config.strict import Field, wrong
from config.strict import text as some_text
from data_adapters.feeds.asking import Answered, ask, parts_of, session, shown_as, url, whole, word
from data_adapters.topics.setup import FILE, Setup
from services.polling import SourceAway
from services.topic_ports import LibraryAway, QueryRefused

SETTINGS: dict[str, Field] = {
    "url": (url, None),
    "header": (word, None),
    "parameter": (word, None),
    "authority": (url, None),
    "scope": (some_text, None),
}
"""`header` or `parameter` carry the secret `token`; `authority` is where OAuth2 gives one for `client_id` and `client_secret`."""
SECRETS = ("token", "client_id", "client_secret")
UNAUTHORIZED = 401
REFUSED = (400, 404, 422)
EARLY_S = 30.0
LONGEST_TOKEN_S = 3600.0
LARGEST_TOKEN = 100_000


class Page(NamedTuple):
    """One answer: its document, and its headers."""

    document: Any
    headers: Mapping[str, str]


class WebSession:
    """One interface with its credentials. No redirect is followed, and the token goes to its own host only."""

    def __init__(self, setup: Setup, said: Mapping[str, Any]) -> None:
        self.code, self._timeout_s = setup.config.code, setup.config.timeout_s
        if not said["url"]:
            raise wrong(FILE, f"{self.code}: settings", "url", None, "http(s)://host")
        self.url: str = said["url"]
        headers, self._parameters = shown_as(said["header"], said["parameter"], setup.secrets.get("token", ""))
        self._session = session({"Accept": "application/json", **headers})
        self._credentials = Credentials(setup, said) if said["authority"] else None

    def get(self, place: str, parameters: Mapping[str, str]) -> Page:
        """The document at `place`, an address or a path. Raises QueryRefused, LibraryAway."""
        address = place if "://" in place else f"{self.url}/{place.lstrip('/')}" if place else self.url
        if urlsplit(address)[:2] != urlsplit(self.url)[:2]:
            raise LibraryAway(f"{self.code}: points to another host, which is not asked")
        try:
            return self._shown(address, {**parameters, **self._parameters})
        except SourceAway as error:
            refused = isinstance(error, Answered) and error.status in REFUSED
            raise (QueryRefused if refused else LibraryAway)(f"{self.code}: {error}") from None

    def _shown(self, address: str, parameters: Mapping[str, str]) -> Page:
        """Asked with the token that there is, and with another where that is not taken any more."""
        try:
            return self._asked(address, parameters)
        except Answered as error:
            if error.status != UNAUTHORIZED or self._credentials is None:
                raise
            self._credentials.forget()
            return self._asked(address, parameters)

    def _asked(self, address: str, parameters: Mapping[str, str]) -> Page:
        headers = self._credentials.headers(self._session) if self._credentials else {}
        content, told = ask(self._session, address, self._timeout_s, urlsplit(address).path or "/", parameters, headers)
        try:
            return Page(orjson.loads(content), told)
        except orjson.JSONDecodeError:
            raise SourceAway("answered what is no JSON") from None


class Credentials:
    """OAuth2 client credentials (RFC 6749, 4.4): a token is asked for when there is none, and again when it is nearly over."""

    def __init__(self, setup: Setup, said: Mapping[str, Any]) -> None:
        for name in ("client_id", "client_secret"):
            if name not in setup.secrets:
                raise wrong(FILE, f"{setup.config.code}: secrets", name, None, "a secret, since `authority` is set")
        self._authority, self._timeout_s = said["authority"], setup.config.timeout_s
        self._id, self._secret, self._scope = setup.secrets["client_id"], setup.secrets["client_secret"], said["scope"]
        self._token, self._until = "", 0.0

    def headers(self, asking: requests.Session) -> dict[str, str]:
        """The header that shows the token. Raises SourceAway."""
        if not self._token or time.monotonic() > self._until:
            self._fetch(asking)
        return {"Authorization": f"Bearer {self._token}"}

    def forget(self) -> None:
        """The token isn't taken any more."""
        self._token = ""

    def _fetch(self, asking: requests.Session) -> None:
        client = BackendApplicationClient(client_id=self._id, scope=self._scope)
        body = client.prepare_request_body(include_client_id=False)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        until = time.monotonic() + self._timeout_s
        try:
            how: dict[str, Any] = {"timeout": self._timeout_s, "stream": True, "allow_redirects": False}
            with asking.post(self._authority, data=body, headers=headers, auth=(self._id, self._secret), **how) as answer:
                if answer.status_code != 200:
                    raise SourceAway(f"answered {answer.status_code} when asked for a token")
                said = whole(
                    parts_of(answer), LARGEST_TOKEN, until, SourceAway("gave too long a token"), SourceAway("took too long to give a token")
                )
                token = client.parse_request_body_response(said.decode("utf-8", "replace"))
        except (requests.RequestException, HTTPError) as error:
            raise SourceAway(f"{type(error).__name__} at {urlsplit(self._authority).hostname}") from None
        except (OAuth2Error, Warning, ValueError) as error:
            raise SourceAway(f"gave no token: {type(error).__name__}") from None
        lasts = min(float(token.get("expires_in") or LONGEST_TOKEN_S), LONGEST_TOKEN_S)
        self._token, self._until = str(token["access_token"]), time.monotonic() + max(1.0, lasts - EARLY_S)
