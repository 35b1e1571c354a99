"""Public warnings: what is in force, in whatever order it was said."""

import json
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st
from shapely import Point

from domain.warnings import (
    Action,
    Area,
    Level,
    Standing,
    Status,
    Warned,
    as_facts,
    from_facts,
    gravity,
    shape_of,
    standings,
)

HOUR = 3_600_000
DAY = 24 * HOUR
NOW = 1_795_305_600_000


def said(name="a", action=Action.ISSUE, references=(), sent_at=NOW, expires_at=NOW + 6 * HOUR, level=Level.ORANGE, **more):
    return Warned(
        **{
            "statement": name, "alert": name, "action": action,
            "status": Status.ACTUAL, "references": tuple(references), "sent_at": sent_at,
            "sender": "met", "hazard": "暴雨", "level": level, "severity": "", "urgency": "", "certainty": "", "effective_at": sent_at,
            "onset_at": None, "expires_at": expires_at, "areas": (), "texts": {"zh-CN": {"headline": "暴雨橙色预警"}},
        }
        | more
    )  # fmt: skip


def standing(*statements, now=NOW + HOUR, unclear_after=DAY):
    return standings(statements, now, unclear_after)


def test_a_warning_is_in_force_until_it_expires_and_not_before_it_begins():
    one = said(effective_at=NOW + HOUR)
    assert [standing(one, now=at)["a"] for at in (NOW, NOW + HOUR, NOW + 6 * HOUR)] == [Standing.AHEAD, Standing.IN_FORCE, Standing.EXPIRED]
    assert standing(one, now=NOW - 1) == {}


def test_a_warning_that_never_says_until_when_becomes_unclear_not_forgotten():
    one = said(expires_at=None)
    assert standing(one, now=NOW + DAY - 1)["a"] is Standing.IN_FORCE
    assert standing(one, now=NOW + DAY)["a"] is Standing.UNCLEAR


def test_an_update_replaces_and_a_cancellation_lifts_in_whatever_order_they_come():
    first, second = said("a"), said("b", Action.UPDATE, ["a"], sent_at=NOW + 1, level=Level.RED)
    lifted = said("c", Action.CANCEL, ["b"], sent_at=NOW + 2)
    for order in permutations([first, second, lifted]):
        assert standing(*order) == {"a": Standing.REPLACED, "b": Standing.LIFTED}
    assert standing(first, second) == {"a": Standing.REPLACED, "b": Standing.IN_FORCE}


def test_a_test_or_an_exercise_never_takes_back_what_is_meant():
    for status in (Status.TEST, Status.EXERCISE):
        assert standing(said("a"), said("b", Action.CANCEL, ["a"], status=status))["a"] is Standing.IN_FORCE


def test_a_statement_that_refers_to_itself_stays_in_force():
    assert standing(said("a", Action.UPDATE, ["a"]))["a"] is Standing.IN_FORCE


def test_the_picture_of_a_past_moment_knows_nothing_said_later():
    assert standing(said("a"), said("b", Action.CANCEL, ["a"], sent_at=NOW + 2 * HOUR), now=NOW + HOUR)["a"] is Standing.IN_FORCE


def test_the_gravest_comes_first_and_what_has_no_level_last():
    found = sorted(
        [said("n", level=None), said("b", level=Level.BLUE), said("old", level=Level.RED), said("new", level=Level.RED, sent_at=NOW + 1)],
        key=gravity,
    )
    assert [one.statement for one in found] == ["new", "old", "b", "n"]


def test_a_circle_is_round_on_the_ground():
    disc = shape_of(Area("around", circles=((113.75, 60.0, 10_000.0),)))
    assert disc.covers(Point(113.75 + 0.17, 60.0)) and not disc.covers(Point(113.75 + 0.19, 60.0))
    assert disc.covers(Point(113.75, 60.085)) and not disc.covers(Point(113.75, 60.095))


def test_an_area_in_words_alone_has_no_shape_and_a_point_is_none():
    assert shape_of(Area("全市", (("GB/T 2260", "441900"),))) is None
    assert shape_of(Area("epicentre", circles=((173.0, -16.0, 0.0),))) is None


texts = st.text(max_size=8)
degrees = st.tuples(st.floats(-180, 180), st.floats(-90, 90))
areas = st.builds(
    Area,
    texts,
    st.lists(st.tuples(texts, texts), max_size=2).map(tuple),
    st.lists(st.lists(degrees, min_size=4, max_size=6).map(tuple), max_size=2).map(tuple),
    st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90), st.floats(0, 1e6)), max_size=2).map(tuple),
)


@given(st.builds(said, level=st.none() | st.sampled_from(Level), areas=st.lists(areas, max_size=2).map(tuple), signed=st.booleans()))
def test_what_is_stored_is_what_was_said(one):
    assert from_facts(one.statement, json.loads(json.dumps(as_facts(one)))) == one


@given(areas)
def test_every_area_has_a_sound_shape_or_none(area):
    shape = shape_of(area)
    assert shape is None or (shape.is_valid and not shape.is_empty)
