"""What a city decides about its alarms beside the rules: flapping, groups, acknowledgements that expire."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from domain.alarm_flapping import Flapping


class Nearness(NamedTuple):
    """Alarms of one rule belong together within so many metres and seconds of another one of theirs."""

    within_m: float
    within_s: float


ALONE = Nearness(-1.0, 0.0)
"""Nothing is near anything."""


class Storm(NamedTuple):
    """So many alarms raised within so many seconds are a storm: more than people can take one by one."""

    alarms: int
    within_s: float

    def raised(self, raised_at: Iterable[int], at: int) -> int:
        """How many of them were raised in the time before `at` (epoch ms)."""
        return sum(0 <= at - one <= self.within_s * 1000 for one in raised_at)

    def is_on(self, raised: int) -> bool:
        """Whether so many are a storm."""
        return raised >= self.alarms


STORM = Storm(30, 600.0)
"""Where nobody has said otherwise: thrice the ten in ten minutes that EEMUA 191 calls a flood for one operator."""


class AlarmCare(NamedTuple):
    """`expiry_s`: severity -> seconds after which an acknowledgement that nothing followed expires; 0: never.

    `longest_silence_ms`: a maintenance silence lasts no longer, and is listed `silence_listed_ms` after its end; `cleared_shown_ms`: how
    long an alarm that is over and not acknowledged is shown; `quality_ms`: how far back the figures of rules go; `urgency`: severity ->
    that of the incident which somebody makes of the alarm; `storm`: from how many new ones on faces say that there is one.
    """

    flapping: Flapping
    group: Nearness
    expiry_s: Mapping[str, float]
    longest_silence_ms: int
    silence_listed_ms: int
    cleared_shown_ms: int
    quality_ms: int
    urgency: Mapping[str, str]
    storm: Storm = STORM
