"""The demo's people report, and its staff works on it: by the city's own rules, over restarts, and never on what somebody else took."""

import logging
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from data_adapters.city_pack import load, read_pack
from data_adapters.demo.affairs import EVERY_MS, PAST_MS, Affairs
from data_adapters.demo.pack import build_demo_pack
from data_adapters.embedded import Urls
from data_adapters.incident_wiring import build_incidents
from domain.access import Actor
from services.incident_desk import IncidentDesk

NOW = 1_795_320_000_000
HOUR = 3_600_000
OPERATOR = Actor("operator", frozenset({"operator"}))


@pytest.fixture
def told(engine: Engine, engines: Urls, tmp_path: Path) -> tuple[IncidentDesk, Affairs, Path]:
    """The demo's register, and its affairs before anybody has reported anything."""
    folder = build_demo_pack(tmp_path / "pack")
    load(engine, folder, NOW - 24 * HOUR)
    desk = build_incidents(engine, engines.redis or "", tmp_path).desk
    return desk, Affairs(desk, [one.device for one in read_pack(folder).devices], tmp_path / "affairs.json"), tmp_path


def states(engine: Engine) -> Counter[str]:
    with engine.connect() as tx:
        return Counter(tx.execute(text("SELECT state FROM incidents")).scalars())


def test_a_city_has_hours_of_incidents_behind_it_when_it_starts_and_closes_them_all(
    told: tuple[IncidentDesk, Affairs, Path], engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    _, affairs, _ = told
    with caplog.at_level(logging.INFO, "citydeck.demo"):
        affairs.tick(NOW)
        at_first = states(engine)
        assert 0.7 * PAST_MS / EVERY_MS < at_first.total() <= 1.5 * PAST_MS / EVERY_MS and len(at_first) > 4
        for hour in range(1, 13):
            affairs.tick(NOW + hour * HOUR)
    assert states(engine)["closed"] > at_first.total() / 3 and states(engine)["completed"] > 0
    assert not [one for one in caplog.messages if "left to others" in one], "every deed of the script is one that its role may do"


def test_a_restart_goes_on_where_it_stopped_and_reports_nothing_twice(told: tuple[IncidentDesk, Affairs, Path], engine: Engine) -> None:
    desk, affairs, folder = told
    affairs.tick(NOW)
    again = Affairs(desk, [], folder / "affairs.json")
    assert again.cases == affairs.cases
    before = states(engine).total()
    again.tick(NOW)
    assert states(engine).total() == before


def test_what_somebody_else_takes_in_hand_is_left_to_them(told: tuple[IncidentDesk, Affairs, Path]) -> None:
    desk, affairs, _ = told
    affairs.tick(NOW)
    case = next(one for one in affairs.cases if desk.mine(OPERATOR, one.incident_id).state == "handling")
    was = desk.act(OPERATOR, case.incident_id, "void", {"reason": "重复"}, case.version, NOW)
    affairs.tick(NOW + 24 * HOUR)
    assert desk.mine(OPERATOR, case.incident_id).version == was.version and case.incident_id not in {
        one.incident_id for one in affairs.cases
    }
