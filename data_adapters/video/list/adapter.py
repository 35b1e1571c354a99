"""The VideoPlatform port on a plain list of addresses, a CSV or YAML file: what there is where no platform is."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NoReturn

from config.strict import ConfigError, text, yes_or_no
from data_adapters.feeds.asking import url
from data_adapters.video.http import LARGEST_PICTURE, get, reachable
from data_adapters.video.list.rows import BadList, Row, past_address, read_rows
from data_adapters.video.setup import PlatformSetup
from services.video_ports import (
    BadAnswer,
    Entry,
    NoStream,
    NotOffered,
    Offline,
    Picture,
    PlatformAlarm,
    PlatformAway,
    Preset,
    Size,
    Stream,
    Turn,
    UnknownChannel,
    VideoError,
    Whereabouts,
)

PAGE = 500
AT_ONCE = 8
"""Addresses that are tried at the same time."""


FIELDS = {"file": (text, None), "base": (url, ""), "optional": (yes_or_no, False), "check": (yes_or_no, False)}


class ListPlatform:
    """Reads the file again whenever it has changed. Raises ConfigError for one that can't be used at the start."""

    def __init__(self, setup: PlatformSetup) -> None:
        settings = setup.read(FIELDS)
        self.name, self._setup, self._base = setup.name, setup, settings["base"]
        self._optional, self._check = settings["optional"], settings["check"]
        if settings["file"] is None:
            raise ConfigError(f"video.yaml: {setup.name}: settings: file: is missing")
        self._file = (setup.folder or Path()) / settings["file"]
        self._held: dict[str, Row] = {}
        self._stamp: Any = None
        try:
            self._rows()
        except (BadAnswer, PlatformAway) as error:
            raise ConfigError(f"video.yaml: {setup.name}: settings: file: {error.detail}") from None

    def catalogue(self) -> Iterator[Sequence[Entry]]:
        """The file's cameras. With `check`, one is online when its address answers."""
        rows = list(self._rows().values())
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for at in range(0, len(rows), PAGE):
                page = rows[at : at + PAGE]
                answers = list(pool.map(self._answers, page)) if self._check else [True] * len(page)
                yield [row.entry._replace(online=row.entry.online and up) for row, up in zip(page, answers, strict=True)]

    def offers(self, channel: str) -> frozenset[str]:
        """What the file names addresses of."""
        try:
            row = self._row(channel)
        except VideoError:
            return frozenset()
        return frozenset(name for name, there in (("playback", row.past), ("snapshot", row.picture)) if there)

    def live(self, channel: str, size: Size = "main") -> Stream:
        """Its addresses; those of the small picture where the file names some."""
        row = self._row(channel)
        if not row.entry.online:
            raise Offline(channel)
        found = row.sub if size == "sub" and row.sub else row.main
        if not found:
            raise NotOffered("an address of its pictures")
        return Stream(f"{size}/{channel}", self._whole(found), row.entry.codec)

    def playback(self, channel: str, start: int, end: int) -> Stream:
        """The addresses of its recordings, filled in, where the file names some."""
        row = self._row(channel)
        if not row.past:
            raise NotOffered("playback")
        filled = {way: past_address(address, start, end) for way, address in row.past.items()}
        return Stream(f"past/{channel}", self._whole(filled), row.entry.codec)

    def stop(self, session: str) -> None:
        """Nothing was begun."""

    def turn(self, channel: str, turn: Turn) -> None:
        """Nobody turns an address."""
        self._refuse(channel, "turning")

    def presets(self, channel: str) -> Sequence[Preset]:
        """None."""
        self._row(channel)
        return []

    def go_to(self, channel: str, preset: int) -> None:
        """Nobody turns an address."""
        self._refuse(channel, "turning")

    def snapshot(self, channel: str) -> Picture:
        """What the address of its picture gives."""
        row = self._row(channel)
        if not row.picture:
            raise NotOffered("a picture")
        found = get(self._placed(row.picture), self._setup.timeout_s, LARGEST_PICTURE)
        if found.status != 200:
            raise NoStream(f"the picture's address answered {found.status}")
        return Picture(found.content)

    def alarms(self, since: int, until: int) -> Iterator[PlatformAlarm]:
        """None."""
        yield from ()

    def whereabouts(self) -> Iterator[Whereabouts]:
        """None: what carries a camera says itself where it is."""
        yield from ()

    def _rows(self) -> Mapping[str, Row]:
        if self._optional and not self._file.exists():
            return {}
        try:
            stat = self._file.stat()
            stamp = (stat.st_mtime_ns, stat.st_size)
            if stamp != self._stamp:
                self._held, self._stamp = read_rows(self._file, self._setup.wgs84, bool(self._base)), stamp
        except OSError as error:
            raise PlatformAway(f"{self._file.name} cannot be read: {error.strerror}") from None
        except BadList as error:
            raise BadAnswer(str(error)) from None
        return self._held

    def _row(self, channel: str) -> Row:
        row = self._rows().get(channel)
        if row is None:
            raise UnknownChannel(channel)
        return row

    def _refuse(self, channel: str, what: str) -> NoReturn:
        self._row(channel)
        raise NotOffered(what)

    def _answers(self, row: Row) -> bool:
        found = next((place for place in self._whole(row.main).values() if place.startswith("http")), None)
        return row.entry.online and (found is None or reachable(found, self._setup.timeout_s))

    def _whole(self, addresses: Mapping[str, str]) -> dict[str, str]:
        return {way: self._placed(address) for way, address in addresses.items()}

    def _placed(self, address: str) -> str:
        return self._base + address if address.startswith("/") else address
