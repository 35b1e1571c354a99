"""Gaps in cover among the alarms: the center's posts that are short, as a line on the wall, a card on the phone, a row on the desk.

They are alarms of the roster, no device's: nobody acknowledges them, calls them false or silences them; they end when
somebody is on duty.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from dash import html

from domain.alarm_rules import SEVERITIES
from layouts.marks import age, mark
from layouts.view import View

KEY = "gap:"
"""How the key of a gap's row begins, where an alarm's is its id."""
SHAPES = {"critical": "◆", "major": "▲", "minor": "●", "warning": "○"}
Render = Callable[[Any], Any]


def among(view: View, groups: Sequence[Sequence[Any]], gap: Render, group: Render) -> list[tuple[int, Callable[[], Any]]]:
    """The posts that are short among the groups of alarms, which keep their order: how many alarms each stands for, and what renders it.
    A gap stands before the first group that is no worse: who isn't there takes no alarm."""
    items: list[tuple[str, int, Callable[[], Any]]] = [(one[0]["severity"], len(one), partial(group, one)) for one in groups]
    for one in view.cover:
        worse = (place for place, item in enumerate(items) if SEVERITIES.index(item[0]) >= SEVERITIES.index(one.severity))
        items.insert(next(worse, len(items)), (one.severity, 1, partial(gap, one)))
    return [(n, make) for _, n, make in items]


def tally(view: View) -> str:
    """How many posts are short; empty when none is."""
    return view.words("cover.tally", n=len(view.cover)) if view.cover else ""


def said(view: View, one: Any) -> str:
    """What is missing."""
    return view.words("cover.said", post=view.words(f"post.{one.post}"), there=one.there, owed=one.owed)


def since(view: View, one: Any) -> str:
    """Since when; where the roster doesn't go back as far, that it is longer than it knows."""
    return view.words("alarm.since", time=view.words.day_clock(one.since)) if one.since is not None else view.words("cover.long")


def until(view: View, one: Any) -> str:
    """When somebody comes by the roster."""
    return view.words("cover.until", time=view.words.day_clock(one.until)) if one.until is not None else view.words("cover.open")


def line(view: View, one: Any) -> html.Div:
    """On the wall and in the office."""
    words = view.words
    place = html.Div([html.Span(words("duty.center"), className="where"), " ", words(f"post.{one.post}")])
    main = html.Div([place, html.Div(said(view, one), className="line-what")], className="line-main")
    old = [age(words, one.since, view.snapshot.at)] if one.since is not None else []
    return html.Div(
        [
            mark(one.severity, words(f"severity.{one.severity}")),
            main,
            html.Div([html.Div(old), html.Div(since(view, one), className="line-who")], className="line-time"),
            html.Div([html.Div(words("cover.owed")), html.Div(until(view, one), className="line-who")], className="line-state"),
        ],
        className=f"line line-{one.severity} is-waiting is-active",
        **{"data-gap": one.post},
    )


def card(view: View, one: Any) -> html.Div:
    """On the phone; it opens the duty page, where somebody is put on."""
    words, label = view.words, view.words(f"severity.{one.severity}")
    head = [mark(one.severity, label), html.Strong(words(f"post.{one.post}")), html.Span(label, className="tag")]
    link = html.A([html.Div(head, className="card-head"), html.Div(said(view, one), className="card-what")], **_opens(view))
    facts = [words("duty.center"), since(view, one), words("cover.owed"), until(view, one)]
    body = [link, html.Div(" · ".join(facts), className="card-facts")]
    return html.Div(body, className=f"card line-{one.severity} is-waiting is-active", **{"data-gap": one.post})


def row(view: View, one: Any) -> dict[str, Any]:
    """On the desk: what an alarm's row says, and where it is seen to."""
    words = view.words
    return {
        "key": f"{KEY}{one.post}", "incident": "", "incident_id": "", "raise": "", "device_id": "", "severity_id": one.severity,
        "waiting": True, "severity": f"{SHAPES[one.severity]} {words('severity.' + one.severity)}", "town": words("duty.center"),
        "device": words(f"post.{one.post}"), "what": f"{said(view, one)} · {until(view, one)}",
        "raised": words.day_clock(one.since) if one.since is not None else words("cover.long"), "state": words("cover.owed"), "by": "",
        "brief": words("cover.owed"),
        "number": "", "group": "", "calling": False, "link": _opens(view)["href"], "link_text": words("cover.fill"),
    }  # fmt: skip


def _opens(view: View) -> dict[str, str]:
    return {"href": f"/duty?part=gaps&lang={view.words.lang}", "className": "card-open"}
