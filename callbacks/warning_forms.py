"""The forms of the duty page that issue, replace and lift the city's own warnings."""

from collections.abc import Mapping
from typing import Any

from dash import html
from dash.development.base_component import Component

from callbacks.duty import Look
from callbacks.said import moment_of, text_of, texts_of
from callbacks.sheet import Said
from domain.warnings import Level
from layouts import duty_forms
from layouts.duty_forms import Opening
from layouts.incidents.fields import Choice
from layouts.panels.warnings import hazard
from services.duty_ports import NotTaken
from services.own_warnings import FEED, Draft, NotIssued
from services.warnings import Active

HOURS_MS = 6 * 3_600_000
"""What a new warning's form offers as its end; whoever issues it sets it."""
NAMED = frozenset({"city", "zone", "district", "town"})
"""Levels of regions that a warning is issued for."""


def open_warning(look: Look, thing: str) -> Component:
    """A new warning, or with `thing` what replaces one of ours. Raises Forbidden, LookupError."""
    words, regions = look.naming.words, look.city.register.regions()
    held = _ours(look, thing) if thing else None
    options: Mapping[str, list[Choice]] = {
        "level": [(level.value, words(f"warned.level.{level}")) for level in Level],
        "regions": [(one.code, words.pick(one.name, one.name_en)) for one in regions.values() if one.level in NAMED],
    }
    values: dict[str, Any] = {"ends": look.now + HOURS_MS}
    if held is not None:
        said = held.heard.said
        values |= {"hazard": said.hazard, "level": said.level and said.level.value, "regions": list(held.heard.placed.regions)}
        values |= {name: text for texts in said.texts.values() for name, text in texts.items()}
    return duty_forms.build(words, "warning", thing, Opening(options, values))


def send_warning(look: Look, thing: str, said: Said) -> None:
    """Issue it. Raises Forbidden, NotTaken."""
    level, ends, codes = said.get("level"), moment_of(said, "ends"), tuple(texts_of(said, "regions"))
    if level not in tuple(Level):
        raise NotTaken("warning_no_level")
    if ends is None:
        raise NotTaken("warning_no_end")
    headline, description, instruction = (text_of(said, name) for name in ("headline", "description", "instruction"))
    draft = Draft(text_of(said, "hazard"), Level(str(level)), codes, headline, description, instruction, ends, replaces=thing)
    try:
        look.city.own_warnings.issue(look.actor, draft, look.now)
    except NotIssued as error:
        raise NotTaken(f"warning_{error}") from None


def open_lift(look: Look, thing: str) -> Component:
    """Asks whether it is meant. Raises LookupError for none of ours."""
    held = _ours(look, thing)
    words = look.naming.words
    line = html.P(words("sheet.warning_lift.lead", number=held.heard.number, hazard=hazard(words, held.heard.said.hazard)))
    return duty_forms.build(look.naming.words, "warning_lift", thing, Opening(lead=[line]))


def send_lift(look: Look, thing: str, _said: Said) -> None:
    """Take it back. Raises Forbidden, NotTaken."""
    try:
        look.city.own_warnings.lift(look.actor, thing, look.now)
    except NotIssued as error:
        raise NotTaken(f"warning_{error}") from None


def _ours(look: Look, warning_id: str) -> Active:
    found: Active | None = look.city.warnings.find(look.actor, warning_id, look.now)
    if found is None or found.heard.feed != FEED:
        raise LookupError(warning_id)
    return found
