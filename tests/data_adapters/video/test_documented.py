"""docs/add-a-video-platform.md word for word: its entry is taken, and its class is a platform that lists and plays."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from config.video import load_video
from data_adapters.video.registry import ADAPTERS
from data_adapters.video.setup import PlatformSetup
from services.video_ports import NotOffered, Offline, PlatformAway, Turn, UnknownChannel
from tests.data_adapters.feeds.serving import QuietHandler, serving

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "add-a-video-platform.md").read_text()
LISTED = [
    {"id": "1", "title": "East gate", "up": True, "hls": "http://media.example/1.m3u8"},
    {"id": "2", "title": "West", "up": False},
    {"x": 1},
]


def block(file: str) -> str:
    """What the page says to write into a file."""
    found = re.search(rf"`{re.escape(file)}`:\n\n```\w+\n(.*?)```", PAGE, re.DOTALL)
    assert found, file
    return found[1]


class RecorderServer(QuietHandler):
    """The recorder of the page."""

    def do_GET(self) -> None:
        content = json.dumps(LISTED).encode()
        self.send_response(200 if self.path == "/cams" else 404)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def test_the_entry_of_the_page_is_taken(tmp_path: Path) -> None:
    (tmp_path / "video.yaml").write_text(block("config/video.yaml"))
    entry = load_video(ADAPTERS, tmp_path)["hall"]
    assert entry.adapter == "wvp" and entry.secrets == {"password": "env:WVP_PASSWORD"}


def test_the_class_of_the_page_is_a_platform() -> None:
    written: dict[str, Any] = {}
    exec(compile(block("data_adapters/video/recorder/adapter.py"), "adapter.py", "exec"), written)
    with serving(RecorderServer) as url:
        recorder = written["Recorder"](PlatformSetup("hall", settings={"url": url}))
        (page,) = recorder.catalogue()
        assert [(entry.channel, entry.name, entry.online) for entry in page] == [("1", "East gate", True), ("2", "West", False)]
        assert recorder.live("1").urls == {"hls": "http://media.example/1.m3u8"}
        for deed, error in (
            (lambda: recorder.live("2"), Offline),
            (lambda: recorder.live("3"), UnknownChannel),
            (lambda: recorder.turn("1", Turn()), NotOffered),
        ):
            with pytest.raises(error):
                deed()
    with pytest.raises(PlatformAway):
        list(recorder.catalogue())
