"""The sheet beside the office: from a number to its towns, from a town to its list, from the list to the case. Incidents or alarms."""

from collections.abc import Mapping
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from domain.portfolio import Portfolio
from layouts import office_alarms, sheet
from layouts.marks import empty
from layouts.office import CHOSEN, DRILL, THEME, by_town, found, left, per_10k, pick
from layouts.view import View
from layouts.words import Words

MOST = 200


def build(words: Words) -> list[Component]:
    """The empty sheet, and what was chosen."""
    return [html.Aside(id=DRILL, className="office-drill", **{"aria-label": words("office.drill")}), dcc.Store(id=CHOSEN)]


def title(view: View, what: str) -> str:
    """What the number counts."""
    if what.startswith(office_alarms.KIND):
        return office_alarms.title(view, what)
    if what.startswith(THEME):
        return view.theme_name(what.removeprefix(THEME))
    return view.words(f"office.number.{what}")


def shown(view: View, held: Portfolio, what: str, region: str, may_instruct: bool) -> list[Any]:
    """Towns where no town is chosen yet, else the list of the town."""
    words, alarms = view.words, what.startswith(office_alarms.KIND)
    counted = (office_alarms.found if alarms else found)(view, held, what, region)
    where = html.Strong(view.region_name(region)) if region else html.Span(words("office.by_town"))
    back = [html.Button(words("office.back"), id=pick(what, "", "drill"), n_clicks=0, className="button button-quiet")] if region else []
    shut = html.Button("×", id=pick("", "", "drill"), n_clicks=0, className="office-shut", **{"aria-label": words("origin.close")})
    head = html.Header([html.H2([title(view, what), " ", html.B(words.number(len(counted)))]), where, *back, shut])
    write = [sheet.button(words, "office.instruct_town", "instruct", f"region:{region}:")] if region and may_instruct else []
    lines = [(office_alarms.line if alarms else _case)(view, one) for one in counted[:MOST]] if region else []
    more = [html.P(words("office.more_listed", n=len(counted) - MOST), className="office-more")] if region and len(counted) > MOST else []
    body = [*lines, *more] if region else _towns(view, what, by_town(view, counted))
    return [head, html.Div(body or empty(words, "office.nothing"), className="office-drilled", **{"data-scroll": "y"}), *write]


def _towns(view: View, what: str, counted: Mapping[str, int]) -> list[Any]:
    most = max(counted.values(), default=1)
    return [
        html.Button(
            [
                html.Span(view.region_name(code) or view.words("office.no_town"), className="office-name"),
                html.Span(html.I(style={"width": f"{n / most:.0%}"}), className="bar"),
                html.B(view.words.number(n)),
                html.Small(per_10k(view, code, n)),
            ],
            id=pick(what, code, "drill"),
            n_clicks=0,
            className="office-drill-town",
        )
        for code, n in counted.items()
    ]


def _case(view: View, one: Mapping[str, Any]) -> html.A:
    words, naming = view.words, view.gathered["naming"]
    tags = [words("flag.supervised")] if one["supervised"] else []
    parts = [
        html.Strong(one["title"] or one["number"]),
        html.Span([naming.owed(one["spine"], one["state"]), *(html.Span(tag, className="tag") for tag in tags)], className="office-owed"),
        html.Small(f"{one['number']} · {naming.department(one['lead']) if one['lead'] else words('office.nobody')}"),
        left(words, one["due_at"], view.snapshot.at),
    ]
    href = f"/desk?incident={one['incident_id']}&lang={words.lang}"
    return html.A(parts, href=href, className="office-case", **{"data-case": one["incident_id"]})
