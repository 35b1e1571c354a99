"""The demo's hotline platform: it hands its orders in like any city's, as messages of the feed `hotline`, with invented people's numbers
left out: nobody called."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from data_adapters.demo.chance import share

FEED = "hotline"
CHANNELS = ("电话", "微信", "网站", "手机应用")
THEMES = {"complaint": "投诉", "help": "求助", "consult": "咨询", "report": "举报", "suggestion": "建议", "enterprise": "企业诉求"}
PENDING = "order:"


class DemoHotline:
    """`put` a payload into the inbox; `find` the incident of an order's number, None before there is one."""

    feed = FEED
    sources = frozenset({FEED})
    begins = "YS"
    """So its numbers begin."""

    def __init__(self, put: Callable[[bytes], object], find: Callable[[str], str | None]) -> None:
        self._put, self._find = put, find

    def takes(self, call: Mapping[str, Any]) -> bool:
        """Whether people bring this to the desk."""
        return call["source"] in self.sources and call["class_code"] in THEMES

    def order(self, call: Mapping[str, Any], lon: float, lat: float, address: str, at: int) -> str:
        """Hand in an order; returns what stands for its incident until there is one."""
        moment = datetime.fromtimestamp(at / 1000, UTC)
        number = f"{self.begins}{moment:%Y%m%d%H%M%S}{at % 1000:03d}"
        self._put(json.dumps(self._said(number, call, (lon, lat), address, moment), ensure_ascii=False).encode())
        return PENDING + number

    def incident(self, name: str) -> str | None:
        """The incident that `name` stands for, where it is of this desk and there is one."""
        return self._find(name.removeprefix(PENDING))

    def _said(self, number: str, call: Mapping[str, Any], place: tuple[float, float], address: str, moment: datetime) -> Any:
        """The order as the platform writes it."""
        said = {
            "工单编号": number,
            "受理时间": moment.isoformat(),
            "标题": call["title"],
            "诉求内容": f"{call['title']}。演示数据，并非真实诉求。",
            "诉求类别": THEMES[call["class_code"]],
            "受理渠道": CHANNELS[int(share("channel", round(moment.timestamp() * 1000)) * len(CHANNELS))],
            "事发地址": address,
            "经度": place[0],
            "纬度": place[1],
            "状态": "已受理",
        }
        return {"code": 0, "data": [said]}
