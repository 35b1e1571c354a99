"""Pictures of video alarms: on the desk and the phone for those who may view video, never on the wall unless the city says so."""

from dataclasses import replace

import pytest

from config.displays import load_displays
from domain.access import Actor
from domain.alarm_statements import series_of
from layouts import alarm_pictures
from layouts.panels import PANELS
from services.alarm_pictures import Picture, Shown
from services.event_pictures import REASONS
from tests.fakes import NOW, make_city
from tests.layouts.test_panels import components, make_faces, texts, view_of


def images(tree) -> list[str]:
    return [one.src for one in components(tree) if type(one).__name__ == "Img"]


@pytest.fixture
def city():
    made = make_city()
    made.picture.alarms[0]["metric"] = series_of("intrusion")
    return made


def seen_on(city, page, role="duty_officer"):
    faces, actor = make_faces(city), Actor(role, frozenset({role}))
    return view_of(faces, actor, faces.words(None), city.picture.snapshot(actor), page)


def test_only_desk_and_phone_show_pictures_as_the_configuration_ships():
    assert {name for name, display in load_displays().items() if display.pictures} == {"desk", "mobile"}


def test_the_wall_draws_no_picture_and_the_phone_draws_it_on_the_card(city):
    alarm = city.picture.alarms[0]["alarm_id"]
    assert images(PANELS["alarms"].render(seen_on(city, "big"))) == []
    assert images(PANELS["mobile_alarms"].render(seen_on(city, "mobile"))) == [f"/api/v1/alarms/{alarm}/picture"]
    assert images(PANELS["mobile_alarms"].render(seen_on(city, "mobile", "data_steward"))) == []


def test_a_wall_that_the_city_lets_show_pictures_shows_them(city):
    view = seen_on(city, "big")
    shown = replace(view, display=view.display._replace(pictures=True))
    assert len(images(PANELS["alarms"].render(shown))) == 1


@pytest.mark.parametrize("reason", [*REASONS, "waiting"])
def test_a_picture_that_is_not_there_says_why(city, reason):
    view, state = seen_on(city, "desk"), "waiting" if reason == "waiting" else "missing"
    shown = Shown(7, [Picture("p", NOW, state, "" if state == "waiting" else reason, "")])
    tree = alarm_pictures.place(view, city.picture.alarms[0], shown)
    assert images(tree) == [] and view.words(f"alarm.picture_{reason}") in texts(tree) and view.words.has(f"alarm.picture_{reason}")
    assert "7" in texts(tree)


def test_a_kept_picture_is_shown_with_its_time_and_the_platforms_words(city):
    view, alarm = seen_on(city, "desk"), city.picture.alarms[0]
    tree = alarm_pictures.place(view, alarm, Shown(1, [Picture("p-1", NOW, "kept", "", "东门有人翻越")]))
    assert images(tree) == [f"/api/v1/alarms/{alarm['alarm_id']}/pictures/p-1"] and "东门有人翻越" in texts(tree)


def test_pictures_that_the_retention_has_forgotten_are_called_so(city):
    view = seen_on(city, "desk")
    assert view.words("alarm.picture_forgotten") in texts(alarm_pictures.place(view, city.picture.alarms[0], Shown(0, [])))
