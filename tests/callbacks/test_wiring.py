"""Ids of callbacks exist on the pages, one owner per output, and a broken panel leaves the others alone."""

import json

import pytest
from dash import no_update

from callbacks import slow_lane, upkeep, vitals
from callbacks.alarms import take
from domain.access import ROLES, Actor, Forbidden
from domain.plans import Plan, Task
from domain.silences import Silence
from layouts import (
    account,
    admin_users,
    catalogue,
    catalogue_state,
    chains,
    imports,
    instructions,
    login,
    notices,
    order_tables,
    pages,
    plans,
    shell,
    silences,
)
from layouts.duty_parts import Naming
from layouts.panels import PANELS
from layouts.view import View
from services.catalogue import Found
from services.catalogue_ports import Reconciliation
from services.catalogue_search import Match
from services.import_ports import Import
from services.notice_ports import Notice
from services.order_tables import Line, Seen
from tests.fake_people import make_session
from tests.fake_server import make_app, make_faces
from tests.fakes import NOW, make_city
from tests.layouts.test_panels import classed, components, texts
from tests.test_catalogue_scopes import entry as resource_entry

TASK = Task("t", "i", "plan", "p", "a", "3", "water", "seat", "开泵", "Start pumps", "assigned", "x", 0, 10)
NOTICE = Notice("n", "k", "incident:1", "all", "app", "critical_incident", {"number": "C-1"}, "/desk", 1)
SILENCE = Silence("s", "", "gas", "", "", (), 0, 10, "检修", "li", 0, None, "", "")
PLAN = Plan("p", "flood", 1, "防汛", "Flood", "special", ("flood",), (), "", "draft", "li", 1)
ENTRY = resource_entry("pupils", "education", "none")
IMPORT = Import("i", "school", "pupils", "a.csv", "d", "preview", "li", 1, 2, [], 0, "UTF-8")
EVERYONE = Actor("all", frozenset(ROLES))


@pytest.fixture(scope="module")
def city():
    return make_city()


@pytest.fixture(scope="module")
def app(city):
    return make_app(city)


def page_components(city):
    """Every component of the shell and of all pages, with the panels' bodies rendered."""
    faces = make_faces(city)
    context = pages.Context(faces.words(None), faces.displays, city.register.city(), EVERYONE, walls=faces.walls)
    trees = [shell.build(), login.build(context.words, context.city), *(build(context) for build in pages.PAGES.values())]
    trees += [build(context, EVERYONE) for build in pages.OFFICES.values()]
    held = [make_session(1), make_session(2, "token")]
    trees += [*account.sessions(context.words, held, ""), *account.tokens(context.words, held), *admin_users.sessions(context.words, held)]
    trees += chains.after(Naming(context.words, {}), None, [TASK], EVERYONE, 1)
    trees += [chains.place("d", [])]
    trees += plans.listing(plans.Naming(context.words, {}, {}), [PLAN], "")
    trees += instructions.listing(instructions.Naming(context.words, {}), city.instructions.ledger(EVERYONE, NOW), "", NOW)
    trees += catalogue.listing(catalogue.Naming(context.words, {}, {}), Found([Match(ENTRY, [])], 1), {}, "")
    trees += [catalogue_state.comparisons(catalogue.Naming(context.words, {}, {}), [Reconciliation("r", 1, 2, 1, {}, 1)], {})]
    trees += imports.listing(context.words, [IMPORT], {})
    trees += order_tables.seen(context.words, Seen("a.csv", "UTF-8", 1, 0, [Line(2, "DG1", "x", "open")], []))
    trees += notices.listing(context.words, faces.catalogues["zh"], [NOTICE], ["incident:1"])
    trees += silences.rows(context.words, faces.names, {}, [SILENCE], 1, True)
    trees += upkeep.shown(faces, EVERYONE, context.words, ("ngsi", "", "bad_json"), NOW, True)[:4]
    trees += upkeep.shown(faces, EVERYONE, context.words, ("", "", ""), NOW, True)[-1]
    trees += [*vitals.shown(faces, EVERYONE, context.words, vitals.asked("", None), None)]
    found = [one for tree in trees for one in components(tree)]
    for one in list(found):
        if getattr(one, "id", None) and isinstance(one.id, dict) and one.id.get("type") == "panel":
            bodies, _ = slow_lane.render_panels(faces, EVERYONE, context.words, [one.id], {})
            found += components(bodies)
    return found


def matches(pattern, identity):
    if not isinstance(pattern, dict) or not isinstance(identity, dict):
        return pattern == identity
    wild = (["ALL"], ["MATCH"])
    return pattern.keys() == identity.keys() and all(value in wild or identity[key] == value for key, value in pattern.items())


def parsed(text):
    return json.loads(text) if text.startswith("{") else text


def test_every_id_of_a_callback_is_on_a_page_and_takes_the_property(app, city):
    known = [one for one in page_components(city) if getattr(one, "id", None)]
    asked = []
    for entry in app._callback_list:
        asked += [(parsed(part["id"]), part["property"]) for part in (*entry["inputs"], *entry["state"])]
        outputs = entry["output"].strip(".").split("...")
        asked += [(parsed(output.rpartition(".")[0]), output.rpartition(".")[2].partition("@")[0]) for output in outputs]
    assert len(asked) > 20
    for identity, prop in asked:
        fitting = [one for one in known if matches(identity, one.id)]
        assert fitting, identity
        assert all(prop in one.available_properties for one in fitting), (identity, prop)


