"""The demo city's roster: its own accounts at their posts, in the shifts of config/duty.yaml; nobody is invented."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, text

from config.duty import load_duty_rules
from data_adapters.first_accounts import NAMES
from data_adapters.sql.duty_repository import DutyRepository
from data_adapters.sql.duty_room_repository import DutyRoomRepository
from domain.duty import Shift, overlaps
from domain.identity import uuid7
from services.duty_ports import Contact

DAYS = 28
DAY_MS = 86_400_000
BY = "demo"
ALL_DAY = (("leader_on_duty", "leader", ""), ("shift_leader", "duty_officer", ""))
TURNS = ("operator", "dispatcher")
"""The watch officers take turns, shift by shift."""
STAFF = [*TURNS, "leader", "duty_officer", "handler"]
SEAT = ("seat", "handler", "emergency")
PHONES = {"": "0000-0001", "emergency": "0000-0002", "water": "0000-0003", "gas_supply": "0000-0004", "fire": "0000-0005"}
"""Numbers that cannot be dialled."""
THERE = text("SELECT count(*) FROM users WHERE demo AND active AND username = ANY(:names)")


def make_demo_roster(engine: Engine, zone: str, now: int) -> int:
    """Fill the roster from yesterday to four weeks ahead where nobody is on it; returns how many shifts were written. Nothing where the
    demo's accounts are not those of this city."""
    if not is_staffed(engine):
        return 0
    midnight = datetime.fromtimestamp(now / 1000, ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    first, store = round(midnight.timestamp() * 1000) - DAY_MS, DutyRepository(engine)
    held = store.shifts(first, first + 2 * DAYS * DAY_MS)
    wanted = [shift for day in range(DAYS + 1) for shift in _day(first + day * DAY_MS, now)]
    missing = [one for one in wanted if not overlaps(held, one)]
    store.write([], missing, BY, now)
    if not held:
        _write_numbers(engine, now)
    return len(missing)


def is_staffed(engine: Engine) -> bool:
    """Whether the demo's own accounts are there and may act."""
    with engine.connect() as tx:
        return bool(tx.execute(THERE, {"names": STAFF}).scalar_one() == len(STAFF))


def _day(midnight: int, now: int) -> list[Shift]:
    found = [_shift(post, name, unit, midnight, midnight + DAY_MS, now) for post, name, unit in (*ALL_DAY, SEAT)]
    for turn, (starts, ends) in enumerate(sorted(load_duty_rules().patterns.values())):
        until = ends if ends > starts else ends + 24 * 60
        found.append(_shift("watch_officer", TURNS[turn % len(TURNS)], "", midnight + starts * 60_000, midnight + until * 60_000, now))
    return found


def _shift(post: str, username: str, unit: str, starts: int, ends: int, now: int) -> Shift:
    return Shift(str(uuid7(now)), post, unit, username, NAMES[username], PHONES.get(unit, ""), starts, ends)


def _write_numbers(engine: Engine, now: int) -> None:
    contacts = [Contact(str(uuid7(now)), unit, "值班室", "", phone) for unit, phone in PHONES.items()]
    DutyRoomRepository(engine).put_contacts(contacts, [], BY, now)
