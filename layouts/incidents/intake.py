"""Intake: one form of few fields, and the open incidents that the new one may be, offered while it is typed."""

from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from domain.incident_states import URGENCIES
from layouts.incidents.deeds import classes
from layouts.incidents.fields import Field, slot
from layouts.incidents.naming import SOURCES, Naming
from layouts.incidents.queue import part
from layouts.words import Words

FIELDS = (
    Field("title", "text", "field.title", True, "hint.title"),
    Field("place", "place", "field.place", True),
    Field("class_code", "class", "field.class_code", hint="hint.class_code"),
    Field("urgency", "select", "field.urgency", hint="hint.urgency"),
    Field("source", "select", "field.source", True),
    Field("caller_name", "text", "field.caller_name"),
    Field("caller_phone", "text", "field.caller_phone"),
    Field("told", "text", "field.told", hint="hint.told"),
    Field("description", "lines", "field.description"),
    Field("exercise", "yes_no", "field.exercise"),
)


def build(naming: Naming) -> list[Component]:
    """The form; incident_forms.js keeps what is typed until it is sent."""
    words = naming.words
    options: dict[str, Sequence[tuple[str, str]]] = {
        "class_code": classes(naming),
        "urgency": [(one, words(f"urgency.{one}")) for one in URGENCIES],
        "source": [(one, words(f"source.{one}")) for one in SOURCES],
    }
    fields = [slot(words, field, "intake", options.get(field.name, ()), "hotline" if field.name == "source" else None) for field in FIELDS]
    return [html.H2(words("intake.title")), html.Div(fields, className="intake-fields")]


def frame(words: Words) -> html.Div:
    """Where the form, the offers and the answer stand; hidden until it is opened."""
    send = html.Button([words("intake.send"), html.Kbd("Ctrl+Enter")], className="move is-main", **{"data-send": "intake"})
    back = html.Button([words("deed.back"), html.Kbd("Esc")], className="move", **{"data-close": "intake"})
    drop = html.Button(words("intake.drop"), className="move", **{"data-drop": "intake"})
    scroll = [html.Div(id=part("intake")), html.Div(id=part("alike"), className="intake-alike")]
    answer = html.Div(id=part("intake-answer"), className="desk-answer", role="status")
    parts = [
        html.Div(scroll, className="intake-scroll", **{"data-scroll": "y"}),
        answer,
        html.Div([send, back, drop], className="deed-send"),
    ]
    return html.Div(parts, className="intake", hidden=True)


def offers(naming: Naming, found: Sequence[Any]) -> list[Component]:
    """Open incidents that this may be (services.incident_board.Alike), each with a look and a way to add the call to it."""
    if not found:
        return []
    return [html.H3(naming.words("intake.alike", n=len(found))), *(_offer(naming, one) for one in found)]


def _offer(naming: Naming, one: Any) -> html.Div:
    words, row, likeness = naming.words, one.row, one.likeness
    facts = [naming.owed(row.spine, row.state), naming.class_name(row.class_code), words.day_clock(row.reported_at)]
    if likeness.metres is not None:
        facts.append(words("intake.metres", n=round(likeness.metres)))
    drill = [html.Span(words("flag.exercise"), className="tag is-exercise")] if row.exercise else []
    head = [
        *drill,
        naming.urgency_mark(row.urgency),
        html.Strong(row.title),
        html.Span(words("intake.share", n=round(likeness.share * 100)), className="tag"),
    ]
    buttons = [
        html.Button(words("intake.look"), className="move", **{"data-open-incident": row.incident_id}),
        html.Button(words("intake.join"), className="move", **{"data-join": row.incident_id}),
    ]
    return html.Div(
        [
            html.Div(head, className="offer-head"),
            html.Div(" · ".join([row.number, *facts]), className="offer-facts"),
            html.Div(buttons, className="offer-do"),
        ],
        className="offer",
        key=row.incident_id,
    )
