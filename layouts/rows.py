"""Lists as rows: the desk's grids, and the phone's search results."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from dash import html

from domain.notices import CALLING
from domain.registry import Device
from layouts import cover
from layouts.alarm_groups import grouped, is_silenced
from layouts.panels.alarms import named, owed, state
from layouts.view import View

NOBODY: Mapping[str, Mapping[str, Any]] = {}
NO_STILLS: Mapping[str, tuple[str, bool]] = {}
CLOCK_ALONE_MS = 20 * 3_600_000


def alarm_rows(
    view: View, town: str | None = None, opened: Iterable[str] = (), callings: Mapping[str, Mapping[str, Any]] = NOBODY
) -> list[dict[str, Any]]:
    """Alarms for the grid, the worst first, of one town or of all. Shapes are the wall's. A group is its head with the number of its
    alarms, unless the head's id is among the `opened`: then the others follow it. `callings`: alarm -> `person`, `call`,
    `state` of the calling about it. Gaps in cover stand among them; they are the center's, no town's."""
    shown = [alarm for alarm in view.snapshot.alarms if town is None or view.is_in(alarm["region"], town)]
    incidents = {alarm: one for one in view.snapshot.incidents for alarm in one["alarms"]}

    def group(members: list[dict[str, Any]]) -> list[dict[str, Any]]:
        head, *others = members
        is_open = head["alarm_id"] in opened
        count = f"{'▾' if is_open else '▸'} {len(others) + 1}" if others else ""
        return [
            {**_alarm(view, one, incidents.get(one["alarm_id"])), **_calling(view, callings.get(one["alarm_id"])), "group": mark}
            for one, mark in [(head, count), *((one, "·") for one in others if is_open)]
        ]

    gap = partial(cover.row, view)
    items = cover.among(view if town is None else replace(view, cover=()), grouped(view, shown), lambda one: [gap(one)], group)
    return [row for _, make in items for row in make()][: view.display.rows["alarms"]]


def _alarm(view: View, alarm: dict[str, Any], incident: Mapping[str, Any] | None) -> dict[str, Any]:
    words, names = view.words, view.names
    value = alarm["raised_value"]
    written = names.value(words, alarm["metric"], value, alone=True) if value is not None else ""
    tags = [words("alarm.flapping", n=alarm["times"])] if alarm.get("flapping") else []
    tags += [words("alarm.silenced")] if is_silenced(alarm) else []
    parts = [part for part in (named(view, alarm), written, names.limit(words, alarm), *tags) if part]
    return {
        **_measured(view, alarm),
        "written": written,
        "tags": tags,
        "key": alarm["alarm_id"],
        "incident": incident["number"].rpartition("-")[2] if incident else "",
        "incident_id": incident["incident_id"] if incident else "",
        "raise": words("alarm.raise") if "report_incident" in view.rights else "",
        "device_id": alarm["device_id"],
        "severity_id": alarm["severity"],
        "waiting": alarm["acknowledged_at"] is None and not is_silenced(alarm),
        "severity": f"{cover.SHAPES[alarm['severity']]} {words('severity.' + alarm['severity'])}",
        "town": view.town_of(alarm["region"]),
        "device": view.place_and_name(alarm)[1],
        "what": " ".join(parts),
        "raised": _moment(view, alarm["raised_at"]),
        "state": owed(view, alarm),
        "by": words.person(alarm["acknowledged_by"]),
        "brief": words("alarm.cleared") if alarm["state"] == "cleared" else state(view, alarm),
        "number": alarm["number"].rpartition("-")[2],
    }


def _measured(view: View, alarm: Mapping[str, Any]) -> dict[str, Any]:
    """What assets/incident_alarm_cells.js draws the value from, and where it comes from."""
    device, feeds = view.devices.get(alarm["device_id"]), view.gathered.get("feeds")
    return {
        "rule": named(view, alarm),
        "limit": view.names.limit(view.words, alarm),
        "metric": alarm["metric"],
        "unit": view.names.unit(view.words, alarm["metric"]),
        "raw": alarm["raised_value"],
        "raised_at": alarm["raised_at"],
        "every": device.interval_s if device else None,
        "feed": feeds.of(device) if device and feeds else "",
        "owner": view.department_name(alarm["department"]),
    }


def _calling(view: View, calling: Mapping[str, Any] | None) -> dict[str, Any]:
    """While nobody has taken the alarm, who is called about it stands where its taker will."""
    if calling is None:
        return {"calling": False}
    vain, now = view.words("alarm.called_in_vain"), view.words("alarm.calling", who=view.words.person(calling["person"]), n=calling["call"])
    if calling["state"] != CALLING:
        return {"calling": True, "by": vain, "brief": vain}
    return {"calling": True, "by": now, "brief": view.words.person(calling["person"])}


def _moment(view: View, at: int) -> str:
    """The time of day, with the date for what is older than most of a day."""
    return view.words.clock(at, seconds=True) if view.snapshot.at - at < CLOCK_ALONE_MS else view.words.day_clock(at)


def device_rows(view: View, devices: Iterable[Device], stills: Mapping[str, tuple[str, bool]] = NO_STILLS) -> list[dict[str, Any]]:
    """Found devices for the grid. `stills`: device -> (its camera, whether that is online), where a still stands beside its name."""
    return [
        {
            "key": device.device_id,
            "id": device.device_id,
            "name": view.words.pick(device.name, device.name_en),
            "town": view.town_of(device.region),
            "kind": view.names.kind(view.words, device.kind),
            "camera": stills.get(device.device_id),
        }
        for device in devices
    ]


def choices(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    """(code, name) as a list to choose from."""
    return [{"value": code, "label": name} for code, name in pairs]


def results(view: View, devices: Iterable[Device]) -> list[Any]:
    """Found devices for a thumb."""
    rows = [
        html.A(
            [
                html.Strong(view.words.pick(device.name, device.name_en)),
                html.Span(f"{view.town_of(device.region)} · {view.names.kind(view.words, device.kind)}"),
            ],
            id={"type": "open-device", "device": device.device_id, "alarm": ""},
            href="#detail",
            n_clicks=0,
            className="result",
        )
        for device in devices
    ]
    return rows or [html.Div(view.words("desk.no_results"), className="state")]
