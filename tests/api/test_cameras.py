"""Cameras over HTTP: found by name, opened in their tree, turned by one person at a time, and nothing of their platform told."""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

import flask
import pytest
from sqlalchemy import Engine, text

from api import cameras
from data_adapters.sql.camera_catalogue import CameraCatalogue
from data_adapters.sql.camera_holds import CameraHolds
from data_adapters.sql.camera_repository import CameraRepository
from domain.registry import Region
from services.camera_ports import Found
from services.camera_turning import Turning
from services.cameras import Cameras
from services.video_ports import Entry, PlatformAway, Preset, Turn, VideoError
from tests.api.conftest import REGIONS, Person

CODE = "44190000081320000017"


class Platform:
    """Turns, and remembers one view."""

    name = "hall"

    def __init__(self) -> None:
        self.turned: list[Any] = []
        self.wrong: VideoError | None = None

    def turn(self, channel: str, turn: Turn) -> None:
        if self.wrong:
            raise self.wrong
        self.turned.append(turn)

    def go_to(self, channel: str, preset: int) -> None:
        self.turned.append(preset)

    def presets(self, channel: str) -> Sequence[Preset]:
        return [Preset(1, "东门")]


class Regions:
    """The register's regions."""

    def regions(self, at: int | None = None) -> dict[str, Region]:
        return REGIONS


@pytest.fixture
def platform() -> Platform:
    return Platform()


@pytest.fixture
def web(app: flask.Flask, city: Any, engine: Engine, platform: Platform) -> Iterator[flask.Flask]:
    with engine.begin() as tx:
        tx.execute(text("TRUNCATE cameras, camera_status, camera_holds, video_platforms"))
    store = CameraCatalogue(engine)
    entries = [
        Entry("secret-1", "鸿福路口1", True, CODE, ptz="dome", lon=113.7, lat=23.0),
        Entry("2", "鸿福路口2", False),
        Entry("3", "西平", True),
    ]
    groups = [("南城", "鸿福路"), ("南城",), ("西平",)]
    found = [Found(f"hall-{n}", entry, "441900004", "", groups[n], False) for n, entry in enumerate(entries)]
    store.begin("hall")
    store.put("hall", found, 1_700_000_000_000)
    store.end("hall", 1_700_000_000_000)
    city.cameras = Cameras(CameraRepository(engine), Regions())  # type: ignore[arg-type]
    city.camera_turning = Turning(city.cameras, CameraHolds(engine), {"hall": platform}, city.audit)  # type: ignore[dict-item]
    app.register_blueprint(cameras.blueprint(city))
    yield app


@pytest.fixture
def operator(web: flask.Flask) -> Person:
    return Person(web).sign_in("operator")


def test_cameras_are_found_by_chinese_words_page_by_page(operator: Person) -> None:
    first = operator.get("/cameras?text=鸿福&limit=1").json
    assert [one["name"] for one in first["items"]] == ["鸿福路口1"]
    rest = operator.get(f"/cameras?text=鸿福&limit=1&after={quote(first['next'])}").json
    assert [one["name"] for one in rest["items"]] == ["鸿福路口2"] and rest["next"] is None
    assert [one["name"] for one in operator.get("/cameras?status=offline").json["items"]] == ["鸿福路口2"]
    assert [one["name"] for one in operator.get("/cameras?group=南城&group=鸿福路").json["items"]] == ["鸿福路口1"]


def test_a_camera_says_what_its_code_means_and_nothing_of_how_its_platform_is_asked(operator: Person) -> None:
    answer = operator.get("/cameras/hall-0")
    assert answer.json["code_names"]["zh"] == ["城市管理接入", "网络摄像机", "公安视频传输网"]
    assert answer.json["online_rate"] == 1.0 and answer.json["hold"] is None and answer.json["turns"] is True
    assert "secret-1" not in answer.text and "channel" not in answer.json
    assert operator.get("/cameras/hall-9").status_code == 404


def test_the_tree_opens_level_by_level(operator: Person) -> None:
    assert operator.get("/cameras/tree").json["nodes"] == [{"name": "hall", "cameras": 3, "online": 2}]
    assert operator.get("/cameras/tree?platform=hall&group=南城").json["nodes"] == [{"name": "鸿福路", "cameras": 1, "online": 1}]
    assert operator.get("/cameras/platforms").json["items"][0]["cameras"] == 3
    assert [one["properties"]["id"] for one in operator.get("/map/cameras").json["features"]] == ["hall-0"]


def test_turning_holds_the_camera_and_another_is_told_by_whom(web: flask.Flask, operator: Person, platform: Platform, city: Any) -> None:
    other = Person(web).sign_in("dispatcher")
    assert operator.send("POST", "/cameras/hall-0/ptz", json={"pan": -0.5}).json["username"] == "operator"
    refused = other.send("POST", "/cameras/hall-0/ptz", json={"pan": 1})
    assert refused.status_code == 409 and refused.json["code"] == "busy" and "operator" in refused.json["detail"]
    assert operator.get("/cameras/hall-0").json["hold"]["name"] == "值班员"
    assert operator.send("POST", "/cameras/hall-0/ptz", json={}).status_code == 200
    assert operator.send("DELETE", "/cameras/hall-0/ptz").status_code == 204
    assert other.get("/cameras/hall-0/presets").json["items"] == [{"number": 1, "name": "东门"}]
    assert other.send("POST", "/cameras/hall-0/presets/1", json={}).status_code == 200
    assert platform.turned == [Turn(pan=-0.5), Turn(), 1]
    assert {(one.actor, one.action, one.outcome) for one in city.written()} >= {
        ("operator", "turn_camera", "ok"),
        ("dispatcher", "turn_camera", "refused"),
    }


def test_what_cannot_be_is_refused_in_words(web: flask.Flask, operator: Person, platform: Platform) -> None:
    for body in ({"pan": 2}, {"pan": True}, {"pan": "1"}, {"speed": 1}, {"pan": None}):
        assert operator.send("POST", "/cameras/hall-0/ptz", json=body).status_code == 422
    assert operator.send("POST", "/cameras/hall-1/ptz", json={"pan": 1}).json["code"] == "offline"
    platform.wrong = PlatformAway("http://10.0.0.1/secret")
    away = operator.send("POST", "/cameras/hall-0/ptz", json={"pan": 1})
    assert away.status_code == 502 and "secret" not in away.text
    assert Person(web).sign_in("leader").send("POST", "/cameras/hall-0/ptz", json={"pan": 1}).status_code == 403
    for path in ("/cameras?status=x", "/cameras?text=" + "x" * 101, "/cameras/tree?group="):
        assert operator.get(path).status_code == 422
    assert Person(web).sign_in("auditor").get("/cameras").status_code == 403
