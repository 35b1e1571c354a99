"""The live picture in Redis (or Valkey), written by ingest; data_adapters/live_frames.py reads it for the web.

Keys, all under one hash tag so that a cluster keeps them on one node:

- `state`   hash: epoch, run_id (of the server that was filled), version, frame_bytes (of the last frame)
- `items`   hash: `<section> US <JSON key>` -> `<region>|<department>|<section> US <JSON value>`; all that is shown now
- `pending` hash: `<region>|<department>|<section> US <JSON key>` -> JSON value or null; changed since the last frame
- `frames`  stream, bounded: id `<version>-0`, fields e (epoch), t (epoch ms), p (`piece US text` joined by RS)
- `slot`    exists for 240 ms after a frame: nobody makes the next one before

JSON is made here and only joined in Lua: Lua's numbers are doubles printed with 14 digits, which epoch milliseconds and
measured values would not survive. Each step is one script or transaction, so a killed client leaves nothing half done: what
was not yet in a frame is still in `pending`. A server that was restarted (other run_id) is treated as empty, because what
it restored from its disk may be older than what had been written.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from redis import Redis

PREFIX = "citydeck:{live}:"
STATE, ITEMS, PENDING, FRAMES, SLOT = (PREFIX + name for name in ("state", "items", "pending", "frames", "slot"))
KEYS = (STATE, ITEMS, PENDING, FRAMES, SLOT)
US, RS = "\x1f", "\x1e"
SLOT_MS = 240
FRAMES_KEPT = 2400
BYTES_KEPT = 64_000_000
_CHUNK = 5000

_RUN_ID = "string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')"

_PUT = """
local function put(item, piece, text)
  local old = redis.call('HGET', KEYS[2], item)
  local new = text ~= '' and (piece .. '\\31' .. text) or false
  if old == new then return end
  local key = string.match(item, '\\31(.*)$')
  local old_piece = old and string.match(old, '^(.-)\\31')
  if old_piece and (not new or old_piece ~= piece) then redis.call('HSET', KEYS[3], old_piece .. '\\31' .. key, 'null') end
  if new then
    redis.call('HSET', KEYS[2], item, new)
    redis.call('HSET', KEYS[3], piece .. '\\31' .. key, text)
  else
    redis.call('HDEL', KEYS[2], item)
  end
end
"""

WRITE_SCRIPT = (
    _PUT
    + f"""
