"""Incidents on the live picture: written when one changes, and made good by jobs.py where that was missed or the picture was rebuilt.

An item lies in the piece of its lead department, and once more in that of each assisting one, under the key `id@department`.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from redis import Redis, RedisError
from sqlalchemy import Engine, text

from data_adapters.live_redis import EPOCH_SCRIPT, KEYS, WRITE_SCRIPT, Item, item_of
from data_adapters.sql.incident_lists import IncidentLists
from data_adapters.sql.incident_rows import ROW, read_row, row_of
from domain.clocks import WorkingTime, near_at
from domain.event_time import to_datetime, to_ms
from domain.incident_life import Event
from domain.masking import masked
from services.incident_ports import Row, Scoped, Step

log = logging.getLogger("citydeck.incidents")
SECTION = "incidents"
DEVICES_SAY = frozenset({"sensor_alarm", "video_alarm"})
OVERLAP_MS = 60_000
"""Jobs looks back this far each time: a transaction that began earlier may become visible later."""
CHANGED = text(f"SELECT {ROW} FROM incidents WHERE recorded_at > :since")
OPEN = text(f"SELECT {ROW} FROM incidents WHERE open")
SHOWN = ("incident_id", "number", "spine", "state", "class_code", "title", "urgency", "grade", "response_level", "region", "lon", "lat",
    "address", "lead", "departments", "reported_at", "clock", "due_at", "near_at", "paused", "supervised", "proposals", "alarms",
    "exercise", "version", "source", "device_id")  # fmt: skip


def record_of(row: Row) -> dict[str, Any]:
    """An incident as the picture holds it: what a list and a map show. What people said is masked: walls and shared screens show it."""
    said = {} if row.source in DEVICES_SAY else {name: masked(getattr(row, name) or "") for name in ("title", "address")}
    return {name: getattr(row, name) for name in SHOWN} | said


def items_of(row: Row, departments: Iterable[str]) -> Iterator[Item]:
    """The items of one incident; taken off where it is over, and where a department no longer has it."""
    yield item_of(SECTION, row.incident_id, {"region": row.region, "department": row.lead} if row.open else None, record_of(row))
    for department in departments:
        assisting = row.open and department != row.lead and department in row.departments
        place = {"region": row.region, "department": department} if assisting else None
        yield item_of(SECTION, f"{row.incident_id}@{department}", place, record_of(row))


class LiveIncidents:
    """Tells the live picture; also the `Told` port of services/incident_desk.py. One per process; not shared between threads' writes."""

    def __init__(self, url: str, engine: Engine) -> None:
        self._redis = Redis.from_url(url, socket_timeout=3, socket_connect_timeout=1, health_check_interval=15)
        self._write = self._redis.register_script(WRITE_SCRIPT)
        self._epoch = self._redis.register_script(EPOCH_SCRIPT)
        self._engine = engine
        self._departments: list[str] = []
        self._seen_epoch: bytes | None = None
        self._since = 0

    def __call__(self, steps: Sequence[Step]) -> None:
        """Show what changed now. A live store that is away is no reason to fail: jobs makes it good."""
        try:
            self.show(_row(step) for step in steps)
        except RedisError as error:
            log.warning("incidents are stored, the live picture gets them later: %s", error)

    def show(self, rows: Iterable[Row]) -> None:
        """Write these rows' items. Raises RedisError."""
        departments = self._known_departments()
        flat = [part for row in rows for item in items_of(row, departments) for part in item]
        for start in range(0, len(flat), 3000):
            self._write(keys=KEYS, args=["", *flat[start : start + 3000]])

    def _known_departments(self) -> list[str]:
        if not self._departments:
            with self._engine.connect() as tx:
                self._departments = list(tx.execute(text("SELECT code FROM departments WHERE valid_to IS NULL ORDER BY code")).scalars())
        return self._departments

    def make_good(self, now: int) -> None:
        """What was missed: everything open after the picture was rebuilt, else what was recorded since the last time. Raises RedisError."""
        epoch = self._epoch(keys=KEYS)
        if epoch is None:
            return
        whole, self._departments = epoch != self._seen_epoch, []
        with self._engine.connect() as tx:
            rows = tx.execute(OPEN) if whole else tx.execute(CHANGED, {"since": to_datetime(self._since)})
            found = [read_row(row) for row in rows]
        self.show(found)
        self._seen_epoch, self._since = epoch, now - OVERLAP_MS


def past_incidents(engine: Engine, working: WorkingTime) -> Callable[[int], dict[str, Any]]:
    """What the picture of a past moment shows of incidents, under the keys of the live one."""
    lists = IncidentLists(engine)

    def at_moment(at: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for incident in lists.past(Scoped(None, None), at):
            clock = incident.pressing[1]
            row = _row(Step(incident, Event(1, "", "", at, at, "", {}), near_at(clock, working) if clock else None))
            found[row.incident_id] = record_of(row)
            found |= {f"{row.incident_id}@{one}": record_of(row) for one in row.departments if one != row.lead}
        return found

    return at_moment


def _row(step: Step) -> Row:
    plain: Mapping[str, Any] = row_of(step.incident, step.near_at, "", step.event.recorded_at)
    fields = {name: plain[name] for name in Row._fields}
    for name in ("reported_at", "changed_at", "due_at", "near_at"):
        fields[name] = None if fields[name] is None else to_ms(fields[name])
    return Row(**{**fields, **{name: tuple(fields[name]) for name in ("departments", "proposals", "alarms")}})
