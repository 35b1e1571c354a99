"""The system administrator's tabs: whether every part works, feeds, workers, sizes, versions; and the settings as they were read."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from domain.access import Actor
from layouts.admin_parts import facts, panel
from layouts.marks import empty, loading, mark
from layouts.words import Words
from services.operations import FeedState, Setting, Sizes, WorkerState
from services.state_of_affairs import Reason

PARTS = ("database", "redis", "mqtt", "disk", "ingest")
"""What /readyz asks, by name."""
SECTIONS = ("health", "feeds", "workers", "sizes", "versions")
EVERY_MS = 5_000
UNITS = ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"))


def build(words: Words, actor: Actor) -> Component:
    """Five panels, renewed every five seconds while they are looked at."""
    body = html.Div([panel(words, name, body_of(words, name)) for name in SECTIONS], className="admin-system-grid")
    return html.Div(
        [dcc.Interval(id={"type": "tick", "of": "system"}, interval=EVERY_MS), body], className="admin-scroll", **{"data-scroll": "y"}
    )


def build_settings(words: Words, actor: Actor) -> Component:
    """One panel; it changes only with a restart."""
    note = html.Span(words("admin.settings_note"), className="panel-note")
    return html.Div(panel(words, "settings", body_of(words, "settings"), tools=[note]), className="admin-scroll", **{"data-scroll": "y"})


def body_of(words: Words, name: str) -> html.Div:
    """A panel's body in its loading state."""
    return html.Div(loading(words), id={"type": "system", "name": name}, className="panel-body")


def health(words: Words, failing: Mapping[str, str]) -> Component:
    """Every part with its state; a part that fails says why."""
    names = [*PARTS, *sorted(set(failing) - set(PARTS))]
    return facts((_part(words, name), _state(words, name in failing), _why(words, failing.get(name, ""))) for name in names)


def _why(words: Words, reason: str) -> str:
    """A reason of ours in the page's language; an engine's own error as it said it."""
    return words(f"health.{reason.code}", **reason.values) if isinstance(reason, Reason) else reason


def feeds(words: Words, rows: Sequence[FeedState], now: int) -> Component:
    """Every feed with the age of its newest message."""
    if not rows:
        return empty(words, "admin.no_feeds")
    heads = [words(f"admin.feed_{name}") for name in ("name", "last", "stored", "duplicate", "rejected")]
    lines = ((row.feed, _age(words, row.last_message_at, now), *(words.number(n) for n in row[2:])) for row in rows)
    return facts(lines, heads)


def workers(words: Words, rows: Sequence[WorkerState], now: int) -> Component:
    """Every ingest worker: how far behind, and when it last said so."""
    if not rows:
        return empty(words, "admin.no_workers")
    heads = [words(f"admin.worker_{name}") for name in ("name", "lag", "beat")]
    return facts(((str(row.worker), f"{row.lag_s:.1f} s", _age(words, row.beat_at, now)) for row in rows), heads)


def sizes(words: Words, held: Sizes) -> Component:
    """What is used of what there is."""
    share = 100 * (1 - held.disk_free / held.disk_total) if held.disk_total else 0.0
    disk = words("admin.disk_used", share=f"{share:.0f}", free=_bytes(held.disk_free), total=_bytes(held.disk_total))
    return facts(
        [
            (words("admin.size_database"), _bytes(held.database)),
            (words("admin.size_redis"), _bytes(held.redis)),
            (words("admin.size_disk"), disk),
        ]
    )


def versions(words: Words, held: Mapping[str, str]) -> Component:
    """Names and versions."""
    return facts(held.items())


def settings(words: Words, rows: Sequence[Setting]) -> Component:
    """Every setting, and whether somebody set it."""
    heads = [words(f"admin.setting_{name}") for name in ("name", "value", "origin")]
    lines = (
        (html.Code(row.name), row.value or words("value.none"), words("admin.given" if row.given else "admin.default")) for row in rows
    )
    return facts(lines, heads)


def _state(words: Words, fails: bool) -> html.Span:
    """A shape and a word: colour alone says nothing."""
    label = words("admin.fails" if fails else "admin.works")
    return html.Span([mark("major"), f" {label}"] if fails else [html.Span(className="state-check"), label])


def _part(words: Words, name: str) -> str:
    return words(f"admin.part_{name}") if words.has(f"admin.part_{name}") else name


def _age(words: Words, at: int | None, now: int) -> Any:
    return words("value.no_data") if at is None else words.age(now - at)


def _bytes(n: float) -> str:
    for size, unit in UNITS:
        if n >= size:
            return f"{n / size:.1f} {unit}"
    return f"{n:.0f} B"
