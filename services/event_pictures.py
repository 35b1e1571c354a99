"""The pictures of video alarms: noted when their event comes, fetched by jobs one by one, checked by what they are, kept like an
incident's attachments. What can't be had says why.

An event's picture is noted once through any kill (services/event_queue.py); fetching it twice keeps the same bytes once.
"""

import binascii
import logging
from base64 import b64decode
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from domain.identity import uuid7
from services.incident_ports import Blobs, Inspect
from services.polling import SourceAway
from services.ports import FeedEvent

log = logging.getLogger("citydeck.pictures")
CONSUMER, OF_KINDS = "pictures", frozenset({"video_alarm"})
PAUSES_S = (5, 15, 60, 300, 900)
"""Between tries; after the last one the picture is given up."""
AT_ONCE = 20
APART_MS = 60_000
"""Of one camera and type only one picture in so much time, however often the alarm is stated."""
REASONS = ("none_told", "not_allowed", "no_source", "away", "too_large", "no_image", "unreadable")
"""Why a picture is missing: the platform told none; its host is not among the feed's; the feed has no setting `pictures`; the platform
did not give it; too many bytes; no JPEG, PNG or WebP; base64 that is none."""


class PictureNotAllowed(SourceAway):
    """The picture lies where the feed's settings let nobody ask; trying again is no use."""


class PictureSource(Protocol):
    """Fetches one feed's pictures (data_adapters/feeds/pictures.py)."""

    def fetch(self, picture: Mapping[str, str]) -> bytes:
        """The bytes, unchecked. Raises SourceAway, PictureNotAllowed."""


class Wanted(NamedTuple):
    """A picture to be had. `told`: where it is, as the event says (domain/events.py); `tries` so far."""

    picture_id: str
    feed: str
    told: Mapping[str, str]
    tries: int


class Kept(NamedTuple):
    """A picture that is kept: its bytes' name, what it is, how large."""

    sha256: str
    media_type: str
    size: int


class PictureStore(Protocol):
    """Where pictures are noted (data_adapters/sql/event_picture_repository.py). Times: epoch ms."""

    def note(self, tx: Any, picture_id: str, one: FeedEvent, missing: str, apart_ms: int) -> None:
        """Note the event's picture in `tx`, to be fetched at once; or why there is none. Passed over where one of the same device and
        type lies within `apart_ms` of it: any for one that is missing, one that is not missing for any other."""

    def due(self, now: int, most: int) -> Sequence[Wanted]:
        """The pictures whose next try is due, the longest waiting first."""

    def keep(self, picture_id: str, kept: Kept) -> None:
        """It is there. What of it stood inside the event is taken out of it."""

    def give_up(self, picture_id: str, reason: str) -> None:
        """It can't be had, a word of REASONS says why."""

    def put_off(self, picture_id: str, due_at: int) -> None:
        """Try again then."""


class EventPictures:
    """Notes and fetches. One per jobs process."""

    def __init__(
        self,
        store: PictureStore,
        sources: Mapping[str, PictureSource],
        blobs: Blobs,
        inspect: Inspect,
        lit: Collection[str],
        largest: int,
        new_id: Callable[[int], Any] = uuid7,
    ) -> None:
        """`sources`: by feed. `lit`: types of video alarm that a rule lights; the pictures of others are not wanted. `largest`: bytes."""
        self._store, self._sources, self._blobs, self._inspect, self._lit = store, sources, blobs, inspect, lit
        self._new_id, self._largest = new_id, largest
        self._away: set[str] = set()

    def deal(self, tx: Any, events: Sequence[FeedEvent]) -> None:
        """Note the pictures of these events."""
        for one in events:
            facts = one.event.facts
            if facts["type"] in self._lit and facts["phase"] != "ended":
                missing = facts["picture"].get("missing", "") if "picture" in facts else "none_told"
                self._store.note(tx, str(self._new_id(one.event.received_at)), one, missing, APART_MS)

    def round(self, now: int) -> int:
        """Fetch what is due; returns how many pictures were tried."""
        wanted = self._store.due(now, AT_ONCE)
        for one in wanted:
            self._try(one, now)
        return len(wanted)

    def _try(self, one: Wanted, now: int) -> None:
        try:
            content = self._content(one)
        except PictureNotAllowed:
            return self._store.give_up(one.picture_id, "not_allowed")
        except binascii.Error:
            return self._store.give_up(one.picture_id, "unreadable")
        except SourceAway as error:
            return self._later(one, now, error)
        if content is None:
            return self._store.give_up(one.picture_id, "no_source")
        if one.feed in self._away and "base64" not in one.told:
            self._away.discard(one.feed)
            log.info("%s: its pictures can be had again", one.feed)
        return self._check(one.picture_id, content)

    def _check(self, picture_id: str, content: bytes) -> None:
        if len(content) > self._largest:
            return self._store.give_up(picture_id, "too_large")
        media_type = self._inspect(content)
        if media_type is None or not media_type.startswith("image/"):
            return self._store.give_up(picture_id, "no_image")
        return self._store.keep(picture_id, Kept(self._blobs.put(content), media_type, len(content)))

    def _content(self, one: Wanted) -> bytes | None:
        if "base64" in one.told:
            return b64decode(one.told["base64"], validate=True)
        source = self._sources.get(one.feed)
        return None if source is None else source.fetch(one.told)

    def _later(self, one: Wanted, now: int, error: SourceAway) -> None:
        if one.feed not in self._away:
            log.warning("%s: its pictures can't be had, trying again with growing pauses: %s", one.feed, error)
        self._away.add(one.feed)
        if one.tries >= len(PAUSES_S):
            return self._store.give_up(one.picture_id, "away")
        self._store.put_off(one.picture_id, now + PAUSES_S[one.tries] * 1000)
