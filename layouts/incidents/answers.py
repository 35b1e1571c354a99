"""What the desk says when a deed was not done: why, what is open instead, or who did what meanwhile."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from domain.incident_life import Event, Incident
from layouts.incidents.naming import Naming
from layouts.incidents.timeline import lines

OFFERED = 8


def refusal(naming: Naming, said: Mapping[str, Any]) -> Component:
    """The reason in words, and the moves that are open instead. `said`: code, params, open, as the API answered."""
    words = naming.words
    code, params = str(said.get("code", "")), said.get("params")
    number = str(params.get("number", "")) if isinstance(params, dict) else ""
    text = words(f"refused.{code}", number=number) if words.has(f"refused.{code}") else words("refused.other", code=code)
    fields = params.get("fields", []) if isinstance(params, dict) else []
    named = [words(f"field.{name}") if words.has(f"field.{name}") else str(name) for name in fields if isinstance(name, str)]
    detail = [html.Span(words("list.comma").join(named))] if named else []
    opens = [deed for deed in said.get("open") or [] if isinstance(deed, str) and words.has(f"deed.{deed.partition(':')[0]}")][:OFFERED]
    instead = [html.Button(naming.deed(deed), className="chip", **{"data-deed": deed}) for deed in opens]
    more = [html.Div([html.Span(words("refused.instead")), *instead], className="answer-open")] if instead else []
    return html.Div([html.Strong(text), *detail, *more], className="answer is-refused")


def meanwhile(naming: Naming, incident: Incident, events: Sequence[Event], since: Any) -> Component:
    """Who did what since the version that was seen; what was typed is still there and can be sent knowing this."""
    words = naming.words
    seen = since if isinstance(since, int) else incident.version
    new = [event for event in events if event.version > seen]
    again = html.Button(words("conflict.again"), className="move is-main", **{"data-again": str(incident.version)})
    return html.Div(
        [html.Strong(words("conflict.title")), html.Ol(lines(naming, incident.spine, new), className="timeline"), again],
        className="answer is-conflict",
    )
