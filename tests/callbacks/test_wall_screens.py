"""A paired screen has rendered what stands on the wall's page and nothing else; people are not hindered."""

import json

import pytest

from callbacks import slow_lane
from domain.access import Actor
from layouts import wall
from tests.callbacks.test_wiring import matches, parsed
from tests.fake_server import make_app, make_faces
from tests.fake_wall import enrich
from tests.fakes import make_city
from tests.layouts.test_panels import components

ORIGIN = {"Origin": "http://localhost"}
OF_THE_WALL = [["page", "moment"], ["panel", "slow-lane"], ["callout"], ["wall-panels", "wall"]]
"""What the wall's page has rendered: itself, its panels, what was picked on its map, another scene."""
SHOW = '..{"type":"wall-panels","wall":["ALL"]}.children...{"type":"wall","wall":["ALL"]}.style..'
PANELS = '..{"name":["ALL"],"page":["ALL"],"type":"panel"}.children...slow-lane.data..'


@pytest.fixture(scope="module")
def city():
    return enrich(make_city(per_town=16))


@pytest.fixture(scope="module")
def app(city):
    return make_app(city)


@pytest.fixture
def screen(app):
    """A wall's browser that a duty officer has approved."""
    browser = app.server.test_client()
    code = browser.post("/api/v1/pairing", json={}).get_json()["code"]
    officer = app.server.test_client()
    officer.set_cookie("citydeck_session", "duty_officer")
    said = {"name": "hall", "wall": "hall", "regions": [], "departments": []}
    assert officer.post(f"/api/v1/pairing/{code}", json=said, headers=ORIGIN).status_code == 201
    return browser


def patterns(output):
    return [(parsed(one.rpartition(".")[0]), one.rpartition(".")[2]) for one in output.strip(".").split("...")]


def filled(pattern, **values):
    """The id with the wild cards of its pattern replaced."""
    return {key: values.get(key, "x") if isinstance(value, list) else value for key, value in pattern.items()}


def body(output, inputs=(), state=(), **values):
    """A callback's request as the browser sends it."""
    outputs = [
        [{"id": filled(one, **values), "property": prop}] if isinstance(one, dict) else {"id": one, "property": prop}
        for one, prop in patterns(output)
    ]
    return {"output": output, "outputs": outputs, "inputs": list(inputs), "state": list(state), "changedPropIds": []}


def panels(page, name):
    """A request for the body of a panel."""
    one = {"id": "live-cursor", "property": "data", "value": {}}, {"id": "moment", "property": "data", "value": None}
    state = {"id": "slow-lane", "property": "data", "value": None}, {"id": "url", "property": "search", "value": ""}
    return body(PANELS, one, state, page=page, name=name)


def page_asked(wall):
    """The address as the page's callback takes it."""
    return [{"id": "url", "property": "pathname", "value": "/big"}, {"id": "url", "property": "search", "value": f"?wall={wall}"}]


def asked(client, said, **headers):
    return client.post("/_dash-update-component", json=said, headers={**ORIGIN, **headers})


def owned(entry):
    return [one["type"] if isinstance(one, dict) else one for one, _ in patterns(entry["output"])]


def test_of_all_callbacks_a_screen_is_refused_those_of_other_pages_and_a_person_none(app, screen):
    person = app.server.test_client()
    person.set_cookie("citydeck_session", "operator")
    values = {"page": "big", "name": "map", "wall": "hall"}
    answers = {}
    for entry in app._callback_list:
        if not entry["clientside_function"]:
            said = body(entry["output"], page_asked("hall"), **values)
            answers[entry["output"]] = (owned(entry), asked(screen, said).status_code, asked(person, said).status_code)
    assert len(answers) > 60
    let = [kinds for kinds, of_screen, _ in answers.values() if of_screen != 403]
    assert sorted(let) == sorted(OF_THE_WALL)
    assert [kinds for kinds, _, of_person in answers.values() if of_person in (401, 403)] == []


