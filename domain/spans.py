"""A span of time as people say it."""

MINUTE_MS = 60_000
DAY_MIN = 1440
IN_DAYS = 2 * DAY_MIN
"""Beyond two days nobody counts minutes."""


def span_parts(milliseconds: float) -> list[tuple[int, str]]:
    """Its hours and minutes, beyond two days its days and hours, as (how many, unit); a part that is nought is left out, but not both."""
    minutes = int(abs(milliseconds) // MINUTE_MS)
    days = minutes // DAY_MIN if minutes >= IN_DAYS else 0
    hours, rest = divmod(minutes - days * DAY_MIN, 60)
    parts = [(days, "days"), (hours, "hours"), (0 if days else rest, "minutes")]
    return [part for part in parts if part[0]] or [(0, "minutes")]
