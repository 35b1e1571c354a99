"""Scenes of the wall as the server hands them over: filled, of any city, now and in the past."""

from functools import cache

import pytest

from callbacks.wall import scene
from config.walls import load_walls
from domain.access import Actor
from layouts.wall import Screen, screen_of
from tests.fake_server import make_faces
from tests.fake_wall import enrich
from tests.fakes import NOW, make_city
from tests.layouts.test_panels import classed, texts

OFFICER = Actor("officer", frozenset({"duty_officer"}))
WALLS = load_walls()


@pytest.fixture(scope="module")
def rich():
    return enrich(make_city(per_town=16))


@cache
def faces_of(number):
    return make_faces(CITIES[number])


CITIES = {}


def made(city, code, wall="default", lang="zh", at=None, focus=""):
    CITIES[id(city)] = city
    faces = faces_of(id(city))
    return scene(faces, OFFICER, faces.words(f"?lang={lang}"), Screen(wall, code, focus=focus), at)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("code", list(WALLS.scenes))
def test_every_panel_of_every_scene_is_filled(rich, code, lang):
    panels = made(rich, code, lang=lang)
    assert not classed(panels, "state-unavailable") and not classed(panels, "state-loading")
    visible = [one for one in panels if (getattr(one, "className", "") or "").startswith("panel ")]
    assert len(visible) == len(WALLS.scenes[code].panels) - 1
    assert all(texts(one).strip() for one in visible)


@pytest.mark.parametrize("at", [None, NOW - 3_600_000])
@pytest.mark.parametrize("code", list(WALLS.scenes))
def test_a_city_of_which_nothing_is_known_says_so_in_every_panel(code, at):
    city = make_city(per_town=8)
    for part in (
        city.picture.devices,
        city.picture.vehicles,
        city.picture.counts,
        city.picture.notes,
        city.picture.alarms,
        city.store.held,
    ):
        part.clear()
    panels = made(city, code, at=at)
    assert not classed(panels, "state-unavailable")


def test_an_alarm_that_took_the_wall_is_told_with_its_limit_and_who_has_it(rich):
    alarm = rich.picture.alarms[0]
    command = next(one for one in made(rich, "command", focus=f"alarm:{alarm['alarm_id']}") if "panel-command" in (one.className or ""))
    assert all(part in texts(command) for part in ("虎门镇", "0.62", "上限 0.30", "未确认"))


def test_the_gravest_emergency_is_in_command_where_nothing_was_chosen(rich):
    panels = made(rich, "command")
    assert "连升路下穿隧道积水" in texts(panels)
    assert "到场 3 / 9" in texts(panels)


def test_what_is_in_command_can_only_be_what_the_actor_may_see(rich):
    assert "当前没有需要指挥的突发事件" in texts(made(rich, "command", focus="incident:unknown"))


def test_a_page_names_its_wall_scene_and_what_it_is_about():
    screen = Screen("hall", "command", focus="incident:0190-7")
    assert screen_of(screen.page) == screen
    assert screen_of("big") is None and screen_of("mid") is None


def test_a_list_is_as_long_as_the_wall_has_room_for(rich):
    rows = {wall: len(classed(made(rich, "duty", wall), "pressing")) for wall in ("default", "hall", "cells")}
    assert rows["hall"] > rows["default"] >= 3


def test_the_worst_of_the_traffic_are_the_slowest_roads_and_not_one_that_runs_freely():
    city = enrich(make_city(per_town=16))
    roads = [one for one in city.picture.devices.values() if one["kind"] == "traffic_flow"]
    for number, one in enumerate(roads):
        one["values"]["speed"][1] = 59.0 - number % 20
    (panel,) = classed(made(city, "traffic"), "panel-ranked")
    shown = [float(texts(one)) for one in classed(panel, "value-number")]
    speeds = sorted(one["values"]["speed"][1] for one in roads)
    assert shown == pytest.approx(speeds[: len(shown)], abs=0.5) and len(shown) >= 3


@pytest.mark.parametrize("focus", [True, False])
def test_an_alarm_that_took_the_wall_shows_its_course_and_who_would_be_there_first_before_there_is_an_incident(focus):
    city = enrich(make_city(per_town=8))
    city.picture.incidents.clear()
    alarm = city.picture.alarms[0]
    parts = made(city, "command", focus=f"alarm:{alarm['alarm_id']}" if focus else "")
    panel = {one.className.split("panel-")[-1]: texts(one) for one in parts if "panel-" in (getattr(one, "className", "") or "")}
    assert all(
        said in panel["timeline"] for said in ("无人确认，已 2 分钟", "触发：道路积水过深", "0.62 m", "上限 0.30 m", "此前最后一次在限值内")
    )
    assert "最近的可派力量" in panel["crew"] and "4  min" in panel["crew"]
    assert not classed(parts, "state-good") and not classed(parts, "state-none")
