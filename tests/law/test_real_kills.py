"""The law (DESIGN §3) on real processes: whatever is killed, and when, the city ends where it would have ended without kills.

LAW_SEED and LAW_SECONDS choose the messages, the moments, and how long the main trial goes on; every part is killed once in 20 seconds.
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
SECONDS = float(os.environ.get("LAW_SECONDS", "24"))
RATE = 300
DEVICES = make_devices(40)


CHANGES = ((1, 1), (2, 4), (1, 0))
"""How many workers there are in turn, and how often one of them is killed."""
EACH_S = 7.0


@pytest.fixture(scope="module")
def held(reachable_dir: Path) -> Iterator[Trial]:
    """One city and one stream for both trials: what the first leaves is there in the second, and is compared again."""
    folder = reachable_dir / "kills"
    folder.mkdir()
    with RealCity(folder, make_pack(folder / "pack", DEVICES)) as city:
        city.wait_ready(120)
        total = int(RATE * (SECONDS + EACH_S * len(CHANGES)))
        yield Trial(city, Traffic(SEED, DEVICES, int(time.time() * 1000), total), Publisher(city.runtime()["mqtt"]))


@pytest.mark.long
def test_kills_of_every_part_and_of_app_lose_nothing_and_add_nothing(held: Trial) -> None:
    city, kills = held.city, plan(random.Random(SEED), SECONDS, {**dict.fromkeys(PARTS, max(1, round(SECONDS / 20))), "app": 1})
    held.run(RATE, SECONDS, kills)
    city.kill("ingest")
    held.run(RATE, 1.5, [])
    city.kill("app")  # while the broker holds what ingest has not seen
    city.start()
    assert held.differences() == {}
    assert set(held.kills) == {*PARTS, "app"}, f"not everything was killed: {dict(held.kills)}"
    assert city.ask("SELECT reason FROM rejected_messages WHERE topic NOT LIKE 'city/v1/devices/%'") == []
    assert held.traffic.rejected and city.ask("SELECT count(*) FROM rejected_messages")[0][0] >= held.traffic.rejected


@pytest.mark.long
def test_workers_share_the_city_and_their_number_changes_without_loss(held: Trial) -> None:
    city, before = held.city, held.kills["ingest"]
    for workers, kills in CHANGES:
        if workers != city.workers:
            city.stop()
            held.run(RATE, 1, [])
            city.workers = workers
            city.start()
            eventually(city.is_whole, 60, 0)
        held.run(RATE, EACH_S, plan(random.Random(SEED + workers), EACH_S, {"ingest": kills}, workers))
    assert held.differences() == {}
    assert held.kills["ingest"] - before >= 3
