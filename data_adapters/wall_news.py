"""News of walls between web workers: one word on Redis' publish and subscribe, handed to every screen as `event: wall`.

What is lost on the way is no harm: a wall asks what is wanted of it whenever its stream begins and each time it says what it shows.
"""

import json
import logging
import time

from redis import Redis, RedisError

from services.fanout import Fanout

log = logging.getLogger(__name__)
CHANNEL = "citydeck:walls"
WAIT_S, AGAIN_S = 1.0, 1.0


class WallNews:
    """Publishes for the services and reads for the fan-out, each on its own connection."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._out = Redis.from_url(url, socket_timeout=2.0)

    def __call__(self, wall: str, version: int) -> None:
        """The Nudge port. When Redis is away the wall learns it with its next report."""
        try:
            self._out.publish(CHANNEL, json.dumps({"wall": wall, "version": version}))
        except (RedisError, OSError) as error:
            log.warning("news of wall %s not passed on: %s", wall, error)

    def follow(self, fanout: Fanout) -> None:
        """Hand on what comes in until the fan-out closes; a lost Redis is waited for."""
        while not fanout.closed:
            try:
                self._read(fanout)
            except (RedisError, OSError):
                time.sleep(AGAIN_S)

    def _read(self, fanout: Fanout) -> None:
        with Redis.from_url(self._url) as redis, redis.pubsub(ignore_subscribe_messages=True) as told:
            told.subscribe(CHANNEL)
            while not fanout.closed:
                message = told.get_message(timeout=WAIT_S)
                if message is not None:
                    fanout.tell(b"event: wall\ndata: " + message["data"] + b"\n\n")
