"""Every panel of every face: loading before the first picture, saying what an empty list means, unavailable when broken; and a figure that
somebody may not see."""

from dataclasses import replace

import pytest

from callbacks import slow_lane
from callbacks.views import view_of
from domain.access import Actor
from layouts import instructions, pages
from layouts.marks import NOTHING_KNOWN, loading, withheld
from layouts.panels import PANELS
from layouts.panels.warnings import hazard
from layouts.view import View
from tests.fake_server import make_faces
from tests.fake_states import NoHistory
from tests.fakes import make_city
from tests.layouts.test_panels import OFFICER, classed, texts

SLOTS = {"header", "warnings", "warnings_wall", "video", "shade", "takeover"}
"""They take no room, or are kept by the browser, until there is something to say."""
EMPTY = {
    "alarms": "alarms.unheard",
    "mobile_alarms": "alarms.unheard",
    "trends": "trends.none",
    "towns": "towns.none",
    "vitals": "signs.none",
    "vitals_office": "signs.none",
    "feeds": "feeds.none",
    "appeals": "appeals.unknown",
    "incidents": "incidents.none",
    "mobile_incidents": "incidents.none",
    "indicators": "signs.none",
    "ranked": "wall.ranked.none",
    "places": "signs.none",
    "pressing": "incidents.none",
    "units": "wall.units.none",
    "on_duty": "wall.on_duty.none",
    "public_warnings": "wall.warnings.none",
    "command": "wall.on_duty.none",
    "timeline": "wall.timeline.none",
    "crew": "wall.units.none",
    "office_alarms": "alarms.unheard",
    "office_now": "office.no_major",
    "office_today": "signs.none",
    "office_worse": "office.nothing_worse",
    "office_towns": "towns.none",
    "office_hot": "appeals.unknown",
    "office_instructions": "office.no_instructions",
}
"""Panel -> what it says where there is nothing to list."""
COUNTED = {"figures", "map", "mobile_towns", "office_duty"}
"""They count and name what there is; of nothing they say nought, a dash, or who is missing."""
OF_FAKES = {name for name in EMPTY if name.startswith("office_") and name not in ("office_alarms", "office_hot")}
"""Their fakes are never empty: tests/layouts/test_office.py shows them."""


FACES, VIEWS = {}, {}
"""City -> its faces; city, page, language -> its view: made once."""


def faces_of(city):
    return FACES.setdefault(id(city), make_faces(city))


def view(city, page="big", lang="zh"):
    faces, key = faces_of(city), (id(city), page, lang)
    if key not in VIEWS:
        VIEWS[key] = view_of(faces, OFFICER, faces.words(f"?lang={lang}"), city.picture.snapshot(OFFICER), page, with_trends=True)
    return VIEWS[key]


def page_of(name):
    return "mobile" if name.startswith("mobile") else "mid" if name.startswith("office") else "big"


@pytest.fixture(scope="module")
def nothing():
    """A city that has just been set up: no towns, no devices, no indicators, no past."""
    city = make_city()
    for part in (city.picture.devices, city.picture.vehicles, city.picture.counts, city.picture.notes):
        part.clear()
    city.picture.alarms.clear()
    city.store.held.clear()
    city.vital_signs.held = []
    city.history = NoHistory()
    return city


@pytest.fixture(scope="module")
def city():
    return make_city()


def test_every_panel_is_known_here():
    assert set(PANELS) == SLOTS | set(EMPTY) | COUNTED


def test_every_panel_loads_before_its_first_picture(city):
    words = faces_of(city).words(None)
    for name in sorted(set(PANELS) - SLOTS):
        built = PANELS[name].build(page_of(name), name, words)
        assert texts(classed(built, "state-loading")) == texts(loading(words)), name


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_empty_panel_says_what_that_means(nothing, lang):
    for name in sorted(set(EMPTY) - OF_FAKES):
        seen = view(nothing, page_of(name), lang)
        seen = replace(seen, regions={}) if name == "towns" else seen
        (state,) = classed(PANELS[name].render(seen), "state-empty")
        assert texts(state).strip() == seen.words(EMPTY[name]), name
        assert bool(classed(state, "state-dash")) == (EMPTY[name] in NOTHING_KNOWN) != bool(classed(state, "state-check")), name


