"""A web worker's own copy of the live picture: loaded once, kept up to date by the frames, read by everyone in the process.

Values inside are never changed in place, only replaced, so a reader may keep what it was given.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from domain.freshness import Freshness
from domain.registry import Region
from services.counts import Counts, fields_of, shown
from services.live_ports import LiveFrame, PastRecords
from services.scope import Scope, split_piece

KEYED = frozenset({"_about", "status", "values", "alarms", "vehicles", "incidents"})
"""Sections that map a key to a value; the others are city-wide notes. `_about` (kind, interval_s) never reaches a screen."""


def dumps(value: Any) -> str:
    """JSON without spaces, Chinese as it is."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class Mirror:
    """The picture of one epoch. `sections` holds the version at which each section last changed; `kept` what readers of a mirror that
    changes no more have made of it."""

    def __init__(self, frame: LiveFrame, tree: dict[str, Region], freshness: Freshness) -> None:
        self._freshness = freshness
        self.epoch, self.version, self.at = frame.epoch, frame.version, frame.at
        self.counts = Counts(tree)
        self.pieces: dict[str, dict[str, Any]] = {}
        self.notes: dict[str, Any] = {}
        self.sections: dict[str, int] = {}
        self._texts: dict[str, str] = {}
        self._visible: dict[Scope, dict[str, bool]] = {}
        self._covered: dict[Scope, dict[str, bool]] = {}
        self._about: dict[str, tuple[str, Any]] = {}
        self._newest: dict[str, int] = {}
        self._says: dict[str, bool] = {}
        self._stale: dict[str, str] = {}
        self._online: dict[str, str] = {}
        self._judging = True
        self.kept: dict[Scope, Any] = {}
        self.apply(frame)

    @property
    def tree(self) -> dict[str, Region]:
        """The regions as they are now."""
        return self.counts.tree

    def apply(self, frame: LiveFrame) -> None:
        """Take a frame. The caller has made sure that it is the next one."""
        self.version, self.at = frame.version, frame.at
        self._take({name: json.loads(text) for name, text in frame.pieces.items()})

    def fill(self, pieces: Mapping[str, Mapping[str, Any]]) -> None:
        """Take the whole picture at once into an empty mirror; the devices are judged when all of it is there."""
        self._judging = False
        self._take(pieces)
        self._judging = True
        self.judge_stale(self.at)
        self.settle()

    def _take(self, pieces: Mapping[str, Any]) -> None:
        for name, value in pieces.items():
            _, _, section = split_piece(name)
            self.sections[section] = self.version
            if section not in KEYED:
                self.notes[section] = value
            else:
                self._apply_piece(name, value)
        if self.counts.changed:
            self.sections["counts"] = self.version

    def _apply_piece(self, name: str, changes: Mapping[str, Any]) -> None:
        region, department, section = split_piece(name)
        entries = self.pieces.setdefault(name, {})
        self._texts.pop(name, None)
        for key, value in changes.items():
            if key in entries:
                self.counts.add(region, department, fields_of(section, entries.pop(key)), -1)
                if value is None:
                    self._forget(section, key, name)
            if value is not None:
                entries[key] = value
                self.counts.add(region, department, fields_of(section, value), 1)
                self._remember(section, key, name, value)
        if not entries:
            del self.pieces[name]

    def _remember(self, section: str, key: str, name: str, value: Any) -> None:
        if section == "_about":
            self._about[key] = (name.rpartition("|")[0], value)
        elif section == "values":
            self._newest[key] = max((reading[0] for reading in value.values()), default=0)
        elif section == "vehicles":
            self._newest[key] = max(self._newest.get(key, 0), value.get("at", 0))
        elif section == "status":
            self._says[key] = value
        if self._judging and key in self._about:
            self._judge(key, self.at)

    def _forget(self, section: str, key: str, name: str) -> None:
        place = name.rpartition("|")[0]
        if section == "status":
            self._says.pop(key, None)
        if section == "_about" and self._about.get(key, ("",))[0] == place:
            del self._about[key]
            self._newest.pop(key, None)
            self._count("stale", self._stale, key, None)
            self._count("online", self._online, key, None)

    def settle(self) -> None:
        """What changed in the counts has been told to everyone."""
        self.counts.changed.clear()

    def judge_stale(self, now: int) -> None:
        """Count the devices that are stale, and those that are online, as time passes; looks at every device."""
        for key in self._about:
            self._judge(key, now)

    def _judge(self, key: str, now: int) -> None:
        """Stale: the newest value is older than it may get. Online: it spoke in time, or says so itself, and does not say offline."""
        place, (_, interval_s) = self._about[key]
        newest, says = self._newest.get(key, 0), self._says.get(key)
        late = self._freshness.is_stale(interval_s, now - newest)
        here = not late and (says is True or (says is None and newest > 0))
        self._count("stale", self._stale, key, place if late else None)
        self._count("online", self._online, key, place if here else None)

    def _count(self, field: str, counted: dict[str, str], key: str, place: str | None) -> None:
        before = counted.get(key)
        if before == place:
            return
        for where, n in ((before, -1), (place, 1)):
            if where is not None:
                region, _, department = where.partition("|")
                self.counts.add(region, department, (field,), n)
        if place is None:
            del counted[key]
        else:
            counted[key] = place

    def plant(self, tree: dict[str, Region]) -> None:
        """Take another region tree."""
        if tree != self.tree:
            self.counts.plant(tree)
            self._visible.clear()
            self._covered.clear()

    def sees(self, scope: Scope, name: str) -> bool:
        """Whether a piece is in the scope. City-wide notes are everybody's; sections with `_` are nobody's."""
        known = self._visible.setdefault(scope, {})
        if name not in known:
            region, department, section = split_piece(name)
            known[name] = section != "_about" and (section not in KEYED or scope.covers(region, department, self.tree))
        return known[name]

    def counts_for(self, scope: Scope, changed_only: bool = False) -> dict[str, dict[str, Any]]:
        """Region -> counts, of the regions in the scope and over its departments."""
        totals = self.counts.of(scope.departments)
        codes = self.counts.changed if changed_only else totals.keys()
        return {code: shown(totals[code]) for code in codes if code in totals and scope.covers_region(code, self.tree)}

    def snapshot(self, scope: Scope) -> dict[str, str]:
        """Piece -> JSON text of everything in the scope."""
        texts = {name: self._text(name) for name in self.pieces if self.sees(scope, name)}
        texts.update({f"||{section}": dumps(value) for section, value in self.notes.items()})
        texts.update({f"{code}||counts": dumps(numbers) for code, numbers in self.counts_for(scope).items()})
        return texts

    def _text(self, name: str) -> str:
        if name not in self._texts:
            self._texts[name] = dumps(self.pieces[name])
        return self._texts[name]

    def entries(self, scope: Scope, section: str) -> Iterator[tuple[str, str, str, Any]]:
        """(region, department, key, value) of one section in the scope; `_about` too, for readers in this process."""
        covered, ending = self._covered.setdefault(scope, {}), f"|{section}"
        for name, entries in self.pieces.items():
            if not name.endswith(ending):
                continue
            region, department, _ = split_piece(name)
            if name not in covered:
                covered[name] = scope.covers(region, department, self.tree)
            if covered[name]:
                for key, value in entries.items():
                    yield region, department, key, value


def mirror_of(records: PastRecords, at: int, freshness: Freshness) -> Mirror:
    """A mirror of the picture at a past moment."""
    pieces: dict[str, dict[str, Any]] = {}

    def put(record: Mapping[str, Any], section: str, key: str, value: Any) -> None:
        pieces.setdefault(f"{record['region']}|{record['department']}|{section}", {})[key] = value

    for key, device in records.devices.items():
        put(device, "_about", key, [device["kind"], device.get("interval_s")])
        if device["online"] is not None:
            put(device, "status", key, device["online"])
        put(device, "values", key, device["values"])
    for key, alarm in records.alarms.items():
        put(alarm, "alarms", key, alarm)
    for key, vehicle in records.vehicles.items():
        put(vehicle, "vehicles", key, {name: value for name, value in vehicle.items() if name not in ("region", "department")})
    for key, incident in records.incidents.items():
        put({"region": incident["region"], "department": key.partition("@")[2] or incident["lead"]}, "incidents", key, incident)
    mirror = Mirror(LiveFrame(f"past-{at}", 0, at, {}), dict(records.regions), freshness)
    mirror.fill(pieces)
    mirror.notes.update(records.notes)
    return mirror
