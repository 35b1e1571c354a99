"""What alarm evaluation needs from outside (data_adapters/sql/alarm_repository.py has the real one). Times: epoch milliseconds.

`tx` is the caller's open transaction; it is passed through and nothing here commits.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from domain.alarms import Row
from services.ports import AlarmRecord, Series

RuleSeries = tuple[str, str, str]
"""Device, metric, rule."""


class Span(NamedTuple):
    """Which readings of a series to fetch: the last `before` ones earlier than `since`, the first `after` ones from `since` on."""

    series: Series
    since: int
    before: int
    after: int


class Transition(NamedTuple):
    """One step of an alarm's life. `kind` and `at` say what is true from now on:

    raised: active since `at`; moved: it began at `at`; cleared: over at `at`; withdrawn: it never was; acknowledged: seen by `actor`;
    acknowledgement_expired: nothing came of it; false_alarm: `actor` says so, `note` is the reason; silenced: under the silence
    `note`; unsilenced: under none any more.
    """

    alarm_id: str
    kind: str
    at: int
    actor: str
    value: float | None
    note: str = ""


class Deed(NamedTuple):
    """What a person or the clock decides about an alarm, passed on through the inbox; `kind` is the transition's.

    `asked_at`: when it was decided. `note`: the reason of a false alarm, the id of a silence.
    """

    kind: str
    alarm_id: str
    actor: str
    asked_at: int = 0
    note: str = ""


DEEDS = frozenset({"acknowledged", "acknowledgement_expired", "false_alarm", "silenced", "unsilenced"})


class AlarmStore(Protocol):
    """Readings to judge, alarms and their transitions."""

    def readings(self, tx: Any, spans: Sequence[Span]) -> list[tuple[list[Row], list[Row]]]:
        """For each span the rows before and from `since`, sorted by time; of the metric POSITION the device's places, of one
        that begins with STATED the video alarms of that type, what was stated at once in one row. Those of the open transaction are
        among them."""

    def stated(self, tx: Any, device_ids: Sequence[str], since: int) -> list[Series]:
        """The series of video alarms (domain/alarm_statements.py) of these devices that have an active alarm, or a statement later than
        `since`."""

    def alarms(self, tx: Any, since: Mapping[Series, int]) -> list[AlarmRecord]:
        """The alarms of each series, withdrawn ones too, that were raised or cleared later than its `since`, or are active."""

    def active(self, tx: Any, device_ids: Sequence[str]) -> list[AlarmRecord]:
        """The active alarms of these devices."""

    def numbers(self, tx: Any, n: int) -> list[int]:
        """`n` fresh numbers, ascending. Never given twice, also after a rollback."""

    def save(
        self, tx: Any, origin_center: str, alarms: Sequence[AlarmRecord], transitions: Sequence[Transition], now: int
    ) -> list[AlarmRecord]:
        """Insert or update the alarms (what was decided about them is never touched), write the transitions in their order, put new
        alarms under the silence in force, and return the alarms as they are now stored."""

    def lives(self, tx: Any, since: Mapping[RuleSeries, int]) -> list[AlarmRecord]:
        """The alarms of each series and rule, withdrawn ones left out, that are active or were cleared later than its `since`."""

    def decide(self, tx: Any, deed: Deed, at: int) -> AlarmRecord | None:
        """Write the deed down, if there is such an alarm and the deed is still due; otherwise None. Done twice it counts once."""
