"""The small parts that every face shares: marks of severity, values with their age, panel frames, empty and broken states."""

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
    """Before the first picture."""
    return html.Div(words("state.loading"), className="state state-loading", role="status")


def empty(words: Words, message: str) -> html.Div:
    """Nothing to show, and that is known: `message` says what it means."""
    return html.Div([html.Span(className="state-check"), words(message)], className="state state-empty")


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


def bar(words: Words, city: Any, face: str) -> html.Header:
    """The top line of the office and the desk: the city, the page, the ways to the others, link and clock."""
    links = [
        html.A(words(f"face.{page}"), href=f"/{page}?lang={words.lang}", className="is-here" if page == face else "")
        for page in ("big", "mid", "desk", "duty", "mobile")
    ]
    other = "en" if words.lang == "zh" else "zh"
    return html.Header(
        [
            html.H1(words("header.center", city=words.pick(city.get("name", ""), city.get("name_en", ""))), className="city-name"),
            html.Nav(links, **{"aria-label": words("nav.pages")}),
            *demo_badge(words, city),
            html.Span(className="spring"),
            link_state(words),
            clock(words),
            html.A(words("face.account"), href=f"/account?lang={words.lang}", className="bar-link"),
            html.A(words("login.language"), href=f"/{face}?lang={other}", className="bar-link"),
            html.Button(words("nav.sign_out"), className="button button-quiet", **{"data-sign-out": f"/login?lang={words.lang}"}),
        ],
        className="bar-top",
    )


def toast(page: str) -> html.Div:
    """Where the answer to a deed is said."""
    return html.Div("", id={"type": "toast", "page": page}, className="toast", role="status", **{"aria-live": "polite"})
