"""Assembles the pictures of video alarms: for a web worker, and for jobs.py, which fetches them."""

from collections.abc import Callable, Mapping

from sqlalchemy import Engine

from config.alarm_rules import load_rules
from config.files import load_catalogue
from config.incident_limits import load_incident_limits
from config.settings import Settings
from data_adapters.blobs import DiskBlobs
from data_adapters.demo.recorder import recorder_pictures
from data_adapters.feeds.registry import configured, make_picture_sources
from data_adapters.file_kinds import inspect
from data_adapters.sql.event_picture_repository import EventPictureRepository
from data_adapters.sql.event_queue import SqlEventQueue
from data_adapters.sql.retention import still_named
from domain.alarm_statements import STATED
from domain.registry import Region
from services.alarm_pictures import AlarmPictures
from services.event_pictures import CONSUMER, OF_KINDS, EventPictures, PictureSource
from services.event_queue import Consumer
from services.ports import AlarmRecord

Schedule = list[tuple[str, float, Callable[[int], object]]]
FOLDER = "attachments"
"""Where incidents keep theirs: one store, one set of rules."""


class PictureRounds:
    """Notes what has come, then fetches what is due (jobs.py, Rounds)."""

    def __init__(self, noting: Consumer, pictures: EventPictures) -> None:
        self._noting, self._pictures = noting, pictures

    def round(self, now: int) -> int:
        """Returns how many pictures were noted or tried."""
        return self._noting.round(now) + self._pictures.round(now)


def picture_rounds(engine: Engine, settings: Settings) -> PictureRounds:
    """What jobs.py does for pictures. Raises ConfigError."""
    sources: dict[str, PictureSource] = {}
    if settings.plays_demo:
        sources |= recorder_pictures(settings.data_dir, {one.name for one in configured()})
    sources |= make_picture_sources(load_catalogue(), settings.clock_ahead_s * 1000, configured(settings.plays_demo))
    lit = {rule.metric.removeprefix(STATED) for rule in load_rules().rules if rule.type == "stated"}
    blobs, largest = DiskBlobs(settings.data_dir / FOLDER), load_incident_limits().attachment_bytes
    pictures = EventPictures(EventPictureRepository(engine), sources, blobs, inspect, lit, largest)
    return PictureRounds(Consumer(SqlEventQueue(engine), CONSUMER, OF_KINDS, pictures.deal), pictures)


def picture_schedule(engine: Engine, settings: Settings) -> Schedule:
    """What jobs.py does about pictures by the clock: the retention forgot their rows (data_adapters/sql/retention.py)."""
    blobs = DiskBlobs(settings.data_dir / FOLDER)
    return [("bytes that no row names", 3600, lambda now: blobs.forget(lambda names: still_named(engine, names), now / 1000))]


def build_pictures(
    engine: Engine, settings: Settings, regions: Callable[[], Mapping[str, Region]], find: Callable[[str], AlarmRecord | None]
) -> AlarmPictures:
    """Pictures for those who may see them."""
    return AlarmPictures(find, regions, EventPictureRepository(engine), DiskBlobs(settings.data_dir / FOLDER))
