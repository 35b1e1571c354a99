"""Silencing, calling an alarm false and opening a group from the desk: what the person is told, and what is asked of the city."""

from types import SimpleNamespace
from typing import Any

import pytest
from dash import no_update

from callbacks.alarms import call_false, toggled
from callbacks.silences import done, wanted
from domain.access import Actor, Forbidden
from domain.silences import NotSilenced, Wanted

ACTOR = Actor("li", frozenset({"dispatcher"}))
HELD = [{"key": "a", "group": "▸ 3"}, {"key": "b", "group": ""}]


def said(name: str) -> str:
    return name


def faces(**deeds: Any) -> Any:
    return SimpleNamespace(city=SimpleNamespace(silences=SimpleNamespace(**deeds), alarm_desk=SimpleNamespace(**deeds)))


def raising(error: Exception) -> Any:
    def deed(*_: Any) -> None:
        raise error

    return deed


def test_the_form_silences_from_now_for_so_many_hours() -> None:
    assert wanted({"kind": "gas", "hours": 1.5, "reason": "检修", "region": None}, 10) == Wanted(10, 5_400_010, "检修", kind="gas")
    assert wanted({"hours": ""}, 10) == Wanted(10, 10, "")


@pytest.mark.parametrize(
    ("deed", "told"),
    [
        (lambda *_: True, "silence.made"),
        (raising(NotSilenced("no_reason")), "silence.no_reason"),
        (raising(Forbidden("x")), "alarm.refused"),
    ],
)
def test_the_person_is_told_what_became_of_a_silence(deed: Any, told: str) -> None:
    assert done(faces(make=deed), ACTOR, said, None, {}) == told


@pytest.mark.parametrize(("ended", "told"), [(True, "silence.ended"), (False, "silence.over")])
def test_the_person_is_told_whether_a_silence_was_still_there_to_end(ended: bool, told: str) -> None:
    assert done(faces(end=lambda *_: ended), ACTOR, said, "s", {}) == told


@pytest.mark.parametrize(
    ("deed", "told"),
    [(lambda *_: True, "alarm.false_accepted"), (raising(ValueError()), "alarm.false_reason"), (raising(Forbidden("x")), "alarm.refused")],
)
def test_the_person_is_told_what_became_of_a_false_alarm(deed: Any, told: str) -> None:
    assert call_false(faces(false_alarm=deed), ACTOR, ["a"], "why", said) == told
    assert call_false(faces(false_alarm=deed), ACTOR, [], "why", said) == "desk.select"


def test_a_group_opens_and_closes_by_a_click_on_its_mark_alone() -> None:
    assert toggled({"rowId": "a", "colId": "group"}, [], HELD) == ["a"]
    assert toggled({"rowId": "a", "colId": "group"}, ["a"], HELD) == []
    assert toggled({"rowId": "a", "colId": "what"}, [], HELD) is no_update
    assert toggled({"rowId": "b", "colId": "group"}, [], HELD) is no_update