def test_no_output_has_two_owners(app):
    outputs = [part for entry in app._callback_list for part in entry["output"].strip(".").split("...")]
    assert len(outputs) == len(set(outputs))


def test_callback_exceptions_are_not_suppressed(app):
    assert not app.config.suppress_callback_exceptions


def test_a_broken_panel_says_unavailable_and_the_others_go_on(city, monkeypatch):
    def broken(view: View):
        raise ValueError("a value nobody expected")

    monkeypatch.setitem(PANELS, "towns", PANELS["towns"]._replace(render=broken))
    faces = make_faces(city)
    slots = [{"type": "panel", "page": "big", "name": name} for name in ("towns", "alarms")]
    bodies, _ = slow_lane.render_panels(faces, EVERYONE, faces.words(None), slots, {})
    assert "不可用" in texts(bodies[0])
    assert "虎门镇" in texts(bodies[1])


def test_a_panel_is_rendered_again_only_when_its_sections_have_moved():
    city = make_city()
    faces = make_faces(city)
    slot = [{"type": "panel", "page": "big", "name": "alarms"}]
    _, stamps = slow_lane.render_panels(faces, EVERYONE, faces.words(None), slot, {})
    assert slow_lane.render_panels(faces, EVERYONE, faces.words(None), slot, stamps)[0] == [no_update]
    city.picture.version += 1
    assert slow_lane.render_panels(faces, EVERYONE, faces.words(None), slot, stamps)[0] != [no_update]


def test_a_rendering_is_shared_within_a_scope_and_language_and_not_beyond(city, monkeypatch):
    calls = []
    render = PANELS["towns"].render
    monkeypatch.setitem(PANELS, "towns", PANELS["towns"]._replace(render=lambda view: calls.append(view) or render(view)))
    faces = make_faces(city)
    slot = [{"type": "panel", "page": "big", "name": "towns"}]
    others = (Actor("b", frozenset({"operator"})), Actor("c", frozenset({"operator"}), regions=frozenset({"441900121"})))
    for actor, lang in ((others[0], "zh"), (Actor("d", frozenset({"operator"})), "zh"), (others[0], "en"), (others[1], "zh")):
        slow_lane.render_panels(faces, actor, faces.words(f"?lang={lang}"), slot, {})
    assert len(calls) == 3


def test_acknowledging_asks_the_alarm_desk_in_the_persons_name():
    city = make_city()
    faces = make_faces(city)
    alarm_id = city.picture.alarms[0]["alarm_id"]
    assert "已受理" in take(faces, Actor("li", frozenset({"operator"})), [alarm_id], faces.words(None))
    assert city.alarm_desk.taken == [("li", alarm_id)]


def test_without_the_right_the_person_is_told(monkeypatch):
    city = make_city()
    faces = make_faces(city)

    def refuse(actor, alarm_id, now):
        raise Forbidden("acknowledge_alarm")

    monkeypatch.setattr(city.alarm_desk, "acknowledge", refuse)
    assert "没有确认权限" in take(faces, Actor("li"), ["x"], faces.words(None))


@pytest.mark.parametrize(
    ("role", "home"), [("leader", "/mid"), ("handler", "/mobile"), ("duty_officer", "/desk"), ("security_admin", "/admin")]
)
def test_the_root_leads_each_role_to_its_page_and_keeps_the_language(app, role, home):
    client = app.server.test_client()
    client.set_cookie("citydeck_session", role)
    assert client.get("/?lang=en").location == f"{home}?lang=en"


@pytest.mark.parametrize("path", ["/big", "/mid", "/mobile", "/desk", "/remote", "/"])
def test_nobody_sees_a_page_without_signing_in(app, path):
    answer = app.server.test_client().get(f"{path}?lang=en")
    assert answer.status_code == 302 and answer.location.startswith("/login?") and "lang=en" in answer.location


def test_the_library_of_the_map_is_served_and_nothing_beside_it(app):
    client = app.server.test_client()
    assert client.get("/vendor/maplibre-gl.js").status_code == 200
    assert client.get("/vendor/ipywidget.js").status_code == 404


def test_only_the_desk_carries_the_grid_and_the_forms(app):
    client = app.server.test_client()
    client.set_cookie("citydeck_session", "operator")
    paths = ("/big", "/mid", "/mobile", "/desk", "/admin", "/account", "/login")
    assert [path for path in paths if "dash_ag_grid/" in client.get(path).text] == ["/desk", "/admin"]


def test_an_account_without_the_right_is_told_on_every_page(city):
    faces = make_faces(city)
    context = pages.Context(faces.words(None), faces.displays, city.register.city(), Actor("a", frozenset({"auditor"})), walls=faces.walls)
    assert "无权查看" in texts(pages.build("/desk", context))


@pytest.mark.parametrize(("role", "lang", "said"), [
    ("handler", "zh", "不能遥控大屏"), ("data_steward", "en", "may not steer walls"), ("operator", "zh", ""),
    ("auditor", "zh", "不包含城市画面"),
])  # fmt: skip
def test_whoever_may_steer_no_wall_is_told_so_instead_of_an_empty_remote(city, role, lang, said):
    faces = make_faces(city)
    words, actor = faces.words(f"?lang={lang}"), Actor("a", frozenset({role}))
    page = pages.build("/remote", pages.Context(words, faces.displays, city.register.city(), actor, walls=faces.walls))
    assert (said in texts(page)) if said else classed(page, "remote-tab")
