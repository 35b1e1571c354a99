"""What jobs.py does beside its schedule: rounds with the outside world, each in a thread of its own, only while this process leads."""

import logging
import threading
import time
from types import SimpleNamespace
from typing import Any

import pytest

import jobs
from tests.broker_client import eventually


class Away(Exception):
    """The database is."""


class Counting:
    """A Rounds port that counts, may fail, may hang, and may break."""

    def __init__(self, hangs_s: float = 0.0, breaks: bool = False) -> None:
        self.rounds, self.fails, self._hangs_s, self._breaks = 0, False, hangs_s, breaks

    def round(self, now: int) -> int:
        self.rounds += 1
        time.sleep(self._hangs_s)
        if self._breaks:
            raise ZeroDivisionError("a mistake of its own")
        if self.fails:
            raise Away("gone")
        return 0


def dispatch(rounds: jobs.Rounds) -> jobs.Dispatch:
    return jobs.Dispatch("asking another system", rounds, lambda: 0, (Away,))


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "SENDING_PAUSE_S", 0.01)


def test_a_system_is_asked_only_while_this_process_leads() -> None:
    rounds = Counting()
    asking = dispatch(rounds)
    asking.start()
    time.sleep(0.05)
    assert rounds.rounds == 0
    asking.leading.set()
    assert eventually(lambda: rounds.rounds > 2)
    asking.leading.clear()
    time.sleep(0.05)
    held = rounds.rounds
    time.sleep(0.1)
    assert rounds.rounds == held
    asking.stop()
    asking.join(2)
    assert "asking another system" not in [thread.name for thread in threading.enumerate()]


def test_one_that_fails_is_said_once_and_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    rounds = Counting()
    rounds.fails = True
    asking = dispatch(rounds)
    asking.leading.set()
    with caplog.at_level(logging.WARNING, "citydeck.jobs"):
        asking.start()
        assert eventually(lambda: rounds.rounds > 3)
        asking.stop()
        asking.join(2)
    assert [record.message for record in caplog.records] == ["asking another system failed, trying again: gone"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_one_that_dies_ends_the_process_so_that_it_is_started_again(caplog: pytest.LogCaptureFixture) -> None:
    parts: Any = SimpleNamespace(schedule=[], leadership=SimpleNamespace(try_acquire=lambda: True), clock=lambda: 0, live_errors=())
    asking, stopping = jobs.Dispatch("sending notices", Counting(breaks=True), lambda: 0, (Away,)), threading.Event()
    asking.start()
    giving_up = threading.Timer(5, stopping.set)
    giving_up.start()
    assert jobs.lead(stopping, parts, [asking]) == 1
    giving_up.cancel()
    assert "sending notices has died" in caplog.text


def test_one_that_hangs_keeps_nobody_from_leaving() -> None:
    asking = dispatch(Counting(hangs_s=1.5))
    asking.leading.set()
    asking.start()
    time.sleep(0.05)
    began = time.monotonic()
    asking.stop()
    asking.join(0.1)
    assert time.monotonic() - began < 1
