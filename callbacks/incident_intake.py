"""Intake: its form, the incidents that the new one may be, and an alarm that becomes an incident by one click."""

from typing import Any

from dash import Dash, Input, Output, State, no_update

from callbacks.faces import Faces, now_ms
from callbacks.incident_detail import look, said
from callbacks.incidents import naming_of
from domain.access import Actor, Forbidden
from domain.incidents import Refused
from layouts.incidents import intake
from layouts.incidents.queue import part, store
from layouts.words import Words
from services.incident_board import Alike

URGENCY = {"critical": "critical", "major": "urgent"}
"""An alarm's severity -> the urgency of the incident it becomes; the others are normal."""


def register(app: Dash, faces: Faces) -> None:
    """The form once it is opened, offers while it is typed, alarms at one click."""

    @app.callback(Output(part("intake"), "children"), Input(store("intake"), "data"), State("url", "search"), prevent_initial_call=True)
    def form(_opened: Any, search: str | None) -> Any:
        return intake.build(naming_of(faces, faces.words(search))) if faces.actor() else no_update

    @app.callback(Output(part("alike"), "children"), Input(store("draft"), "data"), State("url", "search"), prevent_initial_call=True)
    def alike(draft: Any, search: str | None) -> Any:
        actor = faces.actor()
        if actor is None or not isinstance(draft, dict):
            return no_update
        return intake.offers(naming_of(faces, faces.words(search)), likely(faces, actor, draft))

    @app.callback(
        Output(store("open"), "data"),
        Output(part("toast"), "children"),
        Input(store("raise"), "data"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def raise_alarm(asked: Any, search: str | None) -> Any:
        actor, alarm_id = faces.actor(), said(asked, "alarm")
        if actor is None or not alarm_id:
            return no_update, no_update
        return raised(faces, actor, alarm_id, faces.words(search))


def likely(faces: Faces, actor: Actor, draft: dict[str, Any]) -> list[Alike]:
    """Open incidents near in place, time and class, or that say the same."""
    lon, lat = draft.get("lon"), draft.get("lat")
    placed = isinstance(lon, int | float) and isinstance(lat, int | float) and abs(lon) <= 180 and abs(lat) <= 90
    at = (float(lon), float(lat)) if placed else (None, None)
    found: list[Alike] = faces.city.incident_board.alike(actor, *at, said(draft, "class_code"), now_ms(), said(draft, "text"))
    return found


def raised(faces: Faces, actor: Actor, alarm_id: str, words: Words) -> tuple[Any, Any]:
    """The incident of an alarm: the one it has, or a new one; what to tell where neither can be."""
    snapshot = faces.city.picture.snapshot(actor)
    known = [one for one in faces.city.incident_desk.store.of_alarm(alarm_id) if look(faces, actor, one)]
    if known:
        return {"incident": known[-1], "n": now_ms()}, no_update
    alarm = next((one for one in snapshot.alarms if one["alarm_id"] == alarm_id), None)
    if alarm is None:
        return no_update, words("alarm.gone")
    report = report_of(faces, actor, words, alarm)
    try:
        made = faces.city.incident_desk.report(actor, report, now_ms(), alarm["raised_at"], f"alarm:{alarm_id}")
    except Forbidden:
        return no_update, words("alarm.no_incident")
    except Refused as refused:
        return no_update, words("refused.other", code=refused.code)
    return {"incident": made.incident_id, "n": now_ms()}, words("alarm.raised", number=made.number)


def report_of(faces: Faces, actor: Actor, words: Words, alarm: dict[str, Any]) -> dict[str, Any]:
    """The report that an alarm makes: its rule at its device, of the class that such a device could have seen."""
    device = faces.city.register.device(actor, alarm["device_id"])
    classes = faces.classes.seen_by(device.kind) if device else []
    name = device.name if device else alarm["device_id"]
    return {
        "title": f"{name} {faces.names.rule(words, alarm['rule_id'])}",
        "source": "sensor_alarm",
        "place": {"device_id": alarm["device_id"]},
        "alarms": [alarm["alarm_id"]],
        "urgency": URGENCY.get(alarm["severity"], "normal"),
        **({"class_code": classes[0].code} if classes else {}),
    }
