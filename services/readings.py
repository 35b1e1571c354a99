"""What happens when messages arrive: parsed, stored in one transaction, judged, shown, and only then acknowledged (DESIGN §3).

Everything comes this way: what the broker delivers, what web hooks and people left in the inbox, the ticks of jobs.py.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

from domain.events import checked
from domain.messages import Event, Memory, Output, Position, Reading, Rejected, Reply
from domain.registry import Device
from services.accounting import count_repeated, for_the_picture, new_positions, refuse_conflicts, sort_in, to_keep
from services.alarm_picture import shown
from services.alarm_store import Deed
from services.internal import INTERNAL, InternalMessage, parse_internal
from services.live_state import LiveState
from services.ownership import Ownership
from services.ports import (
    AlarmRecord,
    Batch,
    BatchStore,
    Brought,
    Clock,
    Delivery,
    Feed,
    LivePicture,
    Refused,
    Stored,
    StoreRefused,
    StoreUnavailable,
)
from services.tallying import tally

log = logging.getLogger("citydeck.ingest")
PAUSES_S = (0.05, 0.2, 0.5, 1.0, 2.0)


class Evaluator(Protocol):
    """The alarm rules at work (services/alarms.py)."""

    def evaluate(
        self,
        tx: Any,
        new: Sequence[Reading],
        devices: Mapping[str, Device],
        now: int,
        positions: Sequence[Position],
        events: Sequence[Event],
    ) -> list[AlarmRecord]: ...
    def tick(self, tx: Any, judged_at: int, devices: Mapping[str, Device], now: int) -> list[AlarmRecord]: ...
    def decide(self, tx: Any, deed: Deed, now: int) -> AlarmRecord | None: ...
    def with_series(self, tx: Any, changed: Sequence[AlarmRecord]) -> list[AlarmRecord]: ...
    def hear_nothing(self, start: int, end: int) -> None: ...
    def forget(self) -> None: ...


class Picture(Protocol):
    """Everything the live picture must show, read from the facts (data_adapters/sql/live_source.py)."""

    def devices(self) -> dict[str, Device]: ...
    def changed(self) -> bool: ...
    def keys(self) -> Mapping[str, int]: ...
    def fill(self, state: LiveState) -> None: ...
    def alarms(self, cleared_since: int) -> dict[str, Any]: ...


class Ingest:
    """One ingest worker. Call `start` once, then `handle` for every batch and `beat` when there is none."""

    def __init__(
        self,
        feeds: Mapping[str, Feed],
        store: BatchStore,
        evaluator: Evaluator,
        live: LivePicture,
        source: Picture,
        clock: Clock,
        cleared_shown_ms: int,
        worker: int = 0,
        workers: int = 1,
        new_epoch: Callable[[], str] = lambda: f"{time.time_ns() // 1_000_000:x}",
        live_errors: tuple[type[Exception], ...] = (),
        hash_of: Callable[[str], int] = lambda _: 0,
        say: Callable[[Reply], None] = lambda _: None,
    ) -> None:
        """`cleared_shown_ms`: a cleared alarm that nobody acknowledged stays on the picture for so long."""
        self._feeds, self._store, self._evaluator = feeds, store, evaluator
        self._live, self._source, self._clock = live, source, clock
        self._worker, self._owners = worker, Ownership(worker, workers, feeds, hash_of)
        self._mine = self._owners.mine
        self._shown_ms = cleared_shown_ms
        self._new_epoch, self._live_errors, self._say = new_epoch, live_errors, say
        self._state = LiveState()
        self._devices: dict[str, Device] = {}
        self._every: dict[str, Device] = {}
        self._epoch = ""
        self._lost = False

    def start(self) -> None:
        """Build the whole picture from the facts under a new epoch, and remember our own part. Raises what the store raises."""
        every = self._every = self._source.devices()
        if self._owners.is_shared and self._owners.learn(self._source.keys()):
            self._evaluator.forget()
        whole = LiveState()
        whole.place(every)
        self._source.fill(whole)
        self._devices = {device_id: device for device_id, device in every.items() if self._mine(device_id)}
        self._state = whole.part(self._mine)
        self._epoch = self._new_epoch()
        try:
            self._live.rebuild(self._epoch, whole.devices, self._source.alarms(self._clock() - self._shown_ms), whole.vehicles)
        except self._live_errors as error:
            self._lose(error)
            return
        if self._lost:
            log.info("the live store is back, the picture was rebuilt under epoch %s", self._epoch)
        self._lost = False

    def _take_over(self, device_ids: Iterable[str]) -> None:
        """Judge and show these too; all workers read who owns them with the register's next change, which this is."""
        self._devices |= {device_id: self._every[device_id] for device_id in device_ids if device_id in self._every}
        self._state.place(self._devices)

    def _lose(self, error: Exception) -> None:
        if not self._lost:
            log.warning("the live store cannot be reached, messages are stored and the picture will be rebuilt: %s", error)
        self._lost = True

    def refresh_register(self) -> None:
        """Take up changes of the register: adopted, moved and removed devices."""
        if not self._source.changed():
            return
        self.start()

    def hear_nothing(self, start: int, end: int) -> None:
        """Between these moments nothing could reach this worker: nobody is called silent for that."""
        self._evaluator.hear_nothing(start, end)

    def handle(self, deliveries: Sequence[Delivery]) -> None:
        """Store and show a batch. When this returns every one of `deliveries` may be acknowledged."""
        for batch, stored, alarms in self._stored(deliveries):
            for reply in batch.replies:
                self._say(reply)
            devices, vehicles = self._state.apply(*for_the_picture(batch, stored), batch.presences)
            self._show(devices, {a.alarm_id: shown(a, batch.now - self._shown_ms) for a in alarms}, vehicles)

    def _stored(self, deliveries: Sequence[Delivery]) -> list[tuple[Batch, Stored, list[AlarmRecord]]]:
        """Store `deliveries` in one transaction; where the database refuses the data, in halves, so that one never stops the others."""
        try:
            return [self._patiently(deliveries)]
        except StoreRefused as error:
            if len(deliveries) > 1:
                middle = len(deliveries) // 2
                return self._stored(deliveries[:middle]) + self._stored(deliveries[middle:])
            log.error("the database refused a message of feed %s: %s", deliveries[0].feed, error)
            return [self._patiently(deliveries, refuse=str(error))]

    def _patiently(self, deliveries: Sequence[Delivery], refuse: str = "") -> tuple[Batch, Stored, list[AlarmRecord]]:
        """Try until the database can be reached: the messages stay ours, nothing is lost by waiting."""
        for attempt in range(1_000_000_000):
            try:
                return self._once(deliveries, refuse)
            except StoreUnavailable as error:
                self._evaluator.forget()
                pause = PAUSES_S[min(attempt, len(PAUSES_S) - 1)]
                log.log(logging.INFO if attempt == 0 else logging.WARNING, "batch not stored, trying again in %.2f s: %s", pause, error)
                time.sleep(pause)
            except BaseException:
                self._evaluator.forget()
                raise
        raise StoreUnavailable("gave up")

    def _once(self, deliveries: Sequence[Delivery], refuse: str) -> tuple[Batch, Stored, list[AlarmRecord]]:
        now = self._clock()
        batch, internal = self._parse(deliveries, now, refuse)
        with self._store.transaction() as tx:
            stored = self._store.save_readings(tx, batch)
            if batch.claims:
                self._take_over(self._store.claim(tx, batch))
            moved = new_positions(batch, stored)
            judged = stored.new, self._devices, now, moved, stored.new_events
            alarms = self._evaluator.evaluate(tx, *judged) if stored.new or moved or stored.new_events else []
            for message in internal:
                alarms += self._obey(tx, message, now)
            if alarms:
                alarms = self._evaluator.with_series(tx, alarms)
            refuse_conflicts(batch, stored)
            count_repeated(batch, stored)
            tally(batch, stored, self._devices)
            self._store.save_rest(tx, batch)
        return batch, stored, alarms

    def _parse(self, deliveries: Sequence[Delivery], now: int, refuse: str) -> tuple[Batch, list[InternalMessage]]:
        batch, outcome = Batch(self._worker, now), Counter[tuple[str, str]]()
        internal: list[InternalMessage] = []
        for delivery in deliveries:
            if delivery.inbox_id is not None:
                batch.inbox_ids.append(delivery.inbox_id)
            if refuse:
                outputs: list[Output] = [Rejected("store_refused", refuse[:500])]
            elif delivery.feed in INTERNAL:
                outputs = self._listen(delivery, internal)
            else:
                outputs = self._outputs(delivery, batch)
            if delivery.feed in INTERNAL and not outputs:
                continue
            delivery = to_keep(delivery, self._feeds.get(delivery.feed))
            if self._owners.is_shared:
                batch.claims |= self._owners.claims(delivery, outputs)
            outcome[delivery.feed, self._sort(delivery, outputs, batch)] += 1
            batch.brought.append(Brought(delivery.feed, delivery.message, outputs))
        batch.counts.update(outcome)
        return batch, internal

    def _listen(self, delivery: Delivery, internal: list[InternalMessage]) -> list[Output]:
        try:
            internal.append(parse_internal(delivery.feed, delivery.message))
        except (ValueError, KeyError, TypeError) as error:
            return [Rejected("bad_command", repr(error)[:200])]
        return []

    def _outputs(self, delivery: Delivery, batch: Batch) -> list[Output]:
        feed = self._feeds.get(delivery.feed)
        if feed is None:
            return [Rejected("unknown_feed", f"no feed is called {delivery.feed!r}")]
        key: tuple[str, str] = (feed.name, "")
        memory: Memory = {}
        if feed.remembers:
            key = (feed.name, feed.partition_key(delivery.message.topic))
            memory = batch.memories.get(key) or self._store.load_memory(*key)
        try:
            made, after = feed.parse(delivery.message, memory)
        except Exception as error:
            log.exception("feed %s broke its promise never to raise; the message is kept among the rejected", feed.name)
            return [Rejected("feed_failed", repr(error)[:200])]
        if feed.remembers and after != memory:
            batch.memories[key] = after
        batch.replies += [one for one in made if isinstance(one, Reply)]
        return [checked(one) if isinstance(one, Event) else one for one in made if not isinstance(one, Reply)]

    def _sort(self, delivery: Delivery, outputs: list[Output], batch: Batch) -> str:
        """Put each output where it belongs; returns the message's outcome. One bad value refuses the message's raw bytes, once."""
        refused = None
        for output in outputs:
            if isinstance(output, Rejected):
                refused = refused or output
            else:
                sort_in(batch, delivery.feed, output)
        if refused is None:
            return "stored" if outputs else "duplicate"
        batch.refused.append(Refused(delivery.feed, delivery.message, refused.reason, refused.detail))
        return "rejected" if all(isinstance(o, Rejected) for o in outputs) else "stored"

    def _obey(self, tx: Any, message: InternalMessage, now: int) -> list[AlarmRecord]:
        if message.judged_at is not None:
            return self._evaluator.tick(tx, message.judged_at, self._devices, now)
        done = self._evaluator.decide(tx, message.deed, now) if message.deed is not None else None
        return [done] if done else []

    def heal(self) -> None:
        """Mend the live picture: rebuild it when the store was away or came back empty, and put our part there again when another
        worker rebuilt it, for what we wrote meanwhile may be missing in it. Call it about once a second."""
        try:
            epoch = self._live.epoch()
            if self._lost or epoch is None:
                self.start()
            elif epoch != self._epoch:
                self._epoch = epoch
                self._show(self._state.devices, self._my_alarms(), self._state.vehicles)
        except self._live_errors as error:
            self._lose(error)

    def _show(self, devices: Mapping[str, Any], alarms: Mapping[str, Any], vehicles: Mapping[str, Any]) -> None:
        """Write the live picture; when it was lost or rebuilt by another worker, put all of ours there again."""
        if self._lost or not (devices or alarms or vehicles):
            return
        try:
            while not self._live.write(self._epoch, devices, alarms, vehicles):
                current = self._live.epoch()
                if current is None:
                    return self.start()
                self._epoch = current
                devices, vehicles, alarms = self._state.devices, self._state.vehicles, {**self._my_alarms(), **alarms}
        except self._live_errors as error:
            self._lose(error)

    def _my_alarms(self) -> dict[str, Any]:
        return {
            alarm_id: alarm
            for alarm_id, alarm in self._source.alarms(self._clock() - self._shown_ms).items()
            if self._mine(alarm["device_id"])
        }
