"""The small parts that every face shares: marks of severity, values with their age, panel frames, empty and broken states."""

from collections.abc import Sequence
from typing import Any

from dash import html

from layouts.words import Words

Children = Any


def panel_id(page: str, name: str) -> dict[str, str]:
    """The id of a panel's body on one page, the part that the slow lane renders again."""
    return {"type": "panel", "page": page, "name": name}


def mark(severity: str, label: str = "") -> html.Span:
    """The shape of a severity: diamond, triangle, disc, ring. `label` is read out by screen readers."""
    return html.Span(className=f"mark mark-{severity}", title=label, role="img", **{"aria-label": label or severity})


def frame(page: str, name: str, words: Words) -> html.Section:
    """A panel's frame in its loading state; the slow lane fills the body."""
    head = html.H2(words(f"panel.{name}"), className="panel-title")
    body = html.Div(loading(words), id=panel_id(page, name), className="panel-body")
    return html.Section([head, body], className=f"panel panel-{name}", **{"data-panel": name})


def loading(words: Words) -> html.Div:
    """Before the first picture; what takes longer than a second shows that it goes on."""
    return html.Div([html.Span(words("state.loading")), html.I(className="state-progress")], className="state state-loading", role="status")


NOTHING_KNOWN = {
    *("alarms.unheard", "alarms.deaf", "alarms.unjudged", "trends.none", "towns.none", "feeds.none", "feeds.past", "signs.none"),
    "value.no_data",
    *("wall.ranked.none", "wall.units.none", "wall.units.past", "wall.on_duty.none", "catalogue.no_libraries", "catalogue.not_compared"),
    *("catalogue.none", "admin.no_feeds", "admin.no_workers", "duty.nobody", "plans.none", "import.none", "import.no_rows"),
    *("instructions.unchosen", "appeals.unknown"),
}
"""What an empty list says where nothing is known or set up yet; anywhere else, that it is empty is good news."""


def empty(words: Words, message: str) -> html.Div:
    """Nothing to show: `message` says what it means. Good news has a tick, what nobody knows a dash."""
    sign = html.Span(className="state-dash" if message in NOTHING_KNOWN else "state-check")
    return html.Div([sign, html.Span(words(message))], className="state state-empty")


def unsure(text: str) -> html.Div:
    """Nothing to show, and nobody can tell whether there is something: `text` says why."""
    return html.Div([html.Span(className="state-dash"), html.Span(text)], className="state state-empty")


def withheld(words: Words) -> html.Div:
    """There is something, and whoever looks has no right to see it."""
    return html.Div([html.I(className="value-lock"), html.Span(words("value.no_right"))], className="state state-empty state-withheld")


def unavailable(words: Words) -> html.Div:
    """This panel could not be rendered; the others go on."""
    return html.Div(
        [html.Strong(words("state.unavailable")), html.Span(words("state.unavailable_hint"))],
        className="state state-unavailable",
        role="alert",
    )


def age(words: Words, at: int | None, now: int, interval_s: float | None = None, prefix: str = "") -> html.Span:
    """How old a value is; ticks.js keeps it counting and marks it stale past its interval."""
    if at is None:
        return html.Span(words("value.no_data"), className="age")
    data = {"data-age-at": str(at), **({"data-age-limit": str(int(interval_s * 1000))} if interval_s else {})}
    return html.Span(f"{prefix}{words.age(now - at)}", className="age", **data, **({"data-age-prefix": prefix} if prefix else {}))


def note(*parts: Children) -> html.Span:
    """The quiet line at the right of a panel's title."""
    return html.Span(list(parts), className="panel-note")


def legend(words: Words) -> html.Div:
    """What the shapes mean."""
    marks = [
        html.Span([mark(severity), words(f"severity.{severity}")], className="legend-item")
        for severity in ("critical", "major", "minor", "warning")
    ]
    return html.Div(marks, className="legend")