local held = redis.call('HMGET', KEYS[1], 'epoch', 'run_id')
if not held[1] or (ARGV[1] ~= '' and held[1] ~= ARGV[1]) or held[2] ~= {_RUN_ID} then return 0 end
for i = 2, #ARGV, 3 do put(ARGV[i], ARGV[i + 1], ARGV[i + 2]) end
return 1
"""
)

EPOCH_SCRIPT = f"""
local held = redis.call('HMGET', KEYS[1], 'epoch', 'run_id')
if held[1] and held[2] == {_RUN_ID} then return held[1] end
return false
"""

_FLUSH = f"""
local held = redis.call('HMGET', KEYS[1], 'epoch', 'run_id')
if not held[1] or held[2] ~= {_RUN_ID} then return 0 end
if redis.call('EXISTS', KEYS[3]) == 0 then return 0 end
if not redis.call('SET', KEYS[5], '1', 'NX', 'PX', ARGV[1]) then return 0 end
local changed = redis.call('HGETALL', KEYS[3])
local pieces, names = {{}}, {{}}
for i = 1, #changed, 2 do
  local piece, key = string.match(changed[i], '^(.-)\\31(.*)$')
  local parts = pieces[piece]
  if not parts then parts = {{}}; pieces[piece] = parts; names[#names + 1] = piece end
  parts[#parts + 1] = key == '' and changed[i + 1] or (key .. ':' .. changed[i + 1])
  if key == '' then parts.whole = true end
end
local texts = {{}}
for i, piece in ipairs(names) do
  local parts = pieces[piece]
  texts[i] = piece .. '\\31' .. (parts.whole and parts[1] or ('{{' .. table.concat(parts, ',') .. '}}'))
end
local body = table.concat(texts, '\\30')
local time = redis.call('TIME')
local now = time[1] .. string.format('%03d', math.floor(tonumber(time[2]) / 1000))
local version = redis.call('HINCRBY', KEYS[1], 'version', 1)
local keep = math.max(16, math.min(tonumber(ARGV[2]), math.floor(tonumber(ARGV[3]) / #body)))
redis.call('XADD', KEYS[4], 'MAXLEN', '~', keep, string.format('%.0f-0', version), 'e', held[1], 't', now, 'p', body)
redis.call('HSET', KEYS[1], 'frame_bytes', #body)
redis.call('DEL', KEYS[3])
return 1
"""

Item = tuple[str, str, str]
"""`section US key`, `region|department|section`, JSON text ('' takes it off)."""


def _dumps(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()


def item_of(section: str, key: str, record: Mapping[str, Any] | None, value: Any) -> Item:
    """An item of a section in the piece of its record's region and department; taken off when `record` is None."""
    name = f"{section}{US}{_dumps(key)}"
    if record is None:
        return name, "", ""
    return name, f"{record['region']}|{record['department']}|{section}", _dumps(value)


def device_items(device_id: str, record: Mapping[str, Any] | None) -> Iterator[Item]:
    """The items of one device; of a removed one when `record` is None. Sections that start with `_` never reach a screen."""
    shown = record or {}
    yield item_of("_about", device_id, record, [shown.get("kind", ""), shown.get("interval_s")])
    online = shown.get("online")
    yield item_of("status", device_id, None if online is None else record, online)
    yield item_of("values", device_id, record, shown.get("values", {}))


def items_of(devices: Mapping[str, Any], alarms: Mapping[str, Any], vehicles: Mapping[str, Any]) -> Iterator[Item]:
    """All items of these records."""
    for device_id, record in devices.items():
        yield from device_items(device_id, record)
    for alarm_id, record in alarms.items():
        yield item_of("alarms", alarm_id, record, record)
    for device_id, record in vehicles.items():
        shown = {name: value for name, value in (record or {}).items() if name not in ("region", "department")}
        yield item_of("vehicles", device_id, record, shown)


class RedisLivePicture:
    """The LivePicture port. One per ingest worker; not shared between threads."""

    def __init__(self, url: str, slot_ms: int = SLOT_MS) -> None:
        self.redis = Redis.from_url(url, socket_timeout=5, socket_connect_timeout=2, health_check_interval=15)
        self.slot_ms = slot_ms
        self._write = self.redis.register_script(WRITE_SCRIPT)
        self._epoch = self.redis.register_script(EPOCH_SCRIPT)
        self._flush = self.redis.register_script(_FLUSH)
        self._last: dict[str, tuple[str, str]] = {}
        self._last_epoch = ""

    def epoch(self) -> str | None:
        """See services.ports.LivePicture. Raises redis.RedisError when the server cannot be reached."""
        held = self._epoch(keys=KEYS)
        return held.decode() if held else None

    def write(self, epoch: str, devices: Mapping[str, Any], alarms: Mapping[str, Any | None], vehicles: Mapping[str, Any]) -> bool:
        """See services.ports.LivePicture. What this worker itself wrote last is not sent again."""
        if epoch != self._last_epoch:
            self._last, self._last_epoch = {}, epoch
        fresh = [item for item in items_of(devices, alarms, vehicles) if self._last.get(item[0]) != item[1:]]
        self._last_epoch = ""  # until the answer is known
        if not self._send(epoch, fresh):
            return False
        self._last_epoch = epoch
        for name, piece, text in fresh:
            if text:
                self._last[name] = (piece, text)
            else:
                self._last.pop(name, None)
        return True

    def _send(self, epoch: str, items: list[Item]) -> bool:
        for start in range(0, max(len(items), 1), _CHUNK):
            flat = [text for item in items[start : start + _CHUNK] for text in item]
            if not self._write(keys=KEYS, args=[epoch, *flat]):
                return False
        return True

    def rebuild(self, epoch: str, devices: Mapping[str, Any], alarms: Mapping[str, Any], vehicles: Mapping[str, Any]) -> None:
        """See services.ports.LivePicture. Notes and frames of the old epoch go; the version goes on where it was."""
        self._last, self._last_epoch = {}, ""
        run_id = str(self.redis.info("server")["run_id"])
        items = {name: f"{piece}{US}{text}" for name, piece, text in items_of(devices, alarms, vehicles) if text}
        names = list(items)
        with self.redis.pipeline(transaction=True) as pipe:
            pipe.delete(ITEMS, PENDING, FRAMES, SLOT)
            for start in range(0, len(names), _CHUNK):
                pipe.hset(ITEMS, mapping={name: items[name] for name in names[start : start + _CHUNK]})
            pipe.hset(STATE, mapping={"epoch": epoch, "run_id": run_id})
            pipe.hincrby(STATE, "version", 1)
            pipe.execute()

    def note(self, section: str, value: Any) -> bool:
        """See services.ports.LivePicture."""
        return bool(self._write(keys=KEYS, args=["", section + US, f"||{section}", _dumps(value)]))

    def flush(self) -> bool:
        """See services.ports.LivePicture."""
        return bool(self._flush(keys=KEYS, args=[self.slot_ms, FRAMES_KEPT, BYTES_KEPT]))
