"""The picture of the city as one person sees it: a function of (scope, at)."""

import re
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from domain.access import Actor, Forbidden
from domain.incident_states import URGENCIES
from services.beat import Beat
from services.counts import SEVERITIES
from services.fanout import Fanout
from services.live_ports import PastPicture
from services.mirror import Mirror, mirror_of
from services.past_pictures import Changes, PastPictures, changed, drawn
from services.scope import Scope, scope_of

LOAD_WAIT_S = 3.0
CATCH_UP_S = 0.5
RANK = {severity: rank for rank, severity in enumerate(SEVERITIES)}
URGENT = {urgency: rank for rank, urgency in enumerate(URGENCIES)}
SETTLED_MS = 60_000
"""A moment older than this changes no more: what had come by then is stored."""
CURSOR = re.compile(r"(?P<epoch>.+)-(?P<version>\d{1,18})\Z")


class Snapshot(NamedTuple):
    """What an actor sees at `at` (epoch ms). `alarms` are sorted worst first, of one severity those that nobody has
    taken first, then the newest; `counts` maps region -> counts over the actor's departments; `incidents` are the open ones;
    `notes` maps a city-wide section (`ingest`, `feeds`) to its value.
    `sections` maps a section to the version at which it last changed. `epoch` is empty while there is no live picture."""

    epoch: str
    version: int
    at: int
    devices: Mapping[str, Any]
    alarms: list[dict[str, Any]]
    vehicles: Mapping[str, Any]
    counts: Mapping[str, Any]
    notes: Mapping[str, Any]
    sections: Mapping[str, int] = {}
    incidents: Sequence[Mapping[str, Any]] = ()


def cursor_of(text: str | None) -> tuple[str, int] | None:
    """`epoch-version` (an SSE id, a page's cursor) in its two parts; None for anything else."""
    found = CURSOR.match(text or "")
    return (found["epoch"], int(found["version"])) if found else None


class Picture:
    """Snapshots of the live picture, and of the past."""

    def __init__(self, fanout: Fanout, past: PastPicture) -> None:
        self._fanout, self._beat = fanout, Beat()
        self._pasts = PastPictures(lambda at: mirror_of(past.records(at), at, fanout.freshness))

    def snapshot(self, actor: Actor, at: int | None = None, cursor: str | None = None) -> Snapshot:
        """The picture now, or at a past moment. With a page's `cursor` it waits shortly until this process has come as far as
        the screen that asks. Raises Forbidden for an actor who may not see the picture."""
        if not actor.may("see_picture"):
            raise Forbidden("see_picture: no role of yours has this right")
        scope = scope_of(actor)
        now = int(time.time() * 1000)
        if at is not None and at < now:
            return _kept(self._pasts.of(at, settled=at < now - SETTLED_MS), scope)
        if self._fanout.wait_loaded(LOAD_WAIT_S) and (wanted := cursor_of(cursor)):
            self._fanout.wait_loaded(CATCH_UP_S, *wanted)
        with self._fanout.news:
            mirror = self._fanout.mirror
            return _snapshot(mirror, scope) if mirror else Snapshot("", 0, now, {}, [], {}, {}, {}, {})

    def changes(self, actor: Actor, at: int, since: int | None = None) -> Changes:
        """What a map draws at a past moment: what is another than at `since` where that picture is still here, else all of it.
        Raises Forbidden."""
        after = _drawn(self.snapshot(actor, at))
        held = self._pasts.held(since) if since is not None else None
        moved = changed(_drawn(_kept(held, scope_of(actor))), after) if held else None
        return Changes(at, None, after) if moved is None else Changes(at, since, moved)

    def cursor(self, sections: Iterable[str]) -> str:
        """`epoch-version` at which one of these sections last changed: the key under which a rendered panel may be shared.
        Sections that change all the time count by services/beat.py."""
        with self._fanout.news:
            mirror = self._fanout.mirror
            if mirror is None:
                return "-0"
            versions = self._beat.versions(mirror.epoch, mirror.sections)
            return f"{mirror.epoch}-{max((versions.get(name, 0) for name in sections), default=0)}"

    def moment(self) -> tuple[str, int]:
        """Epoch and time (epoch ms) of the picture now; an empty epoch while there is none."""
        mirror = self._fanout.wait_loaded(LOAD_WAIT_S)
        return (mirror.epoch, mirror.at) if mirror else ("", int(time.time() * 1000))


def _kept(past: Mirror, scope: Scope) -> Snapshot:
    """The snapshot of a past mirror, which never changes: made once for a scope."""
    held: Snapshot | None = past.kept.get(scope)
    if held is None:
        held = past.kept[scope] = _snapshot(past, scope)
    return held


def urgency(alarm: Mapping[str, Any]) -> tuple[bool, int, bool, int, str]:
    """What an alarm's place in a list goes by: what nobody has taken must not sink below what somebody works on."""
    taken = alarm["acknowledged_at"] is not None
    return alarm["state"] != "active", RANK[alarm["severity"]], taken, -alarm["raised_at"], alarm["alarm_id"]


def _snapshot(mirror: Mirror, scope: Scope) -> Snapshot:
    devices: dict[str, dict[str, Any]] = {
        key: {"region": region, "department": department, "kind": about[0], "interval_s": about[1], "online": None, "values": {}}
        for region, department, key, about in mirror.entries(scope, "_about")
    }
    for section, name in (("status", "online"), ("values", "values")):
        for _, _, key, value in mirror.entries(scope, section):
            if key in devices:
                devices[key][name] = value
    alarms = [alarm for _, _, _, alarm in mirror.entries(scope, "alarms")]
    alarms.sort(key=urgency)
    vehicles = {
        key: {"region": region, "department": department, **value} for region, department, key, value in mirror.entries(scope, "vehicles")
    }
    return Snapshot(
        mirror.epoch,
        mirror.version,
        mirror.at,
        devices,
        alarms,
        vehicles,
        mirror.counts_for(scope),
        dict(mirror.notes),
        dict(mirror.sections),
        _incidents(mirror, scope),
    )


def _drawn(seen: Snapshot) -> dict[str, Any]:
    return drawn(seen.devices, seen.alarms, seen.vehicles, seen.incidents, seen.counts)


def _incidents(mirror: Mirror, scope: Scope) -> list[Mapping[str, Any]]:
    """Open incidents, each once, the most urgent first, of one urgency the oldest first."""
    found = {one["incident_id"]: one for _, _, _, one in mirror.entries(scope, "incidents")}
    return sorted(found.values(), key=lambda one: (URGENT.get(one["urgency"], 9), one["reported_at"], one["incident_id"]))
