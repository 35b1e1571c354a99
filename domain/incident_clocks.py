"""The allowances of an incident's clocks: per spine for its steps, per grade for its information reports 信息报告.

How long handling may take is the responsibility matrix' matter (domain/duties.py).
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from domain.clocks import Allowance

STEPS = ("verify", "file", "dispatch", "check", "call_back")
"""The clocks of an incident's steps: 核实, 立案, 派遣, 核查, 回访."""
REPORT_FORMS = ("phone", "written")
COUNTED_FROM = ("occurred", "received")


class StepClock(NamedTuple):
    """How long a step may take on a spine."""

    spine: str
    step: str
    allowance: Allowance
    source: str


class ReportClock(NamedTuple):
    """By when an incident of a grade must be reported upwards: in which form, counted from when it occurred or was received."""

    grade: str
    form: str
    counted_from: str
    allowance: Allowance
    source: str


class ClockBook:
    """All allowances of a city, beside those for handling."""

    def __init__(self, steps: Iterable[StepClock], reports: Iterable[ReportClock]) -> None:
        self._steps: dict[str, dict[str, Allowance]] = {}
        for one in steps:
            self._steps.setdefault(one.spine, {})[one.step] = one.allowance
        self._reports = tuple(reports)

    def of(self, spine: str) -> Mapping[str, Allowance]:
        """Step -> how long it may take on that spine; a step without an entry has no clock."""
        return MappingProxyType(self._steps.get(spine, {}))

    def reports(self, grade: str) -> tuple[ReportClock, ...]:
        """The reports that an incident of that grade owes; none for a grade without an entry."""
        return tuple(one for one in self._reports if one.grade == grade)
