"""What appeals of other desks need from outside: where they are kept, and how a desk is told."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from domain.appeals import Appeal

OTHER_DESK = "order:"
"""How the name begins in which another desk's words are written down."""


class Statement(NamedTuple):
    """What another desk is told of its order `number`: our state since `at` (epoch ms), in whose hands, with what note. `key`: its own."""

    feed: str
    number: str
    our_number: str
    state: str
    at: int
    department: str
    note: str
    key: str


class Desk(Protocol):
    """Another desk that is told (data_adapters/feeds/telling.py)."""

    def word(self, state: str) -> str:
        """Its word for a state of ours; empty for one that it is not told of."""

    def tell(self, said: Statement) -> None:
        """Tell it, once. Raises NotDelivered."""


class AppealStore(Protocol):
    """PostgreSQL, as appeals need it (data_adapters/sql/appeal_repository.py)."""

    def find(self, feed: str, number: str) -> Appeal | None:
        """The order of this number."""

    def of_incident(self, incident_id: str) -> Appeal | None:
        """The order that an incident is, if it is one."""

    def keep(self, appeal: Appeal, person: Mapping[str, Any]) -> None:
        """A new order with who appeals, kept apart; what is there already stays."""

    def change(self, appeal: Appeal) -> None:
        """What is now said of an order there."""

    def renumber(self, feed: str, token: str, number: str) -> bool:
        """An order known by its token has its number now; False where there is none or the number is taken."""

    def person(self, incident_id: str) -> Mapping[str, Any]:
        """Who appeals; empty where nobody said."""

    def all(self, incident_ids: Sequence[str]) -> Mapping[str, Appeal]:
        """Incident -> its order."""
