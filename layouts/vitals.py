"""The page of city vital signs `/vitals` 体征: city, domain, indicator, town, rows. What was chosen stands in a store; callbacks/vitals.py
renders the parts."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from domain.metrics import DOMAINS
from layouts.marks import bar as top_bar
from layouts.marks import loading, mark
from layouts.sign_parts import Naming, about, bar, empty, normal, score, since, tally, value
from layouts.value import look, now
from layouts.words import Words
from services.vital_signs import Overview, Sign, TownSign

PARTS = ("scores", "list", "detail")
LOOK_MS = 30_000
CHOSEN = {"type": "signs-chosen", "page": "vitals"}
EVERY = "every"
"""The choice of all domains."""


def part(name: str) -> dict[str, str]:
    """The id of a part that callbacks render."""
    return {"type": "signs-part", "name": name}


def pick(what: str, value: str) -> dict[str, str]:
    """The id of a button that chooses a domain, a region or an indicator."""
    return {"type": "signs-pick", "what": what, "value": value}


def build(words: Words, city: Mapping[str, Any]) -> Component:
    """The page in its loading state."""
    sections = [
        html.Section(
            [
                html.H2(words(f"signs.part.{name}"), className="panel-title"),
                html.Div(loading(words), id=part(name), className="signs-page", **{"data-scroll": "y"}),
            ],
            className=f"panel vitals-{name}",
            **{"data-panel": f"vitals-{name}"},
        )
        for name in PARTS
    ]
    held = [dcc.Interval(id={"type": "tick", "of": "vitals"}, interval=LOOK_MS), dcc.Store(id=CHOSEN)]
    return html.Main(
        [top_bar(words, city, "vitals"), *sections, *held], className="face face-vitals", **{"data-face": "vitals", "data-lang": words.lang}
    )


def _button(what: str, value: str, chosen: str | None, parts: Sequence[Any], look: str = "") -> html.Button:
    here = " is-here" if value == chosen else ""
    return html.Button(parts, id=pick(what, value), n_clicks=0, className=f"{look}{here}".strip())


def scores(naming: Naming, seen: Overview, towns: Sequence[TownSign], chosen: Mapping[str, str]) -> list[Component]:
    """The whole, its domains, and the towns, the lowest first."""
    words = naming.words
    coverage = words("signs.coverage", share=words.number(100 * seen.city.coverage))
    head = [html.Span(naming.regions.get(seen.region, seen.region), className="sign-name"), score(words, seen.city, "sign-score sign-city")]
    whole = _button(
        "domain", EVERY, chosen["domain"], [html.Div(head, className="signs-head"), html.Span(coverage, className="sign-about")]
    )
    domains = []
    for name in (one for one in DOMAINS if one in seen.domains):
        rolled = seen.domains[name]
        ones = [one for one in seen.signs if one.indicator.domain == name]
        top = html.Div([html.Span(words(f"domain.{name}"), className="sign-name"), score(words, rolled)], className="signs-head")
        note = html.Span(
            f"{tally(words, ones, rolled)} · {words('signs.coverage', share=words.number(100 * rolled.coverage))}", className="sign-about"
        )
        domains.append(_button("domain", name, chosen["domain"], [top, bar(rolled), note], "signs-domain"))
    places = [
        _button(
            "region",
            one.region,
            chosen["region"],
            [html.Span(naming.regions.get(one.region, one.region), className="sign-name"), bar(one.city), score(words, one.city)],
            "signs-town",
        )
        for one in towns
    ]
    back = [_button("region", "", chosen["region"], words("signs.whole"))] if chosen["region"] else []
    return [whole, *domains, html.Div(words("signs.lowest_towns"), className="signs-sub"), *back, *places]


def listing(naming: Naming, signs: Sequence[Sign], chosen: Mapping[str, str]) -> list[Any]:
    """The indicators of the chosen domain: the lowest score first, what could not be scored last."""
    if not signs:
        return [empty(naming.words)]
    shown = [one for one in signs if chosen["domain"] in (EVERY, one.indicator.domain)]
    ranked = sorted(shown, key=lambda one: (one.scored.score is None, one.scored.score or 0.0))
    heads = [html.Span(naming.words(f"signs.col.{name}")) for name in ("indicator", "value", "score")]
    return [html.Div([html.Span(), *heads], className="signs-heads"), *(_row(naming, one, chosen) for one in ranked)]


def _row(naming: Naming, one: Sign, chosen: Mapping[str, str]) -> html.Button:
    words = naming.words
    anomalous, shown = since(one), value(naming, one)
    told = [words("signs.anomaly_since", time=words.day_clock(anomalous))] if anomalous else []
    why = [words(f"signs.why.{one.scored.why_not}")] if one.scored.why_not else []
    parts = [
        mark("major", words("signs.outside_normal")) if one.outside or anomalous else html.Span(),
        html.Span(naming.indicator(one), className="sign-name"),
        now(words, shown),
        html.Span("–" if one.scored.score is None else words.number(one.scored.score), className="sign-score"),
        html.Span(" · ".join([*told, *why, normal(words, one), about(naming, one)]), className="sign-about"),
    ]
    return _button("indicator", one.indicator.code, chosen["indicator"], parts, f"signs-row {look(shown)}")
