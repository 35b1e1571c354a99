"""The demo's people report, and its staff works on it: by the city's own rules, over restarts, and never on what somebody else took."""

import logging
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from config.feeds import load_feeds
from config.files import load_catalogue
from data_adapters.city_pack import load, read_pack
from data_adapters.demo.affairs import EVERY_MS, PAST_MS, Affairs
from data_adapters.demo.hotline import DemoHotline
from data_adapters.demo.open_desk import OpenDesk
from data_adapters.demo.pack import build_demo_pack
from data_adapters.embedded import Urls
from data_adapters.feeds.registry import ADAPTERS, make_feed
from data_adapters.incident_wiring import build_incidents
from data_adapters.sql.appeal_repository import AppealRepository
from domain.access import Actor
from domain.messages import RawMessage
from services.appeals import Orders
from services.incident_desk import IncidentDesk
from services.ports import FeedEvent

NOW = 1_795_320_000_000
HOUR = 3_600_000
DEEDS = {"order": {"reported": {"role": "operator", "deed": "accept", "minutes": 3}}}
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


@pytest.mark.parametrize(("made", "source"), [(DemoHotline, "hotline"), (OpenDesk, "online_questions")])
def test_other_desks_hand_their_orders_in_by_their_feeds_and_the_staff_works_on_them_once_they_are_incidents(
    told: tuple[IncidentDesk, Affairs, Path], engine: Engine, made: type[DemoHotline], source: str
) -> None:
    desk, _, folder = told
    with engine.begin() as tx:
        tx.execute(text("TRUNCATE incidents CASCADE"))
    store, payloads = AppealRepository(engine), []

    def find(number: str) -> str | None:
        known = store.find(made.feed, number)
        return known.incident_id if known else None

    called = {"calls": [{"class_code": "help", "source": source, "kind": "", "title": "求助：路灯不亮"}], "deeds": DEEDS}
    places = [one.device for one in read_pack(folder / "pack").devices][:3]
    other = DemoHotline(print, lambda number: None)
    affairs = Affairs(desk, places, folder / f"{source}.json", called, [other, made(payloads.append, find)][source == "hotline" :])
    affairs.tick(NOW)
    assert len(payloads) > 5 and states(engine).total() == 0
    feed = make_feed(load_feeds(ADAPTERS, demo=True)[made.feed], load_catalogue(), 300_000)
    events = [FeedEvent(made.feed, one) for raw in payloads for one in feed.parse(RawMessage(made.feed, raw, NOW), {})[0]]
    assert all(one.event.facts["theme"] == "求助" and (one.event.lon, one.event.lat) != (None, None) for one in events)
    orders = Orders(store, desk, {"求助": "help"}, lambda name, values: name, lambda *_: None)
    for _ in range(2):
        orders.deal(events, NOW)
    affairs.tick(NOW)
    assert states(engine).total() == len(payloads) and states(engine)["accepted"] > 0
