"""Pages of a past moment: which one the address asks for, what is shown of it, and that nobody acts in it."""

import pytest

from callbacks import pages as page_callbacks
from callbacks import slow_lane
from callbacks.moments import WrongMoment, moment_asked, past
from domain.access import ROLES, Actor
from domain.event_time import OLDEST_MS
from layouts.moment import SPAN_MS, Moment, span
from tests.fake_server import make_faces
from tests.fakes import MINUTE, NOW, make_city
from tests.layouts.test_panels import classed, components, texts

EVERYONE = Actor("all", frozenset(ROLES))
THEN = NOW - 60 * MINUTE
EIGHT = 1_795_305_600_000
"""2026-11-22T08:00:00+08:00."""


@pytest.mark.parametrize("text", ["2026-11-22T08:00:00+08:00", "2026-11-22T08:00:00%2B08:00", "2026-11-22T00:00:00Z", str(EIGHT)])
def test_a_moment_is_rfc_3339_or_milliseconds(text):
    assert moment_asked(f"?lang=en&at={text}", EIGHT) == EIGHT


def test_an_address_without_a_moment_asks_for_now():
    assert moment_asked("?lang=en", NOW) is None
    assert moment_asked(None, NOW) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("yesterday", "moment.not_a_time"),
        ("", "moment.not_a_time"),
        ("2026-11-22T08:00:00", "moment.not_a_time"),
        (str(NOW + 1), "moment.future"),
        (str(NOW - OLDEST_MS - 1), "moment.too_old"),
        ("9" * 16, "moment.not_a_time"),
    ],
)
def test_a_wrong_moment_says_why(text, message):
    with pytest.raises(WrongMoment) as found:
        moment_asked(f"?at={text}", NOW)
    assert found.value.message == message


@pytest.mark.parametrize("held", [None, True, "x", -5, 0, 10**18, 1.5])
def test_a_store_that_holds_no_past_moment_means_now(held):
    assert past(held) is None


@pytest.mark.parametrize("path", ["/big", "/mid", "/desk", "/mobile"])
def test_every_face_of_the_past_says_so_and_leads_back(path):
    faces = make_faces(make_city())
    page = page_callbacks.page_of(faces, faces.words(None), path, EVERYONE, Moment(THEN, NOW))
    strip = classed(page, "moment-strip")[0]
    assert "历史画面" in texts(strip) and faces.words(None).full(THEN) in texts(strip)
    assert [one.href for one in components(strip) if getattr(one, "href", None)] == [f"{path}?lang=zh"]


def test_nobody_acts_in_the_past():
    city = make_city()
    faces = make_faces(city)
    desk = page_callbacks.page_of(faces, faces.words(None), "/desk", EVERYONE, Moment(THEN, NOW))
    doing = {"acknowledge-selected", "adopt"}
    assert not [one for one in components(desk) if isinstance(getattr(one, "id", None), dict) and one.id.get("type") in doing]
    slot = [{"type": "panel", "page": "mobile", "name": "mobile_alarms"}]
    bodies, _ = slow_lane.render_panels(faces, EVERYONE, faces.words(None), slot, {}, THEN)
    assert classed(bodies, "card") and not classed(bodies, "button-main")


def test_the_panels_show_the_picture_of_that_moment(monkeypatch):
    city = make_city()
    faces = make_faces(city)
    asked = []
    snapshot = city.picture.snapshot
    monkeypatch.setattr(city.picture, "snapshot", lambda actor, at=None, cursor=None: asked.append(at) or snapshot(actor, at))
    slots = [{"type": "panel", "page": "big", "name": name} for name in ("alarms", "figures", "towns", "trends", "feeds", "header", "map")]
    bodies, stamps = slow_lane.render_panels(faces, EVERYONE, faces.words(None), slots, {}, THEN)
    assert asked == [THEN]
    assert set(stamps.values()) == {f"past@{THEN}", f"past@{THEN // MINUTE}"}
    assert "不可用" not in texts(bodies)


def test_how_the_feeds_were_is_not_kept_and_the_panel_says_so():
    city = make_city()
    faces = make_faces(city)
    city.picture.notes.clear()
    slot = [{"type": "panel", "page": "big", "name": "feeds"}]
    then, _ = slow_lane.render_panels(faces, EVERYONE, faces.words(None), slot, {}, THEN)
    now, _ = slow_lane.render_panels(faces, EVERYONE, faces.words(None), slot, {})
    assert "接入状态不留历史" in texts(then) and "尚无接入的数据源" in texts(now)


@pytest.mark.parametrize("ago", [0, MINUTE, SPAN_MS, SPAN_MS + 1, 90 * SPAN_MS])
def test_the_slider_holds_the_moment_and_never_the_future(ago):
    start, end = span(Moment(NOW - ago, NOW))
    assert start <= NOW - ago <= end <= NOW
    assert end - start == SPAN_MS
