"""Which devices are a worker's own, when several share the city (docs/adr/0006-no-shared-subscriptions.md).

A device belongs to the worker that hears it. The broker shares topics by one of their levels; where that level is the device's id,
the id alone says whose it is. For any other device its key's hash is kept with it (`device_keys`), from its first message on.
"""

from collections.abc import Callable, Iterable, Mapping

from domain.messages import Output, Rejected
from domain.partition import fnv1a32
from services.ports import Delivery, Feed


class Ownership:
    """Worker `worker` of `workers`. `hash_of` gives the number by which the broker shares a topic."""

    def __init__(self, worker: int, workers: int, feeds: Mapping[str, Feed], hash_of: Callable[[str], int]) -> None:
        self._worker, self._workers = worker, workers
        self._feeds, self._hash_of = feeds, hash_of
        self._keys: dict[str, int] = {}
        self._known: set[str] = set()

    @property
    def is_shared(self) -> bool:
        """Whether there is anybody to share with."""
        return self._workers > 1

    def mine(self, device_id: str) -> bool:
        """Whether this worker judges and shows the device."""
        if not self.is_shared or device_id in self._known:
            return True
        held = self._keys.get(device_id)
        if (fnv1a32(device_id.encode()) if held is None else held) % self._workers != self._worker:
            return False
        self._known.add(device_id)
        return True

    def learn(self, keys: Mapping[str, int]) -> bool:
        """Take the kept keys as they are now. True when a device has another owner than before."""
        if keys == self._keys:
            return False
        self._keys = dict(keys)
        self._known.clear()
        return True

    def claims(self, delivery: Delivery, outputs: Iterable[Output]) -> dict[str, int]:
        """The devices that came to this worker and aren't its own, with the hash by which they came. A delivery that came to the
        wrong worker claims nothing."""
        named = {output.device_id for output in outputs if not isinstance(output, Rejected)}
        strangers = {device_id for device_id in named if device_id is not None and not self.mine(device_id)}
        if not strangers:
            return {}
        shared_by = self._shared_by(delivery)
        return dict.fromkeys(strangers, shared_by) if shared_by % self._workers == self._worker else {}

    def _shared_by(self, delivery: Delivery) -> int:
        topic = delivery.message.topic
        if delivery.inbox_id is None:
            return self._hash_of(topic)
        return fnv1a32(self._feeds[delivery.feed].partition_key(topic).encode())
