"""Which ingest worker a device belongs to.

The broker splits the stream with NATS' subject mapping `partition(n, token)`: FNV-1a (32 bits) of the device id, modulo n
(nats-server, server/subject_transform.go). The same sum is made here, so that a worker knows its devices before they speak.
"""


def fnv1a32(data: bytes) -> int:
    """FNV-1a, 32 bits (Fowler, Noll, Vo; RFC 9923)."""
    value = 0x811C9DC5
    for byte in data:
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value


def worker_of(device_id: str, workers: int) -> int:
    """The number, 0 to `workers` - 1, of the worker that owns `device_id`."""
    return fnv1a32(device_id.encode()) % workers
