"""Reading a series again: from a point where its rules were certainly quiet to a point where they are again, or to its end."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from domain.alarm_joined import Held, joined, parts, settled
from domain.alarms import Episode, Phase, Row, Watch, at_anchor, first_anchor, fold, last_anchor, with_silences
from services.alarm_store import AlarmStore, Span
from services.ports import AlarmRecord, Series

STEPS = (8, 256, 8192, 1_000_000_000)
"""How many readings are fetched to either side; only the series that found no quiet point go on to the next step."""

END_OF_TIME = 253_402_300_799_000
"""9999-12-31: looking back from here finds the newest readings."""


@dataclass(frozen=True, slots=True)
class Question:
    """A series, its watches, and the times of the first and last reading that came late (both `END_OF_TIME`: only its end)."""

    series: Series
    watches: Sequence[Watch]
    first: int
    last: int


@dataclass(slots=True)
class Stretch:
    """The readings of one watch between two quiet points. `anchor` None: from the first reading held; `end` None: to the last."""

    watch: Watch
    anchor: Row | None
    rows: list[Row]
    end: int | None

    @property
    def since(self) -> int:
        """Alarms raised later than this belong to the stretch; without any reading only an active one does."""
        if self.anchor is not None:
            return self.anchor.at
        return self.rows[0].at - 1 if self.rows else END_OF_TIME

    def covers(self, alarm: AlarmRecord) -> bool:
        """Whether the alarm can be one of the stretch's episodes."""
        if alarm.rule_id != self.watch.rule.rule_id:
            return False
        if alarm.raised_at > self.since:
            return self.end is None or alarm.raised_at < self.end
        return self.anchor is None and self.straddled_by(alarm)

    def straddled_by(self, alarm: AlarmRecord) -> bool:
        """Whether the alarm began before the stretch and lasts into it: its readings are gone, or its rule has changed."""
        if alarm.rule_id != self.watch.rule.rule_id or alarm.state == "withdrawn" or alarm.raised_at > self.since:
            return False
        return alarm.cleared_at is None or alarm.cleared_at > self.since

    def judge(self, stored: Sequence[AlarmRecord], judged_at: int | None) -> tuple[list[Episode], Phase]:
        """The stretch's episodes and where the watch stands at its end, time having passed up to `judged_at` at least.

        A stored alarm proves that time had passed its beginning. One that begins before the first reading held has lost its
        readings to retention: it is still raised.
        """
        moment = None
        if self.end is None:
            known = [self._proved_by(alarm) for alarm in stored]
            moment = max([judged_at, *known] if judged_at is not None else known, default=None)
        return fold(self.watch, self.rows, self._start(stored), moment)

    def _proved_by(self, alarm: AlarmRecord) -> int:
        """Up to when time had passed when the alarm was written: past its beginning, and past its end where silence can be one."""
        stated_end = alarm.cleared_at if self.watch.rule.type == "stated" else None
        return (alarm.raised_at if stated_end is None else stated_end) + 1

    def _start(self, stored: Sequence[AlarmRecord]) -> Phase:
        if self.anchor is not None:
            return at_anchor(self.watch, self.anchor)
        older = [alarm for alarm in stored if self.straddled_by(alarm)]
        if not older:
            return Phase()
        alarm = min(older, key=lambda one: one.raised_at)
        return Phase(raised_at=alarm.raised_at, raised_value=alarm.raised_value)


def read_again(store: AlarmStore, tx: Any, questions: Iterable[Question]) -> dict[Series, list[Stretch]]:
    """The stretches, one a watch, that the late readings of each series can have changed. One query for all series, mostly."""
    found: dict[Series, list[Stretch]] = {}
    open_questions = list(questions)
    for step in STEPS:
        if not open_questions:
            break
        unanswered = []
        for question, held in zip(open_questions, _read(store, tx, open_questions, step), strict=True):
            stretches = [_stretch(watch, question.last, held) for watch in question.watches]
            kept = [stretch for stretch in stretches if stretch is not None]
            if len(kept) == len(stretches):
                found[question.series] = kept
            else:
                unanswered.append(question)
        open_questions = unanswered
    return found


def _read(store: AlarmStore, tx: Any, questions: Sequence[Question], step: int) -> list[Held]:
    """What is held around each question, at most `step` readings of a metric to either side."""
    spans = [_span(question, metric, step) for question in questions for metric in parts(question.series.metric)]
    held = (_held(span, *rows) for span, rows in zip(spans, store.readings(tx, spans), strict=True))
    return [_joined(question, [next(held) for _ in parts(question.series.metric)]) for question in questions]


def _span(question: Question, metric: str, step: int) -> Span:
    after = 0 if question.first == END_OF_TIME else step
    return Span(Series(question.series.device_id, metric), question.first, step, after)


def _held(span: Span, before: list[Row], after: list[Row]) -> Held:
    return Held(before, after, len(before) < span.before, len(after) < span.after or not span.after)


def _joined(question: Question, held: list[Held]) -> Held:
    return held[0] if len(held) == 1 else joined(question.series.metric, held, question.first)


def _stretch(watch: Watch, last: int, held: Held) -> Stretch | None:
    before, after = _as_watched(watch, held.before, held.after)
    start = last_anchor(watch, before)
    late = [row for row in after if row.at <= last]
    beyond = after[len(late) :]
    skipped = settled(late, beyond) if watch.rule.while_metric else 0
    found = first_anchor(watch, beyond[skipped:])
    end = None if found is None else skipped + found
    if (start is None and not held.whole_before) or (end is None and not held.whole_after):
        return None
    rows = (before if start is None else before[start + 1 :]) + late + (beyond if end is None else beyond[: end + 1])
    if end == len(beyond) - 1 and held.whole_after:
        end = None
    return Stretch(watch, None if start is None else before[start], rows, None if end is None else beyond[end].at)


def _as_watched(watch: Watch, before: list[Row], after: list[Row]) -> tuple[list[Row], list[Row]]:
    """Both sides as the watch reads them; what it finds between them belongs to the earlier side."""
    if watch.rule.type != "stated":
        return before, after
    rows, since = with_silences(watch, [*before, *after]), after[0].at if after else END_OF_TIME
    return [row for row in rows if row.at < since], [row for row in rows if row.at >= since]
