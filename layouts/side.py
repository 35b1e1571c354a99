"""What stands beside the desk's lists: feeds, silences, rules, blind spots, neighbours' calls, devices to adopt; each under its tab."""

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from domain.access import Actor
from domain.displays import Display
from layouts import adoption, blind_spots, neighbour_calls, rules, silences
from layouts.panels import PANELS
from layouts.words import Words

MAP = "map"
"""The panel that has a place of its own."""


def build(words: Words, display: Display, actor: Actor | None) -> html.Div:
    """The panels of the display but the map, and what the actor may see or do beside them. Who adopts devices begins with these."""
    parts = [(name, words(f"panel.{name}"), PANELS[name].build("desk", name, words)) for name in display.panels if name != MAP]
    if actor and actor.may("see_picture"):
        parts.append(("silences", words("silence.title"), silences.build(words, actor)))
    if actor and actor.may("silence_alarms"):
        parts.append(("rules", words("rules.title"), rules.build(words)))
    if actor and blind_spots.LAYER in display.layers:
        parts.append(("blind", words("blind.title"), blind_spots.build(words)))
    if actor and actor.may("see_calls"):
        parts.append(("calls", words("calls.title"), neighbour_calls.build(words)))
    if actor and actor.may("adopt_device"):
        parts.insert(0, ("unadopted", words("desk.unadopted"), adoption.build(words)))
    return html.Div(_tabs(words, parts), className="desk-side")


def _tabs(words: Words, parts: list[tuple[str, str, Component]]) -> list[Component]:
    if not parts:
        return []
    heads = [dmc.TabsTab([title, html.B("", id={"type": "side-count", "name": name})], value=name) for name, title, _ in parts]
    listed = dmc.TabsList(heads, **{"aria-label": words("side.tabs")})
    bodies = [dmc.TabsPanel(panel, value=name) for name, _, panel in parts]
    return [dmc.Tabs([listed, *bodies], value=parts[0][0], className="side-tabs", color="gray")]
