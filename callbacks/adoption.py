"""Data stewards take devices that nobody has registered into the register."""

from collections.abc import Mapping
from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update

from callbacks.faces import Faces, now_ms
from domain.access import Actor, Forbidden
from domain.registry import Device
from layouts import adoption
from layouts.rows import choices
from layouts.words import Words

ANSWER = Output({"type": "adopt-answer", "page": "desk"}, "children")
LISTS = [Output({"type": "adopt-field", "name": name}, "data") for name in adoption.LISTS]


def register(app: Dash, faces: Faces) -> None:
    """The form, the list anew after each adoption or search, and what there is to choose from. Nobody else's page has any of it."""

    @app.callback(
        ANSWER,
        Output({"type": "adopt-doubted"}, "data"),
        Input({"type": "adopt", "page": "desk"}, "n_clicks"),
        State({"type": "grid", "name": "unadopted"}, "selectedRows"),
        State({"type": "adopt-field", "name": ALL}, "value"),
        State({"type": "adopt-doubted"}, "data"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def adopt(_clicks: int, chosen: list[Any] | None, _values: list[Any], doubted: Any, query: str | None) -> Any:
        actor, words = faces.actor(), faces.words(query)
        if actor is None:
            return no_update, no_update
        if not chosen:
            return words("adopt.pick"), None
        filled = {one["id"]["name"]: one.get("value") for one in ctx.states_list[1]}
        return take_in(faces, actor, words, {"device_id": chosen[0]["key"], **filled}, doubted)

    @app.callback(
        Output({"type": "grid", "name": "unadopted"}, "rowData"),
        *LISTS,
        Input({"type": "adopt-search"}, "value"),
        Input({"type": "adopt-answer", "page": "desk"}, "children"),
        State("url", "search"),
    )
    def waiting(text: str | None, _answer: Any, query: str | None) -> Any:
        actor, words = faces.actor(), faces.words(query)
        if actor is None or not actor.may("adopt_device"):
            return (no_update,) * (1 + len(LISTS))
        found = adoption.rows(words, faces.city.adoption.waiting(actor, text or ""), faces.names)
        register = faces.city.register
        known = [
            [(code, words.pick(one.name, one.name_en)) for code, one in held.items()]
            for held in (register.regions(), register.departments())
        ]
        return found, choices(faces.names.kinds(words)), *map(choices, known)


def take_in(faces: Faces, actor: Actor, words: Words, filled: Mapping[str, Any], doubted: Any) -> tuple[str, Any]:
    """Adopt one device as the form says. What looks wrong is said first, and done when the same form is sent once more.

    Returns what to tell the steward, and the form that was doubted.
    """
    device = device_of(filled)
    if isinstance(device, str):
        return words(device), None
    try:
        doubts = faces.city.adoption.doubts(actor, device)
        if doubts and doubted != dict(filled):
            return " ".join([*(words(f"adopt.{doubt}") for doubt in doubts), words("adopt.once_more")]), dict(filled)
        faces.city.register.adopt(actor, device, now_ms())
    except (Forbidden, ValueError, LookupError) as error:
        return words("desk.adopt_failed", reason=error), None
    return words("desk.adopted", id=device.device_id), None


def device_of(filled: Mapping[str, Any]) -> Device | str:
    """The device that the form describes, or the message id of what is missing in it."""
    name = (filled.get("name") or "").strip() or filled["device_id"]
    if len(name) > adoption.LONGEST_NAME or not name.isprintable():
        return "adopt.wrong_name"
    if not filled.get("kind") or not filled.get("region"):
        return "adopt.missing"
    numbers = {field: None if filled.get(field) in ("", None) else filled[field] for field in adoption.NUMBERS}
    for field, value in numbers.items():
        low, high = adoption.BOUNDS[field]
        if value is not None and not (isinstance(value, int | float) and low <= value <= high):
            return f"adopt.wrong_{field}"
    if (numbers["lon"] is None) != (numbers["lat"] is None):
        return "adopt.half_place"
    place = (numbers["lon"], numbers["lat"], numbers["interval"])
    return Device(filled["device_id"], name, filled["kind"], filled["region"], filled.get("department") or "", *place)
