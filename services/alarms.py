"""Alarm evaluation: after every batch, and every tick, the stored alarms are what the rules make of the stored readings.

A reading later than all others of its series is folded on from the state kept in memory. Anything else (an older reading, the
first sight of a series after a start) reads the series again around the new readings (alarm_past.py) and reconciles the alarms.
Memory is only a cache: `forget()` drops it at any moment without changing the outcome.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.alarm_joined import as_part, in_order, parts
from domain.alarm_rules import place_row
from domain.alarm_statements import STATED, VIDEO_ALARM, rows_of, series_of, statement_of
from domain.alarms import POSITION, Episode, Phase, Row, RuleBook, Watch, advance, lapse, step
from domain.messages import Event, Position, Reading
from domain.registry import Device
from services.alarm_changes import Changes
from services.alarm_past import END_OF_TIME, Question, Stretch, read_again
from services.alarm_picture import marked
from services.alarm_store import AlarmStore, Deed, RuleSeries
from services.ports import AlarmRecord, Series

LATENESS_MS = 3_600_000
"""How much older than its rule's quiet time a statement may be that is looked at when a worker starts."""


@dataclass(slots=True)
class Track:
    """One watch on one series: where it stands, and its active alarm."""

    watch: Watch
    phase: Phase
    alarm: AlarmRecord | None


@dataclass(slots=True)
class Tracked:
    """All watches on one series."""

    device: Device
    tracks: list[Track]

    def can_fold(self, at: int) -> bool:
        """Whether a reading of `at` comes after everything that has been decided."""
        return all(track.phase.floor is None or at > track.phase.floor for track in self.tracks)


