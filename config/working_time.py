"""Reads when a city works: working_time.yaml and holidays.yaml. Strictly, as config/strict.py says."""

import re
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from config.strict import FOLDER, REQUIRED, ConfigError, Field, number, read_entries, read_values, text, wrong
from domain.clocks import DAY_HOURS, Span, YearOfDays

SPAN = re.compile(r"([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)\Z")
YEAR = re.compile(r"[12]\d{3}\Z")


class Office(NamedTuple):
    """When a city works: its time zone, the spans of its office day, the share of an allowance that is left when a clock is near due."""

    zone: str
    spans: tuple[Span, ...]
    near_due_share: float


def _zone(raw: Any) -> str:
    try:
        return ZoneInfo(text(raw)).key
    except (ValueError, KeyError, OSError):
        raise ValueError("a time zone such as Asia/Shanghai") from None


def _spans(raw: Any) -> tuple[Span, ...]:
    found = [SPAN.match(one) if isinstance(one, str) else None for one in raw] if isinstance(raw, list) else [None]
    minutes = [int(one[hour]) * 60 + int(one[hour + 1]) for one in found if one for hour in (1, 3)]
    rising = all(before < after for before, after in pairwise(minutes)) and max(minutes, default=0) <= 24 * 60
    spans = [Span(*two) for two in zip(minutes[::2], minutes[1::2], strict=True)]
    if None in found or not rising or sum(span.closes - span.opens for span in spans) != DAY_HOURS * 60:
        raise ValueError(f'spans like "08:30-12:00", in order and apart, together {DAY_HOURS} hours')
    return tuple(spans)


def _share(raw: Any) -> float:
    if not 0 < number(raw) < 1:
        raise ValueError("a number between 0 and 1")
    return float(raw)


WORKING_TIME = {"zone": _zone, "office": _spans, "near_due_share": _share}


def load_office(folder: Path = FOLDER) -> Office:
    """When the city works, from working_time.yaml. Raises ConfigError."""
    values = read_values(folder / "working_time.yaml", WORKING_TIME)
    return Office(zone=values["zone"], spans=values["office"], near_due_share=values["near_due_share"])


def _dates(raw: Any) -> frozenset[date]:
    if not isinstance(raw, list) or not all(type(one) is date for one in raw) or len(set(raw)) != len(raw):
        raise ValueError("a list of dates like 2027-01-01, none twice")
    return frozenset(raw)


YEAR_FIELDS: dict[str, Field] = {"holidays": (_dates, REQUIRED), "workdays": (_dates, REQUIRED), "source": (text, REQUIRED)}


def load_years(folder: Path = FOLDER) -> dict[int, YearOfDays]:
    """Year -> its days, for the years that holidays.yaml says. Raises ConfigError."""
    path = folder / "holidays.yaml"
    found = read_entries(path, lambda _: YEAR_FIELDS)
    for year, one in found.items():
        if not YEAR.match(year):
            raise ConfigError(f'{path.name}: {year}: expected a year like "2027"')
        for day in sorted(one["holidays"] | one["workdays"]):
            if day.year != int(year) or day in one["holidays"] & one["workdays"]:
                raise wrong(path, year, "holidays, workdays", str(day), f"days of {year}, each in one of the two")
    return {int(year): YearOfDays(one["holidays"], one["workdays"]) for year, one in found.items()}
