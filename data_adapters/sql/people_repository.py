"""Who is who (services/reactions.py, People): from the scopes that are valid now, and who is on duty."""

from collections.abc import Sequence

from sqlalchemy import Connection, Engine, text

from data_adapters.sql.duty_rows import SHIFT, shift_of
from domain.duty import Shift, chain_of, on_duty
from domain.event_time import to_datetime
from domain.registry import Region, ancestors

OF = text("""
    SELECT username FROM user_scopes JOIN users USING (username)
    WHERE active AND valid_from <= now() AND (valid_to IS NULL OR valid_to > now()) AND :role = ANY(roles)
        AND (CAST(:departments AS text[]) = '{}' OR departments = '{}' OR departments && CAST(:departments AS text[]))
        AND (regions = '{}' OR regions && CAST(:regions AS text[]))
    ORDER BY username""")
TREE = text("SELECT code, name, parent, level FROM regions WHERE valid_to IS NULL")
ROSTER = text(
    f"SELECT {SHIFT} FROM duty_shifts JOIN users USING (username) WHERE active AND valid_to IS NULL AND starts <= :at AND ends > :at"
)
CALLED = ("operator", "duty_officer", "leader")
"""Who is called, in this order, where no roster says who is on duty: watch officers, shift leaders, leaders."""


class PeopleRepository:
    """The People port. The region tree is read when it is needed: notices are few."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, role: str, departments: Sequence[str] = (), region: str = "") -> list[str]:
        """Active people of a role; in one of these departments where any are named; whose scope covers the region (empty: the city)."""
        with self._engine.connect() as tx:
            return self._of(tx, role, departments, region)

    def _of(self, tx: Connection, role: str, departments: Sequence[str] = (), region: str = "") -> list[str]:
        tree = {row.code: Region(row.code, row.name, row.parent, row.level) for row in tx.execute(TREE)} if region else {}
        values = {"role": role, "departments": list(departments), "regions": ancestors(region, tree)}
        return list(tx.execute(OF, values).scalars())

    def chain(self, at: int, department: str = "") -> tuple[Sequence[str], str]:
        """Who is called one after the other at that moment, and the superior: by the roster, or by role where it is empty.

        A department's chain goes on with nobody of the center: its superior is the center's shift leader. That of the center's own
        chain is a leader who is not in it, or else its last.
        """
        with self._engine.connect() as tx:
            roster = [shift_of(row) for row in tx.execute(ROSTER, {"at": to_datetime(at)})]
            return self._department(tx, roster, at, department) if department else self._center(tx, roster, at)

    def leaders(self, at: int) -> Sequence[str]:
        """Who is leader on duty in the center at that moment."""
        with self._engine.connect() as tx:
            roster = [shift_of(row) for row in tx.execute(ROSTER, {"at": to_datetime(at)})]
        return [one.username for one in on_duty(roster, at, "leader_on_duty")]

    def _center(self, tx: Connection, roster: list[Shift], at: int) -> tuple[Sequence[str], str]:
        chain = chain_of(roster, at) or tuple(dict.fromkeys(name for role in CALLED for name in self._of(tx, role)[:2]))
        others = [name for name in self._of(tx, "leader") if name not in chain]
        return chain, next(iter(others), chain[-1] if chain else "")

    def _department(self, tx: Connection, roster: list[Shift], at: int, department: str) -> tuple[Sequence[str], str]:
        chain = chain_of(roster, at, department) or self._of(tx, "handler", [department])
        center = chain_of(roster, at) or self._of(tx, "duty_officer")
        leaders = [one.username for one in roster if one.post == "shift_leader" and not one.department]
        return chain, next(iter([*leaders, *center]), "")
