"""Which days are working days in China: the city's own years first, then the package chinesecalendar; beyond both it says so."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from importlib.metadata import version
from pathlib import Path

import chinese_calendar

from config.strict import FOLDER
from config.working_time import load_office, load_years
from domain.clocks import BeyondCalendar, WorkingTime, YearOfDays


def working_days(years: Mapping[int, YearOfDays]) -> Callable[[date], bool]:
    """Whether a day is a working day; `years` are the city's own. The function raises BeyondCalendar naming the year that is missing."""

    @cache
    def is_working_day(day: date) -> bool:
        if day.year in years:
            return years[day.year].is_working_day(day)
        try:
            return bool(chinese_calendar.is_workday(day))
        except NotImplementedError:
            raise BeyondCalendar(f"{day.year}: its working days are not known; they can be written into holidays.yaml") from None

    return is_working_day


def working_time(folder: Path = FOLDER) -> WorkingTime:
    """The city's working time, from working_time.yaml and holidays.yaml. Raises ConfigError."""
    office = load_office(folder)
    return WorkingTime(office.zone, office.spans, working_days(load_years(folder)), office.near_due_share)


def calendar_mark(folder: Path = FOLDER) -> str:
    """What tells one calendar from another: the city's files and the package's version."""
    files = b"".join((folder / name).read_bytes() for name in ("working_time.yaml", "holidays.yaml"))
    return hashlib.sha256(version("chinesecalendar").encode() + files).hexdigest()[:16]
