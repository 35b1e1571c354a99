"""City vital signs on the wall: the city's score, its six domains, and what is anomalous or outside normal, in one strip."""

from typing import Any

from dash import html

from layouts.sign_parts import Naming, Said, bar, empty, line, score, tally, worst
from layouts.view import View
from services.vital_signs import Sign

LINES = 3
SHORT = 20
"""Letters of an English name that leaves room for what is normal beside it."""


def render(view: View) -> Any:
    """The strip; a sentence where nothing has been reckoned."""
    signs, words = view.signs, view.words
    if signs is None or not any(one.value for one in signs.signs):
        return empty(words)
    naming = naming_of(view)
    domains = [_domain(view, name, rolled) for name, rolled in signs.domains.items()]
    return html.Div([_city(view), *domains, _watched(view, naming)], className="signs-strip")


def naming_of(view: View) -> Naming:
    """Names as the view has them."""
    departments = {code: view.department_name(code) for code in view.departments}
    return Naming(view.words, departments, {code: view.region_name(code) for code in view.regions}, view.libraries)


def _city(view: View) -> html.A:
    words, signs = view.words, view.signs
    coverage = words("signs.coverage", share=words.number(100 * signs.city.coverage))
    parts = [
        html.Span(view.region_name(signs.region), className="sign-name"),
        score(words, signs.city, "sign-score sign-city"),
        html.Span(f"{coverage} · {words.clock(signs.at)}", className="sign-about"),
    ]
    return html.A(parts, href=f"/vitals?lang={words.lang}", className="signs-city")


def _domain(view: View, name: str, rolled: Any) -> html.A:
    words = view.words
    ones = [one for one in view.signs.signs if one.indicator.domain == name]
    head = html.Div([html.Span(words(f"domain.{name}"), className="sign-name"), score(words, rolled)], className="signs-head")
    note = html.Span(tally(words, ones, rolled), className="sign-about")
    return html.A([head, bar(rolled), note], href=f"/vitals?domain={name}&lang={words.lang}", className="signs-domain")


def _watched(view: View, naming: Naming) -> html.Div:
    anomalies = view.signs.anomalies
    watched = [*anomalies, *(one for one in worst(view.signs.signs) if one not in anomalies)]
    shown = [line(naming, one, _room(naming, one)) for one in watched[:LINES]]
    unscored = sum(one.scored.score is None for one in view.signs.signs)
    said = view.words("signs.unscored", n=unscored) if unscored else view.words("signs.all_normal")
    quiet = html.Div(said, className="sign-about")
    return html.Div(shown or quiet, className="signs-watch")


def _room(naming: Naming, sign: Sign) -> Said:
    """How much a line says beside the figure: English is broader, and a wall's line is never cut."""
    if naming.words.lang != "en":
        return Said.ALL
    return Said.NORMAL if len(naming.indicator(sign)) <= SHORT else Said.NOTHING
