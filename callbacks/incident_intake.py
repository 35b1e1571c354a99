"""Intake: its form, the incidents that the new one may be, and an alarm that becomes an incident by one click."""

from typing import Any

from dash import Dash, Input, Output, State, no_update

from callbacks.faces import Faces, now_ms
from callbacks.incident_detail import look
from callbacks.incidents import naming_of
from callbacks.said import number_of, short, text_of
from domain.access import Actor, Forbidden
from domain.incidents import Refused
from layouts.incidents import appeal, intake
from layouts.incidents.naming import Naming
from layouts.incidents.queue import part, store
from layouts.panels.appeals import line
from layouts.words import Words
from services.incident_board import Alike

LONGEST, HOT = 2100, 3


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
        naming = naming_of(faces, faces.words(search))
        return [*intake.offers(naming, likely(faces, actor, draft)), *suggested(faces, actor, naming, draft)]

    @app.callback(
        Output(store("open"), "data"),
        Output(part("toast"), "children"),
        Input(store("raise"), "data"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def raise_alarm(asked: Any, search: str | None) -> Any:
        actor, alarm_id = faces.actor(), short(asked, "alarm")
        if actor is None or not alarm_id:
            return no_update, no_update
        return raised(faces, actor, alarm_id, faces.words(search))


def suggested(faces: Faces, actor: Actor, naming: Naming, draft: dict[str, Any]) -> list[Any]:
    """Theme and department of an appeal that is being taken down, and what is hot in the city; nothing for what is no appeal."""
    code, text, more = short(draft, "class_code"), text_of(draft, "text", LONGEST), text_of(draft, "more")
    if not text or not actor.may("report_incident") or (code and faces.classes.spine(code) != "order"):
        return []
    found = faces.city.appeals.advise(actor, f"{text} {more}"[:LONGEST], code, "", short(draft, "source"), now_ms())
    hot = [
        line(naming.words, one, naming.region(one.region), naming.class_name(one.theme)) for one in faces.city.appeals.hot(actor, now_ms())
    ]
    return [*appeal.advice(naming, found, {}, appeal.INTAKE), *hot[:HOT]]


def likely(faces: Faces, actor: Actor, draft: dict[str, Any]) -> list[Alike]:
    """Open incidents near in place, time and class, or that say the same."""
    lon, lat = number_of(draft, "lon", -180, 180), number_of(draft, "lat", -90, 90)
    at = (None, None) if lon is None or lat is None else (lon, lat)
    text = text_of(draft, "text", LONGEST)
    found: list[Alike] = faces.city.incident_board.alike(actor, *at, short(draft, "class_code"), now_ms(), text)
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
        return held_by_another(faces, actor, refused, words)
    return {"incident": made.incident_id, "n": now_ms()}, words("alarm.raised", number=made.number)


def held_by_another(faces: Faces, actor: Actor, refused: Refused, words: Words) -> tuple[Any, Any]:
    """Somebody, or the rule, was faster with this alarm: its number, and the incident itself where the actor sees it."""
    if refused.code != "alarm_taken":
        return no_update, words("refused.other", code=refused.code)
    there = look(faces, actor, refused.params["incident_id"])
    opened = {"incident": refused.params["incident_id"], "n": now_ms()} if there else no_update
    return opened, words("refused.alarm_taken", number=refused.params["number"])


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
        "urgency": faces.urgency.get(alarm["severity"], "normal"),
        **({"class_code": classes[0].code} if classes else {}),
    }
