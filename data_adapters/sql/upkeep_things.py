"""What is watched of the city's things: gateways by their own word and by silence, cameras by their platform (upkeep_ports.Watched)."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Engine, text

from domain.event_time import to_ms
from domain.freshness import Freshness
from domain.upkeep import DOWN, UNKNOWN, UP
from services.upkeep_ports import Thing

GATEWAYS = text("""SELECT d.device_id, d.name, d.kind, d.region, d.department, d.interval_s, p.online, p.received_at, newest.at
    FROM devices d LEFT JOIN presence p USING (device_id) LEFT JOIN LATERAL (
        SELECT max(r.at) AS at FROM series s CROSS JOIN LATERAL (
            SELECT at FROM readings r WHERE r.device_id = s.device_id AND r.metric = s.metric ORDER BY at DESC LIMIT 1) r
        WHERE s.device_id = d.device_id) newest ON true
    WHERE d.valid_to IS NULL AND d.status = 'adopted' AND d.kind = ANY(:kinds)""")
CAMERAS = text("""SELECT c.camera_id, c.name, c.platform, c.region, c.department, c.status, c.since, p.failing_since, p.reason
    FROM cameras c LEFT JOIN video_platforms p USING (platform) WHERE c.valid_to IS NULL AND c.status <> 'gone'""")


class GatewayThings:
    """Registered devices of some kinds that stand between sensors and the city: down when they said goodbye, or owe their reports."""

    kind = "gateway"

    def __init__(self, engine: Engine, kinds: Sequence[str], freshness: Freshness, blind: Callable[[int], str]) -> None:
        """`blind`: why ingest can hear nobody at a moment; empty when it can."""
        self._engine, self._kinds, self._freshness, self._blind = engine, list(kinds), freshness, blind

    def things(self, now: int) -> Sequence[Thing]:
        blind = self._blind(now)
        with self._engine.connect() as tx:
            return [self._thing(row, blind, now) for row in tx.execute(GATEWAYS, {"kinds": self._kinds})]

    def _thing(self, row: Any, blind: str, now: int) -> Thing:
        state, since, why = (UNKNOWN, None, blind) if blind else self._state(row, now)
        return Thing(row.device_id, row.name, row.kind, state, since, why, row.region, row.department)

    def _state(self, row: Any, now: int) -> tuple[str, int | None, str]:
        if row.online is False:
            return DOWN, to_ms(row.received_at), "offline"
        last = None if row.at is None else to_ms(row.at)
        if last is not None and self._freshness.is_stale(row.interval_s, now - last):
            return DOWN, last + round(row.interval_s * 1000), "silent"
        if row.online or (last is not None and row.interval_s is not None):
            return UP, None, ""
        return UNKNOWN, None, "never" if last is None else "on_change"


class CameraThings:
    """The cameras of the video platforms. While a platform can't be asked nobody knows how its cameras are."""

    kind = "camera"

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def things(self, now: int) -> Sequence[Thing]:
        with self._engine.connect() as tx:
            return [_camera(row) for row in tx.execute(CAMERAS)]


def _camera(row: Any) -> Thing:
    asked = row.failing_since is None
    state = (UP if row.status == "online" else DOWN) if asked else UNKNOWN
    why = ("" if row.status == "online" else "offline") if asked else "platform_away"
    return Thing(row.camera_id, row.name, row.platform, state, to_ms(row.since) if asked else None, why, row.region, row.department)
