"""The phone and tablet `/mobile`: alarms, devices, towns; one tab at a time, the bar under the thumb. No chart library here."""

from collections.abc import Mapping
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from domain.access import Actor
from domain.displays import Display
from layouts.marks import demo_badge, link_state, toast
from layouts.panels import PANELS
from layouts.words import Words

TABS = (("alarms", "nav.alarms"), ("incidents", "panel.incidents"), ("towns", "nav.overview"), ("devices", "nav.devices"), ("me", "nav.me"))


def build(words: Words, display: Display, city: Mapping[str, Any], actor: Actor | None) -> Component:
    """The page in its loading state. Tabs are addresses (#alarms), so that back works."""
    panels = {name: PANELS[name].build("mobile", name, words) for name in display.panels}
    head = html.Header(
        [
            html.Strong(words.pick(city.get("name", ""), city.get("name_en", ""))),
            *demo_badge(words, city),
            html.Span(className="spring"),
            link_state(words),
        ],
        className="mobile-top",
    )
    tabs = [
        _tab("alarms", panels["mobile_alarms"]),
        _tab("incidents", panels["mobile_incidents"]),
        _tab("towns", panels["mobile_towns"]),
        _tab("devices", _search(words)),
        _tab(
            "detail", html.Div(html.Div(words("desk.pick"), className="state"), id={"type": "detail", "page": "mobile"}, className="panel")
        ),
        _tab("me", _me(words, actor)),
    ]
    nav = html.Nav([html.A(words(text), href=f"#{tab}", **{"data-tab": tab}) for tab, text in TABS], className="mobile-nav")
    data = {"data-face": "mobile", "data-lang": words.lang}
    return html.Main(
        [head, html.Div(tabs, className="mobile-tabs", **{"data-scroll": "y"}), toast("mobile"), nav], className="face face-mobile", **data
    )


def _tab(name: str, content: Any) -> html.Div:
    return html.Div(content, className="mobile-tab", **{"data-tab-body": name})


def _search(words: Words) -> html.Div:
    box = dcc.Input(
        id={"type": "search", "page": "mobile"}, type="search", debounce=0.3, placeholder=words("desk.search"), className="field", value=""
    )
    return html.Div([box, html.Div(id={"type": "results", "page": "mobile"}, className="results")], className="panel")


def _me(words: Words, actor: Actor | None) -> html.Div:
    roles = " · ".join(words(f"role.{role}") for role in sorted(actor.roles)) if actor else ""
    other = "en" if words.lang == "zh" else "zh"
    return html.Div(
        [
            html.H2(actor.name or actor.username if actor else ""),
            html.P(roles),
            html.A(words("face.account"), href=f"/account?lang={words.lang}", className="button"),
            html.A(words("login.language"), href=f"/mobile?lang={other}#me", className="button"),
            html.Button(words("nav.sign_out"), className="button", **{"data-sign-out": f"/login?lang={words.lang}"}),
        ],
        className="panel me",
    )