def demo_badge(words: Words, city: Any) -> list[Children]:
    """The badge that every page of a demo city carries; nothing for a real one."""
    return [html.Span(words("badge.demo"), className="badge badge-demo")] if city.get("demo") else []


def link_state(words: Words) -> html.Div:
    """What live.js says about its connection: data-link is connecting, live or lost; the texts stand ready beside it."""
    texts = {f"data-text-{state}": words(f"link.{state}") for state in ("connecting", "live", "lost")}
    return html.Div(
        [html.I(), html.Span(words("link.connecting"))], className="link", role="status", **{"data-link": "connecting", **texts}
    )


def clock(words: Words) -> html.Div:
    """Time and date in the city's zone, kept by ticks.js."""
    parts = [
        html.Time("--:--:--", className="clock-time", **{"data-clock": "time"}),
        html.Span("", className="clock-date", **{"data-clock": "date"}),
    ]
    return html.Div(parts, className="clock", **{"data-zone": words.zone, "data-lang": words.lang})


BAR = ("big", "mid", "vitals", "desk", "cameras", "duty")
"""The pages that the top line leads to."""


def bar(
    words: Words, city: Any, face: str, more: Sequence[str] = (), pages: Sequence[str] = BAR, who: str = "", live: bool = True
) -> html.Header:
    """The top line of every page but the wall and the phone: the city, the page, the ways to the others, link and clock. `more`: pages
    that its menu leads to beside the phone's; `who` looks, where the page is about that; not `live`: a page without the live picture."""
    links = [
        html.A(words(f"face.{page}"), href=f"/{page}?lang={words.lang}", className="is-here" if page == face else "") for page in pages
    ]
    return html.Header(
        [
            html.H1(words("header.center", city=words.pick(city.get("name", ""), city.get("name_en", ""))), className="city-name"),
            html.Nav(links, **{"aria-label": words("nav.pages")}),
            *demo_badge(words, city),
            html.Span(className="spring"),
            *([html.Span(who, className="bar-who")] if who else []),
            *([link_state(words)] if live else []),
            clock(words),
            _mine(words, face, [page for page in pages if page != face], (*more, *(("mobile",) if "desk" in pages else ()))),
        ],
        className="bar-top",
    )


def _mine(words: Words, face: str, pages: Sequence[str], more: Sequence[str]) -> html.Details:
    """What is seldom gone to, and what is about whoever looks: the account, the language, leaving. Before them the other `pages`, for when
    the line has no room for them (assets/bar.js)."""
    other = "en" if words.lang == "zh" else "zh"
    links = [
        *(html.A(words(f"face.{page}"), href=f"/{page}?lang={words.lang}", className="bar-link bar-page") for page in pages),
        *(html.A(words(f"face.{page}"), href=f"/{page}?lang={words.lang}", className="bar-link") for page in more),
        html.A(words("face.account"), href=f"/account?lang={words.lang}", className="bar-link"),
        html.A(words("login.language"), href=f"/{face}?lang={other}", className="bar-link"),
        theme_switch(words),
        html.Button(words("nav.sign_out"), className="button button-quiet", **{"data-sign-out": f"/login?lang={words.lang}"}),
    ]
    named = [html.Span(words("nav.me"), className="bar-own"), html.Span(words("nav.menu"), className="bar-all")]
    return html.Details([html.Summary(named, className="bar-link"), html.Div(links, className="bar-mine")], className="bar-menu")


def theme_switch(words: Words, look: str = "button button-quiet") -> html.Button:
    """Dark or light, kept in this browser (assets/theme.js); it says which one it leads to."""
    sides = [html.Span(words(f"theme.{side}"), className=f"theme-to-{side}") for side in ("light", "dark")]
    return html.Button(sides, className=look, **{"data-theme-switch": "yes"})


def toast(page: str) -> html.Div:
    """Where the answer to a deed is said."""
    return html.Div("", id={"type": "toast", "page": page}, className="toast", role="status", **{"aria-live": "polite"})
