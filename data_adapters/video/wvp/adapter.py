"""The VideoPlatform port on WVP-GB28181-pro, by its REST."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from config.strict import REQUIRED, ConfigError, one_of, text
from data_adapters.feeds.asking import url
from data_adapters.video.setup import PlatformSetup
from data_adapters.video.values import real, rows, table, whole, words
from data_adapters.video.wvp.alarms import standard
from data_adapters.video.wvp.catalogue import Catalogue
from data_adapters.video.wvp.session import WvpSession
from data_adapters.video.wvp.streams import codec_of, urls_of
from data_adapters.video.wvp.ways import command, speeds, way
from services.video_ports import Entry, NotOffered, Offline, Picture, PlatformAlarm, Preset, Size, Stream, Turn, UnknownChannel, Whereabouts

SNAP, SNAPPED = "/api/play/snap", "/api/device/query/snap/{device}/{channel}"
LATEST = "/api/position/latest/{device}"
ALARMS: Mapping[str, tuple[str, str, str]] = {
    "list": ("/api/alarm/list", "beginTime", "endTime"),
    "all": ("/api/alarm/all", "startTime", "endTime"),
}
"""Setting `alarms` -> path and the names of its two times: WVP has renamed them."""
MOST_ALARMS = 10_000
SESSION = re.compile(r"(live|past)\|([^|]+)\|(.*)", re.DOTALL)


def _names(raw: Any) -> Mapping[str, str]:
    if not isinstance(raw, dict) or not all(isinstance(key, str) and isinstance(value, str) and value for key, value in raw.items()):
        raise ValueError("codes (as texts), each with the device that carries it")
    return raw


def _hosts(raw: Any) -> tuple[str, ...]:
    if not isinstance(raw, list) or not all(isinstance(one, str) and one for one in raw):
        raise ValueError("a list of hosts")
    return tuple(raw)


def _page(raw: Any) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or not 10 <= raw <= 5000:
        raise ValueError("a whole number from 10 to 5000")
    return raw


def _zone(raw: Any) -> ZoneInfo:
    try:
        return ZoneInfo(text(raw))
    except (OSError, ValueError, KeyError):
        raise ValueError("a time zone such as Asia/Shanghai") from None


FIELDS: Mapping[str, tuple[Callable[[Any], Any], Any]] = {
    "url": (url, REQUIRED),
    "username": (text, None),
    "catalogue": (one_of("devices", "common"), "devices"),
    "page": (_page, 500),
    "media_hosts": (_hosts, ()),
    "sub_streams": (one_of("yes", "no"), "no"),
    "alarms": (one_of(*ALARMS), "list"),
    "vehicles": (_names, {}),
    "zone": (_zone, ZoneInfo("Asia/Shanghai")),
}


class WvpPlatform:
    """One WVP. Every call is bounded by the platform's time-out. Raises ConfigError for settings or secrets that can't be used."""

    def __init__(self, setup: PlatformSetup) -> None:
        said = setup.read(FIELDS, ("password", "api_key"))
        key, password = setup.secrets.get("api_key", ""), setup.secrets.get("password", "")
        if not key and not (password and said["username"]):
            raise ConfigError(f"video.yaml: {setup.name}: expected `username` and the secret `password`, or the secret `api_key`")
        self.name, self._said = setup.name, said
        self._session = WvpSession(said["url"], setup.timeout_s, said["username"] or "", password, key)
        self._catalogue = Catalogue(self._session.ask, setup, said["page"], said["catalogue"], said["vehicles"])
        self._hosts = frozenset({urlsplit(said["url"]).hostname or "", *said["media_hosts"]})
        self._setup = setup

    def catalogue(self) -> Iterator[Sequence[Entry]]:
        """All channels, page by page; one that ends before its total raises BadAnswer."""
        return self._catalogue.pages()

    def offers(self, channel: str) -> frozenset[str]:
        """Recordings, which WVP asks its recorders for; pictures of cameras that are known by device and channel."""
        return frozenset({"playback", "snapshot"} if "/" in channel else {"playback"})

    def live(self, channel: str, size: Size = "main") -> Stream:
        """Invite the camera."""
        small = {"isSubStream": "true"} if size == "sub" and self._said["sub_streams"] == "yes" else {}
        found = self._ask("play", channel, **small)
        return Stream(f"live|{channel}|", urls_of(found, self._hosts), codec_of(found))

    def playback(self, channel: str, start: int, end: int) -> Stream:
        """Invite the recorder."""
        found = self._ask("playback", channel, startTime=self._local(start), endTime=self._local(end))
        return Stream(f"past|{channel}|{words(table(found).get('stream'))}", urls_of(found, self._hosts), codec_of(found))

    def stop(self, session: str) -> None:
        """End an invitation. One that WVP does not know any more is no error."""
        parts = SESSION.fullmatch(session)
        if parts is None:
            return
        kind, channel, stream = parts.groups()
        try:
            if kind == "live":
                self._ask("stop", channel)
            elif stream:
                self._ask("stop_playback", channel, stream=stream)
        except (Offline, UnknownChannel):
            return

    def turn(self, channel: str, turn: Turn) -> None:
        """See VideoPlatform."""
        self._ask("turn", channel, command=command(turn), **speeds(turn, "/" not in channel))

    def presets(self, channel: str) -> Sequence[Preset]:
        """See VideoPlatform; numbers that are none are left out."""
        found = [(whole(row.get("presetId")), words(row.get("presetName"))) for row in rows(self._ask("presets", channel))]
        return [Preset(number, name or str(number)) for number, name in found if number is not None and 0 < number < 256]

    def go_to(self, channel: str, preset: int) -> None:
        """See VideoPlatform."""
        self._ask("go_to", channel, presetId=preset)

    def snapshot(self, channel: str) -> Picture:
        """Ask for a new picture, then for its file. Only of cameras that are known by device and channel."""
        device, slash, code = channel.partition("/")
        if not slash:
            raise NotOffered("pictures of the common catalogue")
        said = self._session.text(SNAP, {"deviceId": device, "channelId": code})
        mark = re.search(re.escape(f"{device}_{code}_") + r"([0-9A-Za-z_-]{1,40})\.jpg", said)
        content = self._session.picture(SNAPPED, {"mark": mark[1]} if mark else None, device=device, channel=code)
        if not content:
            raise Offline("no picture came")
        return Picture(content)

    def alarms(self, since: int, until: int) -> Iterator[PlatformAlarm]:
        """See VideoPlatform. Facts are WVP's own fields; an alarm without a time that can be read is left out."""
        path, begin, end = ALARMS[self._said["alarms"]]
        found: list[PlatformAlarm] = []
        asked = {begin: self._local(since), end: self._local(until)}
        for page in self._catalogue.listed(path, asked):
            found += [alarm for row in page if (alarm := self._alarm(row)) is not None]
            if len(found) >= MOST_ALARMS:
                break
        yield from sorted(found, key=lambda alarm: (alarm.at, alarm.alarm_id))

    def whereabouts(self) -> Iterator[Whereabouts]:
        """The latest place of each device that `vehicles` names, of those that have told one."""
        for code, vehicle in self._said["vehicles"].items():
            row = table(self._session.ask(LATEST, device=code))
            lon, lat = self._setup.wgs84(real(row.get("longitude")), real(row.get("latitude")))
            at = self._time(row.get("time"))
            if lon is not None and lat is not None and at is not None:
                yield Whereabouts(vehicle, at, lon, lat)

    def _ask(self, what: str, channel: str, **more: Any) -> Any:
        asked = way(what, channel, **more)
        return self._session.ask(asked.path, asked.parameters, **asked.parts)

    def _alarm(self, row: Mapping[str, Any]) -> PlatformAlarm | None:
        at = self._time(row.get("alarmTime"))
        channel = next((code for key in ("channelDeviceId", "channelId", "deviceId") if (code := words(row.get(key)))), "")
        if at is None or not channel:
            return None
        facts = {key: value for key, value in standard(row).items() if isinstance(value, str | int | float) and len(str(value)) <= 2000}
        return PlatformAlarm(words(row.get("id")) or f"{channel}-{at}", channel, at, facts)

    def _local(self, at: int) -> str:
        return datetime.fromtimestamp(at / 1000, UTC).astimezone(self._said["zone"]).strftime("%Y-%m-%d %H:%M:%S")

    def _time(self, raw: Any) -> int | None:
        """Epoch ms as newer ones write it, or the time of day in WVP's own zone."""
        if isinstance(raw, int) and not isinstance(raw, bool) and 0 < raw < 10**14:
            return raw
        try:
            return round(datetime.fromisoformat(words(raw)).replace(tzinfo=self._said["zone"]).timestamp() * 1000)
        except (ValueError, OverflowError, OSError):
            return None
