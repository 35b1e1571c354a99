"""The fake city's cameras: the demo's clips (data_adapters/demo/clips.py) as a player asks for them. Only a city that is `filmed` has
any."""

import time
from typing import Any

import flask

from data_adapters.demo import clips

PLACES = (
    "东城街道 主山路口",
    "南城街道 鸿福路口",
    "虎门镇 太平广场",
    "厚街镇 家具大道",
    "松山湖 中心广场",
    "寮步镇 香市路口",
)
BEAT_MS, OPEN_MS, BY_STREAM = 10_000, 3_600_000, 3


def blueprint(city: Any) -> flask.Blueprint:
    """The addresses of api/viewings.py that a player uses, and where each camera stands (a town's middle)."""
    pages = flask.Blueprint("fake_cameras", __name__)

    @pages.get("/api/v1/wall/cameras")
    def wall() -> Any:
        return {"items": [_camera(number) for number in _held(city)], "total": len(_held(city))}

    @pages.get("/api/v1/map/cameras")
    def where() -> Any:
        towns = {region.name: at for region, *at in city.store.places_known}
        return {"type": "FeatureCollection", "features": [_feature(number, towns) for number in _held(city)]}

    @pages.post("/api/v1/cameras/<camera_id>/viewings")
    def view(camera_id: str) -> Any:
        return _viewing(int(camera_id.removeprefix("C"))), 201

    @pages.post("/api/v1/viewings/beat")
    def beat() -> Any:
        wanted = flask.request.get_json()["viewing_ids"]
        return {"items": [{**_viewing(int(one.removeprefix("V"))), "ways": []} for one in wanted]}

    @pages.post("/api/v1/viewings/close")
    def close() -> Any:
        return "", 204

    @pages.get("/api/v1/cameras/<camera_id>/snapshot")
    def snapshot(camera_id: str) -> Any:
        return flask.Response(clips.still(_scene(int(camera_id.removeprefix("C")))), mimetype="image/jpeg")

    _media(pages)
    return pages


def _media(pages: flask.Blueprint) -> None:
    began = time.monotonic()

    @pages.get("/fake/<scene>/index.m3u8")
    def playlist(scene: str) -> Any:
        newest = clips.WINDOW + int((time.monotonic() - began) / clips.PIECE_S)
        return flask.Response(clips.playlist(newest), mimetype=clips.TYPES["m3u8"])

    @pages.get("/fake/<scene>/init.mp4")
    def head(scene: str) -> Any:
        return flask.Response(clips.init(scene), mimetype=clips.TYPES["mp4"])

    @pages.get("/fake/<scene>/<int:number>.m4s")
    def piece(scene: str, number: int) -> Any:
        return flask.Response(clips.piece(scene, number), mimetype=clips.TYPES["m4s"])


def _held(city: Any) -> range:
    return range(len(PLACES) if getattr(city, "filmed", False) else 0)


def _scene(number: int) -> str:
    return clips.SCENES[number % len(clips.SCENES)]


def _camera(number: int) -> dict[str, Any]:
    town = PLACES[number].split()[0]
    return {"camera_id": f"C{number}", "name": PLACES[number], "region": town, "online": True, "demo": True, "offers": ["hls", "snapshot"]}


def _feature(number: int, towns: dict[str, list[float]]) -> dict[str, Any]:
    at = towns[PLACES[number].split()[0]]
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": at}, "properties": {"id": f"C{number}", "name": PLACES[number]}}


def _viewing(number: int) -> dict[str, Any]:
    ways = [{"kind": "hls", "url": f"/fake/{_scene(number)}/index.m3u8"}]
    times = {"beat_ms": BEAT_MS, "until": int(time.time() * 1000) + OPEN_MS, "by_stream": BY_STREAM}
    return {"viewing_id": f"V{number}", "camera": _camera(number), "ways": ways, "codec": "", "watermark": {"who": "指挥大厅"}, **times}
