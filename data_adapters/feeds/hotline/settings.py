"""The settings of a hotline: which of its fields is what, which of its words means which status, how it writes times."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from config.strict import yes_or_no
from data_adapters.feeds.hotline.polling import POLL_FIELDS
from data_adapters.feeds.mapping.paths import Path, path
from data_adapters.feeds.orders import PERSON, TEXTS
from data_adapters.feeds.setup import FeedSetup
from data_adapters.feeds.telling import TELL_FIELDS
from data_adapters.feeds.times import WITHOUT_TIME, zone
from domain.appeals import OUTSIDE

NAMES = ("number", "status", "time", "changed", "lon", "lat", "person_address", *TEXTS, *PERSON)
PLAIN = re.compile(r"[\w一-鿿（）() /]+\Z")
WORD = re.compile(r"[A-Za-z_]\w*\Z", re.ASCII)


class Hotline(NamedTuple):
    """`fields`: our name -> where it may stand, the first that says something counts; `statuses`: the hotline's word -> one of OUTSIDE;
    `records`: where the orders stand in a message, None for the message itself; `sole`: what an order is whose message has no status."""

    records: Path | None
    fields: Mapping[str, tuple[Path, ...]]
    statuses: Mapping[str, str]
    sole: str
    zone: ZoneInfo | None
    patterns: tuple[str, ...]
    without_time: str
    keep_person: bool


def read_hotline(setup: FeedSetup) -> Hotline:
    """Raises ConfigError."""
    read = setup.read(
        {
            "records": (path, None),
            "fields": (_fields, DEFAULT),
            "statuses": (_statuses, STATUSES),
            "without_status": (_status, "open"),
            "zone": (zone, ZoneInfo("Asia/Shanghai")),
            "times": (_patterns, ()),
            "without_time": WITHOUT_TIME,
            "keep_person": (yes_or_no, True),
            **POLL_FIELDS,
            **TELL_FIELDS,
        },
        ("hotline_token", "platform_token"),
    )
    names = ("records", "fields", "statuses", "without_status", "zone", "times", "without_time", "keep_person")
    return Hotline(*(read[name] for name in names))


def _where(raw: Any) -> Path:
    """A column's or a key's own name, in any script, or JMESPath."""
    if isinstance(raw, str) and PLAIN.match(raw) and not WORD.match(raw):
        return path(f'"{raw}"')
    return path(raw)


def _fields(raw: Any) -> dict[str, tuple[Path, ...]]:
    if not isinstance(raw, dict) or not set(raw) <= set(NAMES) or "number" not in raw:
        raise ValueError(f"number and any of {', '.join(NAMES)}, each with the name of a field, a JMESPath or a list of these")
    return {name: tuple(_where(one) for one in (places if isinstance(places, list) else [places])) for name, places in raw.items()}


def _status(raw: Any) -> str:
    if raw not in OUTSIDE:
        raise ValueError(f"one of {', '.join(OUTSIDE)}")
    return str(raw)


def _statuses(raw: Any) -> dict[str, str]:
    if not isinstance(raw, dict) or not all(isinstance(word, str | int) and not isinstance(word, bool) for word in raw):
        raise ValueError(f"the hotline's words, each with one of {', '.join(OUTSIDE)}")
    return {str(word): _status(meant) for word, meant in raw.items()}


def _patterns(raw: Any) -> tuple[str, ...]:
    if not isinstance(raw, list) or not all(isinstance(one, str) and "%" in one for one in raw):
        raise ValueError("a list of patterns of strptime")
    return tuple(raw)


DEFAULT = _fields(
    {
        "number": ["工单编号", "诉求编号", "留言编号", "受理编号", "order_no", "orderNo", "number"],
        "status": ["工单状态", "状态", "办理状态", "status"],
        "time": ["受理时间", "来电时间", "留言时间", "诉求时间", "created_at", "createTime", "time"],
        "changed": ["状态时间", "更新时间", "答复时间", "updated_at", "updateTime"],
        "title": ["标题", "工单标题", "留言主题", "诉求标题", "title"],
        "text": ["诉求内容", "工单内容", "留言详情", "来电内容", "content", "text"],
        "theme": ["诉求类别", "工单类型", "一级分类", "事项分类", "category"],
        "channel": ["受理渠道", "来源渠道", "来源", "channel"],
        "department": ["承办单位", "主办单位", "department"],
        "address": ["事发地址", "诉求地点", "地址", "address"],
        "lon": ["经度", "lon", "lng", "longitude"],
        "lat": ["纬度", "lat", "latitude"],
        "deadline": ["办理期限", "截止时间", "deadline"],
        "note": ["答复意见", "办理意见", "note"],
        "name": ["姓名", "诉求人", "来电人", "caller_name"],
        "phone": ["联系电话", "来电号码", "手机号", "caller_phone"],
        "id_number": ["身份证号", "证件号码"],
        "person_address": ["联系地址", "住址"],
    }
)
"""Names that hotlines' exports have; a city whose table has others says so."""
STATUSES = {
    **dict.fromkeys(("受理", "已受理", "待受理", "待派单", "已派单", "待签收", "已签收"), "open"),
    **dict.fromkeys(("办理中", "处理中", "在办", "待办", "新建", "新增"), "open"),
    **dict.fromkeys(("催办", "已催办", "催单"), "urged"),
    **dict.fromkeys(("重办", "重派", "发回重办", "二次派单"), "reopened"),
    **dict.fromkeys(("撤诉", "撤单", "已撤销", "已撤回", "市民撤回", "作废"), "withdrawn"),
    **dict.fromkeys(("办结", "已办结", "结案", "已结案", "已归档", "归档", "已完成", "已回复", "已答复"), "closed"),
}  # fmt: skip
