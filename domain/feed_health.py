"""What a feed is worth at a moment: rules over what ingest counted and what the ways to it say. Pure; nothing is guessed.

What cannot be known is None, and `unknown` says why, by a code that the screens have words for.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from domain.feed_tally import at_most

GOOD, POOR, DOWN, UNKNOWN, STARTING = "good", "poor", "down", "unknown", "starting"
STATES = (DOWN, POOR, UNKNOWN, STARTING, GOOD)
"""The worst first. `poor`: it brings something, but late, wrong or too little; `starting`: it is new, and still tells its past."""
BAD = (DOWN, POOR)
WINDOWS_MS = (600_000, 3_600_000, 21_600_000, 86_400_000)
ENOUGH = 10
"""A window is long enough when so many reports are expected in it."""
MOST = 0.5
"""Half of even a few messages is a problem."""
MISSED = 3
"""A feed without an interval of its own is late when so many expected reports have not come."""


class Limits(NamedTuple):
    """From where on something is a problem (config/feed_health.yaml). Shares are 0 to 1; `few`: fewer messages prove nothing;
    a feed that was first heard at most `starting_s` ago may tell its past (0: none may)."""

    silent_times: float
    low_rate: float
    high_lag_s: float
    error_share: float
    suspect_share: float
    few: int
    refused_within_s: float
    starting_s: float = 0.0


class Expected(NamedTuple):
    """The devices of a feed: registered ones with an interval and how many reports a second these owe, those that report on change,
    and those that nobody has adopted."""

    with_interval: int = 0
    per_s: float = 0.0
    on_change: int = 0
    unadopted: int = 0


class Counts(NamedTuple):
    """What came within the window; `lags` by the steps of domain/feed_tally.py."""

    stored: int = 0
    duplicate: int = 0
    rejected: int = 0
    reports: int = 0
    due: int = 0
    suspect: int = 0
    lags: tuple[int, ...] = ()

    @property
    def messages(self) -> int:
        """All of them."""
        return self.stored + self.duplicate + self.rejected


class Way(NamedTuple):
    """A system that is asked (`poll`) or that posts (`post`). Times are epoch ms; `next_at`: when it is asked again."""

    way: str
    asked_at: int
    answered_at: int | None = None
    failures: int = 0
    failing_since: int | None = None
    failed_at: int | None = None
    next_at: int | None = None
    error: str = ""


class Facts(NamedTuple):
    """What is known of a feed at a moment. `listening_ms`: for how long CityDeck has heard without a break; `blind`: why it cannot now;
    `first_at`: when it was first heard."""

    feed: str
    interval_s: float | None
    last_at: int | None
    window_ms: int
    listening_ms: int
    counts: Counts
    expected: Expected
    ways: tuple[Way, ...] = ()
    blind: str = ""
    first_at: int | None = None

    @property
    def covered_ms(self) -> int:
        """How much of the window could be heard."""
        return max(0, min(self.window_ms, self.listening_ms))


class Problem(NamedTuple):
    """Something that is wrong: a code with its figures, and whether the feed is down or only poor by it."""

    code: str
    state: str
    params: Mapping[str, Any]


class Health(NamedTuple):
    """The answer. Rates are a second, lateness in ms (`at most`), shares 0 to 1."""

    facts: Facts
    state: str
    problems: tuple[Problem, ...]
    rate: float | None
    expected_rate: float | None
    lag_ms: int | None
    lag_p95_ms: int | None
    error_share: float | None
    suspect_share: float | None
    unknown: Mapping[str, str]

    @property
    def feed(self) -> str:
        """Its name."""
        return self.facts.feed

    @property
    def is_bad(self) -> bool:
        """Whether somebody should look."""
        return self.state in BAD


def window_of(expected: Expected) -> int:
    """How far back a feed is looked at (ms): long enough for its devices to have spoken."""
    if not expected.per_s:
        return WINDOWS_MS[1]
    return next((window for window in WINDOWS_MS if window / 1000 * expected.per_s >= ENOUGH), WINDOWS_MS[-1])


def quiet_limit_ms(facts: Facts) -> int | None:
    """The longest that the feed may say nothing: its own interval, else three reports that its devices owe. None: on change."""
    if facts.interval_s is not None:
        return round(facts.interval_s * 1000)
    return round(MISSED / facts.expected.per_s * 1000) if facts.expected.per_s else None


def judge(facts: Facts, limits: Limits, now: int) -> Health:
    """How the feed does."""
    counts, seconds = facts.counts, facts.covered_ms / 1000
    problems = tuple(found for check in CHECKS if (found := check(facts, limits, now)) is not None)
    unknown = {name: why for name, why in _unknown(facts).items() if why}
    return Health(
        facts,
        _state(facts, problems, now),
        problems,
        None if "rate" in unknown else counts.due / seconds if facts.expected.per_s else counts.messages / seconds,
        None if "expected_rate" in unknown else facts.expected.per_s or 1 / (facts.interval_s or 1),
        at_most(counts.lags, 0.5),
        at_most(counts.lags, 0.95),
        counts.rejected / counts.messages if counts.messages else None,
        counts.suspect / counts.reports if counts.reports else None,
        unknown,
    )


def _unknown(facts: Facts) -> dict[str, str]:
    """Figure -> why nobody can know it; empty where it is known."""
    nothing = "" if facts.counts.messages else "no_messages"
    no_reports = "" if facts.counts.reports else "no_reports"
    hearing = facts.blind or ("" if facts.covered_ms >= 1000 else "too_short")
    expects = facts.expected.per_s or facts.interval_s
    return {
        "last_at": "" if facts.last_at is not None else "never",
        "rate": hearing,
        "expected_rate": "" if expects else "on_change",
        "lag": no_reports,
        "error_share": nothing,
        "suspect_share": no_reports,
        "state": _why_unknown(facts) if not facts.blind else facts.blind,
    }


def _why_unknown(facts: Facts) -> str:
    if quiet_limit_ms(facts) is None and not facts.counts.messages and not _answers(facts):
        return "on_change" if facts.last_at is not None else "never"
    return "too_short" if facts.last_at is None and not _answers(facts) else ""


def _answers(facts: Facts) -> bool:
    """Whether a system that is asked has answered, and does."""
    return any(one.way == "poll" and one.answered_at is not None and one.failing_since is None for one in facts.ways)


def _state(facts: Facts, problems: Sequence[Problem], now: int) -> str:
    states = {one.state for one in problems}
    if DOWN in states:
        return DOWN
    if facts.blind or (not problems and _why_unknown(facts)):
        return UNKNOWN
    return next((state for state in (POOR, STARTING) if state in states), GOOD)


def _silent(facts: Facts, limits: Limits, now: int) -> Problem | None:
    limit_ms = quiet_limit_ms(facts)
    if limit_ms is None or facts.blind or (facts.interval_s is None and _answers(facts)):
        return None
    quiet_ms = facts.listening_ms if facts.last_at is None else min(now - facts.last_at, facts.listening_ms)
    if quiet_ms > limit_ms * limits.silent_times:
        return Problem("silent" if facts.last_at is not None else "never", DOWN, {"quiet_ms": quiet_ms, "limit_ms": limit_ms})
    if quiet_ms > limit_ms:
        return Problem("late", POOR, {"quiet_ms": quiet_ms, "limit_ms": limit_ms})
    return None


def _away(facts: Facts, limits: Limits, now: int) -> Problem | None:
    for one in facts.ways:
        if one.way == "poll" and one.failing_since is not None:
            return Problem("away", DOWN, {"since": one.failing_since, "failures": one.failures, "error": one.error, "next_at": one.next_at})
    return None


def _refused(facts: Facts, limits: Limits, now: int) -> Problem | None:
    for one in facts.ways:
        if one.way == "post" and one.failed_at is not None and now - one.failed_at <= limits.refused_within_s * 1000:
            # A stranger who knocks makes no feed go down: only one that never said anything is, for its secret was never right.
            state = DOWN if facts.last_at is None and not facts.blind else POOR
            return Problem("refused", state, {"since": one.failing_since or one.failed_at, "failures": one.failures, "error": one.error})
    return None


def _unreadable(facts: Facts, limits: Limits, now: int) -> Problem | None:
    counts = facts.counts
    if not counts.rejected:
        return None
    if counts.rejected == counts.messages:
        return Problem("unreadable", DOWN, {"n": counts.rejected})
    share = counts.rejected / counts.messages
    if share > limits.error_share and (counts.messages >= limits.few or share >= MOST):
        return Problem("errors", POOR, {"share": share, "n": counts.rejected})
    return None


def _wrong_clock(facts: Facts, limits: Limits, now: int) -> Problem | None:
    counts = facts.counts
    if counts.reports and counts.suspect / counts.reports > limits.suspect_share:
        return Problem("clock", POOR, {"share": counts.suspect / counts.reports, "n": counts.suspect})
    return None


def _laggard(facts: Facts, limits: Limits, now: int) -> Problem | None:
    lag_ms = at_most(facts.counts.lags, 0.95)
    if lag_ms is not None and lag_ms > limits.high_lag_s * 1000:
        # What a new feed tells of its past is late by nature, and stays in the window for as long as the window is.
        until = 0 if facts.first_at is None or not limits.starting_s else facts.first_at + limits.starting_s * 1000 + facts.window_ms
        if now <= until:
            return Problem("filling", STARTING, {"since": facts.first_at, "lag_ms": lag_ms})
        return Problem("lag", POOR, {"lag_ms": lag_ms, "limit_ms": round(limits.high_lag_s * 1000)})
    return None


def _thin(facts: Facts, limits: Limits, now: int) -> Problem | None:
    owed = facts.expected.per_s * facts.covered_ms / 1000
    if facts.blind or owed < limits.few or facts.counts.due >= owed * limits.low_rate:
        return None
    return Problem("thin", POOR, {"came": facts.counts.due, "owed": round(owed)})


CHECKS = (_away, _silent, _refused, _unreadable, _wrong_clock, _laggard, _thin)
"""In the order in which a person should read them."""
