"""What alarms become: incidents of a class, once they have stood long enough; near an open one they belong to it."""

from typing import NamedTuple


class Becomes(NamedTuple):
    """Alarms of a rule become incidents of `class_code` after `after_s` seconds; within `within_m` metres of an open one they join it."""

    class_code: str
    after_s: float
    within_m: float
