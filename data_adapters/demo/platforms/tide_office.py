"""The ocean office: CAP 1.2 (OASIS, chapter 3.2) of the high water at spring tide along the estuary, in Chinese and in English.

Twice a month: two days after new and full moon the tide is highest. A blue alert the day before, yellow by an update, then cancelled.
"""

from collections.abc import Iterator, Mapping

from shapely import Polygon

from data_adapters.city_pack.contents import Pack
from data_adapters.demo.day import HOUR, MINUTE
from data_adapters.demo.platforms.cast import Due, moments
from data_adapters.demo.platforms.courses import WORDS, Course, elements, in_force, local, spoken
from data_adapters.demo.play import Message

TOPIC = "cap/tides"
NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
SENDER = "tides@ocean.demo"
NEW_MOON_MS = 947_182_440_000
"""6 January 2000, 18:14 UTC."""
SPRING_MS = 1_275_721_438
"""Half a synodic month of 29.530589 days."""
AGE_MS = 36 * HOUR
"""So long after new and full moon the tide is highest."""
BEFORE_MS, SURE_MS, AFTER_MS = 16 * HOUR, 5 * HOUR, 5 * HOUR
SHORE = ("441900119", "441900121", "441900123")
"""The towns on the estuary: 长安, 虎门, 沙田."""
ZH = {"Alert": "高潮位蓝色预警（演示）", "Update": "高潮位黄色预警（演示）", "Cancel": "解除高潮位黄色预警（演示）"}
EN = {"Alert": "High water, blue (demo)", "Update": "High water, yellow (demo)", "Cancel": "High water: over (demo)"}


class TideOffice:
    """The office and the shore that it warns."""

    def __init__(self, pack: Pack) -> None:
        towns = {one.region.code: one for one in pack.regions if one.region.code in SHORE}
        self._zh = "、".join(town.region.name for town in towns.values())
        self._en = ", ".join(town.region.name_en or town.region.code for town in towns.values())
        parts = [part for town in towns.values() if town.area is not None for part in getattr(town.area, "geoms", [town.area])]
        self._rings = [_ring(part) for part in parts]

    def said(self, since: int, until: int) -> Iterator[Due]:
        """Alerts, their updates and cancellations."""
        return spoken(_courses(since, until), since, until, self._write)

    def standing(self, now: int) -> Iterator[Message]:
        """What holds already."""
        return in_force(_courses(now, now), now, self._write)

    def _write(self, course: Course, word: int) -> Message:
        kind, at = WORDS[word], course.times[word]
        holds = kind != "Cancel"
        head = {"identifier": _identifier(course, word), "sender": SENDER, "sent": _time(at), "status": "Actual", "msgType": kind}
        said = {**head, "scope": "Public", **({"references": _named(course, word - 1)} if word else {})}
        common = {
            "responseType": "Monitor" if holds else "AllClear",
            "urgency": "Expected" if holds else "Past",
            "severity": "Moderate" if kind == "Update" else "Minor",
            "certainty": "Likely",
            "expires": _time(course.times[-1] + HOUR),
        }
        chinese = {
            "senderName": "海洋预报台（演示）",
            "headline": ZH[kind],
            "description": f"{'天文大潮期间，沿岸潮位偏高' if holds else '潮位已回落'}。演示数据，并非真实预警。",
            "instruction": "留意低洼岸段，必要时关闭水闸。" if holds else "",
        }
        english = {
            "senderName": "Ocean office (demo)",
            "headline": EN[kind],
            "description": f"{'High water at spring tide' if holds else 'The water has fallen'}. Demo data, no real warning.",
            "instruction": "Watch low banks; close sluices where needed." if holds else "",
        }
        infos = self._info("zh-CN", "高潮位", common, chinese, self._zh) + self._info("en-US", "High water", common, english, self._en)
        return Message(TOPIC, f'<alert xmlns="{NAMESPACE}">{elements(said)}{infos}</alert>')

    def _info(self, language: str, event: str, common: Mapping[str, str], told: Mapping[str, str], where: str) -> str:
        """One info, its elements in the order of the specification."""
        area = elements({"areaDesc": where}) + "".join(elements({"polygon": ring}) for ring in self._rings)
        return f"<info>{elements({'language': language, 'category': 'Met', 'event': event, **common, **told})}<area>{area}</area></info>"


def _courses(since: int, until: int) -> Iterator[Course]:
    """The spring tides whose warning may speak in this time."""
    for highest in moments(since - AFTER_MS - MINUTE, until + BEFORE_MS + MINUTE, SPRING_MS, NEW_MOON_MS + AGE_MS):
        top = highest // MINUTE * MINUTE
        yield Course("tide", (top - BEFORE_MS, top - SURE_MS, top + AFTER_MS))


def _ring(part: Polygon) -> str:
    """A closed polygon as CAP writes it: latitude,longitude in WGS 84."""
    return " ".join(f"{lat:.4f},{lon:.4f}" for lon, lat, *_ in part.exterior.coords)


def _identifier(course: Course, word: int) -> str:
    return f"tide-{local(course.times[word]):%Y%m%dT%H%M%S}"


def _named(course: Course, word: int) -> str:
    """The message as `references` has it."""
    return f"{SENDER},{_identifier(course, word)},{_time(course.times[word])}"


def _time(at: int) -> str:
    return local(at).isoformat(timespec="seconds")
