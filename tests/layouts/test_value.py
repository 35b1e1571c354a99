"""The one way a value is drawn."""

import json

import pytest
from dash.development.base_component import Component

from callbacks.views import view_of
from config.languages import load_catalogues
from domain.access import Actor
from domain.direction import UP
from layouts import callout, origins
from layouts import value as drawn
from layouts.panels import PANELS
from layouts.value import STATES, Origin, Value, state_of
from layouts.words import Words
from tests.fake_server import make_faces
from tests.fakes import make_city
from tests.layouts.test_panels import components

OFFICER = Actor("officer", frozenset({"duty_officer"}))
NOW = 1_795_326_000_000
ZH, EN = (Words(lang, load_catalogues()[lang]) for lang in ("zh", "en"))


def text_of(component):
    """Everything that is read, in order."""
    if isinstance(component, Component):
        return text_of(getattr(component, "children", None))
    if isinstance(component, list | tuple):
        return "".join(text_of(one) for one in component)
    return "" if component is None else str(component)


def value(state="live", **other):
    return Value(**{"text": "46.5", "unit": "mm", "state": state, "at": NOW - 720_000, "normal": "常态 ≤ 16", **other})


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"at": NOW, "is_stale": False}, "live"),
        ({"at": NOW, "is_stale": True, "quality": "suspect"}, "stale"),
        ({"at": NOW, "is_stale": False, "quality": "suspect"}, "suspect"),
        ({"at": None, "is_stale": False}, "missing"),
        ({"at": NOW, "is_stale": False, "may": False}, "withheld"),
    ],
)
def test_a_value_is_in_one_state(told, expected):
    assert state_of(**told) == expected


@pytest.mark.parametrize("words", [ZH, EN], ids=["zh", "en"])
@pytest.mark.parametrize("state", STATES)
def test_every_state_looks_different_and_says_so_in_words(words, state):
    card = drawn.card(words, "小时雨量", value(state), NOW)
    assert f"is-{state}" in card.className.split()
    said = {"stale": "state.stale", "suspect": "state.suspect", "missing": "value.no_data", "withheld": "value.no_right"}
    assert all((words(text) in text_of(card)) == (one == state) for one, text in said.items())


@pytest.mark.parametrize("state", ["missing", "withheld"])
def test_what_is_missing_or_withheld_shows_no_number(state):
    assert "46.5" not in text_of(drawn.figure(ZH, value(state), NOW))


def test_a_stale_value_says_how_old_it_is_and_has_neither_colour_nor_direction():
    line = drawn.figure(ZH, value("stale", off=True, direction=UP), NOW)
    assert "12 min" in text_of(line) and "↗" not in text_of(line)
    assert drawn.look(value("stale", off=True)) == "is-stale"


def test_a_live_value_shows_number_unit_direction_and_what_is_normal():
    line = drawn.figure(ZH, value(off=True, direction=UP), NOW)
    assert text_of(line) == "46.5mm↗常态 ≤ 1612 min"
    assert drawn.look(value(off=True)) == "is-live is-off"


@pytest.mark.parametrize("covers", [True, False])
def test_where_a_value_comes_from_is_one_touch_away(covers):
    origin = Origin("小时雨量", {"source": "雨量站", "formula": "max", "owner": "水务局", "quality": "可信"}, NOW, "/vitals?indicator=rain")
    (button,) = drawn.why(ZH, value(origin=origin), covers)
    told = json.loads(getattr(button, "data-origin"))
    assert [name for name, _ in told["facts"]] == ["来源", "算法", "责任部门", "最近更新", "质量"]
    assert told["facts"][3][1] == ZH.full(NOW) and told["href"] == "/vitals?indicator=rain"
    assert drawn.why(ZH, value()) == []


@pytest.mark.parametrize(
    ("number", "zh", "en"),
    [
        (99_999, ("99,999", ""), ("99,999", "")),
        (100_000, ("10.00", "万"), ("100.0", "k")),
        (1_234_567, ("123.5", "万"), ("1.235", "M")),
        (-1_234_567, ("−123.5", "万"), ("−1.235", "M")),
        (123_456_789, ("1.235", "亿"), ("123.5", "M")),
        (0.62, ("0.62", ""), ("0.62", "")),
    ],
)
def test_large_numbers_are_told_in_the_readers_own_steps(number, zh, en):
    decimals = 2 if isinstance(number, float) else 0
    assert (ZH.amount(number, decimals), EN.amount(number, decimals)) == (zh, en)


def test_a_devices_value_and_a_key_figure_name_the_feed_they_come_from_and_who_answers_for_it():
    city = make_city()
    faces = make_faces(city)
    view = view_of(faces, OFFICER, faces.words("?lang=zh"), city.picture.snapshot(OFFICER), "big")
    station = next(device for device in city.store.held if device.kind == "air_quality")
    told = origins.of_metric(view, station, "pm25", [NOW, 38.0, "good"]).facts
    assert told["source"].startswith("数据源 设备直连 · ") and station.device_id in told["source"] and told["owner"] == "水务局"
    figure = next(one for one in view.display.figures if one.kind == "air_quality")
    assert origins.of_figure(view, figure, view.reckon(figure)).facts["source"].endswith("数据源 设备直连、LoRa 网络 The Things Stack")


def test_the_value_of_an_alarm_says_where_it_comes_from_in_the_list_on_the_phone_and_on_the_map():
    city = make_city()
    faces = make_faces(city)
    snapshot = city.picture.snapshot(OFFICER)
    deep = snapshot.alarms[0]
    for page, panel in (("big", "alarms"), ("mobile", "mobile_alarms")):
        view = view_of(faces, OFFICER, faces.words("?lang=zh"), snapshot, page)
        asked = [getattr(one, "data-origin", "") for one in components(PANELS[panel].render(view))]
        assert any("数据源 设备直连" in told and deep["device_id"] in told for told in asked)
        assert len([told for told in asked if told]) == sum(alarm["raised_value"] is not None for alarm in snapshot.alarms)
    opened = callout.build(view, city.register.device(OFFICER, deep["device_id"]), deep, {})
    assert any("积水深度" in getattr(one, "data-origin", "") for one in components(opened))
