"""Where the pictures of the demo's recorder are: it opens a port of its own at every start, and leaves the address beside the pack."""

from collections.abc import Collection, Mapping
from pathlib import Path

from data_adapters.demo.pack import demo_pack_dir
from data_adapters.feeds.pictures import PictureSource
from services.polling import SourceAway

FEED = "frigate"
TIMEOUT_S = 5.0


def tell_place(data_dir: Path, base: str) -> None:
    """Leave the recorder's address for whoever fetches its pictures."""
    fresh = _file(data_dir).with_suffix(".fresh")
    fresh.write_text(base, encoding="utf-8")
    fresh.replace(_file(data_dir))


class RecorderPictures:
    """A PictureSource (services/event_pictures.py): the invented pictures of what the recorder saw, which say 演示数据."""

    def __init__(self, data_dir: Path) -> None:
        self._file = _file(data_dir)

    def fetch(self, picture: Mapping[str, str]) -> bytes:
        """The bytes at the picture's path. Raises SourceAway, PictureNotAllowed for another host's."""
        try:
            base = self._file.read_text("utf-8")
        except OSError as error:
            raise SourceAway("the demo's recorder has not begun") from error
        return PictureSource(FEED, {"url": base, "hosts": [], "timeout_s": TIMEOUT_S, "user": None}, {}).fetch(picture)


def recorder_pictures(data_dir: Path, own: Collection[str]) -> dict[str, RecorderPictures]:
    """By feed; none where the city has a recorder of its `own` feeds by that name."""
    return {} if FEED in own else {FEED: RecorderPictures(data_dir)}


def _file(data_dir: Path) -> Path:
    return demo_pack_dir(data_dir) / "recorder.url"
