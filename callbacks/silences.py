"""Maintenance silences on the desk: listed, made, ended."""

from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update

from callbacks.faces import Faces, now_ms
from callbacks.moments import past
from domain.access import Actor, Forbidden
from domain.silences import NotSilenced, Wanted
from layouts import silences
from layouts.rows import choices
from layouts.words import Words

HOUR_MS = 3_600_000
LISTS = [Output({"type": "silence-field", "name": name}, "data") for name in silences.LISTS]


def register(app: Dash, faces: Faces) -> None:
    """The list anew as the city changes, what there is to choose from once, and the two deeds."""

    @app.callback(
        Output({"type": "silences"}, "children"),
        Input("live-cursor", "data"),
        Input({"type": "silence-answer"}, "children"),
        Input("moment", "data"),
        State("url", "search"),
    )
    def listed(_cursor: Any, _answer: Any, moment: Any, query: str | None) -> Any:
        actor, at, words = faces.actor(), past(moment), faces.words(query)
        if actor is None or not actor.may("see_picture"):
            return no_update
        held, when = faces.city.silences.listed(actor, at or now_ms()), at or now_ms()
        may_end = at is None and actor.may("silence_alarms")
        return silences.rows(words, faces.names, faces.city.register.regions(at), held, when, may_end)

    @app.callback(*LISTS, Input({"type": "silence-make"}, "id", allow_optional=True), State("url", "search"))
    def known(_form: Any, query: str | None) -> Any:
        words, names = faces.words(query), faces.names
        regions = [(code, words.pick(one.name, one.name_en)) for code, one in faces.city.register.regions().items()]
        return tuple(
            choices(held) for held in (names.kinds(words), regions, [(rule, said[0]) for rule, said in names.how(words)["rules"].items()])
        )

    @app.callback(
        Output({"type": "silence-answer"}, "children"),
        Input({"type": "silence-make"}, "n_clicks", allow_optional=True),
        Input({"type": "silence-end", "silence": ALL}, "n_clicks"),
        State({"type": "silence-field", "name": ALL}, "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def deed(_make: int, _end: list[int], _values: list[Any], query: str | None) -> Any:
        actor, one = faces.actor(), ctx.triggered_id
        if actor is None or not any(each["value"] for each in ctx.triggered):
            return no_update
        filled = {each["id"]["name"]: each.get("value") for each in ctx.states_list[0]}
        return done(faces, actor, faces.words(query), one.get("silence"), filled)


def done(faces: Faces, actor: Actor, words: Words, silence_id: str | None, filled: dict[str, Any]) -> str:
    """Make or end a silence; what to tell the person."""
    now = now_ms()
    try:
        if silence_id:
            return words("silence.ended" if faces.city.silences.end(actor, silence_id, now) else "silence.over")
        faces.city.silences.make(actor, wanted(filled, now), now)
    except NotSilenced as error:
        return words(f"silence.{error}")
    except Forbidden:
        return words("alarm.refused")
    return words("silence.made")


def wanted(filled: dict[str, Any], now: int) -> Wanted:
    """What the form says; from now on."""
    covers = {name: str(filled.get(name) or "").strip() for name in ("device_id", "kind", "region", "rule_id")}
    hours = filled.get("hours")
    span = round(hours * HOUR_MS) if isinstance(hours, int | float) else 0
    return Wanted(now, now + span, str(filled.get("reason") or ""), **covers)
