"""On the open incident: the chain of its calling, live, and its tasks with their buttons."""

from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update

from callbacks.duty import Look, do
from callbacks.faces import Faces
from callbacks.said import short
from domain.access import Forbidden
from layouts import chains, duty_people
from layouts.incidents.queue import store

TOLD = 12
"""So many of the newest are listed."""


def register(app: Dash, faces: Faces) -> None:
    """What follows an incident is looked at again with each beat of the bell; the deeds are those of the duty page."""

    @app.callback(
        Output(chains.AFTER, "children"),
        Input(store("open"), "data"),
        Input({"type": "notice-tick", "page": "desk"}, "n_intervals"),
        Input({"type": "notice-done", "page": "desk"}, "data"),
        Input(chains.DONE, "data"),
        State("url", "search"),
        State(chains.AFTER, "children"),
    )
    def follow(opened: Any, _tick: int | None, _answered: Any, _done: Any, search: str | None, held: Any) -> Any:
        actor, incident_id = faces.actor(), short(opened, "incident")
        if actor is None or not incident_id or not actor.may("see_duty"):
            return [] if held else no_update
        return after(Look(faces, actor, search), incident_id)

    @app.callback(
        Output(chains.ANSWER, "children"),
        Output(chains.DONE, "data"),
        Output(chains.FIELD, "value"),
        Input({"type": "task-act", "deed": ALL, "thing": ALL}, "n_clicks"),
        State(chains.FIELD, "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def act(_clicks: list[int], answer: str | None, search: str | None) -> Any:
        actor = faces.actor()
        if actor is None or not isinstance(ctx.triggered_id, dict) or not any(one["value"] for one in ctx.triggered):
            return [no_update] * 3
        look = Look(faces, actor, search)
        told, done = do(look, ctx.triggered_id["deed"], ctx.triggered_id["thing"], {"task_answer": answer or ""})
        return told, look.now if done else no_update, "" if done else no_update


def after(look: Look, incident_id: str) -> Any:
    """The chain about the incident, its tasks in the actor's scope, and whom the actor's deeds told of it; nothing where there is none."""
    try:
        chain = look.city.chains.of(look.actor, f"incident:{incident_id}", look.now)
        tasks = look.city.tasks.of_incident(look.actor, incident_id)
        told = look.city.outbox.sent(look.actor, look.city.incident_desk.mine(look.actor, incident_id).number)
    except (LookupError, Forbidden):
        return []
    shown = duty_people.sent(look.naming.words, look.catalogue, told[:TOLD]) if told else []
    return chains.after(look.naming, chain, tasks, look.actor, look.now, shown)
