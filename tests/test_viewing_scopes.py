"""Two people with two scopes before cameras: nobody opens, keeps, sees on the wall or sees a still of the other one's."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine

from config.viewing import load_viewing
from data_adapters.sql.audit_repository import AuditRepository
from data_adapters.sql.viewing_repository import ViewingRepository
from data_adapters.video.seals import FernetSeal, SqlSecret
from domain.access import Actor, Forbidden
from domain.viewing import Wanted
from services.audit import Audit
from services.stills import Stills
from services.video_ports import OFFERS
from services.viewing import Viewings
from services.viewing_ports import Camera
from services.viewing_streams import Streams
from tests.video_fakes import FakeCameras, FakePlatform

T = 1_795_000_000_000
TOWNS = {"east": "441900003", "west": "441900004"}
OTHER = {"east": "west", "west": "east"}
PEOPLE = {side: Actor(side, frozenset({"operator"}), regions=frozenset({town})) for side, town in TOWNS.items()}
AUDITOR = Actor("auditor", frozenset({"auditor"}))
City = tuple[Viewings, Stills]


def _open(city: City, actor: Actor, side: str) -> Any:
    return city[0].open(actor, side, side, Wanted(), T, lambda: T)


def _beat(city: City, actor: Actor, side: str) -> Any:
    """The other one's player, with the right session's secret, is ended by whoever may not see its camera."""
    opened = _open(city, PEOPLE[side], side)
    found = city[0].beat(actor, side, [opened.viewing_id], [opened.viewing_id], T)
    if not found:
        raise LookupError(side)
    return found


ACTS: dict[str, Callable[[City, Actor, str], Any]] = {
    "viewings.open": _open,
    "viewings.beat": _beat,
    "viewings.recordings": lambda city, actor, side: city[0].recordings(actor, side, T),
    "stills.of": lambda city, actor, side: city[1].of(actor, side, T),
}
HELD = {*ACTS, "viewings.wall"}


@pytest.fixture(scope="module")
def city(engine: Engine) -> City:
    cameras = FakeCameras(*(Camera(side, side, "hall", side, town, wall=True, offers=frozenset(OFFERS)) for side, town in TOWNS.items()))
    store, audit, platforms = ViewingRepository(engine), Audit(AuditRepository(engine)), {"hall": FakePlatform()}
    limits = load_viewing()
    seal, streams = FernetSeal(SqlSecret(engine, "tickets")), Streams(store, platforms, limits)
    return Viewings(cameras, streams, store, seal, audit, None, limits), Stills(cameras, platforms, audit)  # type: ignore[arg-type]


@pytest.mark.parametrize("side", TOWNS)
@pytest.mark.parametrize("name", ACTS)
def test_nobody_watches_the_other_ones_camera(city: City, name: str, side: str) -> None:
    assert ACTS[name](city, PEOPLE[side], side)
    for actor, where in ((PEOPLE[side], OTHER[side]), (AUDITOR, side)):
        with pytest.raises((LookupError, Forbidden)):
            ACTS[name](city, actor, where)


def test_a_wall_has_the_cameras_of_its_scope_alone(city: City) -> None:
    assert [one.camera_id for one in city[0].wall(PEOPLE["east"])] == ["east"]
    with pytest.raises(Forbidden):
        city[0].wall(AUDITOR)


def test_a_paired_screen_plays_only_what_may_be_on_a_wall(city: City) -> None:
    screen = Actor("screen:1", frozenset({"operator"}), regions=frozenset({TOWNS["east"]}), token_scope="screen")
    assert _open(city, screen, "east")
    held: Any = city[0].cameras
    held.held["hidden"] = held.held["east"]._replace(camera_id="hidden", wall=False)
    with pytest.raises(LookupError):
        _open(city, screen, "hidden")
    assert _open(city, PEOPLE["east"], "hidden")
    del held.held["hidden"]
