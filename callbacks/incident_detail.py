"""The incident that is open: in full, its moves, the form of a deed, and what to say when the server refuses one."""

from dataclasses import replace
from typing import Any

from dash import Dash, Input, Output, State, ctx, no_update

from callbacks.faces import Faces, now_ms
from callbacks.incidents import naming_of
from callbacks.said import short
from callbacks.views import view_of
from domain.access import Actor
from domain.appeal_papers import withheld
from domain.incident_states import SAID_DONE
from layouts import value as drawn
from layouts.incidents import answers, appeal, deeds, detail, timeline
from layouts.incidents.naming import Naming
from layouts.incidents.queue import part, store
from layouts.panels.alarms import value as measured
from layouts.view import View
from layouts.words import Words
from services.incident_board import Alike
from services.incident_desk import Seen

MOST_ALARMS = 60
NEW = frozenset({"reported", "accepted"})


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
        actor, incident_id = faces.actor(), short(opened, "incident")
        if actor is None or not incident_id:
            return (no_update,) * 3
        words = faces.words(search)
        seen = look(faces, actor, incident_id)
        if seen is None:
            return words("incident.unknown"), [], []
        naming = with_sources(faces, actor, with_units(faces, actor, naming_of(faces, words), seen), seen)
        hangs = faces.city.appeals.of(actor, incident_id)
        near = around(faces, actor, seen, naming)
        body = detail.build(naming, seen.incident, seen.standings, seen.attachments, near, hangs, seen.moves)
        return (
            [*body, *appeal.similar(naming, like(faces, actor, seen))],
            deeds.moves(naming, seen.incident, seen.moves),
            timeline.build(naming, seen.incident, seen.events),
        )


def _deed(app: Dash, faces: Faces) -> None:
    @app.callback(Output(part("deed"), "children"), Input(store("deed"), "data"), State("url", "search"), prevent_initial_call=True)
    def form(chosen: Any, search: str | None) -> Any:
        actor, incident_id, deed = faces.actor(), short(chosen, "incident"), short(chosen, "deed")
        if actor is None or not incident_id or not deed:
            return None
        seen = look(faces, actor, incident_id)
        if seen is None:
            return None
        naming = naming_of(faces, faces.words(search))
        advice = faces.city.incident_desk.duty_of(seen.incident) if deed in ("dispatch", "reassign") else None
        alarms = choices_of_alarms(faces, actor, naming) if deed == "link_alarm" else []
        largest = faces.city.attachments.largest if deed == "attach" else None
        return deeds.form(naming, seen.incident, deed, advice, alarms, largest)


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
            return (None, shown) if short(refused, "where") == "intake" else (shown, None)
        seen = look(faces, actor, short(conflict, "incident"))
        return answers.meanwhile(naming, seen.incident, seen.events, conflict.get("since")) if seen else None, None


def look(faces: Faces, actor: Actor, incident_id: str) -> Seen | None:
    """The incident as the actor sees it; None for one that they do not see."""
    try:
        seen: Seen = faces.city.incident_desk.one(actor, incident_id, now_ms())
        return seen
    except (LookupError, ValueError):
        return None


def like(faces: Faces, actor: Actor, seen: Seen) -> list[Alike]:
    """Open incidents that an order which nobody has given to anybody yet may be."""
    one, place = seen.incident, seen.incident.place
    if one.spine != "order" or one.state not in NEW:
        return []
    found = faces.city.incident_board.alike(actor, place.get("lon"), place.get("lat"), one.class_code, one.reported_at, one.title)
    return [other for other in found if other.row.incident_id != one.incident_id]


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
    cameras = {key: faces.city.cameras.one(actor, key) for key, one in known.items() if one is None}
    named |= {key: f"{names.kind(words, 'camera')} {one.name}" for key, one in cameras.items() if one}
    return replace(naming, sources=named)


def around(faces: Faces, actor: Actor, seen: Seen, naming: Naming) -> detail.Around:
    """The alarms and the other incidents that this one names."""
    snapshot, one = faces.city.picture.snapshot(actor), seen.incident
    held = {alarm["alarm_id"]: alarm for alarm in snapshot.alarms if alarm["alarm_id"] in one.alarms}
    words = naming.words
    contradicts = one.state in SAID_DONE and any(alarm["state"] == "active" for alarm in held.values())
    view = view_of(faces, actor, words, snapshot, "desk") if contradicts else None
    known = {
        key: {**alarm, "text": alarm_text(faces, actor, words, alarm), "now": alarm_now(view, alarm) if view else []}
        for key, alarm in held.items()
    }
    ids = {*one.merged_from, *(over["incident_id"] for over in one.handovers), one.merged_into, one.handed_from} - {""}
    others = {other: found.incident.number for other in ids if (found := look(faces, actor, other)) is not None}
    kept = frozenset(file.attachment_id for file in seen.attachments if withheld(actor, one, file.media_type, file.added_by))
    return detail.Around(known, others, snapshot.at, kept)


def alarm_text(faces: Faces, actor: Actor, words: Words, alarm: Any) -> str:
    """What an alarm says, and of which device."""
    device = faces.city.register.device(actor, alarm["device_id"])
    return f"{device.name if device else alarm['device_id']} · {faces.names.rule(words, alarm['rule_id'])}"


def alarm_now(view: View, alarm: Any) -> list[Any]:
    """The value that is measured now, its limit, and the way to where it comes from; empty where none is known."""
    held = view.snapshot.devices.get(alarm["device_id"], {}).get("values", {}).get(alarm["metric"])
    shown = measured(view, alarm) if held else None
    if shown is None:
        return []
    words = view.words
    return [drawn.now(words, shown), " ", view.names.limit(words, alarm), *drawn.said(words, shown), *drawn.why(words, shown)]


def choices_of_alarms(faces: Faces, actor: Actor, naming: Naming) -> list[tuple[str, str]]:
    """Alarms of now, to tie one to an incident."""
    held = faces.city.picture.snapshot(actor).alarms[:MOST_ALARMS]
    return [(alarm["alarm_id"], f"{alarm['number']} · {alarm_text(faces, actor, naming.words, alarm)}") for alarm in held]
