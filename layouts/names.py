"""Names of metrics, device kinds and rules in the reader's language, with units, decimals and what is near or old. Pure."""

from collections.abc import Mapping
from typing import Any

from domain.alarm_care import ALONE, Nearness
from domain.alarm_rules import POSITION
from domain.freshness import NEVER_OLD, Freshness
from layouts.words import Words

SPEED_UNIT = "km/h"
"""What rules about moving things are written in."""


class Names:
    """Names of metrics, device kinds and rules, with units and decimals, from the city's catalogues.

    Metrics and kinds are name -> object with `zh` and `en` (metrics also `unit`, `decimals`, `kind`); rules id -> domain.alarms.Rule.
    `nearness`: what the city calls near, for groups of alarms; `freshness`: what it calls old.
    """

    def __init__(
        self,
        metrics: Mapping[str, Any],
        kinds: Mapping[str, Any],
        rules: Mapping[str, Any],
        nearness: Nearness = ALONE,
        freshness: Freshness = NEVER_OLD,
    ) -> None:
        self._metrics, self._kinds, self._rules = metrics, kinds, rules
        self.nearness, self.freshness = nearness, freshness

    def metric(self, words: Words, name: str) -> str:
        """The metric's name; its id when it isn't in the catalogue."""
        return _picked(words, self._metrics.get(name), name)

    def kind(self, words: Words, name: str) -> str:
        """The device kind's name."""
        return _picked(words, self._kinds.get(name), name)

    def kinds(self, words: Words) -> list[tuple[str, str]]:
        """Every device kind with its name."""
        return [(kind, self.kind(words, kind)) for kind in self._kinds]

    def rule(self, words: Words, name: str) -> str:
        """The alarm rule's name."""
        rule = self._rules.get(name)
        return words.pick(rule.name, rule.name_en) if rule is not None else name

    def how(self, words: Words) -> dict[str, dict[str, tuple[Any, ...]]]:
        """How alarms are written: of each rule name, type, side, times; of each metric name, unit, decimals, and whether it is a flag."""
        known = (*self._metrics, POSITION)
        flags = {one: (self.metric(words, one), self.unit(words, one), self.decimals(one), self._is_flag(one)) for one in known}
        rules = {name: (self.rule(words, name), rule.type, rule.op, rule.times) for name, rule in self._rules.items()}
        return {"rules": rules, "metrics": flags}

    def limit(self, words: Words, alarm: Mapping[str, Any]) -> str:
        """The limit that was broken, with the side it was broken on; a silence's limit is in seconds, a rate's per minute.

        Flags have none worth reading, nor does an alarm whose rule is no longer in the catalogue.
        """
        rule, value = self._rules.get(alarm["rule_id"]), alarm["limit_value"]
        if rule is None or value is None or self._is_flag(alarm["metric"]):
            return ""
        if rule.type == "no_data":
            return words("alarm.limit_silence", value=words.span(value * 1000))
        written = self.value(words, alarm["metric"], value)
        if rule.type == "repetition":
            return words("alarm.limit_repeated", value=words(f"alarm.limit_{rule.op}", value=written), times=rule.times)
        return words(f"alarm.limit_{rule.op}", value=f"{written}/min" if rule.type == "rate" else written)

    def unit(self, words: Words, metric: str) -> str:
        """The metric's unit in the reader's language (counts of people and things are words), empty when it has none."""
        unit = SPEED_UNIT if metric == POSITION else getattr(self._metrics.get(metric), "unit", "") or ""
        return words(f"unit.{unit}") if words.has(f"unit.{unit}") else unit

    def value(self, words: Words, metric: str, value: Any, alone: bool = False) -> str:
        """`0.62 m`, with the decimals of the catalogue; texts and flags as they are. `alone` as in parts()."""
        return " ".join(filter(None, self.parts(words, metric, value, alone)))

    def parts(self, words: Words, metric: str, value: Any, alone: bool = False) -> tuple[str, str]:
        """The number in words and its unit, which is empty for texts and flags. `alone`: no name of the metric stands beside it; a flag
        brings its own (`在线 否`).
        """
        if value is None:
            return words("value.none"), ""
        if isinstance(value, bool) or self._is_flag(metric):
            said = words("value.yes" if value else "value.no")
            return f"{self.metric(words, metric)} {said}" if alone else said, ""
        if isinstance(value, str):
            return value, ""
        return words.number(value, self.decimals(metric)), self.unit(words, metric)

    def _is_flag(self, metric: str) -> bool:
        return getattr(self._metrics.get(metric), "kind", "number") == "bool"

    def basis(self, metric: str) -> str:
        """The standard or document that the metric is from, empty when it isn't in the catalogue."""
        return getattr(self._metrics.get(metric), "source", "")

    def decimals(self, metric: str) -> int:
        """How many decimals the metric is written with."""
        held = getattr(self._metrics.get(metric), "decimals", None)
        return 1 if held is None else held


def _picked(words: Words, held: Any, fallback: str) -> str:
    return words.pick(held.zh, held.en) if held is not None else fallback
