"""What one evaluation changes: alarms to write, and a transition for every step, collected and written at once."""

from collections.abc import Sequence

from domain.alarm_match import Span, match
from domain.alarms import Episode, Watch
from domain.identity import printed_number, uuid7
from domain.registry import Device
from services.alarm_store import Transition
from services.ports import AlarmRecord


class Changes:
    """Collects the changes of one evaluation at `now`. The newest form of each alarm is kept, every transition is."""

    def __init__(self, now: int) -> None:
        self.now = now
        self._fresh: set[str] = set()
        self.alarms: dict[str, AlarmRecord] = {}
        self.transitions: list[Transition] = []

    @property
    def fresh(self) -> int:
        """How many alarms are new and want a number."""
        return len(self._fresh)

    def opened(self, watch: Watch, device: Device, episode: Episode) -> AlarmRecord:
        """A new alarm; it has no number until it is saved."""
        alarm = AlarmRecord(
            alarm_id=str(uuid7(self.now)),
            number="",
            rule_id=watch.rule.rule_id,
            device_id=device.device_id,
            metric=watch.rule.metric,
            region=device.region,
            department=device.department,
            severity=watch.rule.severity,
            state="active",
            raised_at=episode.raised_at,
            cleared_at=None,
            raised_value=episode.raised_value,
            limit_value=watch.limit,
            acknowledged_at=None,
            acknowledged_by=None,
        )
        self._fresh.add(alarm.alarm_id)
        return self._put(alarm, "raised", alarm.raised_at)

    def cleared(self, alarm: AlarmRecord, at: int) -> AlarmRecord:
        """The alarm is over since `at`."""
        return self._put(alarm._replace(state="cleared", cleared_at=at), "cleared", at)

    def withdrawn(self, alarm: AlarmRecord, note: str) -> AlarmRecord:
        """The alarm never was: the readings now known do not bear it out, or its rule is gone."""
        return self._put(alarm._replace(state="withdrawn"), "withdrawn", alarm.raised_at, note)

    def reconciled(self, watch: Watch, device: Device, episodes: Sequence[Episode], stored: Sequence[AlarmRecord]) -> AlarmRecord | None:
        """Make the stored alarms of a stretch equal to its episodes; returns the active one."""
        spans = [Span(alarm.raised_at, alarm.cleared_at, alarm.state != "withdrawn") for alarm in stored]
        active = None
        for index, episode in match(episodes, spans):
            if episode is None:
                if index is not None:
                    self.withdrawn(stored[index], "earlier readings came late")
                continue
            alarm = self.episode(watch, device, episode) if index is None else self._corrected(stored[index], episode)
            if episode.cleared_at is None:
                active = alarm
        return active

    def episode(self, watch: Watch, device: Device, episode: Episode) -> AlarmRecord:
        """A new alarm for the whole episode, cleared already where the episode is over."""
        alarm = self.opened(watch, device, episode)
        return alarm if episode.cleared_at is None else self.cleared(alarm, episode.cleared_at)

    def _corrected(self, alarm: AlarmRecord, episode: Episode) -> AlarmRecord:
        begins = alarm._replace(raised_at=episode.raised_at, raised_value=episode.raised_value)
        was_withdrawn = alarm.state == "withdrawn"
        if was_withdrawn or (alarm.cleared_at is not None and episode.cleared_at is None):
            alarm = self._put(begins._replace(state="active", cleared_at=None), "raised", episode.raised_at)
        elif begins != alarm:
            alarm = self._put(begins, "moved", episode.raised_at)
        if episode.cleared_at is not None and alarm.cleared_at != episode.cleared_at:
            alarm = self.cleared(alarm, episode.cleared_at)
        return alarm

    def _put(self, alarm: AlarmRecord, kind: str, at: int, note: str = "") -> AlarmRecord:
        self.alarms[alarm.alarm_id] = alarm
        value = alarm.raised_value if kind in ("raised", "moved") else None
        self.transitions.append(Transition(alarm.alarm_id, kind, at, f"rule:{alarm.rule_id}", value, note))
        return alarm

    def numbered(self, origin_center: str, numbers: Sequence[int]) -> list[AlarmRecord]:
        """All changed alarms, the new ones with their printed numbers."""
        fresh = [alarm_id for alarm_id in self.alarms if alarm_id in self._fresh]
        printed = {alarm_id: printed_number("A", origin_center, n) for alarm_id, n in zip(fresh, numbers, strict=True)}
        return [alarm._replace(number=printed.get(alarm.alarm_id, alarm.number)) for alarm in self.alarms.values()]
