"""What pairing needs from outside. Times are epoch milliseconds; of a secret only its SHA-256 goes out."""

from collections.abc import Sequence
from typing import Protocol

from domain.pairing import Ask, Screen
from services.account_ports import AuditEntry


class PairingStore(Protocol):
    """Waiting browsers and paired screens (data_adapters/sql/pairing_repository.py).

    Each change and its audit entry are one transaction."""

    def ask(self, ask: Ask, secret_hash: bytes) -> bool:
        """Keep a waiting browser; False when the code is taken. Forgets those that have expired."""

    def asked(self, secret_hash: bytes, now: int) -> Ask | None:
        """The unexpired ask of this browser."""

    def waiting(self, code: str, now: int) -> Ask | None:
        """The unexpired ask of this code."""

    def open_asks(self, address: str, now: int) -> tuple[int, int]:
        """How many unexpired asks there are from this address, and in all."""

    def approve(self, code: str, screen: Screen, entry: AuditEntry) -> bool:
        """Make the browser that waits with `code` this screen; False when it does not wait any more."""

    def screen(self, secret_hash: bytes) -> Screen | None:
        """The unrevoked screen of this secret."""

    def touch(self, screen_id: str, now: int) -> None:
        """The screen was used at `now`."""

    def screens(self) -> Sequence[Screen]:
        """All unrevoked screens, by wall and name."""

    def revoke(self, screen_id: str, entry: AuditEntry) -> bool:
        """End the screen; False when there is none or it was ended before."""
