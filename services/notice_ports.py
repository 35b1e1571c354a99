"""What notices need from outside: a store, channels, and who is on duty."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from domain.notices import Calling


class Notice(NamedTuple):
    """One message to one person over one channel. Times are epoch ms; `params` fill the template's words."""

    notice_id: str
    key: str
    thing: str
    username: str
    channel: str
    template: str
    params: Mapping[str, Any]
    link: str
    created_at: int
    attempts: int = 0
    state: str = "waiting"
    sent_at: int | None = None
    read_at: int | None = None
    error: str = ""
    exercise: bool = False


class NotDelivered(Exception):
    """The channel says that it did not deliver; it may be tried again."""


class Channel(Protocol):
    """A way to a person (data_adapters/notify/)."""

    def send(self, notice: Notice, address: str, title: str, body: str) -> None:
        """Deliver, or raise NotDelivered. Blocks for at most its own time-out."""


class NoticeStore(Protocol):
    """PostgreSQL, as notices need it (data_adapters/sql/notice_repository.py)."""

    def put(self, notices: Sequence[Notice]) -> int:
        """Keep what is new by its key; returns how many were."""

    def claim(self, now: int, until: int, most: int) -> list[Notice]:
        """Take up to `most` that are due, by a conditional UPDATE: nobody else gets them before `until`. Claims that ran out while
        sending become `unsure` first."""

    def done(self, notice_id: str, now: int) -> None:
        """It was delivered."""

    def failed(self, notice_id: str, error: str, again_at: int | None) -> None:
        """It was not; try again then, or never (None)."""

    def addresses(self, username: str) -> Mapping[str, str]:
        """Channel -> address (an e-mail address, a telephone number) of somebody; the language under `lang`."""

    def set_address(self, username: str, channel: str, address: str) -> None:
        """Where somebody is reached over this channel; empty: not at all."""

    def of(self, username: str, unread_only: bool, most: int) -> list[Notice]:
        """Somebody's notices in the application, newest first."""

    def about(self, thing: str) -> list[Notice]:
        """All notices about a thing, oldest first: whom it reached, and when they read it."""

    def read(self, username: str, notice_ids: Sequence[str], now: int) -> int:
        """They have been read; returns how many were unread."""

    def save_calling(self, calling: Calling, params: Mapping[str, Any], expected: Calling | None) -> bool:
        """Keep a calling: a new one (its thing and turn must be new; earlier turns end), or the next step of `expected`. False when
        it has gone on meanwhile."""

    def callings(self, states: Sequence[str]) -> list[tuple[Calling, Mapping[str, Any]]]:
        """Callings in these states with their params, oldest first."""

    def calling_of(self, thing: str) -> tuple[Calling, Mapping[str, Any]] | None:
        """The newest calling about a thing."""
