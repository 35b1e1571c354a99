"""The page of the resource catalogue: what is searched, the entry that is looked at, and for data stewards how libraries stand."""

from typing import Any
from urllib.parse import parse_qs

from dash import ALL, Dash, Input, Output, State, ctx, no_update

from callbacks.faces import Faces, now_ms
from callbacks.moments import past
from callbacks.said import SHORT, text
from domain.access import Actor, Forbidden
from layouts import catalogue as page
from layouts import catalogue_state
from layouts.catalogue import Naming
from services.catalogue import Catalogue


def register(app: Dash, faces: Faces) -> None:
    """Which tab is open, what is found, the chosen entry, and how the libraries stand."""
    _tabs(app, faces)
    _entries(app, faces)
    _state(app, faces)


def _tabs(app: Dash, faces: Faces) -> None:
    @app.callback(
        Output({"type": "catalogue-body", "tab": ALL}, "hidden"),
        Output({"type": "catalogue-tab", "tab": ALL}, "className"),
        Output(page.TAB, "data"),
        Input({"type": "catalogue-tab", "tab": ALL}, "n_clicks"),
        State("url", "search"),
    )
    def open_tab(_clicks: list[int], search: str | None) -> Any:
        asked = ctx.triggered_id["tab"] if isinstance(ctx.triggered_id, dict) else parse_qs((search or "").lstrip("?")).get("tab", [""])[0]
        chosen = asked if asked in page.TABS and page.may_steward(faces.actor()) else page.TABS[0]
        return [name != chosen for name in page.TABS], [page.tab_class(name == chosen) for name in page.TABS], chosen

    @app.callback(Output(page.CHOSEN, "data"), Input({"type": "catalogue-pick", "code": ALL}, "n_clicks"), prevent_initial_call=True)
    def choose(_clicks: list[int]) -> Any:
        pressed = isinstance(ctx.triggered_id, dict) and any(one["value"] for one in ctx.triggered)
        return ctx.triggered_id["code"] if pressed else no_update


def _entries(app: Dash, faces: Faces) -> None:
    @app.callback(
        Output(page.part("list"), "children"),
        Output(page.part("detail"), "children"),
        Output(page.part("count"), "children"),
        Output(page.LIBRARY, "options"),
        Input(page.SEARCH, "value"),
        Input(page.LIBRARY, "value"),
        Input(page.SHARE, "value"),
        Input(page.CHOSEN, "data"),
        Input(page.TICK, "n_intervals"),
        Input("moment", "data"),
        State("url", "search"),
    )
    def show(words: Any, library: Any, share: Any, chosen: Any, _tick: int | None, moment: Any, search: str | None) -> Any:
        actor = faces.actor()
        if actor is None or not actor.may("see_catalogue"):
            return [no_update] * 4
        asked = {"words": text(words, SHORT), "library": text(library, SHORT), "share": text(share, SHORT)}
        return shown(faces, actor, asked, text(chosen, SHORT), past(moment), search)


def shown(faces: Faces, actor: Actor, asked: dict[str, str], chosen: str, at: int | None, search: str | None) -> tuple[Any, Any, Any, Any]:
    """List, chosen entry (else the first found), how many there are, and the libraries to choose from."""
    catalogue: Catalogue = faces.city.catalogue
    naming, now = naming_of(faces, search), now_ms() if at is None else at
    found = catalogue.search(actor, at=at, most=page.SHOWN, **asked)
    codes = [match.entry.resource.code for match in found.matches]
    looked = chosen if chosen in codes or not codes else codes[0]
    late = {match.entry.resource.code: catalogue.late(match.entry, now) for match in found.matches}
    listed = page.listing(naming, found, {code: ms for code, ms in late.items() if ms}, looked)
    try:
        entry = catalogue.entry(actor, looked, at)
        detail = page.detail(naming, entry, catalogue.late(entry, now))
    except LookupError:
        detail = []
    choices = [{"label": naming.words("catalogue.library.any"), "value": ""}]
    choices += [{"label": name, "value": code} for code, name in naming.libraries.items()]
    return listed, detail, naming.words("catalogue.count", n=naming.words.number(found.total)), choices


def _state(app: Dash, faces: Faces) -> None:
    @app.callback(
        Output(page.COMPARED, "data"), Input({"type": "catalogue-compare", "resource": ALL}, "n_clicks"), prevent_initial_call=True
    )
    def compare(_clicks: list[int]) -> Any:
        pressed = isinstance(ctx.triggered_id, dict) and any(one["value"] for one in ctx.triggered)
        return ctx.triggered_id["resource"] if pressed else no_update

    @app.callback(
        Output(page.part("state"), "children"),
        Input(page.TAB, "data"),
        Input(page.COMPARED, "data"),
        Input(page.TICK, "n_intervals"),
        State("url", "search"),
    )
    def show(tab: Any, compared: Any, _tick: int | None, search: str | None) -> Any:
        actor = faces.actor()
        if actor is None or tab != "state":
            return no_update
        try:
            return standing(faces, actor, text(compared, SHORT), search)
        except Forbidden:
            return no_update


def standing(faces: Faces, actor: Actor, resource: str, search: str | None) -> list[Any]:
    """The libraries, the comparisons, and row by row the differences of one resource. Raises Forbidden."""
    catalogue: Catalogue = faces.city.catalogue
    naming, now = naming_of(faces, search), now_ms()
    titles = {match.entry.resource.code: match.entry.resource.title for match in catalogue.search(actor, most=10_000).matches}
    compared = catalogue.reconciliations(actor)
    different = catalogue.differences(actor, resource) if resource else []
    return [
        *catalogue_state.differences(naming, resource, different),
        catalogue_state.comparisons(naming, compared, titles),
        catalogue_state.libraries(naming, catalogue.libraries(actor, now), now),
    ]


def naming_of(faces: Faces, search: str | None) -> Naming:
    """What the page needs to call things by name."""
    words = faces.words(search)
    departments = {one.code: words.pick(one.name, one.name_en) for one in faces.city.register.departments().values()}
    return Naming(words, departments, {one.code: words.pick(one.name, one.name_en) for one in faces.city.catalogue.names()})
