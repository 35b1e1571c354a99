"""The dispatch centre of the next city: every two minutes it publishes its list of calls along the border, as RSS (ADASHI's `current.xml`).

A list has what came in within the last hours, calls that are over too: it is never empty, and each list is all that the centre knows.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import NamedTuple
from xml.sax.saxutils import escape

from data_adapters.city_pack.contents import Pack
from data_adapters.demo.chance import share
from data_adapters.demo.platforms.cast import Due, moments
from data_adapters.demo.play import Message
from domain.registry import Device

TOPIC = "cad-rss/next-city"
EVERY_MS = 120_000
SLOT_MS = 40 * 60_000
"""In each of these one call comes in."""
LISTED_MS = 6 * 3_600_000
SHORTEST_MS, LONGEST_MS = 15 * 60_000, 100 * 60_000
BORDER = ("凤岗镇", "塘厦镇", "清溪镇", "长安镇", "大岭山镇")
"""The towns along the border with the next city."""
NEAR = "traffic_flow"
"""A call lies where a device of this kind stands."""


class Story(NamedTuple):
    """What a call is about, and which of the centre's units drive there."""

    kind: str
    name: str
    units: Sequence[str]


STORIES = (
    Story("交通事故", "两车追尾，一车道受阻", ("P21", "A07")),
    Story("火警", "沿街店铺冒烟", ("E11", "E12", "L03")),
    Story("救护", "路人晕倒", ("A05",)),
    Story("危化品", "货车泄漏不明液体，请求支援", ("E14", "H01")),
    Story("抢险", "边坡落石侵占路肩", ("R02",)),
    Story("火警", "山林冒烟，风向偏北", ("E16", "E17")),
    Story("救护", "工厂员工烫伤", ("A07",)),
)
DRILL, DRILLS = Story("演练", "跨市联合演练：隧道救援", ("E11", "R02", "A05")), 0.06
"""An exercise, and how likely a call is one."""


class CadRss:
    """The centre and its calls."""

    def __init__(self, pack: Pack) -> None:
        border = {one.region.code: one.region.name for one in pack.regions if one.region.name in BORDER}
        self._towns = border
        self._places = [one.device for one in pack.devices if one.device.kind == NEAR and one.device.region in border]

    def said(self, since: int, until: int) -> Iterator[Due]:
        """The list, again and again."""
        for at in moments(since, until, EVERY_MS):
            yield Due(at, Message(TOPIC, self._list(at)))

    def standing(self, now: int) -> tuple[Message, ...]:
        """Nothing: the next list comes soon."""
        return ()

    def _list(self, at: int) -> str:
        slots = moments(at - LISTED_MS, at, SLOT_MS)
        calls = [self._call(slot, at) for slot in slots if self._begin(slot) <= at]
        head = f"<title>calls</title><pubDate>{_time(at)}</pubDate>"
        return f'<rss version="2.0" xmlns:georss="http://www.georss.org/georss"><channel>{head}{"".join(calls)}</channel></rss>'

    def _begin(self, slot: int) -> int:
        return slot + int(share("call", slot, "at") * SLOT_MS)

    def _call(self, slot: int, at: int) -> str:
        begin, drill = self._begin(slot), share("call", slot, "drill") < DRILLS
        story = DRILL if drill else STORIES[int(share("call", slot, "story") * len(STORIES))]
        end = begin + SHORTEST_MS + int(share("call", slot, "lasts") * (LONGEST_MS - SHORTEST_MS))
        place = self._places[int(share("call", slot, "place") * len(self._places))]
        return _item(slot // SLOT_MS, story, place, self._towns[place.region], begin, end if end <= at else None)


def _item(number: int, story: Story, place: Device, town: str, begin: int, end: int | None) -> str:
    """One call: it was last changed when it came in, or when it was over."""
    facts = {
        "title": number,
        "incidentId": f"N{number}",
        "incidentName": story.name,
        "type": story.kind,
        "fullAddress": f"{town}市界附近",
        "resources": " ".join(story.units),
        "started": _time(begin),
        "ended": "" if end is None else _time(end),
        "lastModified": _time(begin if end is None else end),
        "georss:point": f"{place.lat:.6f} {place.lon:.6f}",
    }
    return f"<item>{''.join(f'<{name}>{escape(str(text))}</{name}>' for name, text in facts.items())}</item>"


def _time(at: int) -> str:
    """As RFC 822 has it."""
    return format_datetime(datetime.fromtimestamp(at // 1000, UTC))
