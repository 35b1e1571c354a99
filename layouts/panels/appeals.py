"""Hot themes of appeals by town, sudden rises first; counts only, never a word of what somebody said."""

from collections.abc import Sequence
from typing import Any

from dash import html

from domain.rises import Hot
from layouts.marks import empty, note
from layouts.view import View
from layouts.words import Words

ROWS = 6
SMALLEST = 0.0001


def render(view: View) -> list[Any]:
    """A line a theme: town, theme, how many, and what is usual."""
    words, rows = view.words, view.display.rows.get("appeals", ROWS)
    if not view.appeals:
        return [empty(words, "appeals.none" if view.snapshot.devices else "appeals.unknown")]
    rising = sum(one.rising for one in view.appeals)
    lines = [line(words, one, view.region_name(one.region), view.theme_name(one.theme)) for one in view.appeals[:rows]]
    return [note(words("appeals.note", total=len(view.appeals), rising=rising)), html.Div(lines, className="appeals")]


def line(words: Words, one: Hot, town: str, theme: str) -> html.Div:
    """One theme; its title says how it was judged. Also in the desk's intake and on the wall."""
    usual = words("appeals.usual", usual=f"{one.usual:g}") if one.chance < 1 else words("appeals.no_past")
    parts = [
        html.Span(town, className="appeal-town"),
        html.Span(theme, className="appeal-theme"),
        html.B(words("appeals.row", now=one.now)),
        html.Small(words("appeals.rising") if one.rising else usual, className="tag is-rising" if one.rising else ""),
    ]
    chance = f"{one.chance:.2g}" if one.chance >= SMALLEST else f"< {SMALLEST:g}"
    why = words("appeals.why", hours=24, now=one.now, usual=f"{one.usual:g}", chance=chance)
    return html.Div(parts, className="appeal-line", title=why, tabIndex=0, **{"data-region": one.region, "data-town": one.region})


def rising(view: View, most: int) -> Sequence[Hot]:
    """The rises that a wall has room for."""
    return [one for one in view.appeals if one.rising][:most]
