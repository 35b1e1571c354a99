"""Towns compared: the one that needs most first, with its alarms by shape and its devices that answer."""

from typing import Any

from dash import html

from layouts.marks import empty, mark, note
from layouts.view import SEVERITIES, Town, View


def render(view: View) -> list[Any]:
    """As many towns as there are rows; the note says how many are quiet, and of how many nobody can say so."""
    words, towns = view.words, view.towns
    if not towns:
        return [empty(words, "towns.none")]
    rows = view.display.rows.get("towns", len(towns))
    quiet, unheard = (sum(1 for town in towns if not town.worst and town.heard is heard) for heard in (True, False))
    said = words("towns.note_unheard", quiet=quiet, unheard=unheard) if unheard else words("towns.note", total=len(towns), quiet=quiet)
    return [
        note(said),
        html.Div([_row(view, town) for town in towns[:rows]], className="towns", style={"--rows": str(rows)}),
    ]


def _row(view: View, town: Town) -> html.Div:
    words = view.words
    share = town.online / town.devices if town.devices else 0.0
    bar = html.Div(html.I(style={"width": f"{share:.1%}"}), className="bar", title=words("towns.online"))
    return html.Div(
        [
            html.Span(town.name, className="town-name"),
            html.Span(_marks(view, town), className="town-marks"),
            bar,
            html.Span(f"{town.online}/{town.devices}", className="town-online"),
        ],
        className=f"town {'is-' + town.worst if town.worst else 'is-quiet'}",
        tabIndex=0,
        **{"data-region": town.code, "data-town": town.code},
    )


def _marks(view: View, town: Town) -> list[Any]:
    parts: list[Any] = []
    for severity in SEVERITIES:
        if town.alarms.get(severity):
            parts += [mark(severity, view.words(f"severity.{severity}")), html.Span(str(town.alarms[severity]))]
    return parts
