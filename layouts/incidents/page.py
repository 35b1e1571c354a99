"""The parts of `/desk` that are about incidents, in their loading state: queue, incident with intake, the keys, sound, small stores."""

from dash import dcc, html
from dash.development.base_component import Component

from domain.access import Actor
from layouts import chains, reports
from layouts.dispatch import board, frame
from layouts.incidents import intake, keys, queue
from layouts.incidents.queue import part, store
from layouts.words import Words

STORES = ("request", "rows", "pulse", "fresh", "open", "deed", "refused", "conflict", "intake", "draft", "raise", "heard")
"""`request` -> `rows`: a block of the queue; `pulse` -> `fresh`: what changed; `open`: the incident in full; `deed`: the form that is
open; `refused`, `conflict`: what the server answered; `intake`, `draft`: the new report; `raise`: an alarm that becomes an incident;
`heard` holds nothing."""
VIEWS = ("incidents", "units", "watch")
SAYS = (
    "lost",
    "kept",
    "sent",
    "asked",
    "news_row",
    "mute",
    "unmute",
    "sound_waits",
    "named",
    "signed_out",
    "missing",
    "joined",
    "too_large",
    "no_picture",
    "unfinished",
)


def build(words: Words, actor: Actor | None) -> list[Component]:
    """Nothing for those who do not work on incidents."""
    if not works(actor):
        return []
    return [
        queue.build(words),
        _incident(words, actor),
        keys.build(words),
        *board.build(words, actor),
        *(dcc.Store(id=store(name)) for name in STORES),
    ]


def works(actor: Actor | None) -> bool:
    """Whether incidents are this person's work."""
    return actor is not None and actor.may("act_on_incident")


def switch(words: Words, actor: Actor | None) -> list[Component]:
    """The way between the desks (incidents, units, alarms with devices), the sound's state, the keys."""
    if not works(actor):
        return []
    desks = [html.Button(words(f"desk.view_{name}"), className="desk-view", **{"data-desk-view": name}) for name in VIEWS]
    texts = {f"data-text-{name}": words(f"desk.{name}") for name in ("mute", "unmute", "sound_waits")}
    sound = html.Button(words("desk.mute"), className="desk-sound", **{"data-sound": "button", **texts})
    shown = html.Button("?", className="desk-sound", title=words("keys.title"), **{"data-keys": "open"})
    return [html.Div([html.Div(desks, className="desk-views"), sound, shown], className="desk-switch")]


def _incident(words: Words, actor: Actor | None) -> html.Section:
    """The incident; its moves and its form stand below the facts, within reach; the intake lies over it while it is open."""
    texts = {f"data-text-{name.replace('_', '-')}": words(f"desk.{name}") for name in SAYS}
    body = html.Div(
        [
            html.Div(html.Div(words("incident.pick"), className="state"), id=part("detail"), className="incident-detail"),
            chains.frame(words),
            html.Div(id=part("timeline"), className="incident-timeline"),
        ],
        className="incident-scroll",
        **{"data-scroll": "y"},
    )
    acts = html.Div(
        [
            html.Div(id=part("moves"), className="incident-moves"),
            html.Div(id=part("deed"), className="incident-deed"),
            html.Div(id=part("answer"), className="desk-answer", role="status"),
        ],
        className="incident-acts",
    )
    tabs = frame.tabs(words)
    tabs.children += reports.tabs(words)
    about = {"data-panel": "incident", "data-user": actor.username if actor else "", "data-zone": words.zone, **texts}
    toast = html.Div("", id=part("toast"), className="desk-toast", role="status", **{"aria-live": "polite"})
    return html.Section(
        [html.Div([tabs, body, *frame.panes(), reports.frame(words), acts], className="incident-whole"), intake.frame(words), toast],
        className="panel desk-incident",
        **about,
    )
