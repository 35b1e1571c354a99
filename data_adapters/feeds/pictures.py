"""Where the picture of a video alarm is, for the feeds whose platforms tell one: an address, a path at the platform, or the picture itself.

A feed opens nothing: jobs.py fetches the picture (`PictureSource`) and checks it (services/event_pictures.py). Only the hosts that the
setting `pictures` names are asked: an address in a message is somebody else's word.
"""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from config.strict import Field, text
from data_adapters.feeds.asking import ask, poll_settings, seconds, session, url
from data_adapters.feeds.setup import FeedSetup
from services.event_pictures import PictureNotAllowed

MAX_BASE64 = 900_000
"""Characters: what a statement may hold beside everything else (domain/events.py)."""
PICTURE_SECRETS = ("pictures_token", "pictures_password")
BEGINNINGS = ("/9j/", "iVBORw0KGgo", "UklGR")
"""Of JPEG, PNG and WebP in base64."""


def picture_in(raw: object) -> dict[str, str] | None:
    """What a field says that holds a picture or its address; None for neither."""
    if not isinstance(raw, str) or not raw.strip():
        return None
    text = raw.strip()
    if text.startswith("data:image/"):
        text = text.partition(",")[2]
    if text.startswith(BEGINNINGS):
        return {"base64": text} if len(text) <= MAX_BASE64 else {"missing": "too_large"}
    return {"url": text} if _is_address(text) else None


def path_at_platform(path: str) -> dict[str, str]:
    """Below the address that the feed's setting `poll` has."""
    return {"path": path}


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and len(text) <= 2000 and text.isprintable()


def types_of(known: Any, raw: Any) -> dict[str, str]:
    """A setting that maps the platform's own words to types of video alarm. Raises ValueError."""
    fine = isinstance(raw, dict) and all(isinstance(word, str) and word and name in known for word, name in raw.items())
    if not fine:
        raise ValueError(f"the platform's words with types of video_alarms.yaml: {', '.join(known)}")
    return dict(raw)


def _hosts(raw: Any) -> list[str]:
    if not isinstance(raw, list) or not all(isinstance(one, str) and one and "/" not in one for one in raw):
        raise ValueError("`hosts`: a list of host names")
    return raw


PICTURES: dict[str, Field] = {"url": (url, None), "hosts": (_hosts, []), "timeout_s": (seconds, 10.0), "user": (text, None)}


def _pictures(raw: Any) -> dict[str, Any]:
    return poll_settings(raw, PICTURES)


PICTURE_FIELDS: dict[str, Field] = {"pictures": (_pictures, None)}


class PictureSource:
    """Fetches pictures of one feed: one bounded request each, with the feed's credentials, from the hosts that its settings name."""

    def __init__(self, feed: str, settings: Mapping[str, Any], secrets: Mapping[str, str]) -> None:
        self.feed, self._url, self._timeout_s = feed, settings["url"], settings["timeout_s"]
        own = urlsplit(self._url or "").hostname
        self._hosts = {*settings["hosts"], *([own] if own else [])}
        self._session = session({"Accept": "image/*", **_credentials(settings["user"], secrets)})

    def fetch(self, picture: Mapping[str, str]) -> bytes:
        """The bytes at the picture's `url` or `path`, unchecked. Raises SourceAway, PictureNotAllowed."""
        place = picture.get("url") or (self._url + picture["path"] if self._url and picture.get("path", "").startswith("/") else "")
        if urlsplit(place).hostname not in self._hosts:
            raise PictureNotAllowed("the feed's setting `pictures` does not name the picture's host")
        return ask(self._session, place, self._timeout_s, "a picture")[0]


def picture_source(setup: FeedSetup) -> PictureSource | None:
    """By the feed's setting `pictures` (its adapter checks it), or None where it has none."""
    raw = setup.settings.get("pictures")
    return None if raw is None else PictureSource(setup.name, _pictures(raw), setup.secrets)


def _credentials(user: str | None, secrets: Mapping[str, str]) -> dict[str, str]:
    if secrets.get("pictures_token"):
        return {"Authorization": f"Bearer {secrets['pictures_token']}"}
    if user and secrets.get("pictures_password"):
        return {"Authorization": "Basic " + b64encode(f"{user}:{secrets['pictures_password']}".encode()).decode()}
    return {}
