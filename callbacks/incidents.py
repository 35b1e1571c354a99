"""The queue: blocks of rows for the script that scrolls, what has changed since, the counts of the tabs."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, no_update

from callbacks.faces import Faces, now_ms
from domain.access import Actor
from domain.incident_states import SAID_DONE
from layouts.incidents import queue, tabs
from layouts.incidents.naming import Naming
from layouts.incidents.queue import part, store
from layouts.words import Words
from services.incident_ports import Query

AT_ONCE = 300
"""Changed incidents that one pulse may name; after more of them the script loads its rows again."""


def register(app: Dash, faces: Faces) -> None:
    """Rows by request, and what a pulse of the live picture changes in them."""

    @app.callback(Output(store("rows"), "data"), Input(store("request"), "data"), State("url", "search"), prevent_initial_call=True)
    def rows(request: Any, search: str | None) -> Any:
        actor = faces.actor()
        if actor is None or not request:
            return no_update
        return block(faces, actor, naming_of(faces, faces.words(search)), request)

    @app.callback(
        Output(part("rail"), "children"),
        Output(store("fresh"), "data"),
        Input(store("pulse"), "data"),
        State("url", "search"),
    )
    def pulse(said: Any, search: str | None) -> Any:
        actor = faces.actor()
        if actor is None or not actor.may("see_picture"):
            return no_update, no_update
        return changed(faces, actor, naming_of(faces, faces.words(search)), said if isinstance(said, dict) else {})

    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("citydeck_incidents", "heard"),
        Output(store("heard"), "data"),
        Input(store("rows"), "data"),
        Input(store("fresh"), "data"),
        Input(store("open"), "data"),
        prevent_initial_call=True,
    )

    @app.callback(Output(part("filters"), "children"), Input(part("filters"), "id"), State("url", "search"))
    def filters(_id: Any, search: str | None) -> Any:
        return queue.filters(naming_of(faces, faces.words(search))) if faces.actor() else no_update


def naming_of(faces: Faces, words: Words) -> Naming:
    """The city's names in the reader's language."""
    register = faces.city.register
    return Naming(words, register.regions(), register.departments(), faces.classes)


def block(faces: Faces, actor: Actor, naming: Naming, request: dict[str, Any]) -> dict[str, Any]:
    """The rows that were asked for, and how many there are in all; `ask` numbers the request."""
    now = now_ms()
    found, total = faces.city.incident_board.search(actor, queue.query_of(request, actor, now), now)
    rows = [queue.row(naming, one, now) for one in with_contradictions(faces, actor, [one._asdict() for one in found], now)]
    return {"ask": request.get("ask"), "rows": rows, "total": total, "at": now}


def with_contradictions(faces: Faces, actor: Actor, found: Sequence[Mapping[str, Any]], now: int) -> list[Mapping[str, Any]]:
    """The incidents, each with whether it is said to be done while an alarm of it is still active."""
    if not any(one["alarms"] and one["state"] in SAID_DONE for one in found):
        return list(found)
    still, _ = faces.city.incident_board.search(actor, Query(contradicted=True, limit=AT_ONCE), now)
    ids = {one.incident_id for one in still}
    return [{**one, "contradicted": one["incident_id"] in ids} for one in found]


def changed(faces: Faces, actor: Actor, naming: Naming, said: dict[str, Any]) -> tuple[Any, Any]:
    """The rail with its counts; the changed incidents as rows, each with whether it fits the filter that is shown."""
    now = now_ms()
    open_now = with_contradictions(faces, actor, faces.city.picture.snapshot(actor).incidents, now)
    rail = queue.rail(naming.words, tabs.counts(open_now, actor, now))
    wanted = {one for one in said.get("changed", ())[:AT_ONCE] if isinstance(one, str)} if isinstance(said.get("changed"), list) else set()
    if not wanted:
        return rail, no_update
    here = {one["incident_id"]: one for one in open_now if one["incident_id"] in wanted}
    fitting = {key: queue.fits(naming, one, said.get("filter"), actor, now) for key, one in here.items()}
    rows = [queue.row(naming, one, now, gone=not fitting[key]) for key, one in here.items()]
    return rail, {"rows": rows, "fits": [key for key, fit in fitting.items() if fit], "ended": sorted(wanted - set(here)), "at": now}
