"""A GB/T 28181 video network whose gateway publishes what its SIP server hears: notifications in MANSCDP (GB/T 28181-2022, 9.4, 9.6, 9.11
and annex A), written in GB 2312 as its devices do."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from data_adapters.city_pack.contents import Pack
from data_adapters.demo.cameras import changes_between, is_on
from data_adapters.demo.chance import share
from data_adapters.demo.platforms.cast import Due, moments, own_devices
from data_adapters.demo.play import Message
from domain.registry import Device

FEED = "gb28181"
TOPIC = "gb28181/notify"
BEIJING = ZoneInfo("Asia/Shanghai")
"""The standard's clock, written without an offset."""
KEEPALIVE_MS = 60_000
ALARM_SLOT_MS = 24 * 60_000
ALARM_SHARE = 0.8
"""In so many of these slots some camera of the city states an alarm: two an hour."""


class Alarm(NamedTuple):
    """`priority` 1 (worst) to 4, `method` and `number` as AlarmMethod and AlarmType; `event`: EventType of an intrusion, 1 in, 2 out;
    `often`: how many times as often as the rarest."""

    priority: int
    method: str
    number: int
    said: str
    often: int = 1
    event: int | None = None


ALARMS = (
    Alarm(4, "5", 2, "画面有移动", 4),
    Alarm(4, "5", 9, "客流统计超过阈值", 3),
    Alarm(4, "5", 8, "人员徘徊", 2),
    Alarm(4, "5", 3, "物品遗留", 2),
    Alarm(3, "5", 5, "越过警戒线"),
    Alarm(3, "5", 6, "进入警戒区域", 1, 1),
    Alarm(4, "2", 1, "视频丢失"),
    Alarm(4, "5", 11, "画面模糊"),
    Alarm(4, "6", 1, "存储设备磁盘故障"),
)
OFTEN: Sequence[Alarm] = [alarm for alarm in ALARMS for _ in range(alarm.often)]


class Gb28181:
    """The network: its cameras and its gateway, all known by their codes."""

    def __init__(self, pack: Pack) -> None:
        devices = own_devices(pack, FEED)
        self._cameras = {one.device_id: one for one in devices if one.kind == "camera"}
        self._gateways = [one.device_id for one in devices if one.kind == "gateway"]

    def said(self, since: int, until: int) -> Iterator[Due]:
        """Keepalives, cameras that turn on or off, alarms."""
        for gateway in self._gateways:
            for at in moments(since, until, KEEPALIVE_MS):
                yield Due(at, _message("Keepalive", gateway, at, {"Status": "OK"}))
            for at, turned in changes_between(self._cameras, since, until):
                yield Due(at, _message("Catalog", gateway, at, {}, _items(turned)))
        for slot in moments(since - ALARM_SLOT_MS, until, ALARM_SLOT_MS):
            at = slot + int(share("video alarm", slot, "at") * ALARM_SLOT_MS)
            if since < at <= until and self._cameras and share("video alarm", slot) < ALARM_SHARE:
                yield Due(at, self._alarm(slot, at))

    def standing(self, now: int) -> Iterator[Message]:
        """The state of every camera, as the answer to a fresh subscription tells it."""
        for gateway in self._gateways:
            yield _message("Catalog", gateway, now, {}, _items({code: is_on(code, now) for code in self._cameras}))

    def _alarm(self, slot: int, at: int) -> Message:
        camera = list(self._cameras.values())[int(share("video alarm", slot, "camera") * len(self._cameras))]
        return _message(
            "Alarm", camera.device_id, at, *alarm_fields(camera, OFTEN[int(share("video alarm", slot, "what") * len(OFTEN))], at)
        )


def alarm_fields(camera: Device, alarm: Alarm, at: int) -> tuple[Mapping[str, object], str]:
    """What an alarm notification says of itself: plain elements, and its `Info`."""
    plain = {
        "AlarmPriority": alarm.priority,
        "AlarmMethod": alarm.method,
        "AlarmTime": f"{datetime.fromtimestamp(at / 1000, BEIJING):%Y-%m-%dT%H:%M:%S}",
        "AlarmDescription": alarm.said,
        "Longitude": camera.lon,
        "Latitude": camera.lat,
    }
    event = "" if alarm.event is None else f"<AlarmTypeParam>{_element('EventType', alarm.event)}</AlarmTypeParam>"
    return plain, f"<Info>{_element('AlarmType', alarm.number)}{event}</Info>"


def _message(command: str, code: str, at: int, plain: Mapping[str, object], rest: str = "") -> Message:
    head = {"CmdType": command, "SN": at // 1000 % 1_000_000, "DeviceID": code}
    inner = "\r\n".join([*(_element(name, value) for name, value in {**head, **plain}.items()), rest])
    return Message(TOPIC, f'<?xml version="1.0" encoding="GB2312"?>\r\n<Notify>\r\n{inner}\r\n</Notify>\r\n'.encode("gb2312"))


def _items(states: Mapping[str, bool]) -> str:
    """The DeviceList of a Catalog notification: the event of each channel that turned."""
    items = [f"<Item>{_element('DeviceID', code)}{_element('Event', 'ON' if on else 'OFF')}</Item>" for code, on in states.items()]
    return f'{_element("SumNum", len(items))}<DeviceList Num="{len(items)}">{"".join(items)}</DeviceList>'


def _element(name: str, value: object) -> str:
    return f"<{name}>{escape(str(value))}</{name}>"
