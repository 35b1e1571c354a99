"""The page of the resource catalogue `/catalogue` 目录: entries found by Chinese or pinyin, one of them in full; for data stewards also how
libraries and layers stand 归集与对账, manual import 人工导入, and tables of hotline orders."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from dash import dcc, html
from dash.development.base_component import Component

from domain.access import Actor
from domain.catalogue import SHARES, Resource
from layouts import imports, notices, order_tables
from layouts.marks import bar, empty, loading
from layouts.words import Words
from services.catalogue import Found
from services.catalogue_ports import Entry
from services.catalogue_search import Match

PARTS = ("list", "detail", "state", "count")
TABS = ("entries", "state", "imports")
SEARCH = {"type": "catalogue-search", "of": "words"}
CHOSEN = {"type": "catalogue-store", "name": "chosen"}
TAB = {"type": "catalogue-store", "name": "tab"}
COMPARED = {"type": "catalogue-store", "name": "compared"}
SHARE = {"type": "catalogue-filter", "of": "share"}
LIBRARY = {"type": "catalogue-filter", "of": "library"}
TICK = {"type": "tick", "of": "catalogue"}
LOOK_MS = 15_000
SHOWN = 100
BY_CLOCK = frozenset({"live", "hourly", "irregular"})


class Naming(NamedTuple):
    """Words, and how departments and libraries are called."""

    words: Words
    departments: Mapping[str, str]
    libraries: Mapping[str, str]

    def provider(self, code: str) -> str:
        """A provider's name, its code where nobody gave one."""
        return self.departments.get(code, code)

    def library(self, code: str) -> str:
        """A library's name."""
        return self.libraries.get(code, code)


def part(name: str) -> dict[str, str]:
    """The id of a part of the page."""
    return {"type": "catalogue-part", "part": name}


def pick(code: str) -> dict[str, str]:
    """The id of the button that chooses an entry."""
    return {"type": "catalogue-pick", "code": code}


def tab(name: str) -> dict[str, str]:
    """The id of the button that opens a tab."""
    return {"type": "catalogue-tab", "tab": name}


def body(name: str) -> dict[str, str]:
    """The id of what a tab shows."""
    return {"type": "catalogue-body", "tab": name}


def may_steward(actor: Actor | None) -> bool:
    """Who sees the layers: data stewards of the whole city."""
    return actor is not None and actor.may("steward_data") and not actor.departments and not actor.regions


def build(words: Words, city: Mapping[str, Any], actor: Actor | None) -> Component:
    """The page in its loading state. What the actor may not do isn't there."""
    top = bar(words, city, "catalogue")
    top.children.insert(-1, notices.bell(words, "catalogue"))
    shown = TABS if may_steward(actor) else TABS[:1]
    bodies = {"entries": _entries(words), "state": [html.Div(loading(words), id=part("state"), className="catalogue-state")]}
    bodies["imports"] = [*imports.build(words), order_tables.build(words)]
    buttons = [_tab(words, name, name in shown) for name in TABS]
    sections = [html.Div(bodies[name], id=body(name), className=f"catalogue-{name}", hidden=name != TABS[0]) for name in TABS]
    held = [dcc.Interval(id=TICK, interval=LOOK_MS), *(dcc.Store(id=one) for one in (CHOSEN, TAB, COMPARED))]
    return html.Main(
        [top, html.Nav(buttons, className="catalogue-tabs", hidden=len(shown) == 1), *sections, *held],
        className="face face-catalogue",
        **{"data-face": "catalogue", "data-lang": words.lang},
    )


def _tab(words: Words, name: str, shown: bool) -> html.Button:
    """One that isn't this person's is there all the same, for the callback that counts them."""
    return html.Button(words(f"catalogue.tab.{name}"), id=tab(name), className=tab_class(name == TABS[0]), n_clicks=0, hidden=not shown)


def tab_class(here: bool) -> str:
    """The dress of a tab's button."""
    return "catalogue-tab is-here" if here else "catalogue-tab"


def _entries(words: Words) -> list[Component]:
    search = dcc.Input(
        id=SEARCH, type="search", placeholder=words("catalogue.search"), debounce=0.2, className="field", autoComplete="off", value=""
    )
    shares = [{"label": words("catalogue.share.any"), "value": ""}, *({"label": words(f"share.{one}"), "value": one} for one in SHARES)]
    filters = [
        dcc.Dropdown(id=LIBRARY, options=[], value="", clearable=False, searchable=False, className="catalogue-choice"),
        dcc.Dropdown(id=SHARE, options=shares, value="", clearable=False, searchable=False, className="catalogue-choice"),
    ]
    head = html.Div([html.H2(words("catalogue.title"), className="panel-title"), html.Span(id=part("count"), className="panel-note")])
    listed = html.Div(loading(words), id=part("list"), className="catalogue-list", **{"data-scroll": "y"})
    detail = html.Div(loading(words), id=part("detail"), className="catalogue-detail", **{"data-scroll": "y"})
    tools = html.Div([search, html.Div(filters, className="catalogue-filters")], className="catalogue-tools")
    return [
        html.Section([head, tools, listed], className="panel catalogue-found", **{"data-panel": "catalogue"}),
        html.Section(detail, className="panel catalogue-one", **{"data-panel": "catalogue-entry"}),
    ]


