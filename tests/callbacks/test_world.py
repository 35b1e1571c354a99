"""What the desk asks the world: contradictions only where something could contradict."""

from types import SimpleNamespace
from typing import Any

from callbacks.alarms import decided
from callbacks.incidents import with_contradictions
from domain.access import Actor
from domain.notices import Calling
from services.chains import Chains

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


def test_one_button_decides_about_the_chosen_rows_the_other_about_its_own_alarm() -> None:
    taken: list[str] = []
    desk = SimpleNamespace(acknowledge=lambda actor, alarm, now: taken.append(alarm), false_alarm=lambda *_: taken.append("false"))
    rows = [{"key": "a", "waiting": True}, {"key": "b", "waiting": False}]
    for button in ({"type": "acknowledge-selected"}, {"type": "acknowledge", "alarm": "c"}, {"type": "false-alarm"}):
        decided(faces(alarm_desk=desk), ACTOR, button, rows, "why", str)  # type: ignore[arg-type]
    assert taken == ["a", "c", "false", "false"]
