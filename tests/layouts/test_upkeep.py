"""The page of operations: a state is told by shape and word, what nobody knows says why, and a rejected message is only ever text."""

import pytest
from dash import html

from callbacks import upkeep
from config.languages import load_catalogues
from domain.access import Actor, Forbidden
from domain.feed_tally import BEYOND_MS
from layouts import feed_health, pages
from layouts.feed_health import lateness, percent
from layouts.panels import PANELS
from layouts.words import Words
from tests.fake_server import make_faces
from tests.fakes import NOW, make_city
from tests.layouts.test_panels import classed, components, texts, view

OPERATOR = Actor("all", frozenset({"operator"}))


@pytest.fixture
def city():
    return make_city()


def shown(city, lang="zh", chosen=("ngsi", "", ""), actor=OPERATOR, live=True):
    faces = make_faces(city)
    return upkeep.shown(faces, actor, faces.words(f"?lang={lang}"), chosen, NOW, live)


def test_the_worst_feed_comes_first_with_shape_word_and_why(city):
    rows = [row for row in components(shown(city)[0]) if isinstance(row, html.Tr) and getattr(row, "data-feed", None)]
    assert [getattr(row, "data-feed") for row in rows] == ["ngsi", "mapping", "native"]
    assert classed(rows[0], "health-down") and "中断" in texts(rows[0]) and "数据方无应答" in texts(rows[0]) and "401" in texts(rows[0])
    assert classed(rows[2], "health-good") and "正常" in texts(rows[2])


def test_what_nobody_knows_says_no_data_and_why(city):
    row = next(one for one in components(shown(city)[0]) if getattr(one, "data-feed", None) == "mapping")
    assert [one.title for one in classed(row, "is-unknown") if getattr(one, "title", None)][:1] == ["从未收到消息"]
    assert texts(row).count("暂无数据") >= 4


def test_a_reason_opens_its_messages_as_text_that_no_browser_takes_for_markup(city):
    detail = shown(city, chosen=("ngsi", "", "bad_json"))[1]
    (payload,) = classed(detail, "health-payload")
    assert payload.children == '<script>alert("x")</script>{' and isinstance(payload, html.Pre)
    assert not classed(shown(city)[1], "health-payload")


def test_who_may_not_read_messages_is_told_so(city, monkeypatch):
    def refuse(*_):
        raise Forbidden("the whole city's")

    monkeypatch.setattr(city.feed_health, "examples", refuse)
    assert "无权查看" in texts(shown(city, chosen=("ngsi", "", "bad_json"))[1])


def test_an_order_shows_its_history_and_the_deeds_that_are_open_now_but_none_in_the_past(city):
    parts = shown(city)
    assert all(word in texts(parts[3]) for word in ("U-441900-0000001", "智慧科技", "立单", "系统", "数据方无应答", "91.7 %"))
    assert [button.children for button in parts[-1]] == ["接单", "记备注"]
    assert shown(city, live=False)[-1] == []


def test_a_deed_is_done_in_the_persons_name_and_told(city):
    faces = make_faces(city)
    said, field = upkeep.done(faces, OPERATOR, faces.words(None), "", "take", "去看")
    assert city.upkeep.done == [("all", "take", "去看")] and "处理中" in said and field == ""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_part_is_written_in_both_languages(city, lang):
    assert all(texts(part) for part in shown(city, lang, ("ngsi", "", "bad_json"))[:5])


def test_the_desk_counts_bad_feeds_and_is_quiet_while_there_are_none():
    words = Words("zh", load_catalogues()["zh"])
    assert "接入 2" in texts(feed_health.count(words, 2))
    assert texts(feed_health.count(words, 0)).strip() == "接入"


@pytest.mark.parametrize(("role", "has"), [("system_admin", True), ("data_steward", True), ("operator", True), ("leader", False)])
def test_the_page_is_for_those_who_look_after_operations(city, role, has):
    faces = make_faces(city)
    context = pages.Context(faces.words(None), faces.displays, city.register.city(), Actor("a", frozenset({role})))
    assert ("接入健康" in texts(pages.build("/upkeep", context))) is has


def test_shares_and_lateness_are_written_as_far_as_they_are_known():
    words = Words("en", load_catalogues()["en"])
    assert [percent(share) for share in (0, 0.0001, 0.032, 0.9999, 1)] == ["0.0 %", "< 0.1 %", "3.2 %", "> 99.9 %", "100.0 %"]
    assert [lateness(words, ms) for ms in (100, 2_000, 300_000, BEYOND_MS)] == ["≤ 0.1 s", "≤ 2 s", "≤ 5 min", "> 1 d"]


def test_the_walls_panel_says_of_a_feed_what_jobs_judged_and_goes_by_its_age_once_that_is_old(city):
    notes = city.picture.notes["feeds"]["native"]
    notes.update(state="poor", problems=["errors"], judged_at=NOW - 5_000)
    assert "异常" in texts(PANELS["feeds"].render(view(city)))
    notes["judged_at"] = NOW - 60_000
    assert "异常" not in texts(PANELS["feeds"].render(view(city)))


def test_a_notice_leads_to_its_order():
    assert upkeep.asked("?lang=en&order=abc") == "abc" and upkeep.asked(None) == ""
