"""The alarms of what a leader answers for, as their office counts and lists them: what is lit, by severity and town, and each on a line."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from domain.portfolio import Portfolio
from layouts.alarm_groups import incident_of, is_silenced
from layouts.marks import age, mark
from layouts.panels.alarms import named, state, taken, what
from layouts.view import View

Alarm = dict[str, Any]
KIND = "alarm:"
ALL, UNTAKEN = f"{KIND}all", f"{KIND}untaken"
"""`alarm:<severity>`, all of them, or those that nobody has taken: what a number of alarms counts."""


def lit(view: View, held: Portfolio) -> list[Alarm]:
    """The active alarms of the towns that the leader answers for, the worst first; what is silenced asks nobody."""
    known = dict(view.regions)
    return [
        one for one in view.snapshot.alarms if one["state"] == "active" and not is_silenced(one) and held.has_region(one["region"], known)
    ]


def untaken(alarms: Sequence[Alarm]) -> list[Alarm]:
    """Those that nobody has acknowledged."""
    return [one for one in alarms if one["acknowledged_at"] is None]


def found(view: View, held: Portfolio, what: str, region: str = "") -> list[Alarm]:
    """Those that a number counts, in a town where one is named."""
    wanted, alarms = what.removeprefix(KIND), lit(view, held)
    alarms = untaken(alarms) if what == UNTAKEN else [one for one in alarms if what == ALL or one["severity"] == wanted]
    return [one for one in alarms if not region or view.home(one["region"]) == region]


def title(view: View, what: str) -> str:
    """What the number counts."""
    name = what.removeprefix(KIND)
    return view.words(f"office.alarms.{name}") if what in (ALL, UNTAKEN) else view.words("office.alarms.of", severity=_severity(view, name))


def line(view: View, alarm: Alarm) -> html.A:
    """One alarm: what, where, since when, who has it. It leads to its case, else to the alarms of the desk."""
    words, incident = view.words, incident_of(view, alarm)
    place, device = view.place_and_name(alarm)
    parts = [
        html.Strong([mark(alarm["severity"], _severity(view, alarm["severity"])), " ", named(view, alarm)]),
        html.Span(state(view, alarm), className=f"office-owed{'' if alarm['acknowledged_at'] else ' is-untaken'}"),
        html.Small([f"{place} {device} · ", *what(view, alarm)[1:], " · ", taken(view, alarm)]),
        age(words, alarm["raised_at"], view.snapshot.at),
    ]
    return html.A(parts, href=_address(view, incident), className="office-case", **{"data-alarm-line": alarm["alarm_id"]})


def _address(view: View, incident: Mapping[str, Any] | None) -> str:
    wanted = f"incident={incident['incident_id']}" if incident else "view=watch"
    return f"/desk?{wanted}&lang={view.words.lang}"


def _severity(view: View, name: str) -> str:
    return view.words(f"severity.{name}")
