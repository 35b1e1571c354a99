"""Hot themes of appeals in the towns that the leader answers for, sudden rises first; a line leads to the orders behind it."""

from typing import Any

from dash import html

from layouts.marks import empty, note
from layouts.office import THEME, pick
from layouts.panels.appeals import ROWS, line
from layouts.view import View


def render(view: View) -> list[Any]:
    """A line a theme: town, theme, how many, and what is usual."""
    words, held = view.words, view.gathered["office"].portfolio
    known = dict(view.regions)
    mine = [one for one in view.appeals if held.has_region(one.region, known)]
    if not mine:
        return [empty(words, "appeals.none" if view.snapshot.devices else "appeals.unknown")]
    rising = sum(one.rising for one in mine)
    lines = []
    for one in mine[: view.display.rows.get("office_hot", ROWS)]:
        said = line(words, one, view.region_name(one.region), view.theme_name(one.theme))
        ident = pick(f"{THEME}{one.theme}", one.region, "hot")
        lines.append(html.Button(said.children, id=ident, n_clicks=0, className="appeal-line office-hot", title=getattr(said, "title", "")))
    return [note(words("appeals.note", total=len(mine), rising=rising)), html.Div(lines, className="appeals")]
