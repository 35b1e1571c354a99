"""The panels of the faces: one file each. A new panel is a file here, a line in PANELS and a line in config/displays.yaml."""

from collections.abc import Callable
from typing import Any, NamedTuple

from dash.development.base_component import Component

from layouts.marks import frame
from layouts.panels import (
    alarms,
    appeals,
    command,
    crew,
    feeds,
    figures,
    header,
    incidents,
    indicators,
    map,
    mobile_alarms,
    mobile_incidents,
    mobile_towns,
    office_alarms,
    office_duty,
    office_hot,
    office_instructions,
    office_now,
    office_today,
    office_towns,
    office_worse,
    on_duty,
    places,
    pressing,
    public_warnings,
    ranked,
    shade,
    takeover,
    timeline,
    towns,
    trends,
    units,
    video,
    vitals,
    vitals_office,
    warnings,
)
from layouts.view import View
from layouts.words import Words

MINUTE, TEN_SECONDS = 60_000, 10_000
SIGNS, APPEALS = frozenset({"signs"}), frozenset({"appeals"})


class Panel(NamedTuple):
    """`render` makes the body from a view; `sections` are the parts of the live picture it reads; `trends` asks for the last hours.

    A panel is rendered again when one of its sections has changed, and one with `every_ms` when so much time has passed.
    """

    render: Callable[[View], Any]
    sections: frozenset[str]
    build: Callable[[str, str, Words], Component] = frame
    trends: bool = False
    every_ms: int | None = None
    own: bool = False
    """Whether it shows somebody's own: such a rendering is shared with nobody."""
    row_em: float = 0.0
    """How tall a line of its list is, where it has one: on a wall a list holds as many as there is room for."""
    asks: frozenset[str] = frozenset()
    """What it needs of services beside the picture: `signs`, the vital signs; `appeals`, hot themes (callbacks/views.py)."""


PANELS: dict[str, Panel] = {
    "header": Panel(header.render, frozenset({"alarms", "status"}), header.build),
    "figures": Panel(figures.render, frozenset({"values", "status", "alarms", "counts", "vehicles"}), trends=True),
    "map": Panel(map.render, frozenset({"counts", "vehicles", "incidents"}), map.build),
    "alarms": Panel(alarms.render, frozenset({"alarms", "values", "duty"}), row_em=2.6),
    "trends": Panel(trends.render, frozenset(), trends=True, every_ms=MINUTE),
    "towns": Panel(towns.render, frozenset({"counts", "alarms"}), row_em=1.32),
    "vitals": Panel(vitals.render, frozenset(), every_ms=MINUTE, asks=SIGNS),
    "vitals_office": Panel(vitals_office.render, frozenset(), every_ms=MINUTE, asks=SIGNS),
    "feeds": Panel(feeds.render, frozenset({"feeds", "ingest"}), row_em=1.4),
    "appeals": Panel(appeals.render, frozenset(), every_ms=MINUTE, row_em=1.9, asks=APPEALS),
    "video": Panel(video.render, frozenset({"incidents"}), video.build),
    "incidents": Panel(incidents.render, frozenset({"incidents", "counts"}), row_em=1.45, asks=APPEALS),
    "warnings": Panel(warnings.render, frozenset({"warnings"}), warnings.build),
    "warnings_wall": Panel(warnings.render_wall, frozenset({"warnings"}), warnings.build),
    "indicators": Panel(indicators.render, frozenset(), every_ms=MINUTE, row_em=2.7, asks=SIGNS),
    "ranked": Panel(ranked.render, frozenset({"values"}), row_em=2.5),
    "places": Panel(places.render, frozenset(), every_ms=MINUTE, row_em=1.45),
    "pressing": Panel(pressing.render, frozenset({"incidents"}), row_em=2.7),
    "units": Panel(units.render, frozenset(), every_ms=TEN_SECONDS, row_em=1.6),
    "on_duty": Panel(on_duty.render, frozenset(), every_ms=MINUTE, row_em=1.75),
    "public_warnings": Panel(public_warnings.render, frozenset({"warnings"}), row_em=4.2),
    "command": Panel(command.render, frozenset({"incidents", "alarms"})),
    "timeline": Panel(timeline.render, frozenset({"incidents", "alarms"}), every_ms=TEN_SECONDS, row_em=2.9),
    "crew": Panel(crew.render, frozenset(), every_ms=TEN_SECONDS, row_em=2.5),
    "shade": Panel(shade.render, frozenset(), shade.build, every_ms=MINUTE),
    "takeover": Panel(takeover.render, frozenset({"alarms", "incidents"}), takeover.build),
    "mobile_incidents": Panel(mobile_incidents.render, frozenset({"incidents", "counts"})),
    "mobile_alarms": Panel(mobile_alarms.render, frozenset({"alarms", "values", "duty"})),
    "mobile_towns": Panel(mobile_towns.render, frozenset({"values", "counts", "alarms", "status", "vehicles"}), trends=True),
    "office_alarms": Panel(office_alarms.render, frozenset({"alarms", "values", "feeds"}), own=True),
    "office_duty": Panel(office_duty.render, frozenset(), every_ms=MINUTE // 2, own=True),
    "office_now": Panel(office_now.render, frozenset({"incidents", "alarms"}), every_ms=MINUTE // 4, own=True),
    "office_today": Panel(office_today.render, frozenset(), every_ms=MINUTE, own=True),
    "office_worse": Panel(office_worse.render, frozenset(), every_ms=MINUTE, own=True),
    "office_towns": Panel(office_towns.render, frozenset({"incidents"}), every_ms=MINUTE // 2, own=True, asks=SIGNS),
    "office_hot": Panel(office_hot.render, frozenset(), every_ms=MINUTE, own=True, asks=APPEALS),
    "office_instructions": Panel(office_instructions.render, frozenset(), every_ms=MINUTE // 4, own=True),
}
