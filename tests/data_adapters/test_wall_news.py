"""News of walls go from one web worker to every other one's screens, on a real Redis."""

import json
import threading
import time
from collections.abc import Iterator

import pytest

from data_adapters.embedded import Urls
from data_adapters.wall_news import WallNews
from services.fanout import Channel, Fanout
from tests.law.real_city import eventually


class Screens(Fanout):
    """A fan-out with one channel and no picture."""

    def __init__(self) -> None:
        super().__init__(None, dict, "test", None)  # type: ignore[arg-type]
        self.channels = {None: Channel()}  # type: ignore[dict-item]

    @property
    def seen(self) -> list[bytes]:
        return list(next(iter(self.channels.values())).events)


@pytest.fixture
def workers(engines: Urls) -> Iterator[list[Screens]]:
    held = [Screens(), Screens()]
    for screens in held:
        threading.Thread(target=WallNews(str(engines.redis)).follow, args=(screens,), daemon=True).start()
    time.sleep(0.5)
    yield held
    for screens in held:
        screens.close()


def test_what_is_asked_of_a_wall_reaches_the_screens_of_every_worker_at_once(workers: list[Screens], engines: Urls) -> None:
    news = WallNews(str(engines.redis))
    news("hall", 1)
    assert eventually(lambda: all(one.seen for one in workers), 20)
    for one in workers:
        [event] = one.seen
        assert event.startswith(b"event: wall\ndata: ") and event.endswith(b"\n\n")
        assert json.loads(event.split(b"data: ")[1]) == {"wall": "hall", "version": 1}


def test_without_redis_asking_a_wall_still_works() -> None:
    assert WallNews("redis://127.0.0.1:1/0")("hall", 2) is None
