"""A storm of alarms on the phone, without a browser."""

from callbacks.views import view_of
from domain.access import Actor
from layouts.panels import PANELS
from layouts.view import SEVERITIES
from tests.fake_server import make_faces
from tests.fake_states import city_in
from tests.fakes import NOW
from tests.layouts.test_panels import classed, texts

OFFICER = Actor("duty_officer", frozenset({"duty_officer"}))


def shown(city, lang="zh"):
    faces = make_faces(city)
    return PANELS["mobile_alarms"].render(view_of(faces, OFFICER, faces.words(f"?lang={lang}"), city.picture.snapshot(OFFICER), "mobile"))


def test_the_phone_says_how_many_of_each_severity_wait_and_where_before_the_first_card():
    city = city_in("storm", NOW)
    waiting = [one for one in city.picture.alarms if one["acknowledged_at"] is None]
    tree = shown(city)
    (storm,) = classed(tree, "storm")
    for severity in SEVERITIES:
        (part,) = classed(storm, f"is-{severity}")
        assert texts(part.children[1]) == str(sum(one["severity"] == severity for one in waiting))
    assert "告警风暴 · 10 分钟内新增" in texts(storm) and f"未确认 {len(waiting)}" in texts(storm)
    assert len(classed(storm, "storm-towns")[0].children) == 5
    assert tree.index(storm) < next(n for n, one in enumerate(tree) if classed(one, "cards"))
    assert "Alarm storm" in texts(shown(city, "en"))


def test_an_evening_with_seven_alarms_is_no_storm():
    assert not classed(shown(city_in("evening", NOW)), "storm")
