"""The incident that is open: in full, its moves, the form of a deed, and what to say when the server refuses one."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dash import Dash, Input, Output, State, ctx, no_update

from callbacks.faces import Faces, now_ms
from callbacks.incidents import naming_of
from domain.access import Actor
from layouts.incidents import answers, deeds, detail, timeline
from layouts.incidents.naming import Naming
from layouts.incidents.queue import part, store
from layouts.words import Words
from services.incident_desk import Seen

MOST_ALARMS = 60


def register(app: Dash, faces: Faces) -> None:
    """The incident's parts; the form of the deed that was chosen; answers to what was sent."""
    _incident(app, faces)
    _deed(app, faces)
    _answer(app, faces)


def _incident(app: Dash, faces: Faces) -> None:
    @app.callback(
        Output(part("detail"), "children"),
        Output(part("moves"), "children"),
        Output(part("timeline"), "children"),
        Input(store("open"), "data"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def show(opened: Any, search: str | None) -> Any:
        actor, incident_id = faces.actor(), said(opened, "incident")
        if actor is None or not incident_id:
            return (no_update,) * 3
        words = faces.words(search)
        seen = look(faces, actor, incident_id)
        if seen is None:
            return words("incident.unknown"), [], []
        naming = with_sources(faces, actor, with_units(faces, actor, naming_of(faces, words), seen), seen)
        body = detail.build(naming, seen.incident, seen.standings, seen.attachments, around(faces, actor, seen, naming))
        return body, deeds.moves(naming, seen.incident, seen.moves), timeline.build(naming, seen.incident, seen.events)


def _deed(app: Dash, faces: Faces) -> None:
    @app.callback(Output(part("deed"), "children"), Input(store("deed"), "data"), State("url", "search"), prevent_initial_call=True)
    def form(chosen: Any, search: str | None) -> Any:
        actor, incident_id, deed = faces.actor(), said(chosen, "incident"), said(chosen, "deed")
        if actor is None or not incident_id or not deed:
            return None
        seen = look(faces, actor, incident_id)
        if seen is None:
            return None
        naming = naming_of(faces, faces.words(search))
        advice = faces.city.incident_desk.duty_of(seen.incident) if deed in ("dispatch", "reassign") else None
        alarms = choices_of_alarms(faces, actor, naming) if deed == "link_alarm" else []
        return deeds.form(naming, seen.incident, deed, advice, alarms)


def _answer(app: Dash, faces: Faces) -> None:
    @app.callback(
        Output(part("answer"), "children"),
        Output(part("intake-answer"), "children"),
        Input(store("refused"), "data"),
        Input(store("conflict"), "data"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def answer(refused: Any, conflict: Any, search: str | None) -> Any:
        actor, naming = faces.actor(), naming_of(faces, faces.words(search))
        if actor is None:
            return no_update, no_update
        if ctx.triggered_id == store("refused"):
            shown = answers.refusal(naming, refused) if refused else None
            return (None, shown) if said(refused, "where") == "intake" else (shown, None)
        seen = look(faces, actor, said(conflict, "incident"))
        return answers.meanwhile(naming, seen.incident, seen.events, conflict.get("since")) if seen else None, None


def said(data: Any, name: str) -> str:
    """A short text out of what a store holds; empty where there is none."""
    value = data.get(name) if isinstance(data, dict) else None
    return value if isinstance(value, str) and len(value) <= 80 else ""


def look(faces: Faces, actor: Actor, incident_id: str) -> Seen | None:
    """The incident as the actor sees it; None for one that they do not see."""
    try:
        seen: Seen = faces.city.incident_desk.one(actor, incident_id, now_ms())
        return seen
    except (LookupError, ValueError):
        return None


def with_units(faces: Faces, actor: Actor, naming: Naming, seen: Seen) -> Naming:
    """The names, with those of the units where any were sent."""
    if not seen.incident.units:
        return naming
    return replace(naming, units={one.unit.unit_id: one.unit.name for one in faces.city.dispatch.units(actor, now_ms())})


def with_sources(faces: Faces, actor: Actor, naming: Naming, seen: Seen) -> Naming:
    """The names, with those of the cameras and sensors that were opened from the incident."""
    known = {one: faces.city.register.device(actor, one) for one in seen.incident.opened}
    words, names = naming.words, faces.names
    named = {key: f"{names.kind(words, one.kind)} {words.pick(one.name, one.name_en)}" for key, one in known.items() if one}
    return replace(naming, sources=named)


def around(faces: Faces, actor: Actor, seen: Seen, naming: Naming) -> detail.Around:
    """The alarms and the other incidents that this one names."""
    snapshot, one = faces.city.picture.snapshot(actor), seen.incident
    held = {alarm["alarm_id"]: alarm for alarm in snapshot.alarms if alarm["alarm_id"] in one.alarms}
    words = naming.words
    known = {
        key: {**alarm, "text": alarm_text(faces, actor, words, alarm), "now": alarm_now(faces, words, snapshot.devices, alarm)}
        for key, alarm in held.items()
    }
    ids = {*one.merged_from, *(over["incident_id"] for over in one.handovers), one.merged_into, one.handed_from} - {""}
    others = {other: found.incident.number for other in ids if (found := look(faces, actor, other)) is not None}
    return detail.Around(known, others, snapshot.at)


def alarm_text(faces: Faces, actor: Actor, words: Words, alarm: Any) -> str:
    """What an alarm says, and of which device."""
    device = faces.city.register.device(actor, alarm["device_id"])
    return f"{device.name if device else alarm['device_id']} · {faces.names.rule(words, alarm['rule_id'])}"


def alarm_now(faces: Faces, words: Words, devices: Mapping[str, Any], alarm: Mapping[str, Any]) -> str:
    """The value that is measured now against the alarm's limit; empty where none is known."""
    held = devices.get(alarm["device_id"], {}).get("values", {}).get(alarm["metric"])
    return f"{faces.names.value(words, alarm['metric'], held[1])} {faces.names.limit(words, alarm)}".strip() if held else ""


def choices_of_alarms(faces: Faces, actor: Actor, naming: Naming) -> list[tuple[str, str]]:
    """Alarms of now, to tie one to an incident."""
    held = faces.city.picture.snapshot(actor).alarms[:MOST_ALARMS]
    return [(alarm["alarm_id"], f"{alarm['number']} · {alarm_text(faces, actor, naming.words, alarm)}") for alarm in held]
