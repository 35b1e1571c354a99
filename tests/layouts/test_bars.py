"""The top line: the same on every page but the wall and the phone, with the pages that whoever looks may open."""

import pytest
from dash import html

from config.languages import load_catalogues
from domain.access import Actor
from layouts import pages
from layouts.words import Words
from tests.fake_server import make_faces
from tests.fakes import make_city
from tests.layouts.test_panels import classed, components

WORDS = Words("zh", load_catalogues()["zh"])
WATCH, ADMINISTRATOR = Actor("w", frozenset({"duty_officer"})), Actor("a", frozenset({"system_admin"}))


def bar_of(path, actor):
    faces = make_faces(make_city())
    (bar,) = classed(pages.build(path, pages.Context(WORDS, faces.displays, {"name": "东莞市", "demo": True}, actor)), "bar-top")
    return bar


def links(bar):
    (nav,) = [part for part in components(bar) if isinstance(part, html.Nav)]
    return [link.href.partition("?")[0] for link in nav.children]


@pytest.mark.parametrize("path", ["/upkeep", "/account", "/mid", "/cameras"])
def test_a_page_beside_the_desk_leads_to_the_same_pages_by_the_same_line(path):
    bar, desk = bar_of(path, WATCH), bar_of("/desk", WATCH)
    assert links(bar)[: len(links(desk))] == links(desk)
    for part in ("city-name", "clock", "bar-menu"):
        assert len(classed(bar, part)) == len(classed(desk, part)) == 1


@pytest.mark.parametrize(
    ("path", "role", "place"), [("/mid", "leader", html.Nav), ("/instructions", "handler", html.Nav), ("/desk", "handler", html.Details)]
)
def test_who_gives_and_who_answers_instructions_finds_their_ledger_in_the_top_line(path, role, place):
    bar = bar_of(path, Actor("a", frozenset({role})))
    ways = [link for part in components(bar) if isinstance(part, place) for link in components(part) if isinstance(link, html.A)]
    assert [link.children for link in ways if link.href.startswith("/instructions")] == ["批示"]


def test_an_administrator_who_sees_no_picture_is_led_to_their_own_pages_alone():
    bar = bar_of("/admin", ADMINISTRATOR)
    assert not {"/big", "/mid", "/desk", "/duty"} & set(links(bar))
    assert "/admin" in links(bar) and not classed(bar, "link") and len(classed(bar, "bar-menu")) == 1
