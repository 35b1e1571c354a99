"""City vital signs for the office: every domain with what is worst in it, and the towns with the lowest scores."""

from typing import Any

from dash import html

from layouts.marks import note
from layouts.panels.vitals import naming_of
from layouts.sign_parts import Naming, Said, bar, empty, line, lowest, score, tally
from layouts.view import View

LINES, TOWNS = 2, 5


def render(view: View) -> Any:
    """A column for each domain and one for the towns; a sentence where nothing has been reckoned."""
    signs, words = view.signs, view.words
    if signs is None or not any(one.value for one in signs.signs):
        return empty(words)
    naming = naming_of(view)
    columns = [_domain(view, naming, name, rolled) for name, rolled in signs.domains.items()]
    coverage = words("signs.coverage", share=words.number(100 * signs.city.coverage))
    said = [words("signs.city_score"), " ", html.B(words.number(signs.city.score)), f" · {coverage} · {words.clock(signs.at)}"]
    return [note(*said), html.Div([*columns, _towns(view)], className="signs-office")]


def _domain(view: View, naming: Naming, name: str, rolled: Any) -> html.Div:
    words = view.words
    ones = [one for one in view.signs.signs if one.indicator.domain == name]
    head = html.A(
        [html.Span(words(f"domain.{name}"), className="sign-name"), score(words, rolled)],
        href=f"/vitals?domain={name}&lang={words.lang}",
        className="signs-head",
    )
    lines = [line(naming, one, Said.SINCE) for one in lowest(ones)[:LINES]]
    return html.Div([head, bar(rolled), html.Span(tally(words, ones, rolled), className="sign-about"), *lines], className="signs-domain")


def _towns(view: View) -> html.Div:
    words = view.words
    rows = [
        html.A(
            [html.Span(view.region_name(one.region), className="sign-name"), bar(one.city), score(words, one.city)],
            href=f"/vitals?region={one.region}&lang={words.lang}",
            className="signs-town",
        )
        for one in view.sign_towns[:TOWNS]
    ]
    return html.Div([html.Span(words("signs.lowest_towns"), className="sign-about"), *rows], className="signs-towns")
