"""The web side of the live picture in Redis: the whole of it, its stream of frames, and how many screens look at it.

Keys and their shapes: data_adapters/live_redis.py. Beside them `screens`, a hash of web worker -> `<count> <epoch ms>`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from redis import Redis, RedisError

from data_adapters.live_redis import EPOCH_SCRIPT, FRAMES, ITEMS, KEYS, PREFIX, RS, STATE, US
from services.live_ports import LiveFrame, LiveUnavailable

SCREENS = PREFIX + "screens"
SCREENS_MS = 10_000
_AT_ONCE = 64

_REPORT = """
local time = redis.call('TIME')
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ' ' .. time[1])
return 1
"""

_TOTAL = """
local now, total = tonumber(redis.call('TIME')[1]), 0
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
  local n, at = string.match(all[i + 1], '(%d+) (%d+)')
  if now - tonumber(at) > tonumber(ARGV[1]) then redis.call('HDEL', KEYS[1], all[i]) else total = total + tonumber(n) end
end
return total
"""


@contextmanager
def _reachable() -> Iterator[None]:
    try:
        yield
    except (RedisError, OSError) as error:
        raise LiveUnavailable(f"live picture (Redis): {error}") from error


def _texts(names_and_values: Iterator[tuple[str, str]]) -> dict[str, str]:
    """Piece -> JSON text, from `<section> US <key>` -> `<piece> US <value>` entries."""
    pieces: dict[str, list[str]] = {}
    notes: dict[str, str] = {}
    for name, value in names_and_values:
        key = name.partition(US)[2]
        piece, _, text = value.partition(US)
        if key:
            pieces.setdefault(piece, []).append(f"{key}:{text}")
        else:
            notes[piece] = text
    return {piece: "{" + ",".join(parts) + "}" for piece, parts in pieces.items()} | notes


class RedisFrames:
    """The Frames port. One per web worker; safe to share between its threads."""

    def __init__(self, url: str) -> None:
        self.redis = Redis.from_url(url, socket_timeout=5, socket_connect_timeout=2)
        self._epoch = self.redis.register_script(EPOCH_SCRIPT)
        self._report = self.redis.register_script(_REPORT)
        self._total = self.redis.register_script(_TOTAL)

    def load(self) -> LiveFrame | None:
        """See services.live_ports.Frames. Read in one transaction; it may be ahead of its version by what awaits a frame."""
        with _reachable(), self.redis.pipeline(transaction=True) as pipe:
            pipe.eval(EPOCH_SCRIPT, len(KEYS), *KEYS)
            pipe.hget(STATE, "version")
            pipe.time()
            pipe.hgetall(ITEMS)
            epoch, version, (seconds, micros), items = pipe.execute()
        if epoch is None:
            return None
        pieces = _texts((name.decode(), value.decode()) for name, value in items.items())
        return LiveFrame(epoch.decode(), int(version), seconds * 1000 + micros // 1000, pieces)

    def after(self, epoch: str, version: int, wait_s: float) -> list[LiveFrame] | None:
        """See services.live_ports.Frames."""
        with _reachable():
            found: Any = self.redis.xread({FRAMES: f"{version}-0"}, count=_AT_ONCE, block=max(1, int(wait_s * 1000)))
            if not found:
                return self._nothing_new(epoch, version)
        entries = found[0][1] if isinstance(found, list) else next(iter(found.values()))
        return _in_order([_frame(entry_id, fields) for entry_id, fields in entries], epoch, version)

    def _nothing_new(self, epoch: str, version: int) -> list[LiveFrame] | None:
        with self.redis.pipeline(transaction=True) as pipe:
            pipe.eval(EPOCH_SCRIPT, len(KEYS), *KEYS)
            pipe.hget(STATE, "version")
            pipe.xrange(FRAMES, min=f"({version}-0", count=_AT_ONCE)
            held, held_version, entries = pipe.execute()
        if held is None or held.decode() != epoch or int(held_version) < version:
            return None
        if not entries and int(held_version) > version:
            return None
        return _in_order([_frame(entry_id, fields) for entry_id, fields in entries], epoch, version)

    def report_clients(self, worker: str, clients: int) -> None:
        """See services.live_ports.Frames."""
        with _reachable():
            self._report(keys=[SCREENS], args=[worker, clients])

    def totals(self) -> tuple[int, int]:
        """See services.live_ports.Frames."""
        with _reachable():
            clients: Any = self._total(keys=[SCREENS], args=[SCREENS_MS // 1000])
            size: Any = self.redis.hget(STATE, "frame_bytes")
        return int(clients), int(size or 0)


def _frame(entry_id: bytes, fields: dict[bytes, bytes]) -> LiveFrame:
    pieces = (piece.partition(US) for piece in fields[b"p"].decode().split(RS))
    version = int(entry_id.partition(b"-")[0])
    return LiveFrame(fields[b"e"].decode(), version, int(fields[b"t"]), {name: text for name, _, text in pieces})


def _in_order(frames: list[LiveFrame], epoch: str, version: int) -> list[LiveFrame] | None:
    """`frames`, or None when the first is not the next one or one is of another epoch."""
    expected = range(version + 1, version + 1 + len(frames))
    if [frame.version for frame in frames] != list(expected) or any(frame.epoch != epoch for frame in frames):
        return None
    return frames