def test_a_screen_is_shown_its_panels_and_another_scene(screen):
    for page, name in (("big", "header"), ("big.hall.overview", "alarms"), ("big.hall.command.alarm:1", "command")):
        answer = asked(screen, panels(page, name))
        assert answer.status_code == 200 and "children" in answer.text, page
    one = {"id": {"type": "wall-scene", "wall": "hall"}, "property": "data", "value": {"scene": "traffic"}}
    state = {"id": "moment", "property": "data", "value": None}, {"id": "url", "property": "search", "value": ""}
    answer = asked(screen, body(SHOW, [[one]], state, wall="hall"))
    assert answer.status_code == 200 and "big.hall.traffic" in answer.text


@pytest.mark.parametrize(
    ("page", "name"),
    [
        ("desk", "map"),
        ("mid", "office_now"),
        ("big", "office_now"),
        ("big.hall.overview", "office_now"),
        ("big.nowhere.overview", "alarms"),
        ("big.cells.overview", "alarms"),
    ],
)
def test_a_screen_gets_no_panel_of_another_page_through_the_walls_callback(screen, page, name):
    assert asked(screen, panels(page, name)).status_code == 403


def test_a_screen_is_shown_its_own_wall_and_no_other_whatever_its_address_says(screen):
    page, scene = "..page.children...moment.data..", [[{"id": {"type": "wall-scene", "wall": "cells"}, "property": "data", "value": {}}]]
    assert screen.get("/big?wall=cells").headers["Location"] == "/big?wall=hall"
    assert screen.get("/big?wall=hall").status_code == 200
    answer = asked(screen, body(page, page_asked("hall")))
    assert answer.status_code == 200 and '"wall": "hall"' in answer.text.replace('":"', '": "')
    for inputs in (page_asked("cells"), page_asked("hall")[:1], [*page_asked("hall"), {}], [{}, {"value": None}], [], None, "x"):
        assert asked(screen, {**body(page), "inputs": inputs}).status_code == 403, inputs
    assert asked(screen, body(SHOW, scene, wall="cells")).status_code == 403


@pytest.mark.parametrize(
    "said",
    [
        None,
        [],
        "x",
        {},
        {"output": 5},
        {"output": PANELS, "outputs": 5},
        {"output": PANELS, "outputs": [["x"]]},
        {"output": "page.children"},
    ],
)
def test_a_request_that_names_no_outputs_of_the_wall_is_refused(screen, said):
    assert asked(screen, said).status_code == 403


def test_a_screens_secret_opens_no_more_beside_another_token_or_as_a_persons_cookie(app, screen):
    secret = screen.get_cookie("citydeck_screen").value
    desk = panels("desk", "map")
    assert asked(screen, desk, Authorization="Bearer nobodys").status_code == 403
    other = app.server.test_client()
    other.set_cookie("citydeck_session", secret)
    assert asked(other, desk).status_code == 403
    assert asked(other, panels("big", "header")).status_code == 200


def test_whoever_signs_in_on_a_screen_has_a_persons_pages(screen):
    screen.set_cookie("citydeck_session", "operator")
    assert asked(screen, panels("desk", "map")).status_code == 200


def test_no_panel_of_the_wall_holds_what_a_refused_callback_fills(app, city):
    faces, looking = make_faces(city), Actor("screen:1", frozenset({"operator"}), token_scope="screen")
    words = faces.words(None)
    slots = [
        one.id
        for code in faces.walls.walls
        for scene in faces.walls.scenes
        for one in components(wall.panels(words, faces.walls, wall.Screen(code, scene)))
        if isinstance(getattr(one, "id", None), dict)
    ]
    bodies, _ = slow_lane.render_panels(faces, looking, words, slots, {})
    held = [one.id for one in components(bodies) if getattr(one, "id", None)]
    refused = [one for entry in app._callback_list if owned(entry) not in OF_THE_WALL for one, _ in patterns(entry["output"])]
    assert [json.dumps(one) for one in held if any(matches(pattern, one) for pattern in refused)] == []
