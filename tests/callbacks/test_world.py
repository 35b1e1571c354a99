"""What the desk asks the world: contradictions only where something could contradict."""

from types import SimpleNamespace
from typing import Any

from callbacks.incidents import with_contradictions
from domain.access import Actor

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
