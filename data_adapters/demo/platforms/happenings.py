"""What happens now and then to a platform's devices, on some days once: the same for the same device and day."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from data_adapters.demo.chance import share
from data_adapters.demo.day import SHANGHAI_MS
from data_adapters.demo.play import DAY_MS


class Happening(NamedTuple):
    """`of_days`: on so many of its days a device has it; it lasts `lasts_ms`. Days are Shanghai's."""

    name: str
    of_days: float
    lasts_ms: int

    def stretch(self, device: str, day: int) -> tuple[int, int] | None:
        """From when to when it happens on this day (counted from 1970), epoch ms; None on the others."""
        return _stretch(self, device, day)

    def holds(self, device: str, at: int) -> bool:
        """Whether it happens at this moment."""
        stretch = self.stretch(device, day_of(at))
        return stretch is not None and stretch[0] <= at < stretch[1]

    def turns(self, device: str, since: int, until: int) -> Iterator[int]:
        """When it begins and ends, after `since` and up to `until`."""
        for day in range(day_of(since), day_of(until) + 1):
            yield from (at for at in self.stretch(device, day) or () if since < at <= until)


def day_of(at: int) -> int:
    """The day of Shanghai that a moment is in, counted from 1970."""
    return (at + SHANGHAI_MS) // DAY_MS


@cache
def _stretch(what: Happening, device: str, day: int) -> tuple[int, int] | None:
    if share(device, what.name, day) >= what.of_days:
        return None
    begin = day * DAY_MS - SHANGHAI_MS + int(share(device, what.name, day, "at") * (DAY_MS - what.lasts_ms))
    return begin, begin + what.lasts_ms
