"""Who is on duty now: the posts of the center with their people, and how many towns and departments have somebody. No telephone numbers:
walls are seen by visitors."""

from collections.abc import Sequence
from typing import Any

from dash import html

from domain.duty import POSTS, Shift
from layouts.marks import empty, mark, note, withheld
from layouts.view import View


def render(view: View) -> list[Any]:
    """A block a post; a post that is short says so."""
    words, held = view.words, view.gathered.get("on_duty")
    if held is None:
        return [withheld(words)]
    if not held:
        return [empty(words, "wall.on_duty.none")]
    ours = [one for one in held if not one.department]
    units = sorted({one.department for one in held if one.department})
    ends = [one.ends for one in ours]
    head = note(
        words("wall.on_duty.note", units=len(units), until=words.clock(min(ends)))
        if ends
        else words("wall.on_duty.units", units=len(units))
    )
    posts = [_post(view, post, [one for one in ours if one.post == post]) for post in POSTS]
    rows = max(0, view.display.rows.get("on_duty", 20) - 7)
    return [
        head,
        html.Div(posts, className="posts"),
        html.Div([_unit(view, code, held) for code in units[: 2 * rows]], className="duty-units"),
    ]


def _post(view: View, post: str, people: Sequence[Shift]) -> html.Div:
    words = view.words
    gap = next((one for one in view.cover if one.post == post), None)
    names = words("list.comma").join(dict.fromkeys(one.name for one in people))
    missing = [html.Span([mark(gap.severity), words("wall.on_duty.short", n=gap.owed - gap.there)], className="post-gap")] if gap else []
    return html.Div([html.Span(words(f"post.{post}"), className="post-name"), html.B(names or "–"), *missing], className="post")


def _unit(view: View, code: str, held: Sequence[Shift]) -> html.Div:
    names = [one.name for one in held if one.department == code]
    name = view.region_name(code) if code in view.regions else view.department_name(code)
    return html.Div([html.Span(name, className="town-name"), html.Span(names[0])], className="duty-unit")
