"""Assembles what watching cameras needs: for a web worker, and for jobs.py, which stops what nobody watches."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Engine

from config.settings import Settings
from config.viewing import load_viewing
from data_adapters.camera_wiring import build_cameras, platforms_of
from data_adapters.incident_wiring import build_incidents
from data_adapters.sql.audit_repository import AuditRepository
from data_adapters.sql.register_repository import RegisterRepository
from data_adapters.sql.viewing_repository import ViewingRepository
from data_adapters.video.media import HttpMedia
from data_adapters.video.seals import FernetSeal, SqlSecret
from domain.access import Actor
from domain.cameras import Camera as CityCamera
from services.audit import Audit
from services.cameras import Cameras
from services.incident_desk import IncidentDesk
from services.register import Register
from services.stills import Stills
from services.unwatched import Unwatched
from services.video_ports import VideoPlatform
from services.viewing import Viewings
from services.viewing_ports import Camera, Media
from services.viewing_streams import Streams


class ViewingServices(NamedTuple):
    """What a web worker offers about watching, under the names that City has for it."""

    viewings: Viewings
    stills: Stills
    media: Media


class Watched:
    """The Cameras port of services/viewing_ports.py on the city's cameras; those of a demo city say so over their picture."""

    def __init__(self, cameras: Cameras, register: Register, platforms: Mapping[str, VideoPlatform]) -> None:
        self._cameras, self._register, self._platforms = cameras, register, platforms

    def one(self, actor: Actor, camera_id: str) -> Camera | None:
        """See Cameras."""
        found = self._cameras.one(actor, camera_id)
        return None if found is None or found.status == "gone" else self._made(found)

    def for_wall(self, actor: Actor, at_most: int) -> Sequence[Camera]:
        """See Cameras."""
        return [self._made(one) for one in self._cameras.for_wall(actor, at_most)]

    def _made(self, one: CityCamera) -> Camera:
        online = one.status == "online"
        demo = bool(self._register.city()["demo"])
        platform = self._platforms.get(one.platform)
        offers = platform.offers(one.channel) if platform else frozenset[str]()
        return Camera(one.camera_id, one.name, one.platform, one.channel, one.region, one.department, online, one.wall, demo, offers)


def build_viewings(
    engine: Engine, cameras: Cameras, register: Register, platforms: Mapping[str, VideoPlatform], audit: Audit, desk: IncidentDesk
) -> ViewingServices:
    """Watching these cameras. Opens no connection yet. Raises ConfigError."""
    watched, store, limits = Watched(cameras, register, platforms), ViewingRepository(engine), load_viewing()
    seal = FernetSeal(SqlSecret(engine, "viewing tickets"))
    viewings = Viewings(watched, Streams(store, platforms, limits), store, seal, audit, desk, limits)
    return ViewingServices(viewings, Stills(watched, platforms, audit), HttpMedia())


def viewing_rounds(engine: Engine, settings: Settings) -> list[Unwatched]:
    """The rounds of jobs.py that stop what nobody watches. Raises ConfigError."""
    register, platforms, audit = Register(RegisterRepository(engine)), platforms_of(settings), Audit(AuditRepository(engine))
    cameras = build_cameras(engine, platforms, register, audit).cameras
    desk = build_incidents(engine, settings.redis_url or "", settings.data_dir).desk
    made = build_viewings(engine, cameras, register, platforms, audit, desk)
    return [Unwatched(made.viewings, ViewingRepository(engine), made.media)]
