"""A gap in cover is told to the shift leaders, as an alarm would be: each once, and once a day while it lasts."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from domain.duty import DutyRules, Gap, gaps, standing
from services.duty_ports import RosterStore
from services.notices import Notices
from services.reactions import People

DAY_MS = 86_400_000


class CoverShown:
    """Says on the picture which posts of the center are short, so that every list of alarms looks again; run by jobs.py.

    The note tells posts and numbers, no names. What the lists show they ask the roster for, then as now (docs/adr/0021-gaps-in-cover.md).
    """

    def __init__(self, store: RosterStore, rules: DutyRules, note: Callable[[str, object], object]) -> None:
        """`note(section, value)` writes a city-wide note into the live picture."""
        self._store, self._rules, self._note = store, rules, note

    def show(self, now: int) -> None:
        """The posts that are short now."""
        found = standing(self._store.shifts(now, now + 1), self._rules.owed, now, now, now + 1)
        self._note("duty", [{"post": gap.post, "there": gap.there, "owed": gap.owed} for gap in found])


class CoverWatch:
    """Looks ahead on the center's roster; run by jobs.py."""

    def __init__(self, store: RosterStore, rules: DutyRules, notices: Notices, people: People, zone: str) -> None:
        self._store, self._rules, self._notices, self._people, self._zone = store, rules, notices, people, ZoneInfo(zone)

    def round(self, now: int) -> int:
        """Tell of gaps from this day's beginning to as far as the rules look ahead; returns how many notices were new."""
        since = self._midnight(now)
        until = since + (1 + self._rules.ahead_days) * DAY_MS
        found = gaps(self._store.shifts(since, until), self._rules.owed, since, until)
        return sum(self._tell(gap, now) for gap in found if gap.ends > now)

    def _tell(self, gap: Gap, now: int) -> int:
        thing = f"gap:{gap.department}:{gap.post}:{gap.starts}:{gap.there}"
        params = {"title": gap.post, "said": self._span(gap), "owed": gap.owed, "there": gap.there}
        return self._notices.tell(self._shift_leaders(), thing, "gap_in_cover", params, "/duty?part=gaps", now)

    def _shift_leaders(self) -> Sequence[str]:
        return self._people.of("duty_officer")

    def _span(self, gap: Gap) -> str:
        return " – ".join(datetime.fromtimestamp(at / 1000, self._zone).strftime("%m-%d %H:%M") for at in (gap.starts, gap.ends))

    def _midnight(self, now: int) -> int:
        local = datetime.fromtimestamp(now / 1000, self._zone)
        return round((local - timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)).timestamp()) * 1000
