"""Who is on duty now: the posts of the center with their people, and how many towns and departments have somebody. No telephone numbers:
walls are seen by visitors."""

from collections.abc import Sequence
from typing import Any

from dash import html

from domain.duty import POSTS, Shift
from layouts.marks import empty, mark, note, withheld
from layouts.view import View

TOWNS_IN_A_ROW = 2


def render(view: View) -> list[Any]:
    """A block a post; a post that is short says so. Below them the departments, a line each, then the towns, whose names are short."""
    words, held = view.words, view.gathered.get("on_duty")
    if held is None:
        return [withheld(words)]
    if not held:
        return [empty(words, "wall.on_duty.none")]
    ours = [one for one in held if not one.department]
    units = {one.department for one in held if one.department}
    departments, towns = sorted(units - set(view.regions)), sorted(units & set(view.regions))
    ends = [one.ends for one in ours]
    posts = [_post(view, post, [one for one in ours if one.post == post]) for post in POSTS]
    rows = max(0, view.display.rows.get("on_duty", 20) - 7)
    whole = departments[:rows]
    shown = [*whole, *towns[: TOWNS_IN_A_ROW * (rows - len(whole))]]
    told = words("wall.on_duty.note", n=len(units), until=words.clock(min(ends))) if ends else words("wall.on_duty.units", n=len(units))
    hidden = len(units) - len(shown)
    more = [html.Span(words("wall.on_duty.more", n=hidden), className="more")] if hidden else []
    return [
        note(told, *more),
        html.Div(posts, className="posts"),
        html.Div([_unit(view, code, held) for code in shown], className="duty-units"),
    ]


def _post(view: View, post: str, people: Sequence[Shift]) -> html.Div:
    words = view.words
    gap = next((one for one in view.cover if one.post == post), None)
    names = words("list.comma").join(dict.fromkeys(one.name for one in people))
    missing = [html.Span([mark(gap.severity), words("wall.on_duty.short", n=gap.owed - gap.there)], className="post-gap")] if gap else []
    return html.Div([html.Span(words(f"post.{post}"), className="post-name"), html.B(names or "–"), *missing], className="post")


def _unit(view: View, code: str, held: Sequence[Shift]) -> html.Div:
    names = [one.name for one in held if one.department == code]
    town = code in view.regions
    name = view.region_name(code) if town else view.department_name(code)
    return html.Div([html.Span(name, className="town-name"), html.Span(names[0])], className="duty-unit" if town else "duty-unit is-whole")
