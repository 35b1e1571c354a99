"""The phone and tablet `/mobile`: the own work, alarms, devices, towns; one tab at a time, the bar under the thumb. No chart library here.

The work tab is for those who work on incidents; assets/field_*.js render it, with and without a network (layouts/field.py).
"""

from collections.abc import Mapping
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from domain.access import Actor
from domain.displays import Display
from layouts import field, notices
from layouts.marks import demo_badge, link_state, toast
from layouts.panels import PANELS
from layouts.words import Words

TABS = (
    ("work", "mobile.tab_work"),
    ("alarms", "nav.alarms"),
    ("incidents", "panel.incidents"),
    ("towns", "nav.overview"),
    ("devices", "nav.devices"),
    ("me", "nav.me"),
)


def build(words: Words, display: Display, city: Mapping[str, Any], actor: Actor | None, past: bool = False) -> Component:
    """The page in its loading state. Tabs are addresses (#alarms), so that back works. In a picture of the past nobody works."""
    works = actor is not None and actor.may("act_on_incident") and not past
    panels = {name: PANELS[name].build("mobile", name, words) for name in display.panels}
    head = html.Header(
        [
            html.Strong(words.pick(city.get("name", ""), city.get("name_en", ""))),
            *demo_badge(words, city),
            html.Span(className="spring"),
            notices.bell(words, "mobile"),
            link_state(words),
        ],
        className="mobile-top",
    )
    tabs = [
        *([_tab("work", field.work())] if works else []),
        _tab("alarms", panels["mobile_alarms"]),
        _tab("incidents", panels["mobile_incidents"]),
        _tab("towns", panels["mobile_towns"]),
        _tab("devices", _search(words)),
        _tab(
            "detail", html.Div(html.Div(words("desk.pick"), className="state"), id={"type": "detail", "page": "mobile"}, className="panel")
        ),
        _tab("me", _me(words, actor)),
    ]
    nav = html.Nav(
        [html.A(words(text), href=f"#{tab}", **{"data-tab": tab}) for tab, text in TABS if works or tab != "work"], className="mobile-nav"
    )
    data = {"data-face": "mobile", "data-lang": words.lang}
    return html.Main(
        [
            head,
            *([field.strip()] if works else []),
            html.Div(tabs, className="mobile-tabs", **{"data-scroll": "y"}),
            toast("mobile"),
            html.Div(className="field-dock", **{"data-field": "dock"}),
            nav,
        ],
        className="face face-mobile",
        **data,
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
            html.Button(words("mobile.outdoor"), className="button", **{"data-field-do": "outdoor"}),
            html.Button(words("nav.sign_out"), className="button", **{"data-sign-out": f"/login?lang={words.lang}"}),
        ],
        className="panel me",
    )
