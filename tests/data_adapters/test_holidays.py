"""Working days are those that were announced; beyond the announced years nobody guesses."""

from datetime import date
from pathlib import Path
from shutil import copy

import pytest

from config.strict import FOLDER
from data_adapters.holidays import working_days, working_time
from domain.clocks import Allowance, BeyondCalendar, YearOfDays, standing, start
from domain.event_time import parse_time

ANNOUNCED = working_days({})


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 2, 13), True),
        (date(2026, 2, 14), True),
        (date(2026, 2, 16), False),
        (date(2026, 2, 28), True),
        (date(2026, 10, 1), False),
        (date(2026, 10, 10), True),
        (date(2026, 10, 11), False),
    ],
)
def test_spring_festival_national_day_and_their_make_up_days_are_known(day: date, works: bool) -> None:
    assert ANNOUNCED(day) is works


def test_a_year_that_nobody_has_announced_is_named_and_not_guessed() -> None:
    with pytest.raises(BeyondCalendar, match="2100: its working days are not known"):
        ANNOUNCED(date(2100, 1, 4))


def test_a_city_adds_a_year() -> None:
    ours = working_days({2100: YearOfDays(frozenset({date(2100, 1, 1)}), frozenset({date(2100, 1, 2)}))})
    assert [ours(date(2100, 1, day)) for day in range(1, 6)] == [False, True, False, True, True]
    assert ours(date(2026, 10, 1)) is False


def test_a_year_of_the_citys_own_is_taken_from_there_alone() -> None:
    assert working_days({2026: YearOfDays(frozenset(), frozenset())})(date(2026, 10, 1)) is True


def test_the_files_that_ship_count_over_the_national_holiday() -> None:
    working = working_time()
    clock = start("handle", Allowance(1, "working_days"), parse_time("2026-09-30T16:00:00+08:00"), working)
    assert clock.due_at == parse_time("2026-10-08T16:00:00+08:00")


def test_a_deadline_in_a_year_that_a_city_has_added_is_known(tmp_path: Path) -> None:
    copy(FOLDER / "working_time.yaml", tmp_path)
    began, twenty = parse_time("2100-01-01T00:00:00+08:00"), Allowance(20, "working_days")
    (tmp_path / "holidays.yaml").write_text("{}\n", encoding="utf-8")
    unknown = start("handle", twenty, began, working_time(tmp_path))
    assert (unknown.due_at, unknown.note[:5]) == (None, "2100:")
    (tmp_path / "holidays.yaml").write_text('"2100": {holidays: [2100-01-01], workdays: [], source: us}\n', encoding="utf-8")
    assert start("handle", twenty, began, working_time(tmp_path)).due_at == parse_time("2100-01-29T18:00:00+08:00")
    assert standing(unknown, began, working_time(tmp_path)).state == "on_time"
