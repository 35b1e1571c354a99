"""Data stewards take devices that nobody has registered into the register."""

from typing import Any

from dash import ALL, Dash, Input, Output, State, no_update

from callbacks.faces import Faces, now_ms
from domain.access import Actor, Forbidden
from domain.registry import Device
from layouts.rows import choices, unadopted_rows
from layouts.words import Words


def register(app: Dash, faces: Faces) -> None:
    """One callback: the list anew after each adoption, and what became of it. It has no part on the page of anyone else."""

    @app.callback(
        Output({"type": "grid", "name": "unadopted"}, "rowData"),
        Output({"type": "adopt-answer", "page": "desk"}, "children"),
        Output({"type": "adopt-field", "name": "kind"}, "data"),
        Output({"type": "adopt-field", "name": "region"}, "data"),
        Input({"type": "adopt", "page": "desk"}, "n_clicks"),
        State({"type": "grid", "name": "unadopted"}, "selectedRows"),
        State({"type": "adopt-field", "name": ALL}, "value"),
        State("url", "search"),
    )
    def adopt(clicks: int, chosen: list[Any] | None, fields: list[str | None], query: str | None) -> Any:
        actor = faces.actor()
        if actor is None or not actor.may("adopt_device"):
            return (no_update,) * 4
        words = faces.words(query)
        answer = take_in(faces, actor, chosen[0]["key"], fields, words) if clicks and chosen else ""
        regions = [(region.code, words.pick(region.name, region.name_en)) for region in faces.city.register.regions().values()]
        return unadopted_rows(faces.city.register.unadopted(actor), words), answer, choices(faces.names.kinds(words)), choices(regions)


def take_in(faces: Faces, actor: Actor, device_id: str, fields: list[str | None], words: Words) -> str:
    """Adopt one device with the name, kind and region that were typed; what to tell the steward."""
    name, kind, region = (field or "" for field in fields)
    try:
        faces.city.register.adopt(actor, Device(device_id, name or device_id, kind, region, "", None, None, None), now_ms())
    except (Forbidden, ValueError, LookupError) as error:
        return words("desk.adopt_failed", reason=error)
    return words("desk.adopted", id=device_id)
