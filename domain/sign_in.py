"""Rules of signing in: how long to wait after failures, how long a session lasts, what a username and a password may be."""

SECOND = 1_000
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
"""Length is what counts, not classes of characters (NIST SP 800-63B, 5.1.1.2)."""


def wait_after(failures: int) -> int:
    """Milliseconds to wait before the next attempt: none at first, then 1 s, 2 s, 4 s ... up to a quarter of an hour."""
    beyond = failures - FREE_FAILURES
    if beyond < 0:
        return 0
    return min(LONGEST_WAIT, SECOND << min(beyond, 20))


def alive(kind: str, last_seen_at: int, expires_at: int | None, now: int) -> bool:
    """Whether a session (`web`) or API token (`token`) still counts at `now`; only a `web` one ends by not being used."""
    if expires_at is not None and now >= expires_at:
        return False
    return kind == "token" or now - last_seen_at < IDLE_LIMIT


def username_ok(username: str) -> bool:
    """Whether a name can be an account's: short, printable (so no NUL and no half of a surrogate pair), no space around it."""
    return 0 < len(username) <= USERNAME_LENGTH and username.isprintable() and username == username.strip()


def password_problem(password: str) -> str | None:
    """Why a new password is not taken, or None."""
    shortest, longest = PASSWORD_LENGTH
    if not shortest <= len(password) <= longest:
        return f"a password has {shortest} to {longest} characters"
    if not password.isprintable():
        return "a password consists of printable characters"
    return None
