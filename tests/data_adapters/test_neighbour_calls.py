"""Neighbours' calls out of what their feed stated, on a real database: the last word of each, and what became of it here."""

import pytest
from sqlalchemy import Engine

from data_adapters.sql.call_repository import CallRepository
from data_adapters.sql.event_repository import store_events
from domain.access import Actor, Forbidden
from domain.messages import Event
from services.neighbour_calls import NeighbourCall, NeighbourCalls
from services.ports import FeedEvent
from tests.data_adapters.feeds.cad_rss.test_cad_rss_feed import call, parse, rss
from tests.data_adapters.feeds.hostile import NOW
from tests.domain.incident_cast import OPERATOR
from tests.services.test_incident_desk import City

HOUR = 3_600_000
POINT = {"point": "23.02 113.80", "incidentName": "仓库冒烟", "fullAddress": "鸿福路 7 号"}


@pytest.fixture
def calls(engine: Engine) -> NeighbourCalls:
    city = City(engine)
    return NeighbourCalls(CallRepository(engine), city.handbook.region_at, city.handbook.regions, 12 * HOUR)


def state(engine: Engine, *events: Event, feed: str = "cad") -> None:
    with engine.begin() as tx:
        store_events(tx, [FeedEvent(feed, one) for one in events])


def hears(engine: Engine, number: str, minute: int = 0, **more: str) -> None:
    (one,) = parse(rss(call(incidentId=number, lastModified=f"Sun, 22 Nov 2026 08:{minute:02}:00 +0800", **more)))
    assert isinstance(one, Event)
    state(engine, one)


def of(found: list[NeighbourCall], number: str) -> list[NeighbourCall]:
    return [one for one in found if one.number == number]


def test_an_open_call_is_shown_as_it_was_last_stated_until_it_is_over_or_nothing_more_is_said(
    engine: Engine, calls: NeighbourCalls
) -> None:
    hears(engine, "a", **POINT)
    hears(engine, "a", 5, **POINT, resources="E11")
    (one,) = of(calls.open(OPERATOR, NOW), "a")
    assert (one.name, one.address, one.units, one.region) == ("仓库冒烟", "鸿福路 7 号", ("E11",), "441900003")
    assert of(calls.open(OPERATOR, NOW + 13 * HOUR), "a") == []
    hears(engine, "a", 9, **POINT, ended="Sun, 22 Nov 2026 08:09:00 +0800")
    assert of(calls.open(OPERATOR, NOW), "a") == []


def test_a_call_without_a_place_is_for_those_who_see_the_whole_city_and_others_see_their_towns(
    engine: Engine, calls: NeighbourCalls
) -> None:
    hears(engine, "here", **POINT)
    hears(engine, "nowhere", 1)
    town = {code: Actor(code, frozenset({"operator"}), regions=frozenset({code})) for code in ("441900003", "441900004")}
    assert {one.number for one in calls.open(town["441900003"], NOW)} == {"here"} and calls.open(town["441900004"], NOW) == []
    assert {"here", "nowhere"} <= {one.number for one in calls.open(OPERATOR, NOW)}
    with pytest.raises(Forbidden):
        calls.open(Actor("leader", frozenset({"leader"})), NOW)


def test_the_line_says_which_incident_a_call_became_or_was_added_to(engine: Engine, calls: NeighbourCalls) -> None:
    hears(engine, "new", **POINT)
    hears(engine, "known", 1, **POINT)
    city, (new, known) = City(engine), [of(calls.open(OPERATOR, NOW), name)[0] for name in ("new", "known")]
    made = city.desk.report(
        OPERATOR, {"title": "t", "source": "neighbour", "place": {"lon": 113.8, "lat": 23.02}}, NOW, None, new.reference
    )
    city.desk.act(OPERATOR, made.incident_id, "call", {"who": "119", "text": "同一起"}, None, NOW, None, known.reference)
    found = calls.open(OPERATOR, NOW)
    assert [of(found, name)[0].taken for name in ("new", "known")] == [made.number] * 2
    assert of(found, "new")[0].incident_id == made.incident_id


def test_facts_that_another_feed_writes_in_its_own_form_take_nothing_down(engine: Engine, calls: NeighbourCalls) -> None:
    odd = {"number": "odd", "status": "open", "name": 7, "units": "E1", "started_at": "then", "exercise": "yes"}
    state(engine, Event("call", "odd/1", NOW, None, None, None, odd, NOW), feed="other")
    (one,) = of(calls.open(OPERATOR, NOW), "odd")
    assert (one.name, one.units, one.started_at, one.exercise) == ("", (), NOW, False)
