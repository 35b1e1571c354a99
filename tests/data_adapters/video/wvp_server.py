"""A small WVP of the tests: its REST contract (login, envelope, catalogue, play, PTZ, alarms, positions), with faults on demand."""

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.data_adapters.feeds.serving import QuietHandler, serving

DEVICE = "44190000001180000001"
PASSWORD = "not-for-logs"
STREAM = "44190000001180000001_44190000081320000001"


def channel(number: int, **facts: Any) -> dict[str, Any]:
    """A row of /devices/{id}/channels."""
    return {
        "id": number, "deviceId": f"4419000008132{number:07d}", "name": f"人民路{number}号", "civilCode": "441900", "status": "ON",
        "parentId": GROUP["deviceId"], "longitude": 113.75, "latitude": 23.02, "ptzType": 3, "directionType": 4, "channelType": 0, **facts,
    }  # fmt: skip


GROUP = {"deviceId": "44190000002160000001", "name": "鸿福路口", "parentId": "44190000002150000001", "channelType": 2}
TOP = {"deviceId": "44190000002150000001", "name": "南城", "parentId": DEVICE, "channelType": 2}


@dataclass
class Wvp:
    """What it knows and what is wrong with it."""

    channels: Callable[[int], Mapping[str, Any]] = channel
    many: int = 3
    groups: list[Mapping[str, Any]] = field(default_factory=lambda: [TOP, GROUP])
    url: str = ""
    token: str = "token-1"
    expired: bool = False
    slow_s: float = 0.0
    cut_at: int | None = None
    faults: dict[str, Any] = field(default_factory=dict)
    """Path's beginning -> what is answered instead: bytes as they are, anything else as JSON, an int as a status."""
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    logins: int = 0
    alarms: list[Mapping[str, Any]] = field(default_factory=list)
    place: Mapping[str, Any] | None = None
    picture: bytes = b""
    media: str = ""
    """Where its media server is, for those whose streams are played."""

    def answer(self, path: str, query: dict[str, str], token: str | None) -> tuple[int, Any, dict[str, str]]:
        """Status, body and headers."""
        self.asked.append((path, query))
        time.sleep(self.slow_s)
        if path == "/api/user/login":
            return self._log_in(query)
        if token != self.token or self.expired:
            return 401, {"code": 401, "msg": "请登录后重新请求"}, {}
        fault = next((value for start, value in self.faults.items() if path.startswith(start)), None)
        if fault is not None:
            return (fault, {}, {}) if isinstance(fault, int) else (200, fault, {})
        return 200, self._data(path, query), {}

    def _log_in(self, query: dict[str, str]) -> tuple[int, Any, dict[str, str]]:
        self.logins += 1
        if query.get("password") != hashlib.md5(PASSWORD.encode()).hexdigest():
            return 200, {"code": 100, "msg": "用户名或密码错误"}, {}
        self.token, self.expired = f"token-{self.logins}", False
        return 200, {"code": 0, "msg": "成功", "data": {"username": "citydeck"}}, {"access-token": self.token}

    def _data(self, path: str, query: dict[str, str]) -> Any:
        if path == "/api/device/query/devices":
            return self._page(query, 1, lambda _: {"deviceId": DEVICE, "name": "市公安局", "onLine": True})
        if path.endswith("/channels"):
            groups = query["channelType"] == "true"
            return (
                self._page(query, len(self.groups), lambda n: self.groups[n - 1]) if groups else self._page(query, self.many, self.channels)
            )
        if path == "/api/common/channel/list":
            return self._page(
                query, self.many, lambda n: {**{f"gb{k[0].upper()}{k[1:]}": v for k, v in self.channels(n).items()}, "gbId": n}
            )
        if path.startswith(("/api/play/start/", "/api/playback/start/")) or path in (
            "/api/common/channel/play",
            "/api/common/channel/playback",
        ):
            return ok(self.stream())
        if path.startswith("/api/play/stop/"):
            return {"deviceId": DEVICE}
        if path.startswith("/api/alarm/"):
            return self._page(query, len(self.alarms), lambda n: self.alarms[n - 1])
        if path.startswith("/api/position/latest/"):
            return ok(self.place)
        if "/preset/query" in path:
            return ok([{"presetId": "1", "presetName": "东门"}, {"presetId": "x"}, {"presetId": 900}, "?"])
        if path == "/api/play/snap":
            return f"snap/{STREAM}_20261122.jpg".encode()
        if path.startswith("/api/device/query/snap/"):
            return self.picture
        return ok(None)

    def stream(self) -> dict[str, Any]:
        """What play answers."""
        host = self.url.rpartition(":")[0]
        media = {
            "rtc": f"{host}:80/index/api/webrtc?app=rtp&stream={STREAM}&type=play", "hls": f"{host}:80/rtp/{STREAM}/hls.m3u8",
            "fmp4": "http://elsewhere.example/x.mp4", "flv": None, "rtsp": f"rtsp://127.0.0.1:554/rtp/{STREAM}",
        }  # fmt: skip
        return {"app": "rtp", "stream": STREAM, **media, "mediaInfo": {"videoCodec": "H265"}}

    def _page(self, query: dict[str, str], total: int, row: Callable[[int], Mapping[str, Any]]) -> Any:
        page, count = int(query["page"]), int(query["count"])
        last = min(page * count, total if self.cut_at is None else min(self.cut_at, total))
        listed = [row(number) for number in range((page - 1) * count + 1, last + 1)]
        return ok({"total": total, "list": listed, "pageNum": page, "pageSize": count})


def ok(data: Any) -> dict[str, Any]:
    """The envelope of success."""
    return {"code": 0, "msg": "成功", "data": data}


@contextmanager
def wvp(made: Wvp | None = None, **facts: Any) -> Iterator[Wvp]:
    """One that runs: `made`, or one with these facts."""
    made = made or Wvp(**facts)

    class Handler(QuietHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {key: values[0] for key, values in parse_qs(parts.query).items()}
            status, body, headers = made.answer(parts.path, query, self.headers.get("access-token"))
            content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

    with serving(Handler) as made.url:
        yield made
