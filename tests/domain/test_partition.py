"""Each device has one ingest worker, and it is the one that the broker's own partitioning names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.partition import fnv1a32, worker_of


@pytest.mark.parametrize(("data", "value"), [(b"", 0x811C9DC5), (b"a", 0xE40C292C), (b"foobar", 0xBF9CF968)])
def test_the_published_fnv_1a_test_vectors_hold(data: bytes, value: int) -> None:
    assert fnv1a32(data) == value


@given(st.text(max_size=128), st.integers(1, 64))
def test_every_device_belongs_to_exactly_one_of_the_workers(device_id: str, workers: int) -> None:
    owner = worker_of(device_id, workers)
    assert 0 <= owner < workers
    assert owner == worker_of(device_id, workers) == fnv1a32(device_id.encode()) % workers


def test_devices_are_spread_over_all_workers() -> None:
    owners = [worker_of(f"device-{i}", 4) for i in range(4000)]
    assert all(800 < owners.count(worker) < 1200 for worker in range(4))
