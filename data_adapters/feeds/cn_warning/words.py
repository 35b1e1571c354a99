"""The words of Chinese warnings: colours and grades, division codes, times."""

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from domain.event_time import NotATime, parse_time, to_ms
from domain.messages import Rejected
from domain.warnings import Level

DIVISION = re.compile(r"[1-9][0-9]{5}([0-9]{3})?([0-9]{3})?\Z", re.ASCII)
BEIJING = ZoneInfo("Asia/Shanghai")
LOCAL = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)\Z", re.ASCII)
COLOURS = {
    "红": Level.RED, "橙": Level.ORANGE, "黄": Level.YELLOW, "蓝": Level.BLUE,
    "red": Level.RED, "orange": Level.ORANGE, "yellow": Level.YELLOW, "blue": Level.BLUE,
}  # fmt: skip
GRADES = dict(zip(("Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ"), Level, strict=True)) | dict(zip(("I", "II", "III", "IV"), Level, strict=True))
MOST_TEXT = 20_000


def colour(raw: Any) -> Level | None:
    """红, 红色, 红色预警, red, Red … as a level."""
    return COLOURS.get(raw.strip().lower().removesuffix("预警").removesuffix("色")) if isinstance(raw, str) else None


def level_of(told: Any, grade: Any = None) -> Level | Rejected:
    """The level by its colour; a grade Ⅰ to Ⅳ beside it must say the same (Ⅰ is red)."""
    found = colour(told)
    if found is None:
        return Rejected("bad_level", f"{str(told)[:40]!r} is none of 红, 橙, 黄, 蓝")
    if grade in (None, ""):
        return found
    if not isinstance(grade, str) or GRADES.get(grade.strip().removesuffix("级")) is not found:
        return Rejected("bad_level", f"{str(grade)[:40]!r} is not the grade of {found.value}")
    return found


def moment(raw: Any, missing: Any = "") -> Any:
    """Epoch milliseconds of RFC 3339, or of Beijing time without an offset; `missing` for None or an empty text, where it isn't a text
    itself. A Rejected for what is no time."""
    if raw in (None, "") and missing != "":
        return missing
    local = LOCAL.match(raw) if isinstance(raw, str) else None
    try:
        if local:
            return to_ms(datetime.fromisoformat(f"{local[1]}T{local[2]}").replace(tzinfo=BEIJING))
        if not isinstance(raw, str):
            raise NotATime(f"a time is a text, not {type(raw).__name__}")
        return parse_time(raw)
    except (NotATime, ValueError, OverflowError) as error:
        return Rejected("bad_time", str(error)[:200])


def plain_text(raw: Any) -> str:
    """A text, trimmed; empty for anything else."""
    return raw.strip()[:MOST_TEXT] if isinstance(raw, str) else ""


def division(raw: Any) -> str | None:
    """A division code in a setting, as text; None for all. Raises ValueError."""
    if raw is None:
        return None
    if not isinstance(raw, str) or not DIVISION.match(raw):
        raise ValueError('a division code of 6, 9 or 12 digits as text, such as "441900"')
    return raw
