"""Between rosters and their rows."""

from typing import Any

from domain.duty import Shift
from domain.event_time import to_ms

SHIFT = "shift_id::text, post, department, username, duty_shifts.name, phone, starts, ends"


def shift_of(row: Any) -> Shift:
    """A shift from its columns in the order of SHIFT."""
    shift_id, post, department, username, name, phone, starts, ends = row
    return Shift(shift_id, post, department, username, name, phone, to_ms(starts), to_ms(ends))
