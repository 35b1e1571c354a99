"""Who is told what happens to an incident: proposals go to those who may approve them."""

from collections.abc import Sequence

import pytest

from domain.incident_life import Event, Incident
from services.reactions import Happened, react


class Told:
    """Notices and people in one: everybody is called after their role."""

    def __init__(self) -> None:
        self.told: list[tuple[tuple[str, ...], str]] = []

    def tell(self, usernames: Sequence[str], thing: str, template: str, *_: object) -> int:
        self.told.append((tuple(usernames), template))
        return len(usernames)

    def of(self, role: str, *_: object) -> list[str]:
        return [role]


@pytest.mark.parametrize(
    ("spine", "deed", "by", "whom"),
    [
        ("emergency", "start_response", "duty_officer", "leader"),
        ("emergency", "review", "duty_officer", "leader"),
        ("case", "close", "operator", "duty_officer"),
        ("order", "return", "handler", "duty_officer"),
    ],
)
def test_a_proposal_is_told_to_those_who_may_approve_it(spine: str, deed: str, by: str, whom: str) -> None:
    told = Told()
    event = Event(2, "state", "propose", 1, 1, by, {"deed": deed, "data": {}})
    react(told, told, Happened(Incident("i", "n", spine=spine), event), 2)  # type: ignore[arg-type]
    assert told.told == [((whom,), "proposal")]
