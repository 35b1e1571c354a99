"""The demo's duty officer warns of the rain, follows it and takes the warning back."""

from typing import Any

from data_adapters.demo.advisories import Advisories
from data_adapters.demo.weather import CELL_MS
from domain.registry import Region
from domain.warnings import Action, Standing, standings
from services.own_warnings import OwnWarnings
from tests.services.test_warnings import NOW, Noted, Store

TOWNS = {f"4419000{n:02d}": (113.55 + 0.05 * (n % 14), 22.75 + 0.12 * (n // 14)) for n in range(42)}
STEP = 10 * 60_000
START = NOW - NOW % CELL_MS


def played(hours: int) -> tuple[Store, list[Any]]:
    store = Store()
    known = {code: Region(code, code, None, "town") for code in TOWNS}
    demo = Advisories(OwnWarnings(store, lambda: known, lambda: ("441900", "东莞市"), Noted()), TOWNS, dict.fromkeys(TOWNS, "镇"))
    for at in range(START, START + hours * 3_600_000, STEP):
        demo.tick(at)
    return store, list(store.rows.values())


def test_a_day_of_rain_is_warned_of_followed_and_lifted() -> None:
    _, said = played(24)
    assert {one.said.action for one in said} == {Action.ISSUE, Action.UPDATE, Action.CANCEL}
    assert len({one.said.level for one in said}) > 1
    assert len(said) < 24 * 4, "nobody is warned every ten minutes"


def test_never_more_than_one_warning_of_the_demo_is_in_force() -> None:
    _, said = played(24)
    for at in range(START, START + 24 * 3_600_000, STEP):
        standing = standings([one.said for one in said], at, 10**9)
        assert sum(one is Standing.IN_FORCE for one in standing.values()) <= 1
