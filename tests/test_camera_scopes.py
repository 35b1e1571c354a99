"""Two people with two scopes over cameras: what is read of them, now and at a past moment, and what is done at them."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, text

from data_adapters.sql.audit_repository import AuditRepository
from data_adapters.sql.camera_catalogue import CameraCatalogue
from data_adapters.sql.camera_holds import CameraHolds
from data_adapters.sql.camera_repository import CameraRepository
from data_adapters.sql.register_repository import RegisterRepository
from domain.access import Actor, Forbidden
from services.audit import Audit
from services.camera_ports import Asked, Found
from services.camera_turning import Turning
from services.cameras import Cameras
from services.register import Register
from services.video_ports import Entry, Preset, Turn

T = 1_795_000_000_000
DAY_MS = 86_400_000
TOWNS = {"east": "441900003", "west": "441900004"}
OTHER = {"east": "west", "west": "east"}
PEOPLE = {side: Actor(side, frozenset({"operator"}), regions=frozenset({town})) for side, town in TOWNS.items()}
AUDITOR = Actor("auditor", frozenset({"auditor"}))
City = tuple[Cameras, Turning]


class Platform:
    """Turns whatever it is told."""

    def turn(self, channel: str, turn: Turn) -> None:
        """Done."""

    def go_to(self, channel: str, preset: int) -> None:
        """Done."""

    def presets(self, channel: str) -> list[Preset]:
        return [Preset(1, channel)]


Call = Callable[[City, Actor, str, int | None], Any]
PAST_READS: dict[str, Call] = {
    "cameras.one": lambda city, actor, side, at: city[0].one(actor, f"hall-{side}", at),
    "cameras.search": lambda city, actor, side, at: city[0].search(actor, Asked(), at),
    "cameras.near": lambda city, actor, side, at: city[0].near(actor, 113.75, 23.0, 1000, at or T + DAY_MS),
}
NOW_READS: dict[str, Call] = {
    "cameras.nodes": lambda city, actor, side, at: city[0].nodes(actor, "hall"),
    "cameras.on_map": lambda city, actor, side, at: city[0].on_map(actor)["features"],
    "cameras.for_wall": lambda city, actor, side, at: city[0].for_wall(actor, 10),
    "cameras.of_devices": lambda city, actor, side, at: city[0].of_devices(actor, [f"device-{one}" for one in TOWNS]),
    "cameras.platforms": lambda city, actor, side, at: [f"hall-{side}"] if city[0].platforms(actor) else [],
}
ACTS: dict[str, Call] = {
    "cameras.rate": lambda city, actor, side, at: city[0].rate(actor, f"hall-{side}", T, T + 1),
    "camera_turning.turn": lambda city, actor, side, at: city[1].turn(actor, f"hall-{side}", Turn(pan=1), T),
    "camera_turning.go_to": lambda city, actor, side, at: city[1].go_to(actor, f"hall-{side}", 1, T),
    "camera_turning.presets": lambda city, actor, side, at: city[1].presets(actor, f"hall-{side}"),
    "camera_turning.held": lambda city, actor, side, at: city[1].held(actor, f"hall-{side}", T),
    "camera_turning.leave": lambda city, actor, side, at: city[1].leave(actor, f"hall-{side}"),
}
HELD = {*PAST_READS, *NOW_READS, *ACTS}


@pytest.fixture(scope="module")
def city(engine: Engine) -> Iterator[City]:
    with engine.begin() as tx:
        tx.execute(text("INSERT INTO regions (code, name, level, valid_from) VALUES ('441900', '东莞市', 'city', '2020-01-01')"))
        for side, town in TOWNS.items():
            values = {"town": town, "side": side}
            tx.execute(
                text("INSERT INTO regions (code, name, parent, level, valid_from) VALUES (:town, :side, '441900', 'town', '2020-01-01')"),
                values,
            )
    store = CameraCatalogue(engine)
    store.begin("hall")
    entries = {side: Entry(side, side, True, ptz="dome", lon=113.75, lat=23.0, device_id=f"device-{side}") for side in TOWNS}
    store.put("hall", [Found(f"hall-{side}", entries[side], town, "", (side,), True) for side, town in TOWNS.items()], T)
    store.end("hall", T)
    cameras = Cameras(CameraRepository(engine), Register(RegisterRepository(engine)))
    audit = Audit(AuditRepository(engine))
    yield cameras, Turning(cameras, CameraHolds(engine), {"hall": Platform()}, audit)  # type: ignore[dict-item]


@pytest.mark.parametrize("side", TOWNS)
@pytest.mark.parametrize("at", [None, T + 60_000], ids=["now", "past"])
@pytest.mark.parametrize("name", [*PAST_READS, *NOW_READS])
def test_a_read_shows_ones_own_and_nothing_of_the_other(city: City, name: str, at: int | None, side: str) -> None:
    read = {**PAST_READS, **NOW_READS}[name]
    shown = repr(read(city, PEOPLE[side], side, at))
    assert side in shown and f"'{OTHER[side]}'" not in shown and f"hall-{OTHER[side]}" not in shown
    assert not read(city, AUDITOR, side, at)


@pytest.mark.parametrize("side", TOWNS)
@pytest.mark.parametrize("name", PAST_READS)
def test_before_the_city_knew_of_it_there_is_nothing(city: City, name: str, side: str) -> None:
    assert not PAST_READS[name](city, PEOPLE[side], side, T - DAY_MS)


@pytest.mark.parametrize("side", TOWNS)
@pytest.mark.parametrize("name", ACTS)
def test_nobody_does_anything_at_the_other_ones_camera(city: City, name: str, side: str) -> None:
    ACTS[name](city, PEOPLE[side], side, None)
    for actor, where in ((PEOPLE[side], OTHER[side]), (AUDITOR, side)):
        with pytest.raises((LookupError, Forbidden)):
            ACTS[name](city, actor, where, None)


def test_one_by_its_id_is_not_there_for_the_other(city: City) -> None:
    assert city[0].one(PEOPLE["east"], "hall-west") is None and city[0].one(PEOPLE["east"], "hall-west", T + 1) is None
