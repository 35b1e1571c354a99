"""The weather bureau: single warnings with the elements of GB/T 35965.1 as XML, of what the season and the hour bring.

At most two a day, blue or yellow only; the rain is the duty officer's (data_adapters/demo/advisories.py). Invented, like the weather.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from data_adapters.city_pack.contents import Pack
from data_adapters.demo.chance import share
from data_adapters.demo.day import HOUR, MINUTE, SHANGHAI_MS
from data_adapters.demo.platforms.cast import Due
from data_adapters.demo.platforms.courses import WORDS, Course, elements, in_force, local, spoken
from data_adapters.demo.platforms.happenings import day_of
from data_adapters.demo.play import DAY_MS, Message

TOPIC = "cn-warning/bureau"
SENDER, SENDER_CODE = "东莞市气象台", "44190041600000"
LATER_MS = HOUR
"""An update holds for so much longer than what it replaces."""
VERBS = ("发布", "更新发布", "解除")
COLOURS = {"Blue": "蓝色", "Yellow": "黄色"}


class Hazard(NamedTuple):
    """What is warned of: in these months, on so many of their days, from this hour (Shanghai) for so many; `levels` of the first word, then
    of the others; `whole`: the whole city, else the towns of one of its zones."""

    name: str
    months: Sequence[int]
    of_days: float
    hour: float
    lasts: float
    levels: tuple[str, str]
    whole: bool
    expected: str
    instruction: str


HAZARDS = {
    "11B05": Hazard("寒潮", (11, 12, 1, 2, 3), 0.3, 9, 11, ("Blue", "Yellow"), True, "气温将明显下降", "注意防寒保暖，关注户外作业人员。"),
    "11B17": Hazard("大雾", (11, 12, 1, 2, 3, 4), 0.4, 5, 4, ("Yellow", "Yellow"), False, "能见度将低于 500 米", "驾车减速慢行。"),
    "11B14": Hazard("雷电", (4, 5, 6, 7, 8, 9), 0.5, 13, 4, ("Yellow", "Yellow"), False, "可能有雷电活动", "停止户外高空作业。"),
    "11B09": Hazard("高温", (5, 6, 7, 8, 9, 10), 0.5, 10, 8, ("Yellow", "Yellow"), True, "最高气温将达 35 ℃", "午后减少户外活动。"),
}
"""By `eventType`."""


class WeatherBureau:
    """The bureau and what it warns of."""

    def __init__(self, pack: Pack) -> None:
        self._city = pack.city
        towns: dict[str, dict[str, str]] = {}
        for one in pack.regions:
            if one.region.level not in ("city", "zone"):
                towns.setdefault(str(one.region.parent), {})[one.region.code] = one.region.name
        self._zones = [towns[zone] for zone in sorted(towns)]

    def said(self, since: int, until: int) -> Iterator[Due]:
        """Warnings, what replaces them and what lifts them."""
        return spoken(_courses(since, until), since, until, self._write)

    def standing(self, now: int) -> Iterator[Message]:
        """What holds already."""
        return in_force(_courses(now, now), now, self._write)

    def _write(self, course: Course, word: int) -> Message:
        hazard, at, verb = HAZARDS[course.about], course.times[word], VERBS[word]
        places = self._places(course)
        where = "、".join(places.values())
        level, holds = hazard.levels[min(word, 1)], WORDS[word] != "Cancel"
        info = {
            "language": "zh-CN",
            "eventType": course.about,
            "urgency": "Expected" if holds else "Past",
            "severity": level,
            "certainty": "Likely",
            "effective": _time(at),
            "expires": _time(course.times[-1] + min(word, 1) * LATER_MS),
            "headline": f"{SENDER}{verb}{hazard.name}{COLOURS[level]}预警信号（演示）",
            "description": f"{where}{hazard.expected if holds else hazard.name + '影响结束'}。演示数据，并非真实预警。",
            "instruction": hazard.instruction if holds else "",
        }
        area = {"areaDesc": where, "geocode": ",".join(places)}
        head = {
            "identifier": _identifier(course, word),
            "sender": f"{SENDER}（演示）",
            "senderCode": SENDER_CODE,
            "sendTime": _time(at),
            "status": "Actual",
            "msgType": WORDS[word],
            "scope": "Public",
            "references": _identifier(course, word - 1) if word else "",
        }
        return Message(TOPIC, f"<alert>{elements(head)}<info>{elements(info)}<area>{elements(area)}</area></info></alert>")

    def _places(self, course: Course) -> dict[str, str]:
        """Code -> name of where it holds."""
        if HAZARDS[course.about].whole:
            return {self._city.code: self._city.name}
        return self._zones[int(share("warned", *course, "zone") * len(self._zones))]


def _courses(since: int, until: int) -> Iterator[Course]:
    """The warnings of these days."""
    for day in range(day_of(since), day_of(until) + 1):
        midnight = day * DAY_MS - SHANGHAI_MS
        for code, hazard in HAZARDS.items():
            if local(midnight).month in hazard.months and share("warned", code, day) < hazard.of_days:
                begin = midnight + int(hazard.hour * HOUR) + int(share("warned", code, day, "at") * 60) * MINUTE
                lasts = int(hazard.lasts * HOUR)
                yield Course(code, (begin, begin + lasts * 2 // 5, begin + lasts))


def _identifier(course: Course, word: int) -> str:
    return f"{SENDER_CODE}_{local(course.times[word]):%Y%m%d%H%M%S}_{course.about}"


def _time(at: int) -> str:
    """Beijing time without an offset."""
    return f"{local(at):%Y-%m-%d %H:%M:%S}"
