"""What is chosen on the map opens: the callout of a device, with its alarm and how fast that changes."""

import pytest

from callbacks.alarms import unheard
from callbacks.picks import opened, picked_of
from domain.access import ROLES, Actor
from layouts.rows import alarm_rows
from services.register_ports import Point
from tests.fake_server import make_faces
from tests.fakes import MINUTE, NOW, make_city
from tests.layouts.test_panels import classed, texts, view

EVERYONE = Actor("all", frozenset(ROLES))


@pytest.fixture
def city():
    return make_city()


def callout(city, device_id, lang="zh", actor=EVERYONE):
    faces = make_faces(city)
    return opened(faces, actor, device_id, faces.words(f"?lang={lang}"), "big", None)


def rising(monkeypatch, city, step):
    points = [Point(NOW - n * MINUTE, 0.62 - n * step, 0, 1) for n in reversed(range(8))]
    monkeypatch.setattr(city.history, "device", lambda *_: points)


def test_a_callout_says_what_where_since_when_how_fast_and_who_has_it(city, monkeypatch):
    rising(monkeypatch, city, 0.03)
    written = texts(callout(city, city.picture.alarms[0]["device_id"]))
    for part in ("虎门镇", "道路积水过深", "0.62 m", "上限 0.30 m", "每分钟 +0.03 m", "未确认", "2 min", "起"):
        assert part in written


def test_a_value_that_stands_still_is_called_steady(city, monkeypatch):
    rising(monkeypatch, city, 0.0001)
    assert "近 10 分钟平稳" in texts(callout(city, city.picture.alarms[0]["device_id"]))


def test_a_quiet_device_shows_its_values_and_their_age(city):
    quiet = next(key for key, one in city.picture.devices.items() if one["kind"] == "air_quality" and key.endswith("-00"))
    tree = callout(city, quiet)
    assert "PM2.5" in texts(tree) and "空气站" in texts(tree)
    assert not classed(tree, "callout-what")


def test_a_stale_value_in_a_callout_says_so(city):
    power = next(key for key, one in city.picture.devices.items() if one["kind"] == "power")
    assert "数据陈旧" in texts(callout(city, power))


def test_nothing_opens_outside_ones_scope(city):
    stranger = Actor("li", frozenset({"operator"}), regions=frozenset({"441900003"}))
    assert callout(city, city.picture.alarms[0]["device_id"], actor=stranger) is None


@pytest.mark.parametrize("held", [None, "x", {"kind": "town", "id": "441900121"}, {"kind": "device", "id": 5}, {"kind": "device"}])
def test_only_a_device_is_taken_for_one(held):
    assert picked_of(held, "device") is None


def test_the_alarms_of_a_town_are_those_in_it(city):
    assert {row["town"] for row in alarm_rows(view(city, "desk"), "441900121")} == {"虎门镇"}
    assert len(alarm_rows(view(city, "desk"), "441900")) == len(city.picture.alarms)


def test_the_desks_empty_list_is_called_quiet_only_where_the_city_is_heard(city):
    city.picture.alarms.clear()
    assert unheard(view(city, "desk")) == ""
    city.picture.devices.clear()
    assert unheard(view(city, "desk")) == "没有设备接入，无从判断"
