"""What follows an incident, on the desk: the chain of its calling, live, and its tasks."""

from collections.abc import Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from domain.access import Actor
from domain.plans import OPEN, Task
from layouts.duty_parts import Naming, chain
from layouts.words import Words
from services.chains import Chain

AFTER = {"type": "incident-after", "page": "desk"}
ANSWER = {"type": "task-answer", "page": "desk"}
FIELD = {"type": "task-field", "page": "desk"}
DONE = {"type": "task-done", "page": "desk"}


def frame(words: Words) -> html.Div:
    """Its place, empty; the field stands outside what is rendered again."""
    typed = dcc.Input(id=FIELD, placeholder=words("duty.field.task_answer"), className="field", value="")
    said = html.Div("", id=ANSWER, className="desk-answer", role="status")
    return html.Div([html.Div(id=AFTER), typed, said, dcc.Store(id=DONE)], className="incident-after")


def after(
    naming: Naming, found: Chain | None, tasks: Sequence[Task], actor: Actor, now: int, told: Sequence[Component] = ()
) -> list[Component]:
    """Nothing where nobody was called, nothing is owed and the actor told nobody. `told`: what the actor's deeds told others of it."""
    words = naming.words
    parts: list[Component] = []
    if found is not None:
        calling = chain(words, found.calling, {}, now, actor.username)
        parts.append(html.Div([html.H3(words("duty.callings")), html.Div(calling, className="chains")]))
    if tasks:
        parts.append(
            html.Div([html.H3(words("duty.tasks")), html.Ul([_task(naming, one, actor, now) for one in tasks], className="incident-tasks")])
        )
    if told:
        parts.append(html.Details([html.Summary(words("duty.sent")), *told], className="chains-told"))
    return parts


def place(device_id: str, called: list[Component]) -> html.Div:
    """Where the callings about the alarms of a device in full stand; looked at again with the bell's beat."""
    return html.Div(called, id={"type": "alarm-chain", "device": device_id}, className="detail-called")


def of_device(words: Words, found: Sequence[Chain], actor: Actor, now: int) -> list[Component]:
    """The callings about a device's alarms: who is called now, who did not answer, who did. Nothing where nobody was called."""
    if not found:
        return []
    lines = [html.Div(chain(words, one.calling, {}, now, actor.username), className="chains") for one in found]
    return [html.H3(words("detail.calling")), *lines]


ENDED_BY = {"": "task.by_level", "adjust_response": "task.by_level", "end_response": "task.by_end"}
"""What ended a task that nobody ended, as it stands in the task -> its words."""


def _task(naming: Naming, one: Task, actor: Actor, now: int) -> html.Li:
    words = naming.words
    deeds = (["task_acknowledge"] if one.state == "assigned" else []) + (["task_finish"] if one.state in OPEN else [])
    buttons = [
        html.Button(words(f"duty.act.{deed}"), id={"type": "task-act", "deed": deed, "thing": one.task_id}, className="button", n_clicks=0)
        for deed in deeds
        if actor.may("act_on_incident")
    ]
    late = one.state in OPEN and one.due_at is not None and one.due_at < now
    ended = words(ENDED_BY[one.answer]) if one.state == "cancelled" and one.answer in ENDED_BY else one.answer
    due = words("duty.due", time=words.day_clock(one.due_at)) if one.due_at is not None and one.state in OPEN else ended
    said = [
        html.Strong(words(f"task.{one.state}")),
        f" {words.pick(one.zh, one.en)} ",
        html.Small(naming.unit(one.department)),
        " ",
        html.Small(due),
    ]
    children: list[Any] = [*said, *buttons]
    return html.Li(children, className="is-late" if late else "")
