"""What incidents are about: classes 类别, each in a group, some in a section 大类 of it."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

GROUPS = {
    "natural_disaster": ("自然灾害", "Natural disaster"),
    "accident": ("事故灾难", "Accident"),
    "public_health": ("公共卫生事件", "Public health"),
    "public_security": ("社会安全事件", "Public security"),
    "component": ("部件", "City component"),
    "event": ("事件", "City event"),
    "appeal": ("诉求", "Appeal"),
}
"""Group -> its name (zh, en). The first four by the Emergency Response Law, component and event by GB/T 30428."""


class Section(NamedTuple):
    """A section 大类 of a group (GB/T 30428.2)."""

    code: str
    zh: str
    en: str
    group: str
    source: str


class IncidentClass(NamedTuple):
    """One class. `section` is empty where the group has none; `urgency` as it is taken in unless somebody says otherwise.

    `day_and_night`: its hours run without nights and weekends off. `kinds`: the device kinds that could have seen it.
    """

    code: str
    zh: str
    en: str
    group: str
    section: str
    spine: str
    urgency: str
    day_and_night: bool
    kinds: tuple[str, ...]
    source: str

    @property
    def lineage(self) -> tuple[str, ...]:
        """The class, its section, its group: what a rule can name to mean it, the narrowest first."""
        return tuple(code for code in (self.code, self.section, self.group) if code)


class ClassCatalogue:
    """All classes and sections of a city."""

    def __init__(self, sections: Iterable[Section], classes: Iterable[IncidentClass]) -> None:
        self.sections = {section.code: section for section in sections}
        self._classes = {one.code: one for one in classes}

    def get(self, code: str) -> IncidentClass | None:
        """The class, or None when nobody has described it."""
        return self._classes.get(code)

    def group(self, code: str) -> str:
        """The group of a class; empty for an unknown one."""
        found = self.get(code)
        return found.group if found else ""

    def spine(self, code: str) -> str:
        """The spine that incidents of this class take; `case` for an unknown one."""
        found = self.get(code)
        return found.spine if found else "case"

    def seen_by(self, kind: str) -> list[IncidentClass]:
        """The classes that a device of this kind could have seen."""
        return [one for one in self if kind in one.kinds]

    def __iter__(self) -> Iterator[IncidentClass]:
        return iter(self._classes.values())

    def __len__(self) -> int:
        return len(self._classes)
