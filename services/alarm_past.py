"""Reading a series again: from a point where its rules were certainly quiet to a point where they are again, or to its end."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from domain.alarms import Episode, Phase, Row, Watch, at_anchor, first_anchor, fold, last_anchor
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
            known = [alarm.raised_at + 1 for alarm in stored]
            moment = max([judged_at, *known] if judged_at is not None else known, default=None)
        return fold(self.watch, self.rows, self._start(stored), moment)

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
        spans = [_span(question, step) for question in open_questions]
        unanswered = []
        for question, span, (before, after) in zip(open_questions, spans, store.readings(tx, spans), strict=True):
            whole_before, whole_after = len(before) < span.before, len(after) < span.after or not span.after
            stretches = [_stretch(watch, question.last, before, after, whole_before, whole_after) for watch in question.watches]
            kept = [stretch for stretch in stretches if stretch is not None]
            if len(kept) == len(stretches):
                found[question.series] = kept
            else:
                unanswered.append(question)
        open_questions = unanswered
    return found


def _span(question: Question, step: int) -> Span:
    after = 0 if question.first == END_OF_TIME else step
    return Span(question.series, question.first, step, after)


def _stretch(watch: Watch, last: int, before: list[Row], after: list[Row], whole_before: bool, whole_after: bool) -> Stretch | None:
    start = last_anchor(watch, before)
    late = [row for row in after if row.at <= last]
    beyond = after[len(late) :]
    end = first_anchor(watch, beyond)
    if (start is None and not whole_before) or (end is None and not whole_after):
        return None
    rows = (before if start is None else before[start + 1 :]) + late + (beyond if end is None else beyond[: end + 1])
    if end == len(beyond) - 1 and whole_after:
        end = None
    return Stretch(watch, None if start is None else before[start], rows, None if end is None else beyond[end].at)
