"""Rules of signing in: how long to wait after failures, how long a session lasts, what a username and a password may be.

GB/T 22239-2019, 7.1.4.1 (level 2) and 8.1.4.1 (level 3), ask for unique names, complex passwords that are changed from time to time,
a limit to failures, and sessions that end by themselves; they leave the numbers to the city: config/accounts.yaml, read into a Policy.
"""

from dataclasses import dataclass
from typing import NamedTuple

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 3_600 * SECOND
DAY = 24 * HOUR

FREE_FAILURES = 10
"""Failures of one username from one address that cost nothing: a person mistypes, and several screens sign in at once."""
LONGEST_WAIT = 900 * SECOND
FAILURES_FORGOTTEN_AFTER = DAY

IDLE_LIMIT = 12 * HOUR
SESSION_LIMIT = 7 * DAY
SEEN_GRAIN = 60 * SECOND
"""A session's last use is written down at most this often."""

TOKEN_DAYS = (1, 365)
"""Shortest and longest life of an API token."""

USERNAME_LENGTH = 64
PASSWORD_LENGTH = (12, 256)
"""Default shortest, and the longest that is looked at at all."""


class Flaw(NamedTuple):
    """Why something is not taken: `code` for the words of a page, `text` for programs and logs."""

    code: str
    text: str


@dataclass(frozen=True)
class Policy:
    """What a city asks for; config/accounts.yaml holds each value with its source."""

    shortest: int = PASSWORD_LENGTH[0]
    """Characters of a password."""
    kinds: int = 1
    """Of the four kinds of characters (lower case, upper case, digits, others) a password has at least so many."""
    change_after_days: int = 0
    """A password older than this is changed at the next sign-in; 0: never."""
    free_failures: int = FREE_FAILURES
    longest_wait_s: int = LONGEST_WAIT // SECOND
    idle_minutes: int = IDLE_LIMIT // MINUTE
    """A session not used for so long ends; watch officers' screens use theirs all the time."""
    administrator_idle_minutes: int = IDLE_LIMIT // MINUTE
    session_days: int = SESSION_LIMIT // DAY
    token_days: int = TOKEN_DAYS[1]
    """Longest life of an API token."""

    def wait_after(self, failures: int) -> int:
        """Milliseconds to wait before the next attempt: none at first, then 1 s, 2 s, 4 s ... up to the longest wait."""
        beyond = failures - self.free_failures
        if beyond < 0:
            return 0
        return min(self.longest_wait_s * SECOND, SECOND << min(beyond, 20))

    def idle_limit(self, administrator: bool) -> int:
        """Milliseconds without use after which a `web` session ends."""
        return MINUTE * (self.administrator_idle_minutes if administrator else self.idle_minutes)

    def outdated(self, set_at: int, session_since: int) -> bool:
        """Whether a password was too old when the session began: nobody loses their rights in the middle of a watch."""
        return bool(self.change_after_days) and session_since - set_at > self.change_after_days * DAY

    def flaw(self, password: str, username: str = "") -> Flaw | None:
        """Why a new password of `username` is not taken, or None."""
        longest = PASSWORD_LENGTH[1]
        if not self.shortest <= len(password) <= longest:
            return Flaw("length", f"a password has {self.shortest} to {longest} characters")
        if not password.isprintable():
            return Flaw("printable", "a password consists of printable characters")
        if kinds_of(password) < self.kinds:
            return Flaw("kinds", f"a password has at least {self.kinds} of: lower case, upper case, digits, other characters")
        if len(username) > 2 and username.casefold() in password.casefold():
            return Flaw("username", "a password does not contain the username")
        return None


def kinds_of(password: str) -> int:
    """How many of the four kinds of characters are in it; letters without case count as others."""
    tests = (str.islower, str.isupper, str.isdigit)
    others = any(not any(test(letter) for test in tests) for letter in password)
    return sum(any(test(letter) for letter in password) for test in tests) + others


def alive(kind: str, last_seen_at: int, expires_at: int | None, now: int, idle_limit: int = IDLE_LIMIT) -> bool:
    """Whether a session (`web`) or API token (`token`) still counts at `now`; only a `web` one ends by not being used."""
    if expires_at is not None and now >= expires_at:
        return False
    return kind == "token" or now - last_seen_at < idle_limit


def username_ok(username: str) -> bool:
    """Whether a name can be an account's: short, printable (so no NUL and no half of a surrogate pair), no space around it, and
    no slash, which would end it in an address."""
    return 0 < len(username) <= USERNAME_LENGTH and username.isprintable() and username == username.strip() and "/" not in username
