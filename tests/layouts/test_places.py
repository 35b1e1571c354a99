"""A city told in its own places: towns or districts, English names where there are any, whose data the map shows."""

from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from domain.registry import Region, compared_level, short_name
from layouts.names import Names
from layouts.panels import PANELS, trends
from layouts.rows import device_rows
from layouts.words import Words
from tests.fakes import METRIC_NAMES
from tests.layouts.test_panels import city, texts, view  # noqa: F401
from tests.layouts.test_words import CATALOGUES


def region(level):
    return Region(level, level, None, level)


@pytest.mark.parametrize(("levels", "compared"), [(("city", "district"), "district"), (("district", "town"), "town"), (("city",), "town")])
def test_towns_are_compared_where_there_are_any_else_districts(levels, compared):
    assert compared_level([region(level) for level in levels]) == compared


def test_a_city_of_districts_is_told_in_districts():
    said = {
        (lang, level): Words(lang, CATALOGUES[lang], places=level)("panel.towns") for lang in ("zh", "en") for level in ("town", "district")
    }
    assert said == {
        ("zh", "town"): "镇街对比",
        ("zh", "district"): "各区对比",
        ("en", "town"): "Towns compared",
        ("en", "district"): "Districts compared",
    }
    assert "个区" in Words("zh", CATALOGUES["zh"], places="district")("towns.note", total=5, quiet=5)


@pytest.mark.parametrize(
    ("name", "short"), [("虎门镇", "虎门"), ("东城街道", "东城"), ("禅城区", "禅城"), ("东区", "东区"), ("松山湖", "松山湖")]
)
def test_a_place_is_called_by_its_short_name(name, short):
    assert short_name(name) == short


@pytest.mark.parametrize(("lang", "name"), [("zh", "虎门镇 积水点4号"), ("en", "Humen Standing water 4")])
def test_an_alarm_names_its_device_in_the_readers_language(city, lang, name):  # noqa: F811
    alarm = city.picture.alarms[0]
    city.store.held = [
        device._replace(name_en="Humen Standing water 4") if device.device_id == alarm["device_id"] else device
        for device in city.store.held
    ]
    assert " ".join(view(city, lang=lang).place_and_name(alarm)) == name


def test_a_device_without_an_english_name_keeps_its_own(city):  # noqa: F811
    city.store.held = [city.store.held[0]._replace(name_en="")]
    seen = view(city, "desk", "en")
    assert device_rows(seen, city.store.held)[0]["name"] == city.store.held[0].name


def test_units_that_are_words_are_in_the_readers_language():
    metric = SimpleNamespace(zh="人群密度", en="Crowd density", unit="人/m²", decimals=1)
    said = {lang: Names({"density": metric}, {}, {}).value(Words(lang, CATALOGUES[lang]), "density", 5.0) for lang in ("zh", "en")}
    assert said == {"zh": "5.0 人/m²", "en": "5.0 people/m²"}


def test_a_trend_that_nobody_measured_says_so_instead_of_an_empty_chart(city):  # noqa: F811
    seen = view(city)
    partly = replace(seen, trends={"rain_1h": seen.trends["rain_1h"]})

    def said(found):
        return [one.text for trend in seen.display.trends for one in trends.figure(found, trend).layout.annotations]

    assert (said(partly), said(seen)) == (["暂无数据"] * 2, [])


def test_the_map_says_whose_data_it_shows(city):  # noqa: F811
    seen = view(city)
    assert "OpenStreetMap" not in texts(PANELS["map"].render(seen))
    named = replace(seen, city={**seen.city, "attribution": "© OpenStreetMap contributors (ODbL)"})
    assert "© OpenStreetMap contributors (ODbL)" in texts(PANELS["map"].render(named))


def test_a_young_citys_trend_is_a_point_in_the_whole_day_and_not_an_axis_of_its_own(city):  # noqa: F811
    seen = view(city)
    young = replace(seen, trends={metric: points[-1:] for metric, points in seen.trends.items()})
    drawn = trends.figure(young, young.display.trends[0])
    assert {trace.mode for trace in drawn.data} == {"markers"}
    since, until = (datetime.fromisoformat(moment) for moment in drawn.layout.xaxis.range)
    assert until - since == timedelta(hours=seen.display.hours)


def test_a_trends_long_title_has_a_line_for_its_unit_so_that_none_is_cut(city):  # noqa: F811
    seen = view(city)
    names = Names({**METRIC_NAMES, "pm25": SimpleNamespace(zh="细颗粒物 PM2.5", en="PM2.5", unit="µg/m³", decimals=0)}, {}, {})
    drawn = {
        one.metric: trends.figure(replace(seen, names=names), one).layout
        for one in (seen.display.trends[0], seen.display.trends[0]._replace(metric="pm25", fold="mean"))
    }
    assert drawn["pm25"].title.text == "细颗粒物 PM2.5 均值<br>(µg/m³)" and drawn["pm25"].margin.t > 26
    short = drawn[seen.display.trends[0].metric].title
    assert "<br>" not in short.text
    assert drawn["pm25"].title.pad.b - short.pad.b > short.font.size, "the second line lies over the chart"
