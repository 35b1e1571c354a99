"""The responsibility matrix 派单目录: who must handle what, where, and by when.

An entry says so for classes (or whole sections and groups), for regions with all below them, and perhaps for one owner of the
component 权属单位. Of the entries that fit, the most specific applies: one for the owner before one for any; then the nearest region;
then the class before its section before its group. Two that are equally specific are an error of whoever wrote the matrix.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from domain.clocks import Allowance
from domain.incident_classes import ClassCatalogue

ANYWHERE = ""
ANYBODY = ""


class Duty(NamedTuple):
    """One entry. `classes`: codes of classes, sections or groups; `regions`: none means everywhere; `owner`: empty means anybody's.

    `lead` 主办 and `assisting` 协办 are departments; `deadline` is how long handling may take.
    """

    rule_id: str
    classes: tuple[str, ...]
    regions: tuple[str, ...]
    owner: str
    lead: str
    assisting: tuple[str, ...]
    deadline: Allowance
    source: str


class Tie(ValueError):
    """Two entries say the same thing of the same: `rule_id` repeats `other` for `code`."""

    def __init__(self, rule_id: str, other: str, code: str) -> None:
        super().__init__(f"{rule_id} and {other} both speak of {code} for the same region and owner")
        self.rule_id, self.other, self.code = rule_id, other, code


class DutyMatrix:
    """All entries, found by class, region and owner."""

    def __init__(self, duties: Iterable[Duty], classes: ClassCatalogue) -> None:
        """Raises Tie."""
        self._duties, self._classes = tuple(duties), classes
        self._found: dict[tuple[str, str, str], Duty] = {}
        for duty in self._duties:
            for region in duty.regions or (ANYWHERE,):
                for code in duty.classes:
                    other = self._found.setdefault((duty.owner, region, code), duty)
                    if other is not duty:
                        raise Tie(duty.rule_id, other.rule_id, code)

    def find(self, class_code: str, region_chain: Sequence[str], owner: str = ANYBODY) -> Duty | None:
        """The entry that applies, or None. `region_chain` is the incident's region and those above it, nearest first.

        Working hours of a class that runs day and night are given as natural hours.
        """
        known = self._classes.get(class_code)
        places = (*region_chain, ANYWHERE)
        for holder in dict.fromkeys((owner, ANYBODY)):
            for region in places:
                for code in known.lineage if known else (class_code,):
                    duty = self._found.get((holder, region, code))
                    if duty is not None:
                        return _by_day_and_night(duty) if known and known.day_and_night else duty
        return None

    def __iter__(self) -> Iterator[Duty]:
        return iter(self._duties)

    def __len__(self) -> int:
        return len(self._duties)


def _by_day_and_night(duty: Duty) -> Duty:
    if duty.deadline.unit != "working_hours":
        return duty
    return duty._replace(deadline=Allowance(duty.deadline.amount, "natural_hours"))