def test_where_nothing_needs_command_the_panel_says_so_above_who_is_on_duty(nothing):
    seen = view(nothing, page_of("command"))
    assert texts(PANELS["command"].render(seen)[0]) == seen.words("wall.command.none")


def test_figures_of_an_empty_city_are_missing_not_nought(nothing):
    tiles = classed(PANELS["figures"].render(view(nothing, "mobile")), "tile")
    assert [tile for tile in tiles if "is-missing" in tile.className.split()] == tiles[2:] != []
    assert all("暂无数据" in texts(tile) and not any(sign.isdigit() for sign in texts(classed(tile, "tile-number"))) for tile in tiles[2:])


def test_devices_that_dont_answer_are_never_beside_none_stale(city, nothing, monkeypatch):
    assert "尚无设备" in texts(classed(PANELS["figures"].render(view(nothing)), "tile")[0])
    silent = view(city)
    rows = [town._replace(online=0, stale=0) for town in silent.towns]
    monkeypatch.setattr(View, "towns", property(lambda _: rows))
    assert "离线" in (said := texts(classed(PANELS["figures"].render(silent), "tile")[0])) and "无陈旧" not in said


def test_a_page_without_right_leads_only_where_its_reader_may_go():
    auditor = Actor("a", frozenset({"auditor"}), frozenset(), frozenset())
    assert not set(pages.open_to(auditor)) & set(pages.PAGES) and "/account" in pages.open_to(auditor)
    assert set(pages.PAGES) <= set(pages.open_to(OFFICER))


def test_a_hazard_is_said_in_the_readers_language(city):
    zh, en = (view(city, lang=lang).words for lang in ("zh", "en"))
    assert (hazard(zh, "暴雨"), hazard(en, "暴雨"), hazard(en, "unlisted")) == ("暴雨", "Rainstorm", "unlisted")
    assert all(zh(f"hazard.{said}") == said and name.isascii() for said, name in en.beginning("hazard.").items())


def test_a_figure_of_devices_that_somebody_may_not_see_is_withheld(city):
    stranger = replace(view(city, "mobile"), devices={}, scoped=True)
    empty = replace(stranger, snapshot=stranger.snapshot._replace(devices={}))
    tiles = classed(PANELS["figures"].render(empty), "tile")[2:]
    assert tiles and all("is-withheld" in tile.className.split() and "无权查看" in texts(tile) for tile in tiles)
    assert "无权查看" in texts(withheld(stranger.words))


def test_every_broken_panel_says_so_by_itself(city, monkeypatch):
    def broken(_view):
        raise ValueError("a value nobody expected")

    faces = make_faces(city)
    for name, panel in PANELS.items():
        monkeypatch.setitem(PANELS, name, panel._replace(render=broken))
    slots = [{"type": "panel", "page": page_of(name), "name": name} for name in PANELS]
    bodies, _ = slow_lane.render_panels(faces, OFFICER, faces.words(None), slots, {})
    assert all(classed(body, "state-unavailable") and "不可用" in texts(body) for body in bodies)


def test_a_rendering_of_a_part_of_the_city_knows_that_it_is_one(city):
    faces = make_faces(city)
    own = Actor("li", frozenset({"operator"}), regions=frozenset({"441900121"}))
    bodies, _ = slow_lane.render_panels(faces, own, faces.words(None), [{"type": "panel", "page": "mobile", "name": "mobile_towns"}], {})
    assert classed(bodies[0], "tile")


def test_the_desks_list_of_alarms_says_that_it_has_not_come_before_it_can_say_that_nothing_is_lit():
    faces = make_faces(make_city())
    context = pages.Context(faces.words(""), faces.displays, {"name": "东莞市", "demo": True}, OFFICER)
    (above,) = classed(pages.build("/desk", context), "desk-unheard")
    assert texts(above) == texts(loading(context.words))


@pytest.mark.parametrize(("lang", "said"), [("zh", "没有在办批示"), ("en", "No instruction is open")])
def test_a_ledger_without_instructions_says_so(lang, said):
    words = make_faces(make_city()).words(f"?lang={lang}")
    assert said in texts(instructions.listing(instructions.Naming(words, {}), [], chosen="", at=0))
