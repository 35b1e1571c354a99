"""Two people with two scopes, now and at a past moment, over every service of incidents."""

import io
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from PIL import Image
from sqlalchemy import Engine

from data_adapters.blobs import DiskBlobs
from data_adapters.file_kinds import inspect
from data_adapters.sql.alarm_facts import SqlAlarmFacts
from data_adapters.sql.call_repository import CallRepository
from data_adapters.sql.event_repository import store_events
from domain.access import Actor, Forbidden
from domain.identity import uuid7
from domain.incidents import Refused
from domain.messages import Event
from services.alarm_incidents import blind_spots
from services.attachments import Attachments, File
from services.incident_board import IncidentBoard
from services.incident_ports import Attachment, Query
from services.neighbour_calls import NeighbourCalls
from services.ports import FeedEvent
from tests.domain.incident_cast import LIMITS, OPERATOR, T0
from tests.services.incident_fakes import FakeHandbook
from tests.services.test_incident_desk import City

TOWNS = {"east": "441900003", "west": "441900004"}
LON = {"east": 113.8, "west": 113.7}
PEOPLE = {side: Actor(side, frozenset({"operator"}), regions=frozenset({town})) for side, town in TOWNS.items()}
AUDITOR = Actor("auditor", frozenset({"auditor"}))
OTHER = {"east": "west", "west": "east"}
PAST = T0 + 1000
NOW = T0 + 3_600_000


class Scene(NamedTuple):
    """One incident with a photograph in each town."""

    city: City
    files: Attachments
    incidents: dict[str, str]
    photographs: dict[str, str]
    blind: IncidentBoard
    calls: NeighbourCalls


@pytest.fixture(scope="module")
def scene(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    city = City(engine)
    files = Attachments(city.desk, DiskBlobs(tmp_path_factory.mktemp("blobs")), inspect, LIMITS.attachment_bytes)
    incidents, photographs = {}, {}
    for side in TOWNS:
        made = city.report(title=f"{side}-{uuid4().hex}", place={"lon": LON[side], "lat": 23.0})
        incidents[side] = made.incident_id
        photographs[side] = files.add(OPERATOR, made.incident_id, File(_photograph(), "a.jpg"), T0 + 1).attachment_id
    facts = SqlAlarmFacts(engine)
    spots = partial(blind_spots, facts, lambda _: ("gauge",), LIMITS.unseen)
    blind = IncidentBoard(city.store, city.handbook.regions, city.handbook.group, LIMITS, spots)
    region_at = {lon: TOWNS[side] for side, lon in LON.items()}
    calls = NeighbourCalls(CallRepository(engine), lambda lon, lat: region_at[lon], city.handbook.regions, NOW)
    with engine.begin() as tx:
        store_events(tx, [FeedEvent("cad", _call(side, made)) for side, made in incidents.items()])
    return Scene(city, files, incidents, photographs, blind, calls)


def _call(side: str, name: str) -> Event:
    return Event("call", f"{name}/1", T0, None, LON[side], 23.0, {"number": name, "name": name, "status": "open"}, T0)


def _photograph() -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (8, 8)).save(held, "JPEG")
    return held.getvalue()


def _attachment(incident_id: str) -> Attachment:
    return Attachment(str(uuid7(NOW)), incident_id, "0" * 64, "image/jpeg", 1, "x", "other", None, None, None, "x", NOW)


CALL = {"who": "水务局", "text": "已告知"}
Read = Callable[[Scene, Actor, str, int | None], Any]
READS: dict[str, Read] = {
    "incident_desk.one": lambda scene, actor, side, at: scene.city.desk.one(actor, scene.incidents[side], NOW, at),
    "incident_desk.mine": lambda scene, actor, side, at: scene.city.desk.mine(actor, scene.incidents[side], at),
    "incident_board.search": lambda scene, actor, side, at: scene.city.board.search(actor, Query(), NOW),
    "incident_board.past": lambda scene, actor, side, at: scene.city.board.past(actor, at or NOW),
    "incident_board.alike": lambda scene, actor, side, at: scene.city.board.alike(actor, LON[side], 23.0, "standing_water", NOW),
    "incident_board.blind_spots": lambda scene, actor, side, at: scene.blind.blind_spots(actor, T0 - 1, NOW),
    "neighbour_calls.open": lambda scene, actor, side, at: scene.calls.open(actor, NOW),
    "attachments.read": lambda scene, actor, side, at: scene.files.read(actor, scene.incidents[side], scene.photographs[side]),
}
ACTS: dict[str, Callable[[Scene, Actor, str], Any]] = {
    "incident_desk.report": lambda scene, actor, side: scene.city.desk.report(
        actor, {"title": "t", "source": "patrol", "place": {"lon": LON[side], "lat": 23.0}}, NOW
    ),
    "incident_desk.act": lambda scene, actor, side: scene.city.desk.act(actor, scene.incidents[side], "call", CALL, None, NOW),
    "incident_desk.attach": lambda scene, actor, side: scene.city.desk.attach(actor, _attachment(scene.incidents[side]), NOW),
    "incident_desk.unit_events": lambda scene, actor, side: scene.city.desk.unit_events(actor, scene.incidents[side], [], NOW),
    "attachments.add": lambda scene, actor, side: scene.files.add(actor, scene.incidents[side], File(_photograph(), "x.jpg"), NOW),
}
WITHIN = {"incident_desk.next_step"}
"""Takes an incident that was read within scope."""
HELD = set(READS) | set(ACTS) | WITHIN


@pytest.mark.parametrize("side", TOWNS)
@pytest.mark.parametrize("at", [None, PAST], ids=["now", "past"])
@pytest.mark.parametrize("name", READS)
def test_a_read_shows_ones_own_and_nothing_of_the_other(scene: Scene, name: str, at: int | None, side: str) -> None:
    shown = repr(READS[name](scene, PEOPLE[side], side, at))
    assert scene.incidents[side] in shown and scene.incidents[OTHER[side]] not in shown


@pytest.mark.parametrize("side", TOWNS)
@pytest.mark.parametrize("name", ["incident_desk.one", "incident_board.alike", "incident_desk.mine", "attachments.read"])
def test_asking_for_the_other_ones_incident_gives_nothing(scene: Scene, name: str, side: str) -> None:
    with suppress(LookupError):
        assert not READS[name](scene, PEOPLE[side], OTHER[side], None)


@pytest.mark.parametrize("name", READS)
def test_an_administrator_sees_no_incident(scene: Scene, name: str) -> None:
    with pytest.raises((LookupError, Forbidden)):
        READS[name](scene, AUDITOR, "east", None)


@pytest.mark.parametrize("side", TOWNS)
@pytest.mark.parametrize("name", ACTS)
def test_nobody_acts_outside_their_scope(scene: Scene, name: str, side: str) -> None:
    with pytest.raises((LookupError, Refused)):
        ACTS[name](scene, PEOPLE[side], OTHER[side])
    with pytest.raises((LookupError, Forbidden)):
        ACTS[name](scene, AUDITOR, side)


def test_before_it_was_reported_there_was_nothing(scene: Scene) -> None:
    with pytest.raises(LookupError):
        scene.city.desk.one(OPERATOR, scene.incidents["east"], NOW, T0 - 1)
    assert scene.incidents["east"] not in repr(scene.city.board.past(OPERATOR, T0 - 1))


def test_the_towns_of_the_test_are_those_of_its_city() -> None:
    assert {side: FakeHandbook({}).region_at(LON[side], 23.0) for side in TOWNS} == TOWNS
