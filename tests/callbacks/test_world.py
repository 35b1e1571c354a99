"""What the desk asks the world: contradictions only where something could contradict."""

from types import SimpleNamespace
from typing import Any

from callbacks.alarms import called, decided
from callbacks.blind_spots import found
from callbacks.incidents import with_contradictions
from callbacks.rules import figures
from domain.access import Actor
from domain.notices import Calling
from services.alarm_incidents import BlindSpot
from services.alarm_quality import RuleFigures
from services.chains import Chains
from tests.fake_server import PlainMemo

ACTOR = Actor("li", frozenset({"operator"}))


class Board:
    """A board on which `still` is said to be done while its sensor is not normal."""

    def __init__(self, *still: str) -> None:
        self.still, self.asked = still, 0

    def search(self, actor: Actor, query: Any, now: int) -> Any:
        self.asked += 1
        assert query.contradicted
        return [SimpleNamespace(incident_id=one) for one in self.still], len(self.still)


def faces(**services: Any) -> Any:
    return SimpleNamespace(city=SimpleNamespace(**services))


def test_only_what_is_said_to_be_done_is_compared_with_its_sensors() -> None:
    board = Board("a")
    found = [{"incident_id": "a", "state": "fed_back", "alarms": ["x"]}, {"incident_id": "b", "state": "fed_back", "alarms": ["y"]}]
    assert [one["contradicted"] for one in with_contradictions(faces(incident_board=board), ACTOR, found, 0)] == [True, False]
    quiet = [{"incident_id": "c", "state": "handling", "alarms": ["z"]}, {"incident_id": "d", "state": "fed_back", "alarms": []}]
    assert with_contradictions(faces(incident_board=board), ACTOR, quiet, 0) == quiet and board.asked == 1


class Store:
    """Two callings that go on."""

    def callings(self, states: Any) -> Any:
        assert set(states) == {"calling", "exhausted"}
        return [(Calling("c", thing, "t", ("li",), 0, 1, 0, "calling"), {}) for thing in ("alarm:a", "incident:a", "alarm:elsewhere")]


def test_who_is_called_is_said_of_the_alarms_that_are_shown_to_those_who_see_duty() -> None:
    chains = Chains(Store(), {})  # type: ignore[arg-type]
    assert list(chains.going_on(ACTOR, "alarm", {"a", "b"})) == ["a"]
    assert chains.going_on(Actor("x", frozenset({"auditor"})), "alarm", {"a"}) == {}
    picture = SimpleNamespace(snapshot=lambda actor: SimpleNamespace(alarms=[{"alarm_id": "a"}, {"alarm_id": "b"}]))
    assert called(faces(chains=chains, picture=picture), ACTOR) == {"a": {"person": "li", "call": 1, "state": "calling"}}


def test_one_button_decides_about_the_chosen_rows_the_other_about_its_own_alarm() -> None:
    taken: list[str] = []
    desk = SimpleNamespace(acknowledge=lambda actor, alarm, now: taken.append(alarm), false_alarm=lambda *_: taken.append("false"))
    rows = [{"key": "a", "waiting": True}, {"key": "b", "waiting": False}]
    for button in ({"type": "acknowledge-selected"}, {"type": "acknowledge", "alarm": "c"}, {"type": "false-alarm"}):
        decided(faces(alarm_desk=desk), ACTOR, button, rows, "why", str)  # type: ignore[arg-type]
    assert taken == ["a", "c", "false", "false"]


def test_figures_and_blind_spots_are_asked_for_once_a_minute_for_a_scope() -> None:
    asked: list[Any] = []

    def answer(one: Any) -> Any:
        def service(*given: Any) -> list[Any]:
            asked.append(given)
            return [one]

        return service

    spot, rule = BlindSpot("i", "C-1", "积水", "standing_water", "r", 113.7, 23.0, 1, 0), RuleFigures("deep_water", 4, 1, 0.25, 0)
    city = faces(incident_board=SimpleNamespace(blind_spots=answer(spot)), alarm_quality=SimpleNamespace(rules=answer(rule)))
    city.memo = PlainMemo()
    for minute in (0, 59_999, 60_000):
        assert found(city, ACTOR, minute) == [spot._asdict()] and figures(city, ACTOR, 7, minute) == [rule]
    assert len(asked) == 4
    found(city, Actor("x", frozenset({"operator"}), frozenset({"r"})), 0)
    assert len(asked) == 5, "another scope sees other spots"
