"""Alarms as the lists show them: groups with their heads, and what is said beside an alarm that isn't on its own."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from domain.alarm_groups import Placed, groups
from layouts.view import View

Alarm = dict[str, Any]


def grouped(view: View, alarms: Sequence[Alarm]) -> list[list[Alarm]]:
    """The alarms in groups, the worst of each first; in the order of their heads."""
    found = groups([(i, _placed(view, alarm)) for i, alarm in enumerate(alarms)], view.names.nearness)
    return [[alarms[i] for i in group] for group in found]


def _placed(view: View, alarm: Alarm) -> Placed:
    device = view.devices.get(alarm["device_id"])
    return Placed(alarm["rule_id"], alarm["raised_at"], device.lon if device else None, device.lat if device else None)


def incident_of(view: View, alarm: Alarm) -> Mapping[str, Any] | None:
    """The open incident that the alarm belongs to."""
    return next((one for one in view.snapshot.incidents if alarm["alarm_id"] in one["alarms"]), None)


def number_of(incident: Mapping[str, Any]) -> str:
    """The last part of an incident's number."""
    return str(incident["number"]).rpartition("-")[2]


def is_silenced(alarm: Mapping[str, Any]) -> bool:
    """Whether the alarm is under a maintenance silence: shown, not lit."""
    return bool(alarm.get("silence_id"))


def notes(view: View, alarm: Alarm, members: int = 1) -> list[str]:
    """What is said beside the alarm: how many are with it, that it flaps and how often it came, its silence, its incident's number."""
    words, incident = view.words, incident_of(view, alarm)
    found = [words("alarm.group", n=members)] if members > 1 else []
    found += [words("alarm.flapping", n=alarm["times"])] if alarm.get("flapping") else []
    found += [words("alarm.silenced")] if is_silenced(alarm) else []
    return found + ([words("alarm.incident", number=number_of(incident))] if incident else [])


def tags(view: View, alarm: Alarm, members: int = 1) -> list[Any]:
    """The notes as marks of a line."""
    return [html.Span(note, className="alarm-tag") for note in notes(view, alarm, members)]
