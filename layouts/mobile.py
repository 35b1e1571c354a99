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
from layouts.marks import demo_badge, link_state, theme_switch, toast
from layouts.panels import PANELS
from layouts.player import words_box
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
    """The page in its loading state. Tabs are addresses (#alarms), so that back works. In a picture of the past nobody works.

    Upright, tabs lie along the lower edge, the dock above them; lying down, tabs are under the left thumb, the dock under the right.
    """
    works = actor is not None and actor.may("act_on_incident") and not past
    bodies = ({"work": field.work()} if works else {}) | _bodies(words, display, actor)
    tabs = [_tab(name, body) for name, body in bodies.items()]
    links = [html.A(words(text), href=f"#{tab}", **{"data-tab": tab}) for tab, text in TABS if tab in bodies]
    return html.Main(
        [
            _head(words, city, works),
            html.Div(
                [PANELS["warnings"].build("mobile", "warnings", words), *([field.strip()] if works else [])], className="mobile-status"
            ),
            html.Div(tabs, className="mobile-tabs", **{"data-scroll": "y"}),
            toast("mobile"),
            words_box(words),
            html.Div(className="field-dock", **{"data-field": "dock"}),
            html.Nav(links, className="mobile-nav"),
        ],
        className="face face-mobile",
        **{"data-face": "mobile", "data-lang": words.lang},
    )


def _head(words: Words, city: Mapping[str, Any], works: bool) -> html.Header:
    name = html.Div(
        [html.Strong(words.pick(city.get("name", ""), city.get("name_en", ""))), *demo_badge(words, city)], className="mobile-name"
    )
    tools = [*([field.mode(words)] if works else []), field.outdoor(words), notices.bell(words, "mobile")]
    return html.Header([name, *tools, link_state(words)], className="mobile-top")


def _bodies(words: Words, display: Display, actor: Actor | None) -> dict[str, Any]:
    """Tab -> what it holds, for whoever looks."""
    panels = {name.removeprefix("mobile_"): PANELS[name].build("mobile", name, words) for name in display.panels}
    pick = html.Div(words("desk.pick"), className="state")
    detail = html.Div(pick, id={"type": "detail", "page": "mobile"}, className="panel")
    return {**panels, "devices": _search(words), "detail": detail, "me": _me(words, actor)}


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
            theme_switch(words, "button"),
            html.Button(words("nav.sign_out"), className="button", **{"data-sign-out": f"/login?lang={words.lang}"}),
        ],
        className="panel me",
    )
