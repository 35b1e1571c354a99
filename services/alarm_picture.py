"""Which alarms the picture shows, and how: withdrawn and false ones never, of a flapping series the last one with its count."""

from collections.abc import Iterable
from typing import Any

from domain.alarm_flapping import Flapping, Life, marks
from services.ports import AlarmRecord

UNSEEN = ("false_at", "false_by", "superseded")
"""What an alarm on the picture needn't say, for one that has it isn't there."""


def marked(alarms: Iterable[AlarmRecord], flapping: Flapping) -> list[AlarmRecord]:
    """The alarms with `times`, `flapping` and `superseded`; whole series must be given, as far back as they are to be judged."""
    series: dict[tuple[str, str, str], list[AlarmRecord]] = {}
    for alarm in alarms:
        series.setdefault((alarm.device_id, alarm.metric, alarm.rule_id), []).append(alarm)
    found = []
    for one in series.values():
        lives = sorted((alarm for alarm in one if alarm.state != "withdrawn"), key=lambda alarm: (alarm.raised_at, alarm.alarm_id))
        found_marks = marks([Life(alarm.raised_at, alarm.cleared_at) for alarm in lives], flapping)
        found += [alarm._replace(**mark._asdict()) for alarm, mark in zip(lives, found_marks, strict=True)]
        found += [alarm for alarm in one if alarm.state == "withdrawn"]
    return found


def shown(alarm: AlarmRecord, cleared_since: int) -> dict[str, Any] | None:
    """The alarm as the picture holds it, or None when it must go: it never was, another one stands for it, or it was cleared and is
    either acknowledged or long over."""
    over = alarm.state == "cleared" and (alarm.acknowledged_at is not None or (alarm.cleared_at or 0) <= cleared_since)
    if over or alarm.state == "withdrawn" or alarm.false_at is not None or alarm.superseded:
        return None
    return {name: value for name, value in alarm._asdict().items() if name not in UNSEEN}


def picture_of(alarms: Iterable[AlarmRecord], flapping: Flapping, cleared_since: int) -> dict[str, dict[str, Any]]:
    """Id -> alarm of those that are shown."""
    held = {alarm.alarm_id: shown(alarm, cleared_since) for alarm in marked(alarms, flapping)}
    return {alarm_id: alarm for alarm_id, alarm in held.items() if alarm is not None}
