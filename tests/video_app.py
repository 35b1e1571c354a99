"""One web worker that only plays video, for tests and the bench: the real viewings on PostgreSQL, the real proxy under gunicorn with gevent
and the real player, with cameras, platform and people by hand. `python -m gunicorn "tests.video_app:app()"`.

CITYDECK_TEST_VIDEO holds JSON: {"database": url, "cameras": {id: {way: address}}, "roles": [...]}; `past_` before a way: of recordings;
with "wvp": url and its password the cameras' ids are channels of a WVP there; a database is for workers with one platform, for each stops
what nobody watches;
/told answers what the platform was told; /platform?answers=no lets it answer no request to play, until ?answers=yes.
"""

import json
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import flask

from api import problems, viewings
from api.session import EXTENSION
from config.languages import load_catalogues
from config.viewing import load_viewing
from data_adapters.sql.audit_repository import AuditRepository
from data_adapters.sql.database import make_engine
from data_adapters.sql.viewing_repository import ViewingRepository
from data_adapters.video.media import HttpMedia
from data_adapters.video.seals import FernetSeal, SqlSecret
from data_adapters.video.setup import PlatformSetup
from data_adapters.video.wvp.adapter import WvpPlatform
from domain.access import Actor
from layouts.player import words_of
from layouts.words import Words
from services.audit import Audit
from services.stills import Stills
from services.unwatched import Unwatched
from services.video_ports import Stream, VideoPlatform
from services.viewing import Viewings
from services.viewing_ports import Camera
from services.viewing_streams import Streams
from tests.video_fakes import FakeCameras, FakePlatform

ASSETS = Path(__file__).resolve().parents[1] / "assets"
SCRIPTS = ("tokens.css", "player.css", "player.js", "player_past.js", "player_ways.js")
PAGE = """<!doctype html><html lang="zh"><meta charset="utf-8"><title>video</title>
{links}<body style="margin:0;background:#111"><div class="player-words" hidden>{words}</div>
<div id="boxes" style="display:grid;grid-template-columns:repeat(auto-fill,330px);gap:6px">{boxes}</div></body></html>"""
PAST = "past_"
BOX = '<div data-player="{id}" data-name="{id}" {moment} style="width:{wide}px;height:{high}px"></div>'


class ByChannel(FakePlatform):
    """Plays each channel's own addresses."""

    def __init__(self, addresses: dict[str, dict[str, str]]) -> None:
        super().__init__(codec="")
        self.addresses, self.answers = addresses, threading.Event()
        self.answers.set()

    def offers(self, channel: str) -> frozenset[str]:
        return frozenset({"snapshot", *(["playback"] if any(way.startswith(PAST) for way in self.addresses[channel]) else [])})

    def _play(self, what: str) -> Stream:
        channel, *span = what.split()
        before, length = (PAST, (int(span[1]) - int(span[0])) // 1000) if len(span) > 1 else ("", 0)
        held = {way.removeprefix(PAST): url for way, url in self.addresses[channel].items() if way.startswith(PAST) == bool(before)}
        playing = super()._play(what)
        self.answers.wait()
        return playing._replace(urls={way: url.replace("{seconds}", str(length)) for way, url in held.items()})


def app() -> flask.Flask:
    """The worker."""
    said = json.loads(os.environ["CITYDECK_TEST_VIDEO"])
    server, platform = flask.Flask("video"), ByChannel(said["cameras"])
    city, store = _city(said, _wvp(*said["wvp"]) if "wvp" in said else platform)
    server.extensions[EXTENSION] = city
    for part in (problems, viewings):
        server.register_blueprint(part.blueprint(city))

    def rounds() -> Unwatched:
        return Unwatched(city.viewings, store, city.media)

    _pages(server, platform, rounds)
    threading.Thread(target=_for_ever, args=(rounds(),), daemon=True).start()
    return server


def _camera(one: str, platform: VideoPlatform) -> Camera:
    """A WVP's channel is `device/channel`, which can't stand in an address: its id has a dash."""
    channel = one.replace("-", "/")
    return Camera(one, one, "hall", channel, wall=True, offers=platform.offers(channel))


def _wvp(url: str, password: str) -> WvpPlatform:
    """The real adapter on a small WVP of the tests."""
    return WvpPlatform(PlatformSetup("hall", settings={"url": url, "username": "citydeck"}, secrets={"password": password}))


def _for_ever(rounds: Unwatched) -> None:
    """What jobs.py does."""
    while True:
        rounds.round(time.time_ns() // 1_000_000)
        time.sleep(0.5)


def _city(said: dict[str, Any], platform: VideoPlatform) -> tuple[Any, ViewingRepository]:
    engine = make_engine(said["database"])
    store, audit, limits = ViewingRepository(engine), Audit(AuditRepository(engine)), load_viewing()
    cameras = FakeCameras(*(_camera(one, platform) for one in said["cameras"]))
    seal = FernetSeal(SqlSecret(engine, "tickets"))
    made = Viewings(cameras, Streams(store, {"hall": platform}, limits), store, seal, audit, SimpleNamespace(), limits)  # type: ignore[arg-type]
    actor, media = Actor("wang", frozenset(said["roles"]), name="王敏"), HttpMedia()
    accounts = SimpleNamespace(actor_of=lambda token, now: actor if token else None)
    stills = Stills(cameras, {"hall": platform}, audit)
    city: Any = SimpleNamespace(viewings=made, media=media, stills=stills, accounts=accounts, fanout=SimpleNamespace(closed=False))
    return city, store


def _pages(server: flask.Flask, platform: ByChannel, rounds: Callable[[], Unwatched]) -> None:
    words = json.dumps(words_of(Words("zh", load_catalogues()["zh"])), ensure_ascii=False)

    @server.get("/page")
    def page() -> flask.Response:
        ids, wide = flask.request.args["cameras"].split(","), int(flask.request.args.get("wide", "320"))
        links = "".join(
            f'<link rel="stylesheet" href="/assets/{name}">' if name.endswith(".css") else f'<script defer src="/assets/{name}"></script>'
            for name in SCRIPTS
        )
        moment = f'data-moment="{said}" data-moment-of="alarm"' if (said := flask.request.args.get("moment")) else ""
        boxes = "".join(BOX.format(id=one, wide=wide, high=wide * 9 // 16, moment=moment) for one in ids if one)
        answer = flask.Response(PAGE.format(links=links, words=words, boxes=boxes))
        answer.set_cookie("citydeck_session", "the session")
        return answer

    @server.get("/assets/<name>")
    def asset(name: str) -> flask.Response:
        return flask.send_from_directory(ASSETS, name)

    @server.get("/told")
    def told() -> flask.Response:
        rounds().round(int(flask.request.args["now"]))
        return flask.jsonify({"asked": platform.asked, "stopped": platform.stopped})

    @server.get("/platform")
    def answers() -> str:
        (platform.answers.set if flask.request.args["answers"] == "yes" else platform.answers.clear)()
        return ""
