"""Who leads now: the leader on duty, the shift leader and the watch, each one tap away; a gap in cover is said."""

from typing import Any

from dash import html

from domain.duty import POSTS
from layouts.office import call
from layouts.view import View


def render(view: View) -> html.Div:
    """What the leader answers for, then a post with its people; a post that is short is marked."""
    words, seen = view.words, view.gathered["office"]
    short = {one.post for one in view.cover}
    comma = words("list.comma")
    domains = comma.join(words(f"domain.{name}") for name in seen.portfolio.domains) or words("office.all_domains")
    towns = comma.join(view.region_name(code) for code in seen.portfolio.regions) or words("office.all_towns")
    mine = html.A(
        [html.Small(words("office.mine")), html.Span(f"{domains} · {towns}")], href=f"/account?lang={words.lang}", className="office-mine"
    )
    posts: list[Any] = []
    for post in POSTS[:3]:
        people = [one for one in seen.on_duty if one.post == post]
        named: list[Any] = [part for one in people for part in (call(one.name, one.phone), " ")] or [
            html.B(words("office.nobody_on"), className="is-late")
        ]
        gap = [html.B(words("office.short"), className="is-late")] if post in short and people else []
        posts.append(html.Span([html.Small(words(f"post.{post}")), *named, *gap], className="office-post"))
    return html.Div([mine, *posts], className="office-duty")
