"""Pairing of a wall's browser: the short code that it shows, and how long a code and an unused screen count.

The way is that of RFC 8628 (device authorization): the browser shows a code, a person who may do so approves it elsewhere. Its 5.1
and 6.1 are followed: a code from an alphabet without letters that look alike, short-lived, and a brake on guessing.
"""

from typing import NamedTuple

ALPHABET = "BCDFGHJKLMNPQRSTVWXZ23456789"
"""No vowels (no words come about), no 0 1 I O."""
LENGTH = 6
NAME_LENGTH = 64
MINUTE, DAY = 60_000, 86_400_000


class Limits(NamedTuple):
    """config/pairing.yaml: minutes a code counts, codes open at once from one address and in all, days without use that end a screen."""

    code_minutes: int = 10
    codes_per_address: int = 10
    codes_in_all: int = 200
    unused_days: int = 180


class Screen(NamedTuple):
    """A paired browser: what it may see (empty is all), which wall it is, who approved it, when it was last heard of."""

    screen_id: str
    name: str
    wall: str
    regions: frozenset[str]
    departments: frozenset[str]
    paired_by: str
    paired_at: int
    last_seen_at: int
    address: str = ""
    agent: str = ""


class Ask(NamedTuple):
    """A browser that waits for approval; `address` and `agent` let the person who approves tell it from another."""

    code: str
    address: str
    agent: str
    asked_at: int
    expires_at: int


def normal_code(typed: str) -> str:
    """A code as it is kept, from what somebody typed: any case, with or without the dash. Empty for what cannot be one."""
    letters = "".join(letter for letter in typed.upper() if letter not in " -\u2013\u2014")
    return letters if len(letters) == LENGTH and set(letters) <= set(ALPHABET) else ""


def shown_code(code: str) -> str:
    """As it stands on the wall: two groups of three."""
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


def counts(screen: Screen, now: int, limits: Limits) -> bool:
    """Whether a screen that nobody revoked still counts: it ends only by not being used."""
    return not limits.unused_days or now - screen.last_seen_at < limits.unused_days * DAY
