"""The resource catalogue 信息资源目录 (DOMAIN: Libraries): what an entry says, which figure has which source, when a library is late.

The entry's fields are those of 政务信息资源目录编制指南 (2017); its three share types 共享类型 are those of
政务信息资源共享管理暂行办法 (国发〔2016〕51号).
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

SHARES = ("unconditional", "conditional", "none")
"""无条件共享, 有条件共享, 不予共享."""
LAYERS = ("topic", "theme", "base")
"""专题库, 主题库, 基础库."""
TYPES = ("text", "whole", "number", "truth", "day", "moment", "other")
"""The types of fields, one word each for all kinds of library: text, whole number, number, yes or no, day, moment, anything else."""
HOUR_MS, DAY_MS = 3_600_000, 86_400_000
CYCLES: dict[str, int | None] = {
    "live": 10 * 60_000,
    "hourly": HOUR_MS,
    "daily": DAY_MS,
    "weekly": 7 * DAY_MS,
    "monthly": 31 * DAY_MS,
    "quarterly": 92 * DAY_MS,
    "yearly": 366 * DAY_MS,
    "irregular": None,
}
"""Update cycle 更新周期 -> the longest time between two updates, None where there is none to expect."""
GRACE = 0.5
"""A resource may be late by this part of its cycle before it is shown as late (local)."""


class ResourceField(NamedTuple):
    """One field 信息项 of a resource. `declared`: its type was written down; else the library itself was asked."""

    name: str
    title: str
    type: str
    key: bool = False
    declared: bool = False


class Resource(NamedTuple):
    """One entry of the catalogue. `title` is its name 名称; `provider_code` the provider's code; `published_on` an ISO day; `carrier`
    载体类型, `record_form` 记录形式, `storage` 存储位置; `related` codes of other entries; `gone_at`: the library has not had it since
    (epoch ms)."""

    code: str
    library: str
    table: str
    title: str
    summary: str
    provider: str
    provider_code: str
    category: str
    carrier: str
    record_form: str
    storage: str
    format: str
    share: str
    share_condition: str
    share_way: str
    open: bool
    cycle: str
    version: str
    published_on: str
    related: tuple[str, ...]
    fields: tuple[ResourceField, ...]
    gone_at: int | None = None


class Claim(NamedTuple):
    """A query that says it is the source of a figure."""

    figure: str
    library: str
    query: str
    column: str


class TwoSources(ValueError):
    """Two queries claim one figure 一数一源; the text names figure and queries."""


def sources(claims: Iterable[Claim]) -> dict[str, Claim]:
    """Figure -> its one source. Raises TwoSources."""
    found: dict[str, Claim] = {}
    for claim in claims:
        first = found.setdefault(claim.figure, claim)
        if first != claim:
            said = " and ".join(f"{one.library}.{one.query} ({one.column})" for one in (first, claim))
            raise TwoSources(f"figure {claim.figure!r} is claimed by {said}: one figure has one source")
    return found


def late_by(cycle: str, newest: int | None, now: int) -> int | None:
    """How many ms a resource is overdue at `now`, None when it isn't. `newest`: its newest row's time, which is where that row's period
    begins (epoch ms): the row of the period after it is due two cycles later."""
    span = CYCLES[cycle]
    if span is None or newest is None:
        return None
    over = now - newest - round(span * (2 + GRACE))
    return over if over > 0 else None


def visible(resource: Resource, departments: Sequence[str]) -> bool:
    """Whether somebody limited to these departments finds the entry: their own, and what is shared with others at all."""
    return resource.provider in departments or resource.share != "none"
