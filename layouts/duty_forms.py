"""The forms of the duty page that open in the sheet: which fields each has, and who finds its button."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from dash import html

from layouts import sheet
from layouts.incidents.fields import Choice, Field
from layouts.words import Words


class Opening(NamedTuple):
    """What a form begins with: the choices of its fields, their values, and what stands above them."""

    options: Mapping[str, Sequence[Choice]] = {}
    values: Mapping[str, Any] = {}
    lead: Sequence[Any] = ()


def _field(name: str, kind: str, wanted: bool = False, hint: str = "") -> Field:
    return Field(name, kind, f"duty.col.{name}", wanted, hint)


UNIT = _field("unit", "select", hint="duty.center")
SPAN = (_field("starts", "moment", True), _field("ends", "moment", True))
FORMS: Mapping[str, tuple[Field, ...]] = {
    "shift": (_field("post", "select", True), UNIT, _field("person", "select", True), _field("phone", "text"), *SPAN),
    "shift_remove": (),
    "roster": (_field("file", "lines", True, "duty.hint.roster"),),
    "swap": (_field("mine", "select", True), _field("other", "select"), _field("colleague", "select"), _field("reason", "lines")),
    "contact": (UNIT, _field("name", "text", True), _field("duty", "text"), _field("phone", "text", True)),
    "contact_remove": (),
    "contacts": (_field("file", "lines", True, "duty.hint.contacts"),),
    "roll": (_field("kind", "select", True), _field("units", "checks")),
    "warning": (
        _field("hazard", "text", True, "duty.hint.hazard"),
        _field("level", "select", True),
        _field("regions", "checks", True),
        _field("headline", "text", True),
        _field("description", "lines"),
        _field("instruction", "lines"),
        _field("ends", "moment", True),
    ),
    "warning_lift": (),
    "reached": (
        _field("email", "text", hint="duty.hint.email"),
        _field("http", "text", hint="duty.hint.http"),
        _field("lang", "select", True),
    ),
}
"""Form -> its fields. One without fields only asks whether it is meant."""
TOOLS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "week": (("swap", "see_duty"), ("roster", "edit_roster"), ("shift", "edit_roster")),
    "book": (("contacts", "edit_roster"), ("contact", "edit_roster")),
    "rolls": (("roll", "call_roll"),),
    "warnings": (("warning", "issue_warning"),),
    "reached": (("reached", "see_duty"),),
}
"""Part of the page -> the forms that its head offers, each with the right that it needs."""


def build(words: Words, name: str, thing: str, opening: Opening) -> html.Div:
    """One form. Raises KeyError for none of that name."""
    more = []
    if name == "shift" and thing and ":" not in thing:
        more = [html.Div(sheet.button(words, "sheet.shift_remove", "shift_remove", thing), className="sheet-more")]
    return sheet.form(words, name, thing, FORMS[name], opening.options, opening.values, opening.lead, more)
