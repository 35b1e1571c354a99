"""The player of the past: play and pause, speed, the chosen hours, an incident's events. assets/replay.js plays; it stands in the strip of
every face that shows a past moment (layouts/moment.py)."""

import json

from dash import html
from dash.development.base_component import Component

from layouts.words import Words

SPEEDS = (1, 2, 5, 10, 30, 60)
DEFAULT = 10


def player(words: Words) -> Component:
    """Its frame; whether an incident is replayed stands in the address (`replay`), as do the hours (`from`, `to`)."""
    texts = {f"data-text-{name}": words(f"replay.{name}") for name in ("play", "pause")}
    texts |= {f"data-text-{name}": words(f"replay.{name}", n="{n}") for name in ("seconds", "minutes")}
    texts |= {"data-text-step": words("replay.step", step="{n}"), "data-text-slow": words("replay.slow", time="{n}")}
    deeds = json.dumps(words.beginning("deed."), ensure_ascii=False)
    speeds = [html.Option(f"{speed}×", value=str(speed), selected=speed == DEFAULT) for speed in SPEEDS]
    hours = [
        html.Label([words(f"replay.{end}"), html.Span(**{"data-replay-hour": end})], className="replay-hour") for end in ("from", "to")
    ]
    return html.Div(
        [
            html.Button(words("replay.play"), className="replay-play", **{"data-replay": "play"}),
            html.Label([words("replay.speed"), html.Select(speeds, **{"data-replay": "speed"})]),
            html.Span("", className="replay-step", role="status", **{"data-replay": "step"}),
            *hours,
            html.Span(
                [
                    html.Button("‹", title=words("replay.before"), **{"data-replay-event": "-1"}),
                    html.Span("", className="replay-event", **{"data-replay": "event"}),
                    html.Button("›", title=words("replay.after"), **{"data-replay-event": "1"}),
                ],
                className="replay-events",
                hidden=True,
            ),
        ],
        className="replay",
        role="group",
        **{"aria-label": words("replay.title"), "data-deeds": deeds, **texts},
    )