class AlarmEvaluator:
    """Turns stored readings into alarms. One per ingest worker; it knows the series of that worker's devices."""

    def __init__(self, rules: RuleBook, store: AlarmStore, origin_center: str) -> None:
        self._rules, self._store, self._origin_center = rules, store, origin_center
        self._tracked: dict[Series, Tracked] = {}
        self._primed: dict[str, Device] = {}
        self._judged_at: int | None = None

    def evaluate(
        self,
        tx: Any,
        new: Sequence[Reading],
        devices: Mapping[str, Device],
        now: int,
        positions: Sequence[Position] = (),
        events: Sequence[Event] = (),
    ) -> list[AlarmRecord]:
        """Judge readings, positions and events that `tx` has just stored; returns the alarms that changed. Devices not adopted are
        passed over."""
        changes = Changes(now)
        questions = []
        for series, rows in (self._watched(new, positions, devices) | self._stated(events, devices)).items():
            tracked, device = self._tracked.get(series), devices[series.device_id]
            if tracked is not None and tracked.device == device and tracked.can_fold(rows[0].at):
                _fold_on(tracked, rows, changes)
            else:
                questions.append(self._question(series, device, rows[0].at, rows[-1].at))
        self._read_again(tx, questions, devices, changes)
        return self._save(tx, changes, now)

    def tick(self, tx: Any, judged_at: int, devices: Mapping[str, Device], now: int) -> list[AlarmRecord]:
        """Judge silence and duration: time has passed up to `judged_at`. Devices not seen before are primed first."""
        changes = Changes(now)
        self._prime(tx, devices, changes)
        self._judged_at = judged_at if self._judged_at is None else max(self._judged_at, judged_at)
        for series, tracked in self._tracked.items():
            device = devices.get(series.device_id)
            if device is not None and device.adopted:
                for track in tracked.tracks:
                    if advance(track.watch, track.phase, self._judged_at):
                        track.alarm = changes.opened(track.watch, tracked.device, _open_episode(track.phase))
                    _end(track, lapse(track.watch, track.phase, self._judged_at), tracked.device, changes)
        return self._save(tx, changes, now)

    def prime(self, tx: Any, devices: Mapping[str, Device], now: int) -> list[AlarmRecord]:
        """Load where every watched series of `devices` stands, so that silence since before the start is noticed too."""
        changes = Changes(now)
        self._prime(tx, devices, changes)
        return self._save(tx, changes, now)

    def decide(self, tx: Any, deed: Deed, now: int) -> AlarmRecord | None:
        """Write down what somebody decided about an alarm; None when it is unknown, or the deed no longer due."""
        return self._store.decide(tx, deed, now)

    def with_series(self, tx: Any, changed: Sequence[AlarmRecord]) -> list[AlarmRecord]:
        """The changed alarms, and those of their series that look different for it: counted, or stood for by a later one."""
        reach = round(self._rules.flapping.within_s * 1000)
        since: dict[RuleSeries, int] = {}
        for alarm in changed:
            series = (alarm.device_id, alarm.metric, alarm.rule_id)
            since[series] = min(alarm.raised_at, since.get(series, alarm.raised_at))
        lives = self._store.lives(tx, {series: at - 3 * reach for series, at in since.items()})
        known = {alarm.alarm_id for alarm in lives}
        gone = [alarm for alarm in changed if alarm.alarm_id not in known]
        return [*gone, *(one for one in marked(lives, self._rules.flapping) if _may_differ(one, since, 2 * reach))]

    def hear_nothing(self, start: int, end: int) -> None:
        """Between these moments nothing could reach us; see domain.alarms.RuleBook."""
        self._rules.hear_nothing(start, end)

    def forget(self) -> None:
        """Drop what is remembered, after a transaction that was rolled back."""
        self._tracked.clear()
        self._primed.clear()
        self._judged_at = None

    def _watched(self, new: Iterable[Reading], positions: Iterable[Position], devices: Mapping[str, Device]) -> dict[Series, list[Row]]:
        found: dict[Series, list[Row]] = {}
        for reading in new:
            for series in self._fed(devices.get(reading.device_id), reading.metric):
                part = as_part(series, reading.metric, Row(reading.at, reading.value, reading.text_value))
                found.setdefault(Series(reading.device_id, series), []).append(part)
        for position in positions:
            for series in self._fed(devices.get(position.device_id), POSITION):
                place = as_part(series, POSITION, place_row(position.at, position.lon, position.lat, position.speed))
                found.setdefault(Series(position.device_id, series), []).append(place)
        return {series: in_order(series.metric, rows) for series, rows in found.items()}

    def _fed(self, device: Device | None, metric: str) -> tuple[str, ...]:
        return () if device is None or not device.adopted else self._rules.fed_by(device.kind, metric)

    def _stated(self, events: Iterable[Event], devices: Mapping[str, Device]) -> dict[Series, list[Row]]:
        found: dict[Series, list[tuple[int, Any]]] = {}
        for event in events:
            device = devices.get(event.device_id or "") if event.kind == VIDEO_ALARM else None
            if device is None or not device.adopted:
                continue
            metric = series_of(event.facts["type"])
            if self._rules.for_device(device.kind, metric):
                found.setdefault(Series(device.device_id, metric), []).append((event.at, statement_of(event)))
        return {series: rows_of(statements) for series, statements in found.items()}

    def _question(self, series: Series, device: Device, first: int, last: int) -> Question:
        return Question(series, self._rules.watches(device, series.metric), first, last)

    def _prime(self, tx: Any, devices: Mapping[str, Device], changes: Changes) -> None:
        unknown = [one for one in devices.values() if one.adopted and self._primed.get(one.device_id) != one]
        if not unknown:
            return
        questions = []
        for device in unknown:
            self._primed[device.device_id] = device
            for name in self._rules.series_of(device.kind):
                if not name.startswith(STATED):
                    questions.append(self._question(Series(device.device_id, name), device, END_OF_TIME, END_OF_TIME))
        since = changes.now - self._rules.longest_quiet_ms - LATENESS_MS
        for series in self._store.stated(tx, [device.device_id for device in unknown], since):
            if self._rules.for_device(devices[series.device_id].kind, series.metric):
                questions.append(self._question(series, devices[series.device_id], END_OF_TIME, END_OF_TIME))
        self._read_again(tx, questions, devices, changes)
        for alarm in self._store.active(tx, [device.device_id for device in unknown]):
            if not self._rules.applies(alarm.rule_id, devices[alarm.device_id], alarm.metric):
                changes.withdrawn(alarm, "its rule no longer applies")

    def _read_again(self, tx: Any, questions: Sequence[Question], devices: Mapping[str, Device], changes: Changes) -> None:
        if not questions:
            return
        around = read_again(self._store, tx, questions)
        ends = read_again(self._store, tx, _ends(around))
        since: dict[Series, int] = {}
        for series, stretches in around.items():
            kept = _kept_under(series)
            if stretches:
                earliest = min(stretch.since for stretch in stretches)
                since[kept] = min(earliest, since.get(kept, earliest))
        stored: dict[Series, list[AlarmRecord]] = {}
        for alarm in self._store.alarms(tx, since):
            stored.setdefault(Series(alarm.device_id, alarm.metric), []).append(alarm)
        for series, stretches in around.items():
            device, alarms = devices[series.device_id], stored.get(_kept_under(series), [])
            settled = [self._settle(stretch, device, alarms, changes) for stretch in (*stretches, *ends.get(series, ()))]
            self._tracked[series] = Tracked(device, [track for track in settled if track is not None])

    def _settle(self, stretch: Stretch, device: Device, stored: Sequence[AlarmRecord], changes: Changes) -> Track | None:
        candidates = [alarm for alarm in stored if stretch.covers(alarm)]
        episodes, phase = stretch.judge(candidates, self._judged_at)
        if stretch.anchor is not None:
            for alarm in stored:
                if stretch.straddled_by(alarm):
                    changes.cleared(alarm, stretch.anchor.at)
        active = changes.reconciled(stretch.watch, device, episodes, candidates)
        return Track(stretch.watch, phase, active) if stretch.end is None else None

    def _save(self, tx: Any, changes: Changes, now: int) -> list[AlarmRecord]:
        if not changes.alarms:
            return []
        alarms = changes.numbered(self._origin_center, self._store.numbers(tx, changes.fresh))
        return self._store.save(tx, self._origin_center, alarms, changes.transitions, now)


