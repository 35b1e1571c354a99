"""How good the alarm rules are: how often each raised an alarm, and how many of these were said to be false or flapped."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol

from domain.access import Actor, Forbidden
from domain.alarm_flapping import Flapping
from domain.registry import Region
from services.alarm_picture import marked
from services.incident_ports import Scoped
from services.incident_scope import scoped
from services.ports import AlarmRecord


class RuleFigures(NamedTuple):
    """One rule's alarms: how many were raised, were false, belong to a series that flapped then; `share`: false of raised, 0 to 1."""

    rule_id: str
    raised: int
    false: int
    share: float
    flapping: int


class RaisedAlarms(Protocol):
    """The alarms of a time (data_adapters/sql/alarm_facts.py)."""

    def raised(self, since: int, until: int, scope: Scoped) -> list[AlarmRecord]:
        """Those raised from `since` on and before `until`, withdrawn ones left out, in the scope."""


class AlarmQuality:
    """For stewards and whoever answers for a rule."""

    def __init__(
        self,
        alarms: RaisedAlarms,
        mark: Callable[[Sequence[AlarmRecord]], list[AlarmRecord]],
        regions: Callable[[], Mapping[str, Region]],
        longest_ms: int,
    ) -> None:
        """`mark` says which alarms flap; `longest_ms`: how far back may be asked."""
        self._alarms, self._mark, self._regions, self._longest_ms = alarms, mark, regions, longest_ms

    def rules(self, actor: Actor, since: int, at: int) -> list[RuleFigures]:
        """Each rule that raised an alarm from `since` (at most `longest_ms` before `at`) to `at` in the actor's scope, the one with most
        false alarms first. Raises Forbidden."""
        if not actor.may("see_picture"):
            raise Forbidden("see_picture: no role of yours has this right")
        scope = scoped(actor, self._regions())
        return figures(self._mark(self._alarms.raised(max(since, at - self._longest_ms), at, scope)))


def marker(flapping: Flapping) -> Callable[[Sequence[AlarmRecord]], list[AlarmRecord]]:
    """Marks alarms as the picture does."""
    return lambda alarms: marked(alarms, flapping)


def figures(alarms: Sequence[AlarmRecord]) -> list[RuleFigures]:
    """The figures of marked alarms by rule."""
    by_rule: dict[str, list[AlarmRecord]] = {}
    for alarm in alarms:
        by_rule.setdefault(alarm.rule_id, []).append(alarm)
    found = [_figures(rule_id, one) for rule_id, one in by_rule.items()]
    return sorted(found, key=lambda one: (-one.false, -one.flapping, -one.raised, one.rule_id))


def _figures(rule_id: str, alarms: Sequence[AlarmRecord]) -> RuleFigures:
    false = sum(alarm.false_at is not None for alarm in alarms)
    return RuleFigures(rule_id, len(alarms), false, round(false / len(alarms), 4), sum(alarm.flapping for alarm in alarms))
