"""Assembles dispatch for a web worker: units, travel times on the city pack's roads, recommendations, what lies around an incident."""

import logging
from collections.abc import Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Engine

from config.files import load_kinds
from config.incident_files import load_classes
from config.needs import NeedBook, load_needs
from config.settings import Settings
from config.travel import load_travel
from data_adapters.assigning import HungarianAssigner
from data_adapters.city_pack.contents import Problem
from data_adapters.city_pack.roads import read_roads
from data_adapters.demo.pack import demo_pack_dir
from data_adapters.handbook import Handbook
from data_adapters.road_graph import from_pack
from data_adapters.routing import Router
from data_adapters.sql.unit_repository import UnitRepository
from domain.incident_classes import ClassCatalogue
from domain.recommendation import Need
from domain.travel import Arrival, Point, Reach
from services.around import Surroundings
from services.cameras import Cameras
from services.dispatch import Dispatch
from services.history import History
from services.incident_board import IncidentBoard
from services.incident_desk import IncidentDesk
from services.recommending import Recommender
from services.register import Register

log = logging.getLogger("citydeck.dispatch")


class DispatchServices(NamedTuple):
    """What a web worker offers about units."""

    dispatch: Dispatch
    surroundings: Surroundings


class PackRoads:
    """The TravelTimes port on a pack's roads, read when they are first asked for: most web workers never are."""

    def __init__(self, folder: Path, zone: str) -> None:
        self._folder, self._zone = folder, zone

    @cached_property
    def _router(self) -> Router:
        problems: list[Problem] = []
        roads = read_roads(self._folder, problems)
        if problems:
            log.warning("the roads of %s cannot be used, ways are straight lines: %s", self._folder, problems[0])
        return Router(from_pack(roads) if roads else None, load_travel(), self._zone)

    def to_place(self, place: Point, origins: Sequence[Point], at: int, urgent: bool) -> list[Arrival]:
        """See services/routing_ports.py."""
        return self._router.to_place(place, origins, at, urgent)

    def reach(self, place: Point, seconds: float, at: int, urgent: bool) -> Reach:
        """See services/routing_ports.py."""
        return self._router.reach(place, seconds, at, urgent)


def build_dispatch(
    engine: Engine,
    settings: Settings,
    desk: IncidentDesk,
    board: IncidentBoard,
    register: Register,
    history: History,
    handbook: Handbook,
    cameras: Cameras,
) -> DispatchServices:
    """Dispatch on these services. Raises ConfigError."""
    classes = load_classes()
    book = load_needs(classes)
    travel = PackRoads(settings.city or demo_pack_dir(settings.data_dir), str(handbook.working.zone))
    recommender = Recommender(travel, HungarianAssigner(), book.rules, book.turnout_s)
    needs, limits = partial(_needs, book, classes), handbook.limits
    dispatch = Dispatch(UnitRepository(engine), desk, recommender, needs, handbook.regions, limits.track_ms)
    primary: Mapping[str, str | None] = {kind: one.primary for kind, one in load_kinds().items()}
    around = Surroundings(desk, board, dispatch, register, history, recommender, primary.get, limits.nearby, cameras)
    return DispatchServices(dispatch, around)


def _needs(book: NeedBook, classes: ClassCatalogue, code: str) -> tuple[Need, ...]:
    found = classes.get(code)
    return book.of(found.lineage) if found else ()
