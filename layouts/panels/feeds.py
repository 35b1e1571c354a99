"""Feed health: whether data comes in, how far ingest is behind, what was refused."""

from collections.abc import Mapping
from typing import Any

from dash import html

from layouts.marks import age, empty, note
from layouts.origins import feed_name
from layouts.view import View

FEWEST_ROWS = 3
SILENT = "silent"
STATES = ("ok", "unknown", "late", SILENT)
JUDGED = {"good": "ok", "starting": "unknown", "unknown": "unknown", "poor": "late", "down": "silent"}
"""What jobs makes of a feed (domain/feed_health.py) -> how it is shown."""
JUDGED_FOR_MS = 30_000
"""So long its word counts; jobs says it every five seconds."""


def render(view: View) -> list[Any]:
    """One line a feed; the note is ingest's own state."""
    words = view.words
    feeds: Mapping[str, Mapping[str, Any]] = view.snapshot.notes.get("feeds") or {}
    if not feeds and view.is_past:
        return [empty(words, "feeds.past")]
    head = note(ingest_text(view))
    if not feeds:
        return [head, empty(words, "feeds.none")]
    rows = view.display.rows.get("feeds", len(feeds))
    ranked = sorted(feeds.items(), key=lambda item: (-STATES.index(state_of(item[1], view)), item[0]))
    return [
        head,
        html.Div(
            [_ingest(view), *(_row(view, name, health) for name, health in ranked[: rows - 1])],
            className="feeds",
            style={"--rows": str(min(rows, max(len(ranked), FEWEST_ROWS)))},
        ),
    ]


def ingest_text(view: View) -> str:
    """How far ingest is behind, and that judging by the clock is paused while it is."""
    ingest = view.snapshot.notes.get("ingest")
    if not ingest:
        return view.words("ingest.unknown")
    lag = view.words.number(ingest.get("lag_s") or 0, 1)
    return view.words("ingest.paused" if ingest.get("paused") else "ingest.lag", lag=lag)


def state_of(health: Mapping[str, Any], view: View) -> str:
    """As jobs judged it; without its word by the age of the newest message: late past the feed's interval, silent past as many as the
    city says.
    A feed without one reports on change."""
    if _is_judged(health, view):
        return JUDGED[health["state"]]
    last, interval_s = health.get("last_message_at"), health.get("interval_s")
    if last is None:
        return "silent"
    if interval_s is None:
        return "ok"
    over = (view.snapshot.at - last) / (interval_s * 1000)
    return "silent" if over > view.names.freshness.silent_after else "late" if over > 1 else "ok"


def _is_judged(health: Mapping[str, Any], view: View) -> bool:
    return bool(view.snapshot.at - health.get("judged_at", 0) <= JUDGED_FOR_MS)


def _ingest(view: View) -> html.Div:
    words, ingest = view.words, view.snapshot.notes.get("ingest") or {}
    state = "silent" if ingest.get("workers_missing") else "late" if ingest.get("paused") or not ingest else "ok"
    judged = ingest.get("judged_at")
    return html.Div(
        [
            html.Span([html.I(className=f"feed-mark feed-{state}"), words("ingest.name")], className="feed-name"),
            html.Span(words(f"feed_state.{state}"), className=f"feed-state is-{state}"),
            html.Span(
                words("ingest.judged", time=words.clock(judged, seconds=True)) if judged else words("ingest.not_judged"),
                className="feed-rate",
            ),
            html.Span(words("ingest.missing", n=ingest.get("workers_missing", 0)), className="feed-rejected"),
            age(words, judged, view.snapshot.at),
        ],
        className="feed",
    )


def _row(view: View, name: str, health: Mapping[str, Any]) -> html.Div:
    words, state = view.words, state_of(health, view)
    label = feed_name(words, name)
    rejected = health.get("rejected", 0)
    said = words(f"health_state.{health['state']}" if _is_judged(health, view) else f"feed_state.{state}")
    return html.Div(
        [
            html.Span([html.I(className=f"feed-mark feed-{state}"), label], className="feed-name"),
            html.Span(said, className=f"feed-state is-{state}"),
            html.Span(words("feeds.stored", n=words.number(health.get("stored", 0))), className="feed-rate"),
            html.Span(words("feeds.rejected", n=words.number(rejected)), className="feed-rejected" + (" is-off" if rejected else "")),
            age(words, health.get("last_message_at"), view.snapshot.at),
        ],
        className="feed",
    )
