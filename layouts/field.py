"""What the browser renders of `/mobile` by itself: the frame of the work tab, its words and names, and the same page for no network.

The work tab is made from JSON of /api/v1 by assets/field_*.js, so that it goes on without the server. `setup` is all that it cannot ask
for offline: words, and how states, deeds, classes and departments are called. Nothing of a person is in it.
"""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from dash import html

from domain.alarm_statements import STATED
from domain.incident_states import SPINES
from domain.units import STATES
from layouts.incidents.naming import Naming
from layouts.names import Names
from layouts.value import for_scripts
from layouts.words import Words

PREFIX = "mobile."
NAMED = ("deed", "urgency", "grade", "spine", "phase", "refused", "figure_of", "unit", "notice", "severity")
SAID = ("acknowledge", "unacknowledged", "cleared", "flapping", "limit_")
"""What is said of an alarm that nobody has taken."""
MANIFEST, WORKER = "/mobile/manifest.webmanifest", "/mobile/worker.js"
ICONS = (192, 512)


def setup(naming: Naming, of: Names) -> dict[str, Any]:
    """Words and names, as field_words.js takes them. `of`: names of alarm rules and metrics, and how alarms are written."""
    words = naming.words
    names: dict[str, Mapping[str, str]] = {kind: words.beginning(f"{kind}.") for kind in NAMED}
    names["alarm"] = {name: text for name, text in words.beginning("alarm.").items() if name.startswith(SAID)}
    names["field"] = {**words.beginning("field."), **words.beginning("report.field.")}
    names["owed"] = {f"{spine}.{state.code}": words.pick(state.owed, state.owed_en) for spine in SPINES for state in SPINES[spine]}
    names["step"] = {code: words.pick(state.zh, state.en) for code, state in STATES.items()}
    names["class"] = {one.code: naming.class_name(one.code) for one in naming.classes}
    names["department"] = {code: naming.department(code) for code in naming.departments}
    names["region"] = {code: naming.region(code) for code in naming.regions}
    names["town"] = {code: town for code in naming.regions if (town := naming.town(code)) != naming.region(code)}
    stale_after = of.freshness.stale_after
    alarms: dict[str, Any] = {**of.how(words), "stated": STATED, "stale_after": stale_after if stale_after < float("inf") else None}
    names["rule"] = {rule: said[0] for rule, said in alarms["rules"].items()}
    said = {"words": words.beginning(PREFIX), "names": names, "alarms": alarms, "value": for_scripts(words)}
    return {"lang": words.lang, "zone": words.zone, **said}


def work() -> html.Div:
    """Where field_app.js puts the work of whoever is signed in."""
    return html.Div(className="field-work", **{"data-field": "work"})


def strip() -> html.Div:
    """The line that tells the truth about the network and about what waits to be sent."""
    return html.Div(className="field-strip", role="status", hidden=True, **{"data-field": "strip"})


def mode(words: Words) -> html.Button:
    """The way of working, which the button names once it is known: field, watch officer or leader; one touch offers the others."""
    return html.Button(
        "", className="mobile-tool mobile-mode", title=words("mobile.modes"), **{"data-field-do": "mode", "aria-haspopup": "dialog"}
    )


def outdoor(words: Words) -> html.Button:
    """The look for sunlight, one touch away wherever somebody is."""
    return html.Button("◐", className="mobile-tool", title=words("mobile.outdoor"), **{"data-field-do": "outdoor"})


def manifest(lang: str, name: str) -> dict[str, Any]:
    """What makes `/mobile` installable."""
    icons: list[dict[str, str]] = [
        {"src": f"/assets/icons/field-{size}.png", "sizes": f"{size}x{size}", "type": "image/png", "purpose": "any maskable"}
        for size in ICONS
    ]
    icons.append({"src": "/assets/icons/field.svg", "sizes": "any", "type": "image/svg+xml"})
    place = {"id": "/mobile", "start_url": f"/mobile?lang={lang}", "scope": "/mobile", "lang": lang}
    look = {"display": "standalone", "background_color": "#0b0f12", "theme_color": "#0b0f12"}
    return {"name": f"CityDeck · {name}", "short_name": "CityDeck", **place, **look, "icons": icons}


def offline_page(words: Words, title: str, styles: Sequence[str], scripts: Sequence[str]) -> str:
    """The page that the service worker shows when there is no network: the work tab alone, from what the device has kept."""
    link = "".join(f'<link rel="stylesheet" href="{escape(one)}">' for one in styles)
    script = "".join(f'<script src="{escape(one)}" defer></script>' for one in scripts)
    lang = "en" if words.lang == "en" else "zh-CN"
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, '
        f'initial-scale=1, viewport-fit=cover"><meta name="theme-color" content="#0b0f12"><title>{escape(title)}</title>'
        f'<link rel="manifest" href="{MANIFEST}"><link rel="icon" href="/assets/icons/field.svg">{link}{script}</head><body>'
        f'<main class="face face-mobile" data-face="mobile" data-lang="{words.lang}" data-field-offline="yes">'
        f'<header class="mobile-top"><strong>{escape(title)}</strong><span class="spring"></span>'
        f'<button type="button" class="mobile-tool mobile-mode" data-field-do="mode" title="{escape(words("mobile.modes"))}"></button>'
        f'<button type="button" class="mobile-tool" data-field-do="outdoor" title="{escape(words("mobile.outdoor"))}">◐</button>'
        f'<button type="button" class="field-button is-small" data-sign-out="/login?lang={words.lang}">{escape(words("nav.sign_out"))}'
        f"</button></header>"
        f'<div class="mobile-status"><div class="field-strip" role="status" data-field="strip" hidden></div></div>'
        f'<div class="mobile-tabs" data-scroll="y"><div class="field-work" data-field="work"></div></div>'
        f'<div class="field-dock" data-field="dock"></div></main></body></html>'
    )
