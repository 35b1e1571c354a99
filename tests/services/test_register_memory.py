"""What a web process remembers of the register, and when it looks again."""

import pytest

from domain.access import Actor
from services.account_ports import AuditEntry
from services.register import Register
from services.register_memory import CACHED_S, RememberedRegister
from tests.fakes import FakeRegisterStore, make_city

EVERYONE = Actor("all", frozenset({"operator"}))


@pytest.fixture
def store() -> FakeRegisterStore:
    return make_city().store


class Clock:
    now = 50.0

    def __call__(self) -> float:
        return self.now


def remembered(store, clock):
    reads = []
    devices = store.devices
    store.devices = lambda at: reads.append(at) or devices(at)
    return Register(RememberedRegister(store, lambda: len(store.held), clock)), reads


def test_devices_are_read_once_while_nothing_changes(store):
    clock = Clock()
    register, reads = remembered(store, clock)
    for _ in range(5):
        clock.now += CACHED_S
        assert len(register.devices(EVERYONE)) == len(store.held)
    assert len(reads) == 1


def test_a_change_made_elsewhere_is_seen_within_two_seconds(store):
    clock = Clock()
    register, _ = remembered(store, clock)
    before = len(register.devices(EVERYONE))
    store.held.pop()
    clock.now += CACHED_S
    assert len(register.devices(EVERYONE)) == before - 1


def test_a_device_adopted_here_is_seen_at_once(store):
    memory = RememberedRegister(store, lambda: len(store.held), Clock())
    before = len(memory.devices(None))
    gone = store.held.pop()
    store.adopt = lambda device, entry: store.held.append(device) or store.held.append(device) or True
    assert memory.adopt(gone, AuditEntry(0, "steward", "adopt_device"))
    assert len(memory.devices(None)) == before + 1


def test_the_register_of_a_past_day_is_read_once_between_two_changes(store):
    store.changes = lambda: [1_000, 5_000]
    register, reads = remembered(store, Clock())
    for at in (1_000, 2_000, 4_999, 5_000, 9_000, 999):
        register.devices(EVERYONE, at)
    assert reads == [1_000, 5_000, 999]
