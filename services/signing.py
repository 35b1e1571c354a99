"""Whoever has to sign is told that a reviewed report waits for them 待签发; run by jobs.py, so that no kill loses it."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from domain.reports import STEPS
from services.notices import Notices
from services.reactions import People


class ToSign(NamedTuple):
    """A reviewed report; `reviewed_by` is told nothing, and `drafted_by` may not sign it."""

    report_id: str
    version: int
    incident_id: str
    number: str
    title: str
    region: str
    exercise: bool
    drafted_by: str
    reviewed_by: str


class ToSignStore(Protocol):
    """PostgreSQL (data_adapters/sql/report_repository.py)."""

    def to_sign(self) -> list[ToSign]:
        """Reports that are reviewed and not signed, the oldest first."""


class Signing:
    """Tells of each reviewed version once: a report that was returned and reviewed again is told of again."""

    def __init__(self, store: ToSignStore, notices: Notices, people: People, on_duty: "OnDuty") -> None:
        """`on_duty`: who is leader on duty by the center's roster."""
        self._store, self._notices, self._people, self._on_duty = store, notices, people, on_duty

    def round(self, now: int) -> int:
        """Tell the signers; returns how many notices were new."""
        return sum(self._tell(one, now) for one in self._store.to_sign())

    def _tell(self, one: ToSign, now: int) -> int:
        thing, link = f"report:{one.report_id}:{one.version}", f"/desk?incident={one.incident_id}"
        params = {"number": one.number, "title": one.title}
        return self._notices.tell(self._signers(one, now), thing, "report_to_sign", params, link, now, one.exercise)

    def _signers(self, one: ToSign, now: int) -> Sequence[str]:
        """The leaders on duty who may sign it; where the roster has none, everybody who may."""
        able = [name for role in sorted(STEPS["sign"].roles) for name in self._people.of(role, (), one.region)]
        able = [name for name in dict.fromkeys(able) if name not in (one.drafted_by, one.reviewed_by)]
        there = self._on_duty.leaders(now)
        return [name for name in able if name in there] or able


class OnDuty(Protocol):
    """The center's roster (data_adapters/sql/people_repository.py)."""

    def leaders(self, at: int) -> Sequence[str]:
        """Who is leader on duty 带班领导 at that moment."""
