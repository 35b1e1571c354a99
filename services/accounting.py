"""What a batch holds, and what became of its messages once the store has said which of their values were new."""

from collections.abc import Iterable, Sequence
from itertools import chain

from domain.messages import Event, Position, Presence, Reading, Rejected
from services.ports import Batch, Delivery, Feed, FeedEvent, Refused, Stored


def sort_in(batch: Batch, feed: str, output: Reading | Position | Presence | Event) -> None:
    """Put what the feed made of a message where it belongs."""
    if isinstance(output, Reading):
        batch.readings.append(output)
    elif isinstance(output, Position):
        batch.positions.append(output)
    elif isinstance(output, Presence):
        batch.presences.append(output)
    else:
        batch.events.append(FeedEvent(feed, output))


def to_keep(delivery: Delivery, feed: Feed | None) -> Delivery:
    """The delivery as it may be kept among the rejected: without its payload where the feed declares `keeps_raw = False`, for what
    comes there may hold what nobody may keep (a face)."""
    if getattr(feed, "keeps_raw", True):
        return delivery
    return delivery._replace(message=delivery.message._replace(payload=b""))


def for_the_picture(batch: Batch, stored: Stored) -> tuple[Iterable[Reading], Sequence[Position]]:
    """What the live picture takes of a batch. Rows already stored refresh it too, but not the second delivery of a device whose clock is
    dead: that is stored at the time of its first receipt, and comes with another one."""
    again = {id(position) for position in stored.known_positions if position.source_at is not None}
    positions = [position for position in batch.positions if id(position) not in again] if again else batch.positions
    return chain(stored.new, (reading for reading in stored.duplicates if reading.source_at is None)), positions


def new_positions(batch: Batch, stored: Stored) -> Sequence[Position]:
    """The positions that were not known before."""
    known = {id(position) for position in stored.known_positions}
    return [position for position in batch.positions if id(position) not in known] if known else batch.positions


def refuse_conflicts(batch: Batch, stored: Stored) -> None:
    """A message that brought a second value for a key is kept as it came, once, and says for which metrics."""
    these = {id(reading) for reading in stored.conflicts}
    for feed, message, outputs in batch.brought if these else ():
        metrics = [output.metric for output in outputs if isinstance(output, Reading) and id(output) in these]
        if metrics:
            detail = f"another value is already stored for this device and time: {', '.join(metrics[:20])}"
            batch.refused.append(Refused(feed, message, "conflict", detail))
    others = {id(event) for event in stored.event_conflicts}
    for feed, message, outputs in batch.brought if others else ():
        ids = [output.event_id for output in outputs if isinstance(output, Event) and id(output) in others]
        if ids:
            detail = f"another statement is already stored under this id: {', '.join(ids[:20])}"
            batch.refused.append(Refused(feed, message, "conflict", detail))


def count_repeated(batch: Batch, stored: Stored) -> None:
    """A message that brought nothing new counts as duplicate, or as rejected when it contradicted what is stored."""
    known = {id(output) for output in chain(stored.duplicates, stored.known_positions, stored.known_events)}
    nothing_new = known | {id(output) for output in chain(stored.conflicts, stored.event_conflicts)}
    for feed, _, outputs in batch.brought if nothing_new else ():
        kept = {id(output) for output in outputs if not isinstance(output, Rejected)}
        if kept and kept <= nothing_new:
            outcome = "duplicate" if kept <= known else "rejected"
            batch.counts[feed, "stored"] -= 1
            batch.counts[feed, outcome] = batch.counts.get((feed, outcome), 0) + 1
