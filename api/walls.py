"""Walls: what is asked of them and what they show; consultations held on one, what is drawn upon it, and its minutes."""

from typing import Any

import flask

from api.problems import Problem
from api.requests import body, identifier, json_object, now, number, text, uuid
from api.screens import renewed
from api.session import address, no_content, private, signed_in
from domain.drawing import CannotDraw
from domain.wall_state import CannotAsk, document_of
from services.city import City
from services.consultation_ports import Consultation
from services.consultations import Minute, NotHeld
from services.wall_ports import Asked
from services.walls import WallView

NOT_HELD = {"held": 409, "closed": 409}
SMALL = 4_096


def blueprint(city: City) -> flask.Blueprint:
    """/api/v1/walls and /api/v1/consultations."""
    pages = flask.Blueprint("api_walls", __name__, url_prefix="/api/v1")
    _walls(pages, city)
    _steering(pages, city)
    _consultations(pages, city)
    _decisions(pages, city)
    return pages


def _walls(pages: flask.Blueprint, city: City) -> None:
    @pages.get("/walls")
    def walls() -> flask.Response:
        found = city.walls.steerable(signed_in(), now())
        return private({"items": [_view(city, one) for one in found], "scenes": city.wall_book.scenes, "told": city.wall_book.told})

    @pages.get("/walls/<wall>")
    def wall(wall: str) -> flask.Response:
        actor, code = signed_in(), identifier(wall)
        asked = _known(lambda: city.walls.asked_of(actor, code))
        held = city.consultations.held(actor, code)
        known = {
            **_asked(city, asked),
            "wall": code,
            "care": {**city.wall_book.care(code), "zone": city.register.city()["timezone"], "paired": actor.token_scope == "screen"},
            "told_scene": city.wall_book.captions(asked.state.told),
        }
        return private({**known, "consultation": _shown(held) if held else None})


def _steering(pages: flask.Blueprint, city: City) -> None:
    @pages.patch("/walls/<wall>")
    def ask(wall: str) -> flask.Response:
        actor, change = signed_in(), json_object()
        state = _known(lambda: city.walls.ask(actor, identifier(wall), change, now(), address()))
        return private({**document_of(state), "version": state.version})

    @pages.post("/walls/<wall>/shown")
    def report(wall: str) -> flask.Response:
        actor = signed_in()
        body(SMALL)
        version = _known(lambda: city.walls.report(actor, identifier(wall), json_object(), now()))
        return renewed(private({"version": version}))


def _consultations(pages: flask.Blueprint, city: City) -> None:
    @pages.post("/consultations")
    def begin() -> flask.Response:
        actor, document = signed_in(), json_object()
        incident = uuid(text(document, "incident_id")) if document.get("incident_id") is not None else None
        at = number(document, "at")
        moment = now() if at is None else int(at)
        held = _known(lambda: city.consultations.begin(actor, text(document, "wall"), text(document, "title"), moment, incident, now()))
        return private(_shown(held), 201)

    @pages.post("/consultations/<consultation_id>/drawing")
    def draw(consultation_id: str) -> flask.Response:
        actor, document = signed_in(), json_object()
        return private(_shown(_known(lambda: city.consultations.draw(actor, uuid(consultation_id), document))))


def _decisions(pages: flask.Blueprint, city: City) -> None:
    @pages.post("/consultations/<consultation_id>/minutes")
    def minutes(consultation_id: str) -> flask.Response:
        actor, document = signed_in(), json_object()
        items = document.get("items")
        if not isinstance(items, list) or not all(isinstance(one, dict) for one in items):
            raise Problem(422, "`items` is a list of {department, text, due_at}.")
        decided = [_minute(one) for one in items]
        given = _known(lambda: city.consultations.minutes(actor, uuid(consultation_id), decided, now()))
        return private({"items": [{"task_id": one.task_id, "department": one.department, "text": one.zh} for one in given]}, 201)

    @pages.post("/consultations/<consultation_id>/end")
    def end(consultation_id: str) -> flask.Response:
        actor = signed_in()
        json_object()
        _known(lambda: city.consultations.end(actor, uuid(consultation_id), now()))
        return no_content()


def _known(deed: Any) -> Any:
    """What a deed returns. Problems: 404 for a wall, incident or consultation that the actor has no business with; what cannot be done."""
    try:
        return deed()
    except LookupError as error:
        raise Problem(404, "There is nothing of that id.") from error
    except NotHeld as error:
        code = str(error)
        raise Problem(NOT_HELD.get(code, 422), f"Not done: {code}.", code=code) from error
    except CannotAsk as error:
        raise Problem(422, f"A wall cannot do this: {error}.", code=str(error)) from error
    except CannotDraw as error:
        raise Problem(422, f"This cannot be drawn: {error}.", code="shape") from error


def _minute(said: dict[str, Any]) -> Minute:
    due = number(said, "due_at")
    return Minute(text(said, "department"), text(said, "text"), None if due is None else int(due))


def _view(city: City, one: WallView) -> dict[str, Any]:
    screens = {screen.screen_id: screen.name for screen in one.screens}
    shown = [{"screen": each.screen, "name": screens.get(each.screen, ""), "shown": each.shown, "at": each.at} for each in one.shown]
    return {**_asked(city, one.asked), "wall": one.wall, **city.wall_book.named(one.wall), "screens": len(screens), "shown": shown}


def _asked(city: City, asked: Asked) -> dict[str, Any]:
    who = {"by": asked.by, "by_name": city.people.called(asked.by) if asked.by else ""}
    return {**document_of(asked.state), "version": asked.state.version, **who, "asked_at": asked.at}


def _shown(one: Consultation) -> dict[str, Any]:
    fields = ("consultation_id", "wall", "incident_id", "title", "held_at", "opened_by", "opened_at", "version")
    return {**{name: getattr(one, name) for name in fields}, "shapes": list(one.shapes)}
