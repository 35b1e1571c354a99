"""Times as hotlines write them: 2019/4/25 9:32:09, 2011-05-22 20:21, 2020年1月2日 9时5分, 20200102 090500, Excel's 43831.38, epochs."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from data_adapters.feeds.times import by_number, by_text
from domain.event_time import EventTime, NotATime
from domain.messages import RawMessage

WRITTEN = re.compile(
    r"(?P<y>[12][0-9]{3})[-/.年](?P<m>[0-9]{1,2})[-/.月](?P<d>[0-9]{1,2})日?(?:[ T\s]*(?P<half>上午|下午)?\s*"
    r"(?P<h>[0-9]{1,2})[:：时点](?:(?P<min>[0-9]{1,2})分?)?(?:[:：]?(?P<s>[0-9]{1,2})(?:\.[0-9]+)?秒?)?)?\Z"
)
RUN = re.compile(r"(?P<y>[12][0-9]{3})(?P<m>[01][0-9])(?P<d>[0-3][0-9])[ T]?(?:(?P<h>[0-2][0-9])(?P<min>[0-5][0-9])(?P<s>[0-5][0-9])?)?\Z")
EPOCH = {10: 1.0, 13: 1000.0}
EXCEL = re.compile(r"[2-6][0-9]{4}(?:\.[0-9]+)?\Z")
EXCEL_DAY_0 = datetime(1899, 12, 30)
NOON, DAY_S = 12, 86_400


def moment(raw: Any, message: RawMessage, ahead_ms: int, local: ZoneInfo | None, patterns: tuple[str, ...]) -> EventTime:
    """The time that is written. Raises NotATime."""
    text = str(raw).strip()
    for pattern in patterns:
        try:
            return by_text(text, message, ahead_ms, local, pattern)
        except NotATime:
            continue
    if text.isascii() and text.isdigit() and len(text) in EPOCH:
        return by_number(int(text) / EPOCH[len(text)], message, ahead_ms)
    found = WRITTEN.match(text) or RUN.match(text)
    if found:
        return by_text(_iso(found, text), message, ahead_ms, local)
    if EXCEL.match(text):
        day = EXCEL_DAY_0 + timedelta(seconds=round(float(text) * DAY_S))
        return by_text(day.isoformat(timespec="seconds"), message, ahead_ms, local)
    return by_text(text, message, ahead_ms, local)


def _iso(found: re.Match[str], text: str) -> str:
    parts = {name: int(value) for name, value in found.groupdict().items() if value and name != "half"}
    hour = parts.get("h", 0)
    if found.groupdict().get("half") == "下午" and hour < NOON:
        hour += NOON
    try:
        day = datetime(parts["y"], parts["m"], parts["d"], hour, parts.get("min", 0), parts.get("s", 0), tzinfo=UTC)
    except ValueError as error:
        raise NotATime(f"{text[:40]!r} is no time: {error}") from None
    return day.replace(tzinfo=None).isoformat(timespec="seconds")
