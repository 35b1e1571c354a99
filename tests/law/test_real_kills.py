"""The law (DESIGN §3) on real processes: whatever is killed, and when, the city ends where it would have ended without kills.

LAW_SEED and LAW_SECONDS choose the messages, the moments, and how long the main trial goes on.
"""

import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.law.real_city import PARTS, RealCity, eventually
from tests.law.traffic import Traffic, make_devices, make_pack
from tests.law.trial import Publisher, Trial, plan

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
SEED = int(os.environ.get("LAW_SEED", "20"))
SECONDS = float(os.environ.get("LAW_SECONDS", "38"))
RATE = 300
DEVICES = make_devices(40)


@pytest.fixture
def city(place: Path) -> Iterator[RealCity]:
    with RealCity(place, make_pack(place / "pack", DEVICES)) as running:
        yield running


def trial(city: RealCity, seconds: float) -> Trial:
    """A trial of a city that is ready."""
    traffic = Traffic(SEED, DEVICES, int(time.time() * 1000), int(RATE * seconds))
    return Trial(city, traffic, Publisher(city.runtime()["mqtt"]))


def test_kills_of_every_part_and_of_app_lose_nothing_and_add_nothing(city: RealCity) -> None:
    held = trial(city.wait_ready(), SECONDS)
    kills = plan(random.Random(SEED), SECONDS, {**dict.fromkeys(PARTS, 2), "app": 1})
    held.run(RATE, SECONDS, kills)
    city.kill("ingest")
    held.run(RATE, 1.5, [])
    city.kill("app")  # while the broker holds what ingest has not seen
    city.start()
    assert held.differences() == {}
    assert set(held.kills) == {*PARTS, "app"}, f"not everything was killed: {dict(held.kills)}"
    assert city.ask("SELECT reason FROM rejected_messages WHERE topic NOT LIKE 'city/v1/devices/%'") == []
    assert held.traffic.rejected and city.ask("SELECT count(*) FROM rejected_messages")[0][0] >= held.traffic.rejected


def test_workers_share_the_city_and_their_number_changes_without_loss(city: RealCity) -> None:
    held = trial(city.wait_ready(), 21)
    for workers, kills in ((1, 1), (2, 4), (1, 0)):
        if workers != city.workers:
            city.stop()
            held.run(RATE, 1, [])
            city.workers = workers
            city.start()
            eventually(city.is_whole, 60, 0)
        held.run(RATE, 7, plan(random.Random(SEED + workers), 7, {"ingest": kills}, workers))
    assert held.differences() == {}
    assert held.kills["ingest"] >= 3
