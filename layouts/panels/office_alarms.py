"""The alarms in one line of the office: how many, of which severity, how many nobody has taken, where most; a storm is called one."""

from collections import Counter
from typing import Any

from dash import html

from layouts.marks import age, empty, mark, unsure
from layouts.office import pick
from layouts.office_alarms import ALL, KIND, UNTAKEN, Alarm, lit, untaken
from layouts.panels.alarms import owed, silence, told
from layouts.panels.feeds import SILENT, state_of
from layouts.view import SEVERITIES, View

WORST = "critical"
TOWNS = 3
"""So many of the towns with the most alarms are named."""
QUIET = {"alarms.none": "office.alarms.none"}
"""What is said of the whole city -> of what the leader answers for."""


def render(view: View) -> list[Any]:
    """Numbers that lead on; a calm sentence where nothing is lit, which says so where nobody could know."""
    alarms = lit(view, view.gathered["office"].portfolio)
    deaf = _deaf(view)
    if not alarms:
        known = silence(view)
        return [unsure(deaf) if deaf else empty(view.words, QUIET.get(known, known))]
    waiting = len(untaken(alarms))
    first = _number(view, ALL, len(alarms), view.words("office.alarms.all"), "is-all")
    second = _number(view, UNTAKEN, waiting, view.words("office.alarms.untaken"), "is-waiting" if waiting else "is-none")
    gone = [html.Span(deaf, className="office-deaf")] if deaf else []
    return [
        html.Div([first, second, *_storm(view, alarms), _severities(view, alarms), *gone, _last(view, alarms)], className="office-alarms")
    ]


def _deaf(view: View) -> str:
    """That feeds are silent, so that there may be alarms which nobody hears of; nothing of a past moment, of which that isn't kept."""
    feeds = {} if view.is_past else view.snapshot.notes.get("feeds") or {}
    silent = sum(state_of(health, view) == SILENT for health in feeds.values())
    return view.words("office.alarms.deaf", n=silent) if silent else ""


def _number(view: View, what: str, n: int, name: Any, look: str) -> html.Button:
    parts = [html.B(view.words.number(n)), html.Span(name)]
    return html.Button(parts, id=pick(what, "", "alarms"), n_clicks=0, className=f"office-count {look}", **{"data-count": what})


def _storm(view: View, alarms: list[Alarm]) -> list[html.Strong]:
    """The word for it, where so many have come within so short a time; how many, and in which time."""
    storm = view.gathered["storm"]
    new = storm.raised((one["raised_at"] for one in alarms), view.snapshot.at)
    said = view.words("office.alarms.storm", n=view.words.number(new), time=view.words.span(storm.within_s * 1000))
    return [html.Strong(said, className="office-storm", role="status")] if storm.is_on(new) else []


def _severities(view: View, alarms: list[Alarm]) -> html.Div:
    """Each severity with its shape; of those that nobody has taken how many, where these are not all."""
    counted, waiting = Counter(one["severity"] for one in alarms), Counter(one["severity"] for one in untaken(alarms))
    return html.Div([_severity(view, one, counted[one], waiting[one]) for one in SEVERITIES], className="office-severities")


def _severity(view: View, severity: str, n: int, waiting: int) -> html.Button:
    name = view.words(f"severity.{severity}")
    said = [mark(severity, name), name, *([html.Small(view.words("office.alarms.waiting", n=waiting))] if waiting else [])]
    return _number(view, f"{KIND}{severity}", n, said, f"is-{severity}{'' if n else ' is-none'}")


def _last(view: View, alarms: list[Alarm]) -> html.Div:
    """The critical alarm that nobody has taken, where there is one alone, with what is measured; else the towns with the most."""
    alone = [one for one in untaken(alarms) if one["severity"] == WORST]
    return _worst(view, alone[0]) if len(alone) == 1 else _towns(view, alarms)


def _worst(view: View, alarm: Alarm) -> html.Div:
    town, name = view.place_and_name(alarm)
    place = html.Button([town, " ", name], id=pick(f"{KIND}{WORST}", "", "alarms"), n_clicks=0, className="office-worst-place")
    since = [age(view.words, alarm["raised_at"], view.snapshot.at), " · ", owed(view, alarm)]
    lines = [html.Div([place, html.Small(since)]), html.Div(told(view, alarm), className="office-worst-what")]
    return html.Div(
        [mark(WORST, view.words(f"severity.{WORST}")), html.Div(lines)], className="office-worst", **{"data-alarm": alarm["alarm_id"]}
    )


def _towns(view: View, alarms: list[Alarm]) -> html.Div:
    """Where most of them are; one press to a town's list."""
    most = Counter(view.home(one["region"]) for one in alarms if one["region"]).most_common(TOWNS)
    lines = [
        html.Button(
            [view.region_name(code), " ", html.B(view.words.number(n))],
            id=pick(ALL, code, "alarms"),
            n_clicks=0,
            className="office-alarm-town",
        )
        for code, n in most
    ]
    return html.Div([html.Small(view.words("office.alarms.most")), *lines], className="office-alarm-towns")
