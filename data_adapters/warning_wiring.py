"""Assembles public warnings: for a web worker, and for jobs.py."""

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

from sqlalchemy import Engine

from config.warnings import load_warnings
from data_adapters.sql.event_queue import SqlEventQueue
from data_adapters.sql.warning_repository import WarningRepository
from services.audit import Audit
from services.event_queue import Consumer
from services.own_warnings import OwnWarnings
from services.register import Register
from services.warnings import KIND, Warnings

Schedule = list[tuple[str, float, Callable[[int], object]]]
EVERY_S = 2.0


class WarningServices(NamedTuple):
    """What a web worker offers, under the names that City has for it."""

    warnings: Warnings
    own_warnings: OwnWarnings


class Noting(Protocol):
    """The live picture's city-wide notes."""

    def note(self, section: str, value: Any) -> bool: ...


def build_warnings(engine: Engine, register: Register, audit: Audit) -> WarningServices:
    """Warnings on this database. Opens no connection yet. Raises ConfigError."""
    store = WarningRepository(engine)

    def center() -> tuple[str, str]:
        city = register.city()
        return str(city["origin_center"]), str(city["name"])

    return WarningServices(_warnings(store), OwnWarnings(store, lambda: register.regions(None), center, audit))


def warning_schedule(engine: Engine, live: Noting) -> Schedule:
    """Take what the feeds stated, judge it, put it on the picture. Raises ConfigError."""
    store = WarningRepository(engine)
    warnings = _warnings(store, live.note)
    taking = Consumer(SqlEventQueue(engine), "warnings", {KIND}, warnings.deal)
    return [("warnings stated", EVERY_S, taking.round), ("warnings in force", EVERY_S, warnings.round)]


def past_warnings(engine: Engine) -> Callable[[int], list[dict[str, Any]]]:
    """What the picture of a past moment says of them. Raises ConfigError."""
    return _warnings(WarningRepository(engine)).past_note


def _warnings(store: WarningRepository, note: Callable[[str, Any], object] | None = None) -> Warnings:
    config = load_warnings()
    given = {} if note is None else {"note": note}
    return Warnings(store, config.placing, config.rules, config.unclear_after_ms, **given)
