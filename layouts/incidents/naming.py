"""How incidents are named on the screens: states by what is owed, classes, places, departments, urgencies, clocks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dash import html

from domain.clocks import DAY_HOURS, HOUR_MS
from domain.incident_classes import GROUPS, ClassCatalogue
from domain.incident_states import STATE
from domain.registry import Department, Region, ancestors
from domain.spans import span_parts
from domain.units import STATES
from layouts.marks import mark
from layouts.words import Words

SEVERITY = {"critical": "critical", "urgent": "major"}
"""Urgency -> the severity whose shape it borrows; the others have a grey disc."""
SHAPES = {"critical": "◆", "urgent": "▲", "normal": "●"}
SOURCES = (
    "hotline", "grid_officer", "patrol", "mobile_report", "department", "superior", "leader_order", "online_governance",
    "online_questions", "online_petition", "enterprise_platform", "community_terminal", "opinion", "sensor_alarm", "video_alarm",
    "neighbour", "transfer",
)  # fmt: skip
"""Where incidents come from (DOMAIN, Incidents); what people choose most, first."""
TOWNS = ("town", "district")
AWAITING = "awaiting "
"""How what is owed begins in English."""


@dataclass(frozen=True)
class Naming:
    """Words, and the names of the city's regions, departments, classes and, where they are needed, units."""

    words: Words
    regions: Mapping[str, Region] = field(default_factory=dict)
    departments: Mapping[str, Department] = field(default_factory=dict)
    classes: ClassCatalogue = field(default_factory=lambda: ClassCatalogue((), ()))
    units: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)

    def looked_at(self, source: str) -> str:
        """A camera or sensor that somebody opened, by its name; what the register does not know stands as it was written."""
        return self.sources.get(source, source)

    def owed(self, spine: str, state: str) -> str:
        """What is owed in a state; the code itself for one that is not known."""
        found = STATE.get((spine, state))
        return self.words.pick(found.owed, found.owed_en) if found else state

    def owed_short(self, spine: str, state: str) -> str:
        """The same in a column whose head says that it is owed."""
        return self.owed(spine, state).removeprefix(AWAITING)

    def class_name(self, code: str) -> str:
        """The class; a dash while nobody has classed it."""
        found = self.classes.get(code)
        return self.words.pick(found.zh, found.en) if found else code or "–"

    def group_name(self, group: str) -> str:
        """The group of classes."""
        return self.words.pick(*GROUPS[group]) if group in GROUPS else group

    def region(self, code: str) -> str:
        """The region's name."""
        found = self.regions.get(code)
        return self.words.pick(found.name, found.name_en) if found else code or "–"

    def town(self, code: str) -> str:
        """The town that holds the region; the region itself above the towns."""
        chain = ancestors(code, dict(self.regions)) if code else []
        return self.region(next((above for above in chain if above in self.regions and self.regions[above].level in TOWNS), code))

    def is_in(self, code: str, above: str) -> bool:
        """Whether the region `code` is `above` or lies in it."""
        return above in ancestors(code, dict(self.regions))

    def department(self, code: str) -> str:
        """The department's name; a dash where there is none."""
        found = self.departments.get(code)
        return self.words.pick(found.name, found.name_en) if found else code or "–"

    def each_department(self, codes: Any) -> str:
        """Several departments, as people list them."""
        return self.words("list.comma").join(self.department(code) for code in codes)

    def unit(self, unit_id: str) -> str:
        """The unit's name; its id where nobody looked it up."""
        return self.units.get(unit_id, unit_id)

    def step(self, state: str) -> str:
        """A unit's state."""
        found = STATES.get(state)
        return self.words.pick(found.zh, found.en) if found else state

    def source(self, code: str) -> str:
        """Where it came from; a source that the catalogue does not know stands as it was written."""
        return self.words(f"source.{code}") if self.words.has(f"source.{code}") else code

    def deed(self, deed: str, spine: str = "") -> str:
        """The name of a deed, also of `approve:<deed>` and `refuse:<deed>`; orders have words of their own (退单 is not 回退)."""
        return self.words.deed(deed, spine)

    def span(self, ms: int) -> str:
        """A span of time in words (domain/spans.py)."""
        return " ".join(self.words(f"span.{unit}", n=n) for n, unit in span_parts(ms))

    def working_span(self, ms: int, unit: str) -> str:
        """A span of a clock's own time: working days are of eight hours."""
        if unit == "natural_hours" or abs(ms) < 2 * DAY_HOURS * HOUR_MS:
            return self.span(ms)
        return self.words("span.working_days", n=round(abs(ms) / DAY_HOURS / HOUR_MS, 1))

    def left(self, ms: int, unit: str) -> str:
        """What a clock still has or has run over. Hours of working time are called so: the deadline is further off than they say."""
        time = self.working_span(ms, unit)
        if unit != "natural_hours" and time == self.span(ms):
            time = self.words("span.working", time=time)
        return self.words("standing.left" if ms >= 0 else "standing.over", time=time)

    def urgency_mark(self, urgency: str) -> html.Span:
        """The shape of an urgency, the same as the alarms'."""
        return mark(SEVERITY.get(urgency, "normal"), self.words(f"urgency.{urgency}"))
