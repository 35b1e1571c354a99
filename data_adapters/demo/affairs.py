"""What people report to the demo's centre, and how its own staff gets on with it: through the same service as everybody's incidents.

Invented, like everything the demo measures. What somebody else takes in hand is left to them.
"""

import json
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from data_adapters.demo.chance import share
from data_adapters.demo.hotline import PENDING, DemoHotline
from domain.access import Actor, Forbidden
from domain.incident_life import Incident
from domain.incidents import Refused
from domain.registry import Device
from services.incident_desk import IncidentDesk
from services.incident_ports import Changed

LOG = logging.getLogger("citydeck.demo")
FILE = Path(__file__).resolve().parents[2] / "config" / "demo" / "calls.yaml"
MINUTE = 60_000
EVERY_MS = 8 * MINUTE
"""About one report in so long."""
ORDER_MS = 3 * MINUTE
"""An order of the hotline waits about so long before somebody accepts it."""
AT_ONCE = 30
"""So many are on their way at once, at most; then nobody reports anything for a while."""
PAST_MS = 5 * 60 * MINUTE
"""At the first start people have been reporting for so long."""
SLOW_SHARE, SLOW = 0.15, 6
"""One deed in seven takes six times as long: some incidents are late, as in any city."""


class Case(NamedTuple):
    """An incident of the demo's own: when its staff does the next deed (epoch ms), and the version it last left it in."""

    incident_id: str
    due: int
    version: int


class Spot(NamedTuple):
    """Where something can be reported: WGS 84 degrees, and what is there."""

    kind: str
    lon: float
    lat: float
    name: str


class Affairs:
    """The demo's reports and its staff's deeds. `places`: devices with a place; `diary`: a small file that outlives restarts; `desks`:
    other desks whose orders come in by their feeds."""

    def __init__(
        self,
        desk: IncidentDesk,
        places: Sequence[Device],
        diary: Path,
        script: Mapping[str, Any] | None = None,
        desks: Sequence[DemoHotline] = (),
    ) -> None:
        self._desk, self._diary, self._desks = desk, diary, desks
        self._spots = [Spot(d.kind, d.lon, d.lat, d.name) for d in places if d.lon is not None and d.lat is not None]
        self._script = script or yaml.safe_load(FILE.read_text(encoding="utf-8"))
        self.cases, self._next_report = _read(diary)

    def tick(self, now: int) -> None:
        """Everything that is due by `now`, at the moment when it was due."""
        if self._next_report is None:
            self._next_report = now - PAST_MS
        while self._next_report <= now:
            at = max(self._next_report, now - PAST_MS)
            if len(self.cases) < AT_ONCE:
                self.cases.append(self._report(at, now))
            self._next_report = at + round(EVERY_MS * (0.5 + share("pause", at)))
        self.cases = [later for case in self.cases if (later := self._go_on(case, now))]
        _write(self._diary, self.cases, self._next_report)

    def _report(self, at: int, now: int) -> Case:
        calls = self._script["calls"]
        call = calls[int(share("call", at) * len(calls))]
        near = [spot for spot in self._spots if spot.kind == call["kind"]] or self._spots
        spot = near[int(share("place", at) * len(near))]
        said = {name: call[name] for name in ("class_code", "source", "title")}
        lon, lat = spot.lon + _aside("lon", at), spot.lat + _aside("lat", at)
        if taker := next((desk for desk in self._desks if desk.takes(call)), None):
            return Case(taker.order(call, lon, lat, spot.name, at), at + ORDER_MS, 1)
        said["place"] = {"lon": lon, "lat": lat, "address": spot.name}
        return self._case(self._desk.report(_actor("operator"), said, now, at), at)

    def _go_on(self, case: Case, now: int) -> Case | None:
        """The case after all that is due; None when it is closed, or when somebody else has taken it in hand."""
        known = case.incident_id
        if known.startswith(PENDING):
            known = next((found for desk in self._desks if (found := desk.incident(case.incident_id))), "")
        if not known:
            return case if now - case.due < PAST_MS else None
        case = case._replace(incident_id=known)
        while case.due <= now:
            try:
                incident = self._desk.mine(_actor("duty_officer"), case.incident_id)
                step = self._script["deeds"].get(incident.spine, {}).get(incident.state)
                if step is None or incident.version != case.version:
                    return None
                actor, said = _actor(step["role"]), step.get("said", {})
                incident = self._desk.act(actor, case.incident_id, step["deed"], said, incident.version, now, case.due)
            except (Changed, Refused, Forbidden, LookupError) as error:
                LOG.info("%s is left to others: %s", case.incident_id, error)
                return None
            case = self._case(incident, case.due)
        return case

    def _case(self, incident: Incident, at: int) -> Case:
        """When the next deed is due: about as long after the last one as the script says."""
        step = self._script["deeds"].get(incident.spine, {}).get(incident.state, {"minutes": 0})
        chance = share(incident.state, at)
        wait = step["minutes"] * MINUTE * (0.5 + chance) * (SLOW if chance < SLOW_SHARE else 1)
        return Case(incident.incident_id, at + round(wait), incident.version)


def _actor(role: str) -> Actor:
    """The demo's account of that role; its name is the role's."""
    return Actor(role, roles=frozenset({role}))


def _aside(axis: str, at: int) -> float:
    """Some tens of metres beside the device, in degrees."""
    return round((share(axis, at) - 0.5) * 0.001, 5)


def _read(file: Path) -> tuple[list[Case], int | None]:
    """An unreadable diary is an empty one: its incidents are then left to others."""
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        return [Case(*one) for one in kept["cases"]], int(kept["next_report"])
    except (OSError, ValueError, KeyError, TypeError):
        return [], None


def _write(file: Path, cases: Sequence[Case], next_report: int) -> None:
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps({"cases": cases, "next_report": next_report}), encoding="utf-8")
    fresh.replace(file)
