"""Which cameras and sensors were opened from an incident: once per person and source, in nobody's way, weighed in the review."""

import pytest
from sqlalchemy import Engine

from domain.review import review
from services.incident_ports import Changed
from tests.domain.incident_cast import DISPATCHER, OPERATOR, T0
from tests.services.test_incident_desk import City


@pytest.fixture
def city(engine: Engine) -> City:
    return City(engine)


def test_a_source_is_recorded_once_for_a_person_however_often_they_open_it(city: City) -> None:
    one = city.report()
    for actor in (OPERATOR, OPERATOR, DISPATCHER):
        city.desk.act(actor, one.incident_id, "open_source", {"source": "camera-7"}, None, T0 + 5, request_id="opened-1")
    seen = city.desk.one(OPERATOR, one.incident_id, T0 + 10)
    assert seen.incident.opened == ("camera-7",)
    found = review(seen.incident, seen.events, seen.standings, [], [], T0 + 10, T0 + 10).opened
    assert [(each.source, each.username) for each in found] == [("camera-7", OPERATOR.username), ("camera-7", DISPATCHER.username)]


def test_who_looks_at_a_camera_is_in_nobodys_way(city: City) -> None:
    one = city.report()
    city.desk.act(DISPATCHER, one.incident_id, "open_source", {"source": "camera-7"}, None, T0 + 5)
    after = city.desk.act(OPERATOR, one.incident_id, "accept", {}, one.version, T0 + 6)
    assert after.state == "accepted"
    city.desk.act(DISPATCHER, one.incident_id, "open_source", {"source": "rain-1"}, None, T0 + 7)
    with pytest.raises(Changed):
        city.desk.act(OPERATOR, one.incident_id, "verify", {"note": "-"}, one.version, T0 + 8)
    with pytest.raises(Changed):
        city.desk.act(OPERATOR, one.incident_id, "verify", {"note": "-"}, after.version + 9, T0 + 8)
