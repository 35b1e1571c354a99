"""The bell: how many notices are unread, the list, the button that answers a calling. On the desk, the phone and the duty page."""

from collections.abc import Mapping, Sequence

from dash import dcc, html
from dash.development.base_component import Component

from layouts.words import Words
from services.notice_ports import Notice
from services.notice_words import said, with_names

LOOK_MS = 5_000
SHOWN = 50


def bell(words: Words, page: str) -> html.Details:
    """The bell in its loading state; one a page."""
    head = html.Summary(
        [words("notices.title"), html.Span("", id={"type": "notice-count", "page": page}, className="notice-count")],
        **{"aria-label": words("notices.title")},
    )
    read = html.Button(words("notices.read_all"), id={"type": "notice-read", "page": page}, className="button button-quiet", n_clicks=0)
    listed = html.Div(id={"type": "notice-list", "page": page}, className="notice-list", **{"data-scroll": "y"})
    held = [dcc.Store(id={"type": name, "page": page}) for name in ("notice-seen", "notice-done")]
    tick = dcc.Interval(id={"type": "notice-tick", "page": page}, interval=LOOK_MS)
    return html.Details(
        [head, html.Div([read, listed], className="notice-box"), tick, *held], className="notices", **{"data-notices": page}
    )


def listing(words: Words, catalogue: Mapping[str, str], found: Sequence[Notice], waiting: Sequence[str]) -> list[Component]:
    """The newest notices; `waiting` are the things whose callings wait for the reader."""
    if not found:
        return [html.Div(words("notices.none"), className="state")]
    answered: set[str] = set()
    lines: list[Component] = []
    for one in found[:SHOWN]:
        asks = one.thing in waiting and one.thing not in answered
        answered |= {one.thing}
        lines.append(_line(words, catalogue, one, asks))
    return lines


def _line(words: Words, catalogue: Mapping[str, str], one: Notice, asks: bool) -> html.Article:
    title, body = said(catalogue, one.template, named(words, one))
    exercise = [html.Span(words("notices.exercise"), className="badge")] if one.exercise else []
    link = html.A(title, href=f"{one.link}{'&' if '?' in one.link else '?'}lang={words.lang}") if one.link else html.Strong(title)
    answer = {"type": "notice-answer", "thing": one.thing}
    button = [html.Button(words("notices.answer"), id=answer, className="button", n_clicks=0)] if asks else []
    head = html.Div([link, *exercise, html.Time(words.day_clock(one.created_at))], className="notice-head")
    return html.Article([head, html.P(body), *button], className="notice is-read" if one.read_at else "notice")


def named(words: Words, one: Notice) -> Mapping[str, object]:
    """What the notice carries, with people by their names and codes of posts and kinds of changes in words."""
    title, params = str(one.params.get("title", "")), with_names(one.params, words.person)
    for message in (f"post.{title}", f"duty.kind.{title}"):
        if words.has(message):
            return {**params, "title": words(message)}
    return params
