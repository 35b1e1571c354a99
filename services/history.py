"""The past of a device and of a region. Trends read roll-ups; the readings themselves only for a day of one device."""

from domain.access import Actor, Forbidden
from domain.registry import Region, ancestors
from services.register import Register
from services.register_ports import HistoryStore, Point

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
RAW_SPAN = DAY
RAW_AT_MOST = 20_000
"""A device with more readings in a day than this is read from its minutes."""
MINUTES_SPAN = {"device": 7 * DAY, "region": 3 * HOUR}
"""Up to this span a trend has a point a minute, beyond it a point an hour."""


class History:
    """Every read takes an Actor; what lies outside the scope is Forbidden."""

    def __init__(self, store: HistoryStore, register: Register) -> None:
        self._store = store
        self._register = register

    def device(self, actor: Actor, device_id: str, metric: str, since: int, until: int, at: int | None = None) -> list[Point]:
        """A metric of a device for since <= time < until (epoch ms), oldest first.

        With `at`, only what had happened by then; within a day also only what had been received by then (roll-ups don't keep
        when a reading came). Raises Forbidden for a device outside the scope or an unknown one.
        """
        if self._register.device(actor, device_id, at) is None:
            raise Forbidden("the device lies outside your scope")
        until = until if at is None else min(until, at + 1)
        if until - since <= RAW_SPAN:
            points = self._store.raw(device_id, metric, since, until, at, RAW_AT_MOST + 1)
            if len(points) <= RAW_AT_MOST:
                return points
        return self._store.rolled(_grain("device", since, until), device_id, metric, since, until)

    def region_trend(
        self, actor: Actor, region: str, metric: str, since: int, until: int, at: int | None = None, grain: str = ""
    ) -> list[Point]:
        """A metric over the devices of a region and all below it, as far as the actor sees them: the mean of the devices' means.

        `grain`: 1m or 1h, else as the span needs it. Of a past moment the hour that was going on then is as far as it had come.
        Raises Forbidden when nothing of the region lies in the actor's scope.
        """
        regions = self._register.regions(at)
        if not _touches(actor, region, regions):
            raise Forbidden("the region lies outside your scope")
        until = until if at is None else min(until, at + 1)
        devices = [device.device_id for device in self._register.devices(actor, at) if region in ancestors(device.region, regions)]
        if not devices:
            return []
        grain = grain or _grain("region", since, until)
        if at is None or grain == "1m":
            return self._store.rolled_over(grain, devices, metric, since, until)
        hour = until // HOUR * HOUR
        over = self._store.rolled_over(grain, devices, metric, since, hour) if since < hour else []
        return [*over, *(self._store.hour_so_far(devices, metric, hour, until) if hour < until else [])]


def _grain(what: str, since: int, until: int) -> str:
    return "1m" if until - since <= MINUTES_SPAN[what] else "1h"


def _touches(actor: Actor, region: str, regions: dict[str, Region]) -> bool:
    """Whether the region, or a part of it, lies in the actor's scope."""
    if not actor.may("see_picture"):
        return False
    if not actor.regions or actor.regions.intersection(ancestors(region, regions)):
        return True
    return any(region in ancestors(code, regions) for code in actor.regions)