def listing(naming: Naming, found: Found, late: Mapping[str, int], chosen: str) -> list[Component]:
    """The entries that were found, the best first."""
    words = naming.words
    if not found.matches:
        return [empty(words, "catalogue.none")]
    rows: list[Component] = [_row(naming, match, late.get(match.entry.resource.code), chosen) for match in found.matches]
    if found.total > len(found.matches):
        rows.append(html.P(words("catalogue.more", n=len(found.matches), total=words.number(found.total)), className="catalogue-note"))
    return rows


def _row(naming: Naming, match: Match, late: int | None, chosen: str) -> html.Button:
    words, resource = naming.words, match.entry.resource
    marks = [html.Span(words(f"share.{resource.share}"), className=f"tag is-{resource.share}")]
    marks += [html.Span(words("catalogue.late", age=words.age(late)), className="tag is-late")] if late else []
    fields = words("list.comma").join(one.title for one in match.fields[:6])
    said = [
        html.Strong(resource.title),
        html.Span(marks, className="catalogue-marks"),
        html.Small(words("catalogue.line", provider=naming.provider(resource.provider), cycle=words(f"cycle.{resource.cycle}"))),
        html.Small(words("catalogue.fields_found", fields=fields) if fields else resource.code, className="catalogue-fields-found"),
    ]
    pressed = "true" if resource.code == chosen else "false"
    return html.Button(said, id=pick(resource.code), className="catalogue-row", n_clicks=0, **{"aria-pressed": pressed})


def detail(naming: Naming, entry: Entry, late: int | None) -> list[Component]:
    """One entry with everything that the catalogue says of it, and its fields."""
    words, resource = naming.words, entry.resource
    marks = [html.Span(words("catalogue.late", age=words.age(late)), className="tag is-late")] if late else []
    head = html.Div([html.H2(resource.title), html.Code(resource.code), *marks], className="catalogue-head")
    pairs = [(words(f"catalogue.entry.{name}"), value) for name, value in _facts(naming, entry)]
    facts = html.Dl([one for name, value in pairs for one in (html.Dt(name), html.Dd(value or "–"))], className="catalogue-facts")
    heads = [html.Th(words(f"catalogue.col.{name}")) for name in ("number", "field", "title", "type", "key", "from")]
    rows = [
        html.Tr(
            [
                html.Td(str(n)),
                html.Td(html.Code(one.name)),
                html.Td(one.title),
                html.Td(words(f"type.{one.type}")),
                html.Td("●" if one.key else ""),
                html.Td(words(f"catalogue.from.{'declared' if one.declared else 'found'}")),
            ]
        )
        for n, one in enumerate(resource.fields, 1)
    ]
    title = html.H3(words("catalogue.fields", n=len(resource.fields)))
    return [head, facts, title, html.Table([html.Thead(html.Tr(heads)), html.Tbody(rows)], className="catalogue-table")]


def _facts(naming: Naming, entry: Entry) -> Sequence[tuple[str, str]]:
    words, resource = naming.words, entry.resource
    return (
        ("summary", resource.summary),
        ("provider", naming.provider(resource.provider)),
        ("provider_code", resource.provider_code),
        ("library", naming.library(resource.library)),
        ("category", resource.category),
        ("carrier", resource.carrier),
        ("record_form", resource.record_form),
        ("storage", resource.storage),
        ("format", resource.format),
        ("share", words(f"share.{resource.share}")),
        ("share_condition", resource.share_condition),
        ("share_way", resource.share_way),
        ("open", words("value.yes" if resource.open else "value.no")),
        ("cycle", words(f"cycle.{resource.cycle}")),
        ("version", resource.version),
        ("published_on", resource.published_on),
        ("related", _related(resource)),
        ("newest", newest(words, entry)),
        ("landed", _landed(words, entry)),
    )


def newest(words: Words, entry: Entry) -> str:
    """The day of an entry's newest data; what comes more often than daily, or at no fixed time, has a time of day."""
    told = words.full(entry.newest_at) if entry.newest_at else ""
    return told if entry.resource.cycle in BY_CLOCK else told.partition(" ")[0]


def _related(resource: Resource) -> str:
    return " ".join(resource.related)


def _landed(words: Words, entry: Entry) -> str:
    if not entry.landed:
        return words("catalogue.not_landed")
    if entry.landed_at is None:
        return words("catalogue.not_yet")
    return words("catalogue.landed", time=words.day_clock(entry.landed_at), rows=words.number(entry.landed_rows))
