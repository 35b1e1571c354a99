"""An operator of car parks with JSON of its own, as most have: the feed's entry in config/demo/feeds.yaml alone says what means what.

Every five minutes each car park says how many spaces are free, in local time without an offset; its barrier's controller now and then knows
the number of free spaces no more and says -1.
"""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from data_adapters.city_pack.contents import Pack
from data_adapters.demo.chance import share
from data_adapters.demo.day import Sensor, values
from data_adapters.demo.platforms.cast import Due, moments, own_devices
from data_adapters.demo.play import Message

FEED = "car_parks"
EVERY_MS = 300_000
LOCAL = ZoneInfo("Asia/Shanghai")
UNKNOWN, UNKNOWN_SHARE = -1, 0.01


class CarParks:
    """The operator's car parks; its names of them are their ids."""

    def __init__(self, pack: Pack) -> None:
        placed = [one for one in own_devices(pack, FEED) if one.lon is not None and one.lat is not None]
        self._parks = [Sensor(one.device_id, one.kind, one.lon or 0.0, one.lat or 0.0, one.interval_s) for one in placed]

    def said(self, since: int, until: int) -> Iterator[Due]:
        """The state of each."""
        for park in self._parks:
            for at in moments(since, until, EVERY_MS, int(share(park.device_id, "phase") * EVERY_MS)):
                yield Due(at, _status(park, at))

    def standing(self, now: int) -> tuple[Message, ...]:
        """Nothing: it says all of it every time."""
        return ()


def _status(park: Sensor, at: int) -> Message:
    measured = values(park, at)
    free = UNKNOWN if share(park.device_id, at, "lost") < UNKNOWN_SHARE else measured["free"]
    body = {"lot": park.device_id, "reported": f"{datetime.fromtimestamp(at / 1000, LOCAL):%Y-%m-%d %H:%M:%S}"}
    return Message(f"carpark/{park.device_id}/status", {**body, "spaces": {"all": measured["total"], "left": free}, "barrier": "OK"})
