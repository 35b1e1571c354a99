"""How many appeals came, by region and class, in the span before a moment and in the same span of the weeks before it
(services/appeal_rises.py: Counts)."""

from collections.abc import Mapping

from sqlalchemy import Engine, text

from domain.event_time import DAY_MS, to_datetime, to_ms

WEEK_MS = 7 * DAY_MS
COUNTS = text("""
    SELECT i.region, i.class_code, w.week, count(*)
    FROM generate_series(0, :weeks) AS w(week)
    JOIN incidents i ON i.spine = 'order' AND NOT i.exercise AND i.state <> 'void'
        AND i.reported_at > :at - w.week * interval '7 days' - :span * interval '1 millisecond'
        AND i.reported_at <= :at - w.week * interval '7 days'
    GROUP BY 1, 2, 3""")
FIRST = text("SELECT min(reported_at) FROM incidents WHERE spine = 'order' AND NOT exercise")


class AppealCounts:
    """The Counts port."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def spans(self, at: int, span_ms: int, weeks: int) -> Mapping[tuple[str, str], list[int]]:
        with self._engine.connect() as tx:
            first = tx.execute(FIRST).scalar_one_or_none()
            if first is None:
                return {}
            known = min(weeks, max(0, (at - span_ms - to_ms(first)) // WEEK_MS))
            rows = tx.execute(COUNTS, {"at": to_datetime(at), "span": span_ms, "weeks": known}).all()
        found: dict[tuple[str, str], list[int]] = {}
        for region, theme, week, count in rows:
            found.setdefault((region, theme), [0] * (known + 1))[week] = count
        return found