def _ends(around: Mapping[Series, Sequence[Stretch]]) -> list[Question]:
    """Where a stretch stops short of its series' end, the watch's present state must be read from there."""
    short = {series: [stretch.watch for stretch in stretches if stretch.end is not None] for series, stretches in around.items()}
    return [Question(series, watches, END_OF_TIME, END_OF_TIME) for series, watches in short.items() if watches]


def _kept_under(series: Series) -> Series:
    """The series that the alarms of this one name: the rule's own metric."""
    return Series(series.device_id, parts(series.metric)[0])


def _fold_on(tracked: Tracked, rows: Sequence[Row], changes: Changes) -> None:
    for track in tracked.tracks:
        watch, phase = track.watch, track.phase
        for row in rows:
            raised_before = phase.raised_at
            ended = step(watch, phase, row)
            _end(track, ended, tracked.device, changes)
            if phase.raised_at is not None and (ended is not None or phase.raised_at != raised_before):
                track.alarm = changes.opened(watch, tracked.device, _open_episode(phase))


def _end(track: Track, ended: Episode | None, device: Device, changes: Changes) -> None:
    """Clear the track's alarm; an episode that nobody saw begin becomes a cleared alarm."""
    if ended is None:
        return
    assert ended.cleared_at is not None
    if track.alarm is None:
        changes.episode(track.watch, device, ended)
    else:
        changes.cleared(track.alarm, ended.cleared_at)
        track.alarm = None


def _may_differ(alarm: AlarmRecord, since: Mapping[RuleSeries, int], reach: int) -> bool:
    """Whether the alarm is near enough to a change of its series."""
    return alarm.cleared_at is None or alarm.cleared_at > since[alarm.device_id, alarm.metric, alarm.rule_id] - reach


def _open_episode(phase: Phase) -> Episode:
    assert phase.raised_at is not None
    return Episode(phase.raised_at, None, phase.raised_value)
