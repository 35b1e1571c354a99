"""A year is added to the calendar: what was counted by the old one is counted again, once, and the timeline says so."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from data_adapters.holidays import calendar_mark
from data_adapters.incident_wiring import open_incidents
from data_adapters.sql.job_marks import JobMark
from domain.clocks import Allowance, BeyondCalendar, WorkingTime
from domain.incident_fold import fold
from services.incident_desk import IncidentDesk
from services.recounting import Recounting
from tests.domain.incident_cast import OPERATOR, T0
from tests.services.incident_fakes import FakeHandbook, Heard
from tests.services.test_incident_desk import DUTY, City

DAY = 86_400_000
SPANS = [(540, 720), (780, 1080)]
NEVER = WorkingTime("Asia/Shanghai", SPANS, lambda day: beyond(day))
WEEKDAYS = WorkingTime("Asia/Shanghai", SPANS, lambda day: day.weekday() < 5)


def beyond(day: date) -> bool:
    raise BeyondCalendar(f"{day.year} is not known")


class SlowHandbook(FakeHandbook):
    """Verifying may take two working days."""

    def allowances(self, incident: object) -> dict[str, Allowance]:
        return {"verify": Allowance(2, "working_days")}


class Counted(City):
    """A city whose calendar can be another one."""

    def __init__(self, engine: Engine, working: WorkingTime) -> None:
        super().__init__(engine)
        self.heard, self.handbook = Heard(), SlowHandbook({"standing_water": DUTY})
        self.handbook.working = working
        self.desk = IncidentDesk(self.store, self.handbook, lambda: "441900", lambda alarms, now: None, self.heard)
        self.engine, self.mark = engine, JobMark(engine, "calendar")

    def round(self, calendar: str) -> int:
        recounting = Recounting(self.desk, open_incidents(self.engine), self.handbook.working, calendar, self.mark)
        return recounting.round(self.now + DAY)


@pytest.fixture
def fresh(engine: Engine) -> Iterator[Engine]:
    with engine.begin() as tx:
        tx.execute(text("TRUNCATE job_marks, incidents CASCADE"))
    yield engine


def test_clocks_that_no_calendar_could_count_are_counted_once_a_year_is_added(fresh: Engine) -> None:
    old = Counted(fresh, NEVER)
    made = old.desk.act(OPERATOR, old.report().incident_id, "accept", {}, 1, T0 + 1)
    assert made.clocks["verify"].due_at is None and made.clocks["verify"].note
    assert old.round("first") == 0, "by the same calendar nothing is known that was not"
    new = Counted(fresh, WEEKDAYS)
    assert new.round("first") == 0, "the calendar is no other one"
    assert new.round("second") == 1 and new.round("second") == 0
    found, events = new.store.story(made.incident_id) or pytest.fail("it is there")
    assert found.clocks["verify"].due_at == WEEKDAYS.add(T0 + 1, 2 * 8 * 3_600_000) and not found.clocks["verify"].note
    assert (events[-1].deed, events[-1].actor) == ("recount", "calendar") and fold(found.incident_id, found.number, events) == found
    with fresh.connect() as tx:
        assert tx.execute(text("SELECT count(*) FROM incidents WHERE due_at IS NOT NULL AND near_at IS NOT NULL")).scalar_one() == 1


def test_what_somebody_changes_meanwhile_is_counted_at_the_next_round(fresh: Engine) -> None:
    old = Counted(fresh, NEVER)
    made = old.desk.act(OPERATOR, old.report().incident_id, "accept", {}, 1, T0 + 1)
    new = Counted(fresh, WEEKDAYS)
    append = new.store.append

    def late(steps: object) -> None:
        new.store.append = append  # type: ignore[method-assign]
        new.desk.act(OPERATOR, made.incident_id, "say", {"text": "在路上"}, None, T0 + 2)
        append(steps)  # type: ignore[arg-type]

    new.store.append = late  # type: ignore[method-assign]
    assert new.round("second") == 0 and new.mark.get() == ""
    assert new.round("second") == 1 and new.mark.get() == "second"


def test_another_year_or_another_office_day_is_another_calendar(tmp_path: Path) -> None:
    for name, content in (("working_time.yaml", "a"), ("holidays.yaml", "b")):
        (tmp_path / name).write_text(content)
    before = calendar_mark(tmp_path)
    assert before == calendar_mark(tmp_path)
    (tmp_path / "holidays.yaml").write_text("b\n2030: {}")
    assert calendar_mark(tmp_path) != before
