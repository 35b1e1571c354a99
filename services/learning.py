"""Adds to new values what was normal for their hour and weekday, learnt from the values before them, and since when they are anomalous."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from domain.indicators import Indicator
from domain.normal import DAY_MS, LearningRules, Memory, calm_values, spells
from services.indicator_ports import IndicatorStore, Value


class Learning:
    """Learns for the whole city; for the regions below it only where the normal that scores is a learnt one."""

    def __init__(
        self, store: IndicatorStore, rules: LearningRules, zone: Callable[[], ZoneInfo], is_working_day: Callable[[date], bool]
    ) -> None:
        self._store, self._rules, self._zone, self._is_working_day = store, rules, zone, is_working_day

    def learn(self, indicators: Sequence[Indicator], fresh: Sequence[Value], root: str) -> list[Value]:
        """The same values; those that can be with their normal."""
        learners = {one.code: one for one in indicators if one.learns()}
        series: dict[tuple[str, str], list[Value]] = defaultdict(list)
        for value in fresh:
            one = learners.get(value.indicator)
            if one is not None and (value.region == root or one.normal is None):
                series[value.indicator, value.region].append(value)
        learnt = {key: found for (code, region), ones in series.items() for key, found in self._series(code, region, ones).items()}
        return [learnt.get((value.indicator, value.region, value.at), value) for value in fresh]

    def _series(self, code: str, region: str, fresh: Sequence[Value]) -> dict[tuple[str, str, int], Value]:
        """The new values of one series with what was normal: its past is read, and gone through once."""
        first, last = min(one.at for one in fresh), max(one.at for one in fresh)
        past = self._store.series(code, region, round(first - self._rules.days * DAY_MS), last + 1)
        whole = {one.at: one for one in (*past, *fresh) if one.value is not None}
        new = {one.at for one in fresh}
        memory, found, outside = Memory(self._rules, self._zone(), self._is_working_day), [], []
        for at in sorted(whole):
            value = whole[at]
            if at in new:
                value = _with_normal(value, memory)
            memory.add(at, value.value or 0.0)
            found.append(value)
            outside.append(is_outside(value, self._rules.width))
        since = _anomalous(found, outside, self._rules)
        return {(code, region, one.at): one._replace(anomaly_since=since.get(one.at)) for one in found if one.at in new}


def is_outside(value: Value, width: float) -> bool:
    """Whether the value lies more than so many spreads from what was normal; never where nothing is known."""
    if value.value is None or value.normal_middle is None or value.normal_spread is None:
        return False
    return abs(value.value - value.normal_middle) > width * value.normal_spread


def _with_normal(value: Value, memory: Memory) -> Value:
    normal = memory.normal(value.at)
    if normal is None:
        return value
    return value._replace(normal_middle=normal.middle, normal_spread=normal.spread, normal_days=normal.days, normal_basis=normal.basis)


def _anomalous(found: Sequence[Value], outside: Sequence[bool], rules: LearningRules) -> Mapping[int, int]:
    """Begin of a value that lies outside -> since when it is part of an anomaly."""
    if not found:
        return {}
    calm = calm_values(rules, found[0].ends_at - found[0].at)
    since = {}
    for spell in spells(outside, rules.hold, calm):
        over = spell.last + calm if spell.over else len(found)
        places = range(spell.told, min(over, len(found)))
        since.update({found[place].at: found[spell.first].at for place in places if outside[place]})
    return since
