"""A picture of the past: the strip that says so over every face, with the control that moves through the day."""

from typing import Any, NamedTuple

from dash import html
from dash.development.base_component import Component

from layouts import replay
from layouts.words import Words

MINUTE = 60_000
STEPS = (-60, -10, -1, 1, 10, 60)
"""Buttons of the time control, minutes."""
SPAN_MS = 24 * 60 * MINUTE
"""The slider covers a day."""


class Moment(NamedTuple):
    """A past moment and now, epoch ms."""

    at: int
    now: int


def around(page: Component, words: Words, path: str, moment: Moment) -> Component:
    """The page under its strip. moment.js moves the time, big.css and its like make room."""
    return html.Div([strip(words, path, moment), page], className="is-past", **{"data-moment": str(moment.at)})


def strip(words: Words, path: str, moment: Moment) -> Component:
    """What moment it is, buttons and a slider to another one, and the way back to now."""
    start, end = span(moment)
    ends = {"data-moment-from": str(start), "data-moment-to": str(end), "data-moment-now": str(moment.now)}
    slider = html.Div(className="moment-slider", **{"data-moment-slider": words("moment.slider"), **ends})
    return html.Div(
        [
            html.Strong(words("moment.past"), className="moment-mark"),
            html.Time(words.full(moment.at), className="moment-time", **{"data-moment-text": words.lang, "data-zone": words.zone}),
            html.Div(
                [*(_step(words, one) for one in STEPS[:3]), slider, *(_step(words, one) for one in STEPS[3:])], className="moment-control"
            ),
            html.A(words("moment.back"), href=f"{path}?lang={words.lang}", className="moment-back", **{"data-moment-back": "now"}),
            replay.player(words),
        ],
        className="moment-strip",
        role="region",
        **{"aria-label": words("moment.past")},
    )


def span(moment: Moment) -> tuple[int, int]:
    """The day of the slider: the last 24 h, or the day around a moment further back."""
    end = moment.now if moment.at >= moment.now - SPAN_MS else moment.at + SPAN_MS // 2
    return end - SPAN_MS, end


def _step(words: Words, minutes: int) -> Any:
    way, unit = "earlier" if minutes < 0 else "later", "hours" if abs(minutes) >= 60 else "minutes"
    text = words(f"moment.{way}.{unit}", n=abs(minutes) // 60 or abs(minutes))
    return html.Button(text, className="moment-step", **{"data-moment-step": str(minutes * MINUTE)})
