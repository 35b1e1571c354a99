"""What many screens cost: a panel is made once for all that see the same, the broken ones too."""

import json
import threading
import time

import pytest
from dash import no_update
from plotly.utils import PlotlyJSONEncoder

from callbacks import slow_lane
from domain.access import Actor
from layouts.panels import PANELS
from tests.fake_server import make_faces
from tests.fakes import make_city

OFFICER = Actor("officer", frozenset({"duty_officer"}))
SLOT = [{"type": "panel", "page": "big", "name": "towns"}]


@pytest.fixture
def faces():
    return make_faces(make_city())


def counted(monkeypatch, render):
    calls = []
    monkeypatch.setitem(PANELS, "towns", PANELS["towns"]._replace(render=lambda view: calls.append(view) or render(view)))
    return calls


def ask(faces):
    return slow_lane.render_panels(faces, OFFICER, faces.words(None), SLOT, {})


def test_screens_that_ask_in_one_moment_share_one_rendering(faces, monkeypatch):
    calls = counted(monkeypatch, lambda view: time.sleep(0.05) or "towns")
    bodies = []
    threads = [threading.Thread(target=lambda: bodies.append(ask(faces)[0])) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert bodies == [["towns"]] * 6
    assert len(calls) == 1


def test_a_broken_panel_fails_once_not_for_every_screen(faces, monkeypatch):
    calls = counted(monkeypatch, lambda view: 1 / 0)
    assert [str(ask(faces)[0]) for _ in range(3)] == [str(ask(faces)[0])] * 3
    assert len(calls) == 1


def test_no_picture_is_made_where_nothing_is_new(faces, monkeypatch):
    _, stamps = ask(faces)
    made: list[object] = []
    monkeypatch.setattr(faces.city.picture, "snapshot", lambda *asked: made.append(asked))
    slow_lane.render_panels(faces, OFFICER, faces.words(None), SLOT, stamps)
    assert made == []


def text_of(bodies):
    return json.dumps([one.to_plotly_json() for one in bodies[0]], cls=PlotlyJSONEncoder, ensure_ascii=False)


def test_a_leader_sees_at_once_that_a_major_incident_is_over_and_by_the_quarter_of_a_minute_what_else_is_due(faces, monkeypatch):
    slot, leader, city = [{"type": "panel", "page": "mid", "name": "office_now"}], Actor("leader", frozenset({"leader"})), faces.city

    def look(seen):
        return slow_lane.render_panels(faces, leader, faces.words(None), slot, seen)

    before, stamps = look({})
    assert "隧道积水" in text_of(before) and look(stamps)[0] == [no_update]
    monkeypatch.setattr(city.office, "calm", True)
    assert look(stamps)[0] == [no_update], "no section has changed"
    monkeypatch.setattr(city.picture, "version", city.picture.version + 1)
    after, stamps = look(stamps)
    assert "隧道积水" not in text_of(after)
    monkeypatch.setattr(city.picture, "at", city.picture.at + 15_000)
    assert look(stamps)[0] != [no_update]
