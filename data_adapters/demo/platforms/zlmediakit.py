"""A ZLMediaKit media server that relays some of the demo's cameras (docs.zlmediakit.com: web hooks, REST API): it has a stream of each
camera that is on, posts what becomes of them, and answers who asks for its list.

Of the hooks it is set to post those that CityDeck takes; on_play and on_publish, which ask for leave, are left empty as its configuration
allows. What is said of viewers is what the clips' server saw (data_adapters/demo/viewers.py).
"""

import secrets
from collections.abc import Iterator, Mapping
from typing import Any

from data_adapters.city_pack.contents import Pack
from data_adapters.demo.cameras import changes_between, is_on
from data_adapters.demo.platforms.cast import Due, moments, own_devices
from data_adapters.demo.play import Message
from data_adapters.demo.viewers import Viewers

FEED = "zlmediakit"
APP, VHOST = "live", "__defaultVhost__"
SCHEMAS = ("fmp4", "hls.fmp4")
"""In which a stream is to be had: one connection, and pieces."""
KEEPALIVE_MS = 30_000
WRONG_SECRET, NOT_FOUND = -100, -500
PICTURE = {"codec_id": 0, "codec_id_name": "H264", "codec_type": 0, "ready": True, "width": 640, "height": 360, "fps": 12}
BYTES_S = 1_500
"""What a clip needs, about."""


class ZlMediaKit:
    """The server. `streams`: its cameras, by whose names its streams go; `secret`: its api.secret."""

    def __init__(self, pack: Pack, viewers: Viewers | None = None) -> None:
        devices = own_devices(pack, FEED)
        self.streams = [one.device_id for one in devices if one.kind == "camera"]
        self.viewers, self.secret = viewers or Viewers(), secrets.token_hex(16)
        self._server = next((one.device_id for one in devices if one.kind == "media_server"), FEED)
        self._began: int | None = None

    def on_air(self, stream: str, now: int) -> bool:
        """Whether it has this stream: the camera is one of its own, and on."""
        return stream in self.streams and is_on(stream, now)

    def said(self, since: int, until: int) -> Iterator[Due]:
        """First that it started and which streams there are; then what becomes of them, and that it is there."""
        turns = list(changes_between(self.streams, since, until))
        if self._began is None:
            self._began = since
            begins = {"hook.alive_interval": KEEPALIVE_MS / 1000, "general.mediaServerId": self._server}
            yield self._hook(since, "on_server_started", begins)
            turns.insert(0, (since, dict.fromkeys(self._present(since), True)))
        for at, turned in turns:
            yield from (self._changed(at, stream, schema, on) for stream, on in turned.items() for schema in SCHEMAS)
        for at in moments(since, until, KEEPALIVE_MS):
            yield self._hook(at, "on_server_keepalive", {"data": self._load(at)})
        for stream in self.viewers.left(until):
            yield self._hook(until, "on_stream_none_reader", _named(stream, SCHEMAS[0]))
        for stream in self.viewers.missed():
            yield self._hook(until, "on_stream_not_found", {**_named(stream, SCHEMAS[0]), "protocol": "http", "params": ""})

    def standing(self, now: int) -> tuple[Message, ...]:
        """Nothing: it posts."""
        return ()

    def answer(self, what: str, asked: Mapping[str, str], now: int) -> Mapping[str, Any] | None:
        """Of /index/api/WHAT with these parameters; None for what it does not answer."""
        answers = {"getMediaList": self._list, "getMediaInfo": self._info}
        if what not in answers:
            return None
        if asked.get("secret") != self.secret:
            return {"code": WRONG_SECRET, "msg": "Incorrect secret"}
        return answers[what](asked, now)

    def _list(self, asked: Mapping[str, str], now: int) -> Mapping[str, Any]:
        wanted = {name: asked[name] for name in ("schema", "vhost", "app", "stream") if asked.get(name)}
        every = ({**_named(stream, schema), **self._figures(stream, schema, now)} for stream in self._present(now) for schema in SCHEMAS)
        return {"code": 0, "data": [one for one in every if wanted.items() <= one.items()]}

    def _info(self, asked: Mapping[str, str], now: int) -> Mapping[str, Any]:
        found = self._list(asked, now)["data"]
        return {"code": 0, "online": True, **found[0]} if found else {"code": NOT_FOUND, "msg": "can not find the stream"}

    def _present(self, now: int) -> list[str]:
        return [stream for stream in self.streams if is_on(stream, now)]

    def _changed(self, at: int, stream: str, schema: str, on: bool) -> Due:
        return self._hook(
            at, "on_stream_changed", {**_named(stream, schema), "regist": on, **(self._figures(stream, schema, at) if on else {})}
        )

    def _figures(self, stream: str, schema: str, now: int) -> Mapping[str, Any]:
        """`createStamp`: when it was first heard of, seconds since 1970."""
        watching, began = self.viewers.count(stream, now), self._began if self._began is not None else now
        return {
            "readerCount": watching[SCHEMAS.index(schema)],
            "totalReaderCount": sum(watching),
            "originType": 4,
            "originTypeStr": "pull",
            "createStamp": began // 1000,
            "aliveSecond": (now - began) // 1000,
            "bytesSpeed": BYTES_S,
            "tracks": [PICTURE],
        }

    def _load(self, now: int) -> Mapping[str, int]:
        return {"MediaSource": len(self._present(now)) * len(SCHEMAS), "TcpSession": self.viewers.total(now)}

    def _hook(self, at: int, hook: str, body: Mapping[str, Any]) -> Due:
        return Due(at, Message(hook, {"mediaServerId": self._server, **body}))


def _named(stream: str, schema: str) -> dict[str, str]:
    return {"vhost": VHOST, "app": APP, "stream": stream, "schema": schema}
