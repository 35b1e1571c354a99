"""What the browser renders of `/mobile` by itself: the frame of the work tab, its words and names, and the same page for no network.

The work tab is made from JSON of /api/v1 by assets/field_*.js, so that it goes on without the server. `setup` is all that it cannot ask
for offline: words, and how states, deeds, classes and departments are called. Nothing of a person is in it.
"""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from dash import html

from domain.incident_states import SPINES
from domain.units import STATES
from layouts.incidents.naming import Naming
from layouts.words import Words

PREFIX = "mobile."
NAMED = ("deed", "urgency", "grade", "spine", "phase", "refused", "figure_of", "unit", "notice")
MANIFEST, WORKER = "/mobile/manifest.webmanifest", "/mobile/worker.js"
ICONS = (192, 512)


def setup(naming: Naming, rules: Mapping[str, str]) -> dict[str, Any]:
    """Words and names, as field_words.js takes them. `rules`: names of alarm rules by id."""
    words = naming.words
    names: dict[str, Mapping[str, str]] = {kind: words.beginning(f"{kind}.") for kind in NAMED}
    names["field"] = {**words.beginning("field."), **words.beginning("report.field.")}
    names["rule"] = rules
    names["owed"] = {f"{spine}.{state.code}": words.pick(state.owed, state.owed_en) for spine in SPINES for state in SPINES[spine]}
    names["step"] = {code: words.pick(state.zh, state.en) for code, state in STATES.items()}
    names["class"] = {one.code: naming.class_name(one.code) for one in naming.classes}
    names["department"] = {code: naming.department(code) for code in naming.departments}
    names["region"] = {code: naming.region(code) for code in naming.regions}
    return {"lang": words.lang, "zone": words.zone, "words": words.beginning(PREFIX), "names": names}


def work() -> html.Div:
    """Where field_app.js puts the work of whoever is signed in."""
    return html.Div(className="field-work", **{"data-field": "work"})


def strip() -> html.Div:
    """The line that tells the truth about the network and about what waits to be sent."""
    return html.Div(className="field-strip", role="status", hidden=True, **{"data-field": "strip"})


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
        f'<button type="button" class="field-button is-small" data-field-do="outdoor">{escape(words("mobile.light"))}</button>'
        f'<button type="button" class="field-button is-small" data-sign-out="/login?lang={words.lang}">{escape(words("nav.sign_out"))}'
        f"</button></header>"
        f'<div class="field-strip" role="status" data-field="strip" hidden></div>'
        f'<div class="mobile-tabs" data-scroll="y"><div class="field-work" data-field="work"></div></div>'
        f'<div class="field-dock" data-field="dock"></div></main></body></html>'
    )
