"""Maintenance silences on the desk: what is silenced now, by whom, why and until when; the form that silences, for those who may."""

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from domain.access import Actor
from domain.silences import Silence
from layouts.names import Names
from layouts.words import Words

LISTS = {"kind": "kind", "region": "town", "rule_id": "rule"}
FIELDS = (*LISTS, "device_id", "hours", "reason")
LONGEST_H = 744
USUAL_H = 2


def build(words: Words, actor: Actor) -> html.Section:
    """The panel in its loading state, the form empty; without the right there is only the list."""
    listed = html.Div([], id={"type": "silences"}, className="silences")
    told = html.Div("", id={"type": "silence-answer"}, className="panel-note", role="status", **{"aria-live": "polite"})
    form: list[Any] = []
    if actor.may("silence_alarms"):
        button = dmc.Button(words("silence.make"), id={"type": "silence-make"}, size="xs", variant="white", n_clicks=0)
        form = [html.Div([*(_field(words, name) for name in FIELDS), button], className="adopt-form")]
    head = html.Div(html.H2(words("silence.title")), className="panel-head")
    return html.Section([head, listed, *form, told], className="panel desk-silences", **{"data-panel": "silences", "data-scroll": "y"})


def _field(words: Words, name: str) -> Any:
    identity = {"type": "silence-field", "name": name}
    if name in LISTS:
        return dmc.Select(id=identity, placeholder=words(f"col.{LISTS[name]}"), size="xs", data=[], searchable=True, clearable=True)
    if name == "hours":
        return dmc.NumberInput(id=identity, placeholder=words("silence.hours"), size="xs", min=0.25, max=LONGEST_H, value=USUAL_H)
    return dmc.TextInput(id=identity, placeholder=words(f"silence.{name}"), size="xs", value="")


def rows(words: Words, names: Names, regions: Any, silences: Sequence[Silence], at: int, may_end: bool) -> list[Any]:
    """The silences as lines; `regions` maps a code to a Region."""
    lines = [_line(words, names, regions, one, at, may_end) for one in silences]
    return lines or [html.Div(words("silence.none"), className="state")]


def _line(words: Words, names: Names, regions: Any, one: Silence, at: int, may_end: bool) -> html.Div:
    region = regions.get(one.region)
    covers = [
        one.device_id,
        names.kind(words, one.kind) if one.kind else "",
        words.pick(region.name, region.name_en) if region else one.region,
        names.rule(words, one.rule_id) if one.rule_id else "",
    ]
    state = one.state(at)
    span = f"{words.day_clock(one.starts)} - {words.day_clock(one.ended_at or one.ends)}"
    facts = [f"{words(f'silence.{state}')} · {span}", f"{one.made_by} · {one.reason}"]
    end = html.Button(words("silence.end"), id={"type": "silence-end", "silence": one.silence_id}, className="button", n_clicks=0)
    buttons = [end] if may_end and state != "over" else []
    head = html.Strong(" · ".join(part for part in covers if part))
    return html.Div([head, *(html.Div(fact) for fact in facts), *buttons], className=f"silence is-{state}")
