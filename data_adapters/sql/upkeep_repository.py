"""Operations work orders and their append-only history (services/upkeep_ports.py, OrderStore)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql import bindparam

from domain.event_time import to_datetime, to_ms
from domain.identity import printed_number
from domain.upkeep import CLOSED, Order
from services.upkeep_ports import Told

TIMES = ("down_since", "opened_at", "due_at", "recovered_at", "closed_at")
FIELDS = Order._fields
COLUMNS = ", ".join("order_id::text" if name == "order_id" else name for name in FIELDS)
NEXT = text("SELECT nextval('upkeep_numbers')")
INSERT = text(f"""INSERT INTO upkeep_orders (origin_center, told, {", ".join(FIELDS)})
    VALUES (:origin_center, 0, {", ".join(f":{name}" for name in FIELDS)})
    ON CONFLICT (kind, thing) WHERE state <> 'closed' DO NOTHING""")
CHANGED = tuple(name for name in FIELDS if name not in ("order_id", "number", "kind", "thing", "opened_at"))
UPDATE = text(f"""UPDATE upkeep_orders SET {", ".join(f"{name} = :{name}" for name in CHANGED)}
    WHERE order_id = CAST(:order_id AS uuid) AND version = :was""")
EVENT = text("""INSERT INTO upkeep_events (order_id, version, at, actor, deed, state, data)
    VALUES (CAST(:order_id AS uuid), :version, :at, :actor, :deed, :state, :data)""").bindparams(bindparam("data", type_=JSONB))
LATEST = text(f"""SELECT DISTINCT ON (thing) {COLUMNS} FROM upkeep_orders WHERE kind = :kind
    ORDER BY thing, (state = 'closed'), closed_at DESC""")
FIND = text(f"SELECT {COLUMNS} FROM upkeep_orders WHERE order_id = CAST(:id AS uuid)")
LISTED = text(f"""SELECT {", ".join("o.order_id::text" if name == "order_id" else f"o.{name}" for name in FIELDS)},
        e.version AS then_version, e.state AS then_state
    FROM upkeep_orders o CROSS JOIN LATERAL (
        SELECT version, state, at FROM upkeep_events e WHERE e.order_id = o.order_id AND e.at <= :at ORDER BY version DESC LIMIT 1) e
    WHERE o.opened_at <= :at AND (e.state <> 'closed' OR e.at > :closed_since) ORDER BY o.opened_at DESC, o.order_id LIMIT 2000""")
EVENTS = "SELECT order_id::text, version, at, actor, deed, state, data FROM upkeep_events"
OF = text(f"{EVENTS} WHERE order_id = CAST(:id AS uuid) AND at <= :at ORDER BY version")
UNTOLD = text(f"SELECT {COLUMNS}, told FROM upkeep_orders WHERE told < version ORDER BY opened_at LIMIT 500")
NEWER = text(f"{EVENTS} WHERE order_id = CAST(:id AS uuid) AND version > :told ORDER BY version")
WAS_TOLD = text("UPDATE upkeep_orders SET told = greatest(told, :version) WHERE order_id = CAST(:id AS uuid)")


class UpkeepRepository:
    """The OrderStore port. `center` gives the code of this center, which numbers begin with."""

    def __init__(self, engine: Engine, center: Callable[[], str]) -> None:
        self._engine, self._center = engine, center

    def open(self, order: Order, at: int) -> bool:
        center = self._center()
        with self._engine.begin() as tx:
            number = printed_number("U", center, int(tx.execute(NEXT).scalar_one()))
            values = {**_values(order), "number": number, "origin_center": center}
            if tx.execute(INSERT, values).rowcount == 0:
                return False
            _tell(tx, Told(order.order_id, order.version, at, "rule:upkeep", "opened", order.state, {"since": order.down_since}))
        return True

    def save(self, before: Order, after: Order, event: Told) -> bool:
        try:
            with self._engine.begin() as tx:
                if tx.execute(UPDATE, {**_values(after), "was": before.version}).rowcount == 0:
                    return False
                _tell(tx, event)
        except IntegrityError:  # a closed one that would open again beside another open order of its thing
            return False
        return True

    def latest(self, kind: str) -> Mapping[str, Order]:
        with self._engine.connect() as tx:
            return {order.thing: order for order in map(_order, tx.execute(LATEST, {"kind": kind}))}

    def find(self, order_id: str) -> Order | None:
        if not _is_uuid(order_id):
            return None
        with self._engine.connect() as tx:
            row = tx.execute(FIND, {"id": order_id}).first()
        return _order(row) if row else None

    def listed(self, at: int, closed_since: int) -> Sequence[Order]:
        with self._engine.connect() as tx:
            rows = tx.execute(LISTED, {"at": to_datetime(at), "closed_since": to_datetime(closed_since)}).all()
        return [_as_known(_order(row), row.then_version, row.then_state, at) for row in rows]

    def events(self, order_id: str, at: int) -> Sequence[Told]:
        with self._engine.connect() as tx:
            return [_event(row) for row in tx.execute(OF, {"id": order_id, "at": to_datetime(at)})] if _is_uuid(order_id) else []

    def untold(self) -> Sequence[tuple[Order, Sequence[Told]]]:
        with self._engine.connect() as tx:
            rows = tx.execute(UNTOLD).all()
            found = [(_order(row), [_event(one) for one in tx.execute(NEWER, {"id": row.order_id, "told": row.told})]) for row in rows]
        return [(order, events) for order, events in found if events]

    def was_told(self, order_id: str, version: int) -> None:
        with self._engine.begin() as tx:
            tx.execute(WAS_TOLD, {"id": order_id, "version": version})


def _tell(tx: Connection, event: Told) -> None:
    tx.execute(EVENT, {**event._asdict(), "at": to_datetime(event.at), "data": dict(event.data)})


def _values(order: Order) -> dict[str, Any]:
    moments = {name: None if getattr(order, name) is None else to_datetime(getattr(order, name)) for name in TIMES}
    return {**order._asdict(), **moments, "handled_by": list(order.handled_by)}


def _order(row: Any) -> Order:
    held = {name: getattr(row, name) for name in FIELDS}
    held |= {name: to_ms(held[name]) for name in TIMES if held[name] is not None}
    return Order(**{**held, "handled_by": tuple(held["handled_by"])})


def _as_known(order: Order, version: int, state: str, at: int) -> Order:
    """As it was known then: nothing of what came later."""
    if version == order.version:
        return order
    recovered = order.recovered_at if order.recovered_at is not None and order.recovered_at <= at else None
    closed = order.closed_at if state == CLOSED else None
    return order._replace(
        version=version, state=state, recovered_at=recovered, closed_at=closed, closed_by=order.closed_by if closed else ""
    )


def _event(row: Any) -> Told:
    return Told(row.order_id, row.version, to_ms(row.at), row.actor, row.deed, row.state, row.data)


def _is_uuid(text_of_it: str) -> bool:
    try:
        return str(UUID(text_of_it)) == text_of_it.lower()
    except ValueError:
        return False
