"""Counts what each feed brought in a batch (domain/feed_tally.py), once the store has said what of it was new. Runs for every message."""

from collections.abc import Mapping
from itertools import chain

from domain.feed_tally import Tally
from domain.messages import Presence, Quality, Rejected
from domain.registry import Device
from services.ports import Batch, Stored

UNTIMED = frozenset({Rejected, Presence})


def tally(batch: Batch, stored: Stored, devices: Mapping[str, Device]) -> None:
    """Fill `batch.tallies`. What was stored before (delivered twice) is not counted again. `devices`: the registered ones.

    A statement whose source tells no time at all (its `source_at` is empty) has no clock that could be wrong."""
    known = {
        id(one) for one in chain(stored.duplicates, stored.conflicts, stored.known_positions, stored.known_events, stored.event_conflicts)
    }
    for feed, message, outputs in batch.brought:
        held = batch.tallies.get(feed)
        if held is None:
            held = batch.tallies[feed] = Tally()
        pairs = {}
        for output in outputs:
            if type(output) not in UNTIMED and (not known or id(output) not in known):
                pairs[output.device_id, output.at] = output  # type: ignore[union-attr]
        for (device_id, at), output in pairs.items():
            held.reports += 1
            held.late(message.received_at - at)
            if output.source_at or getattr(output, "quality", Quality.GOOD) is Quality.SUSPECT:  # type: ignore[union-attr]
                held.suspect += 1
            if device_id is not None:
                held.devices.add(device_id)
                device = devices.get(device_id)
                held.due += device is not None and device.interval_s is not None
