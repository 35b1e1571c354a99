"""Two people with two towns, and an administrator: over every service of appeals that takes an Actor."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import Engine

from domain.access import Actor, Forbidden
from services.appeal_desk import AppealDesk
from tests.services.test_appeals import Scene as Hotline
from tests.services.test_appeals import order
from tests.test_incident_scopes import AUDITOR, LON, OTHER, PEOPLE, TOWNS

NUMBERS = 4
"""As many appeals make a theme hot."""


class Scene(NamedTuple):
    """The desk, one order of each town, and when they came."""

    appeals: AppealDesk
    incidents: dict[str, str]
    now: int


@pytest.fixture(scope="module")
def scene(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    hotline = Hotline(engine, "http://127.0.0.1:9", Path(tmp_path_factory.mktemp("models")))
    for side in TOWNS:
        said = [order(number=f"{side}-{n}", lon=str(LON[side]), lat="23.0", phone="13800000000") for n in range(NUMBERS)]
        hotline.take(*said, number=f"{side}-0")
    incidents = {side: hotline.incident(f"{side}-0").incident_id for side in TOWNS}
    return Scene(hotline.seen, incidents, hotline.now + 60_000)


READS: dict[str, Callable[[Scene, Actor, str], Any]] = {
    "appeals.of": lambda scene, actor, side: scene.appeals.of(actor, scene.incidents[side]),
    "appeals.person": lambda scene, actor, side: scene.appeals.person(actor, scene.incidents[side], scene.now),
}
ACROSS: dict[str, Callable[[Scene, Actor], Any]] = {
    "appeals.hot": lambda scene, actor: scene.appeals.hot(actor, scene.now),
    "appeals.advise": lambda scene, actor: scene.appeals.advise(actor, "路灯不亮", "", "", "hotline", scene.now),
}
HELD = set(READS) | set(ACROSS)


@pytest.mark.parametrize("side", TOWNS)
@pytest.mark.parametrize("name", READS)
def test_everybody_sees_the_orders_of_their_own_town_and_no_other(scene: Scene, name: str, side: str) -> None:
    assert READS[name](scene, PEOPLE[side], side)
    with pytest.raises(LookupError):
        READS[name](scene, PEOPLE[side], OTHER[side])


@pytest.mark.parametrize("side", TOWNS)
def test_what_is_hot_elsewhere_is_not_told(scene: Scene, side: str) -> None:
    assert [one.region for one in scene.appeals.hot(PEOPLE[side], scene.now)] == [TOWNS[side]]


@pytest.mark.parametrize("name", sorted(HELD))
def test_an_administrator_sees_nothing_of_appeals(scene: Scene, name: str) -> None:
    with pytest.raises((LookupError, Forbidden)):
        READS[name](scene, AUDITOR, "east") if name in READS else ACROSS[name](scene, AUDITOR)
