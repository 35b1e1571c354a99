"""Cameras for those who look: one, many, their tree, those near a place, each actor in their own scope, now or at a past moment."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain.access import Actor
from domain.cameras import Camera, Seen, nearest
from domain.registry import Region, ancestors
from services.camera_ports import Asked, CameraStore, Node, PlatformState, Scope
from services.register import Register

MOST = 500
"""Rows of one answer."""
ON_MAP = 20_000
"""More than a map can show; a larger city's wall sees those of its scope."""
Json = dict[str, Any]


class Cameras:
    """Reads take an Actor and `at` (epoch ms, None for now). Who may not see the picture sees no camera."""

    def __init__(self, store: CameraStore, register: Register) -> None:
        self._store, self._register = store, register

    def one(self, actor: Actor, camera_id: str, at: int | None = None) -> Camera | None:
        """One camera; None outside the actor's scope as if it didn't exist."""
        found = self._store.one(camera_id, at)
        return found if found and actor.sees(found.region, found.department, self._register.regions(at)) else None

    def search(self, actor: Actor, asked: Asked, at: int | None = None) -> list[Camera]:
        """Those that fit, by name, at most MOST."""
        scope = self._scope(actor, at)
        return [] if scope is None else self._store.search(scope, asked._replace(most=max(1, min(asked.most, MOST))), at)

    def of_devices(self, actor: Actor, device_ids: Sequence[str]) -> dict[str, Camera]:
        """Device -> its camera, of those devices of the register that are one, now."""
        scope = self._scope(actor, None)
        found = [] if scope is None or not device_ids else self._store.of_devices(scope, device_ids)
        return {camera.device_id: camera for camera in found if camera.device_id is not None}

    def nodes(self, actor: Actor, platform: str = "", path: Sequence[str] = ()) -> list[Node]:
        """The groups right below a path of a platform's tree; the platforms where none is named. The tree is that of now."""
        scope = self._scope(actor, None)
        return [] if scope is None else self._store.nodes(scope, platform, path)

    def near(self, actor: Actor, lon: float, lat: float, metres: float, at: int) -> list[Seen]:
        """Those around a place, the ones most likely to show it first; moving ones by where they are."""
        scope = self._scope(actor, at)
        return [] if scope is None else nearest(self._store.near(scope, lon, lat, metres, at), lon, lat, metres)

    def on_map(self, actor: Actor) -> Json:
        """Fixed cameras as a GeoJSON FeatureCollection; feature ids are in the property `id`."""
        scope = self._scope(actor, None)
        found = [] if scope is None else self._store.on_map(scope, ON_MAP)
        return {"type": "FeatureCollection", "features": [_feature(camera) for camera in found]}

    def platforms(self, actor: Actor) -> list[PlatformState]:
        """How the platforms are doing, of which the actor sees a camera or everything."""
        states = self._store.platforms() if actor.may("see_picture") else []
        if not actor.regions and not actor.departments:
            return states
        seen = {node.name for node in self.nodes(actor)}
        return [state for state in states if state.platform in seen]

    def rate(self, actor: Actor, camera_id: str, since: int, until: int) -> float | None:
        """The share of a time in which a camera was online, 0 to 1. Raises LookupError outside the actor's scope."""
        if self.one(actor, camera_id) is None:
            raise LookupError(camera_id)
        return self._store.rate(camera_id, since, until)

    def for_wall(self, actor: Actor, most: int) -> list[Camera]:
        """Those online in scope whose picture may be shown on a wall."""
        scope = self._scope(actor, None)
        return [] if scope is None else self._store.for_wall(scope, most)

    def _scope(self, actor: Actor, at: int | None) -> Scope | None:
        if not actor.may("see_picture"):
            return None
        regions = _below(actor.regions, self._register.regions(at)) if actor.regions else None
        return Scope(regions, sorted(actor.departments) or None)


def _below(codes: frozenset[str], regions: Mapping[str, Region]) -> list[str]:
    """These regions and all below them."""
    known = dict(regions)
    return sorted(code for code in known if codes.intersection(ancestors(code, known)))


def _feature(camera: Camera) -> Json:
    properties = {
        "id": camera.camera_id,
        "name": camera.name,
        "status": camera.status,
        "ptz": camera.ptz,
        "direction": camera.direction,
        "region": camera.region,
        "device_id": camera.device_id,
    }
    point = {"type": "Point", "coordinates": [camera.lon, camera.lat]}
    return {"type": "Feature", "properties": properties, "geometry": point}
