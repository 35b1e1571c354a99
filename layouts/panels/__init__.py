"""The panels of the faces: one file each. A new panel is a file here, a line in PANELS and a line in config/displays.yaml."""

from collections.abc import Callable
from typing import Any, NamedTuple

from dash.development.base_component import Component

from layouts.marks import frame
from layouts.panels import alarms, feeds, figures, header, incidents, map, mobile_alarms, mobile_incidents, mobile_towns, towns, trends
from layouts.view import View
from layouts.words import Words

MINUTE = 60_000


class Panel(NamedTuple):
    """`render` makes the body from a view; `sections` are the parts of the live picture it reads; `trends` asks for the last hours.

    A panel with `every_ms` is rendered again when that much time has passed, whatever has changed in between.
    """

    render: Callable[[View], Any]
    sections: frozenset[str]
    build: Callable[[str, str, Words], Component] = frame
    trends: bool = False
    every_ms: int | None = None


PANELS: dict[str, Panel] = {
    "header": Panel(header.render, frozenset({"alarms", "status"}), header.build),
    "figures": Panel(figures.render, frozenset({"values", "status", "alarms", "counts", "vehicles"}), trends=True),
    "map": Panel(map.render, frozenset({"counts", "vehicles", "incidents"}), map.build),
    "alarms": Panel(alarms.render, frozenset({"alarms", "values"})),
    "trends": Panel(trends.render, frozenset(), trends=True, every_ms=MINUTE),
    "towns": Panel(towns.render, frozenset({"counts", "alarms"})),
    "feeds": Panel(feeds.render, frozenset({"feeds", "ingest"})),
    "incidents": Panel(incidents.render, frozenset({"incidents", "counts"})),
    "mobile_incidents": Panel(mobile_incidents.render, frozenset({"incidents", "counts"})),
    "mobile_alarms": Panel(mobile_alarms.render, frozenset({"alarms", "values"})),
    "mobile_towns": Panel(mobile_towns.render, frozenset({"values", "counts", "alarms", "status", "vehicles"}), trends=True),
}
