"""Fields of forms. Python says what a field is, incident_forms.js puts the native control into it, keeps what is typed and sends it."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from dash import html

from layouts.words import Words

Choice = tuple[str, str]


class Field(NamedTuple):
    """One field. `kind`: text, lines, number, search, select, checks, moment, yes_no, place, class, incident or file.

    `label` and `hint` are message ids."""

    name: str
    kind: str
    label: str
    wanted: bool = False
    hint: str = ""


CHOOSES = frozenset({"select", "checks", "yes_no", "class"})


def slot(words: Words, field: Field, form: str, options: Sequence[Choice] = (), value: Any = None) -> html.Label:
    """The field's frame: its label, and an empty span that becomes the control. `value` is what it begins with."""
    label = words(field.label)
    said = {"data-field": field.name, "data-kind": field.kind, "data-form": form, "data-label": label}
    if field.kind == "yes_no":
        options = [("true", words("choice.yes")), ("false", words("choice.no"))]
    if field.kind in CHOOSES:
        said["data-options"] = json.dumps(options, ensure_ascii=False)
    if value is not None:
        said["data-value"] = json.dumps(value, ensure_ascii=False)
    if field.kind == "place":
        said |= {f"data-text-{name}": words(f"place.{name}") for name in ("address", "pick", "own", "picking", "none", "no_own", "device")}
    if field.hint:
        said["data-hint"] = words(field.hint)
    wanted = [html.I("*", className="field-wanted", title=words("field.wanted"))] if field.wanted else []
    hold = html.Span(className="field-slot", **said, **({"data-wanted": "yes"} if field.wanted else {}))
    return html.Label([html.Span([label, *wanted], className="field-label"), hold], className=f"desk-field desk-field-{field.kind}")
