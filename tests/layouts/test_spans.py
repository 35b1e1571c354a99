"""How long something lasts: the unit's symbol beside a figure, the word in a sentence and on a button (docs/design.md)."""

import re
from functools import cache
from pathlib import Path

import pytest
from dash import html

from config.languages import load_catalogues
from layouts import moment, origins
from layouts.incidents.naming import Naming
from layouts.view import View
from layouts.words import Words
from tests.fakes import NOW, make_city
from tests.layouts.test_panels import classed, components, texts, view

ROOT = Path(__file__).resolve().parents[2]
CHINESE = "\u3400-\u9fff"
SENTENCE_WITH_SYMBOL = re.compile(rf"[{CHINESE}][^`\"'\n]*[\d}}] ?(?:s|min|h|d)(?= ?[{CHINESE}，、。]|`)")
MINUTE = 60_000
HOUR = 60 * MINUTE


@cache
def words(lang="zh"):
    return Words(lang, load_catalogues()[lang])


@pytest.mark.parametrize(
    ("ms", "zh", "en"),
    [
        (0, "0 分钟", "0 min"),
        (59 * MINUTE, "59 分钟", "59 min"),
        (-107 * MINUTE, "1 小时 47 分钟", "1 h 47 min"),
        (8 * HOUR, "8 小时", "8 h"),
        (48 * HOUR - 1, "47 小时 59 分钟", "47 h 59 min"),
        (48 * HOUR, "2 天", "2 d"),
        (51 * HOUR + 5 * MINUTE, "2 天 3 小时", "2 d 3 h"),
    ],
)
def test_an_incidents_time_is_told_in_words_and_a_part_that_is_nought_is_left_out(ms, zh, en):
    assert [Naming(words(lang)).span(ms) for lang in ("zh", "en")] == [zh, en]


def test_an_age_can_be_told_in_words_for_a_sentence():
    ages = [0, 45_000, 12 * MINUTE, 80 * MINUTE, 120 * MINUTE, 16 * HOUR, 50 * HOUR]
    assert [words().span(age) for age in ages] == ["0 秒", "45 秒", "12 分钟", "1 小时 20 分钟", "2 小时", "16 小时", "2 天"]
    assert [words("en").span(age) for age in ages] == [words("en").age(age) for age in ages]


def test_an_alarm_of_silence_says_in_words_within_how_long_its_device_should_have_spoken():
    for lang, said in (("zh", "应 3 分钟内上报"), ("en", "due within 3 min")):
        assert words(lang)("alarm.limit_silence", value=words(lang).span(3 * MINUTE)) == said


def test_the_buttons_of_the_past_say_in_words_how_far_they_go():
    strip = moment.strip(words(), "/mid", moment.Moment(NOW - HOUR, NOW))
    said = [texts(one).strip() for one in classed(strip, "moment-step")]
    assert said == ["退 1 小时", "退 10 分钟", "退 1 分钟", "进 1 分钟", "进 10 分钟", "进 1 小时"]


def test_the_player_of_the_past_writes_its_steps_with_the_catalogues_units():
    strip = moment.strip(words(), "/mid", moment.Moment(NOW - HOUR, NOW))
    (player,) = [one for one in components(strip) if isinstance(one, html.Div) and "replay" in str(getattr(one, "className", "")).split()]
    told = player.to_plotly_json()["props"]
    assert (told["data-text-seconds"], told["data-text-minutes"]) == ("{n} 秒", "{n} 分钟")


def test_how_often_a_device_reports_is_a_sentence_also_where_it_reports_on_change():
    seen: View = view(make_city())
    device = next(one for one in seen.devices.values() if one.interval_s)
    told = [origins.of_metric(seen, one, "pm25", [NOW, 1.0, "good"]).facts["formula"] for one in (device, device._replace(interval_s=None))]
    assert told == [f"设备上报值，每 {device.interval_s:g} 秒一次", "变化时上报"]


def test_no_chinese_sentence_has_a_symbol_for_a_span_of_time():
    written = dict(load_catalogues()["zh"])
    written |= {file.name: file.read_text("utf-8") for file in (ROOT / "assets").glob("*.js")}
    broken, whole = ("近 10 min 平稳", "积压 {lag} s，暂停", "`处理中… ${n} s`"), ("近 10 分钟平稳", "延迟 {lag} s", "3 h 前")
    assert [bool(SENTENCE_WITH_SYMBOL.search(text)) for text in (*broken, *whole)] == [True] * 3 + [False] * 3
    assert {name: found[0] for name, text in written.items() if (found := SENTENCE_WITH_SYMBOL.search(text))} == {}
