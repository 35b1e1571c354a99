"""Sign-in. login.js posts to /api/v1/session; without a session no other page opens."""

from collections.abc import Mapping
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from layouts.marks import demo_badge
from layouts.words import Words


def build(words: Words, city: Mapping[str, Any]) -> Component:
    """One card: the city's name, two fields, one button, and what went wrong."""
    texts = {f"data-text-{name}": words(f"login.{name}") for name in ("wrong", "wait", "failed")}
    other = "en" if words.lang == "zh" else "zh"
    form = html.Div(
        [
            html.H1(words("header.center", city=words.pick(city.get("name", ""), city.get("name_en", "")))),
            html.Div([html.Span(words("login.title")), *demo_badge(words, city)], className="login-sub"),
            _field(words, "username", "text", "username"),
            _field(words, "password", "password", "current-password"),
            html.P("", className="login-error", role="alert", **{"data-login": "error"}),
            html.Button(words("login.submit"), className="button button-main", **{"data-login": "submit"}),
            html.Div(
                [
                    html.Span(words("login.hint")),
                    html.A(words("login.pair"), href=f"/pair?lang={words.lang}"),
                    html.A(words("login.language"), href=f"/login?lang={other}"),
                ],
                className="login-foot",
            ),
        ],
        className="login-card",
        **{"data-login": "form", **texts},
    )
    return html.Main(form, className="face face-login", **{"data-face": "login"})


def _field(words: Words, name: str, kind: str, complete: str) -> html.Label:
    field = dcc.Input(id=f"login-{name}", type=kind, autoComplete=complete, className="field", spellCheck="false")
    return html.Label([html.Span(words(f"login.{name}")), field], htmlFor=f"login-{name}")
