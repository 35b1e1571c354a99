"""Each spine has the allowances of its steps, each grade the reports it owes."""

from domain.clocks import Allowance
from domain.incident_clocks import ClockBook, ReportClock, StepClock

HALF = Allowance(0.5, "natural_hours")
PHONE = ReportClock("I", "phone", "occurred", Allowance(0.25, "natural_hours"), "a test")
BOOK = ClockBook([StepClock("case", "verify", HALF, "a test"), StepClock("order", "dispatch", HALF, "a test")], [PHONE])


def test_a_spine_has_the_clocks_of_its_own_steps() -> None:
    assert dict(BOOK.of("case")) == {"verify": HALF}
    assert dict(BOOK.of("order")) == {"dispatch": HALF}
    assert dict(BOOK.of("emergency")) == {}


def test_a_grade_owes_its_own_reports() -> None:
    assert BOOK.reports("I") == (PHONE,)
    assert BOOK.reports("IV") == ()
