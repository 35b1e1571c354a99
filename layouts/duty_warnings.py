"""Public warnings on the duty page: what is in force; the city's own with the ways to replace and to lift them."""

from collections.abc import Sequence
from typing import Any

from dash import html

from layouts import sheet
from layouts.duty_parts import Naming
from layouts.marks import empty
from layouts.panels.warnings import hazard
from services.own_warnings import FEED
from services.warnings import Active

FORMS = (("warning", "duty.act.warning_replace"), ("warning_lift", "sheet.warning_lift"))
"""What can be done with one of the city's own: the form, and what its button says."""


def warnings(naming: Naming, held: Sequence[Active], may: bool) -> list[Any]:
    """One line each, the gravest first. `may`: whether the reader issues the city's own."""
    if not held:
        return [empty(naming.words, "warned.none")]
    return [html.Ul([_line(naming, one, may and one.heard.feed == FEED) for one in held], className="chains")]


def _line(naming: Naming, one: Active, ours: bool) -> html.Li:
    words, said = naming.words, one.heard.said
    level = said.level.value if said.level else "none"
    block = html.Span(words(f"warned.short.{level}"), className=f"warned-level is-{level}", title=words(f"warned.level.{level}"))
    until = words("warned.until", time=words.day_clock(said.expires_at)) if said.expires_at else words("warned.endless")
    where = words("list.comma").join(map(naming.unit, one.heard.placed.regions))
    forms = [sheet.button(words, label, form, one.heard.warning_id) for form, label in FORMS] if ours else []
    note = html.Small(f"{where} · {said.sender} · {one.heard.number}")
    about: list[Any] = [block, " ", html.Strong(hazard(words, said.hazard)), " ", html.Span(until), " ", note]
    return html.Li([*about, *forms])
