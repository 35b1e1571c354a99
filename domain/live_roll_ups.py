"""The city's own roll-ups, which indicators are made of like of a topic library (`from: live.<name>`): what each has for columns.

Each gives rows by the hour, `at` being the hour's begin. Counts have a row of zeros where the city listened and nothing happened.
"""

from collections.abc import Mapping
from typing import NamedTuple


class RollUp(NamedTuple):
    """The columns of its rows, the parameters that it must be given, and whether every hour has the same rows (`steady`): then fewer mean
    that somebody hasn't reported."""

    columns: tuple[str, ...]
    parameters: tuple[str, ...] = ()
    steady: bool = False


ROLL_UPS: Mapping[str, RollUp] = {
    "readings": RollUp(("device", "mean", "low", "high", "last", "n"), ("kind", "metric"), True),
    "incidents": RollUp(("reported", "critical")),
    "incidents_ended": RollUp(("ended", "on_time", "minutes", "returns")),
    "alarms": RollUp(("raised", "critical", "untrue", "taken")),
    "devices": RollUp(("registered", "heard"), (), True),
    "feeds": RollUp(("feed", "said", "stored", "rejected", "due", "reports", "suspect")),
    "standings": RollUp(("thing", "up_s", "known_s"), ("kind",)),
    "duty": RollUp(("post", "owed_h", "covered_h"), (), True),
    "blind_spots": RollUp(("reported", "blind")),
}
"""Name -> what it gives. readings: one device's hour of one metric; incidents, alarms: of the hour in which they were reported or raised
(exercises left out; `taken`: acknowledged within 5 minutes, `untrue`: said to be false); incidents_ended: of the hour in which they ended;
devices: those that report by time, and those heard; feeds: by feed, messages, and reports against those due; standings: seconds up of those
in which anybody watched; duty: person-hours owed and covered by post (duty readiness 值班在岗); blind_spots: reports that a device could
have seen, and those that none did."""
