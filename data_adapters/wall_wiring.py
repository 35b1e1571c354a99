"""Assembles walls: steering, consultations, and what the configuration says of them."""

from typing import NamedTuple

from sqlalchemy import Engine

from config.told_scenes import load_told
from config.wall_care import load_wall_care
from config.walls import load_walls
from data_adapters.plan_wiring import build_task_maker
from data_adapters.sql.consultation_repository import ConsultationRepository
from data_adapters.sql.pairing_repository import PairingRepository
from data_adapters.sql.wall_repository import WallRepository
from data_adapters.wall_news import WallNews
from domain.access import Actor
from services.consultations import Consultations
from services.incident_desk import IncidentDesk
from services.notices import Notices
from services.register import Register
from services.viewing import Viewings
from services.wall_book import WallBook
from services.walls import Steering


class WallServices(NamedTuple):
    """What a web worker offers about walls, under the names that City has for it."""

    walls: Steering
    wall_book: WallBook
    consultations: Consultations


def build_walls(
    engine: Engine, register: Register, viewings: Viewings, desk: IncidentDesk, notices: Notices, news: WallNews
) -> WallServices:
    """Walls on this database. Opens no connection yet. Raises ConfigError."""
    held = load_walls()
    told, pairing = load_told(held.scenes), PairingRepository(engine)

    def cameras(actor: Actor) -> set[str]:
        return {one.camera_id for one in viewings.wall(actor)}

    captions = {code: len(one.captions) for code, one in told.items()}
    steering = Steering(WallRepository(engine), pairing, register.regions, held.walls, held.scenes, captions, cameras, news)
    tasks = build_task_maker(engine, desk, notices)
    consultations = Consultations(ConsultationRepository(engine), steering, tasks, desk.mine, register.departments, news)
    return WallServices(steering, WallBook(held.walls, held.scenes, load_wall_care(), told), consultations)
