"""The page of city vital signs: what is chosen, and its parts, looked at again by time."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from dash import ALL, Dash, Input, Output, State, ctx, no_update

from callbacks.faces import Faces, now_ms
from callbacks.moments import past
from domain.access import Actor, Forbidden
from layouts import vitals, vitals_detail
from layouts.sign_parts import Naming, empty
from layouts.words import Words

KEPT_MS = 60_000


def register(app: Dash, faces: Faces) -> None:
    """One callback keeps what was chosen, one shows it."""

    @app.callback(
        Output(vitals.CHOSEN, "data"),
        Input({"type": "signs-pick", "what": ALL, "value": ALL}, "n_clicks"),
        State(vitals.CHOSEN, "data"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def choose(_clicks: list[int], held: Mapping[str, str] | None, search: str | None) -> Any:
        pressed = isinstance(ctx.triggered_id, dict) and any(one["value"] for one in ctx.triggered)
        return chosen(asked(search, held), ctx.triggered_id["what"], ctx.triggered_id["value"]) if pressed else no_update

    @app.callback(
        *[Output(vitals.part(name), "children") for name in vitals.PARTS],
        Input(vitals.CHOSEN, "data"),
        Input({"type": "tick", "of": "vitals"}, "n_intervals"),
        Input("moment", "data"),
        State("url", "search"),
    )
    def show(held: Mapping[str, str] | None, _tick: int | None, moment: Any, search: str | None) -> Any:
        actor = faces.actor()
        if actor is None or not actor.may("see_picture"):
            return [no_update] * len(vitals.PARTS)
        return shown(faces, actor, faces.words(search), asked(search, held), past(moment))


def asked(search: str | None, held: Mapping[str, str] | None) -> dict[str, str]:
    """What was chosen; at first what the address says."""
    said = {name: held[0] for name, held in parse_qs((search or "").lstrip("?")).items()}
    return (
        dict(held)
        if held
        else {"domain": said.get("domain", vitals.EVERY), **{name: said.get(name, "") for name in ("region", "indicator")}}
    )


def chosen(held: Mapping[str, str], what: str, value: str) -> dict[str, str]:
    """The choice after a press; a place is the same indicator in another region."""
    return {**held, "region" if what == "place" else what: value}


def shown(faces: Faces, actor: Actor, words: Words, held: Mapping[str, str], at: int | None) -> tuple[Any, Any, Any]:
    """The three parts. A region outside the scope, or one that isn't there, shows the whole."""
    signs, explaining, now = faces.city.vital_signs, faces.city.explaining, now_ms()
    try:
        seen = signs.overview(actor, now, held["region"] or None, at)
    except Forbidden:
        held = {**held, "region": ""}
        seen = signs.overview(actor, now, None, at)
    naming = naming_of(faces, words, at)
    listed = vitals.listing(naming, seen.signs, held)
    code = held["indicator"] or next((one.indicator.code for one in seen.anomalies), seen.signs[0].indicator.code if seen.signs else "")
    if code not in {one.indicator.code for one in seen.signs}:
        return vitals.scores(naming, seen, signs.towns(actor, now, at), held), listed, empty(words)
    figure = (actor, code, seen.region, now, at)
    _, _, values, ahead = explaining.series(*figure)
    explained, rows = explaining.explain(*figure), _rows(faces, actor, figure)
    places = signs.places(actor, code, now, at)
    told = vitals_detail.detail(naming, explained, values, ahead, places, rows, now if at is None else at)
    return vitals.scores(naming, seen, signs.towns(actor, now, at), held), listed, told


def _rows(faces: Faces, actor: Actor, figure: tuple[Actor, str, str, int, int | None]) -> Any:
    """The rows behind a figure; its library is asked once a minute for everyone of the scope."""
    _, code, region, now, at = figure
    key = f"sign-rows:{code}:{region}:{sorted(actor.regions)}:{sorted(actor.departments)}:{at}:{now // KEPT_MS}"
    held = faces.memo.get(key)
    if held is None:
        held = faces.city.explaining.rows(*figure)
        faces.memo.set(key, held, timeout=KEPT_MS // 1000)
    return held


def naming_of(faces: Faces, words: Words, at: int | None) -> Naming:
    """Names of departments, regions and libraries in this language."""
    register = faces.city.register
    departments = {one.code: words.pick(one.name, one.name_en) for one in register.departments(at).values()}
    regions = {one.code: words.pick(one.name, one.name_en) for one in register.regions(at).values()}
    return Naming(words, departments, regions, faces.city.explaining.names)
