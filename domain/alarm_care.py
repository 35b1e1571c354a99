"""What a city decides about its alarms beside the rules: flapping, groups, acknowledgements that expire."""

from collections.abc import Mapping
from typing import NamedTuple

from domain.alarm_flapping import Flapping


class Nearness(NamedTuple):
    """Alarms of one rule belong together within so many metres and seconds of another one of theirs."""

    within_m: float
    within_s: float


ALONE = Nearness(-1.0, 0.0)
"""Nothing is near anything."""


class AlarmCare(NamedTuple):
    """`expiry_s`: severity -> seconds after which an acknowledgement that nothing followed expires; 0: never.

    `longest_silence_ms`: a maintenance silence lasts no longer.
    """

    flapping: Flapping
    group: Nearness
    expiry_s: Mapping[str, float]
    longest_silence_ms: int
