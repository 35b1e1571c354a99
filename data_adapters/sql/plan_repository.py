"""Plans and tasks in PostgreSQL (services/plan_ports.py)."""

from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql import bindparam

from data_adapters.sql.ids import is_uuid
from domain.event_time import to_datetime, to_ms
from domain.plans import Plan, PlanStep

FIELDS = Plan._fields
PLAN = ", ".join(f"{name}::text" if name == "plan_id" else name for name in FIELDS)
DRAFT = text(f"""
    INSERT INTO plans ({", ".join(FIELDS)}) VALUES ({", ".join(":" + name for name in FIELDS)})
    ON CONFLICT (code, version) DO UPDATE SET zh = excluded.zh, en = excluded.en, kind = excluded.kind, classes = excluded.classes,
        steps = excluded.steps, drafted_by = excluded.drafted_by, drafted_at = excluded.drafted_at,
        authors = plans.authors || ARRAY(SELECT unnest(excluded.authors) EXCEPT SELECT unnest(plans.authors)) WHERE plans.state = 'draft'
""").bindparams(bindparam("steps", type_=JSONB))
RETIRE = """UPDATE plans SET state = 'retired' WHERE state = 'approved' AND code = (SELECT code FROM plans
    WHERE plan_id = CAST(:id AS uuid) AND state = 'draft' AND drafted_at = :drafted)"""
APPROVE = """UPDATE plans SET state = 'approved', approved_by = :by, approved_at = :now
    WHERE plan_id = CAST(:id AS uuid) AND state = 'draft' AND drafted_at = :drafted"""
TIMES = ("drafted_at", "approved_at")


class PlanRepository:
    """The PlanStore port."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def plans(self) -> list[Plan]:
        with self._engine.connect() as tx:
            return [_plan(row) for row in tx.execute(text(f"SELECT {PLAN} FROM plans ORDER BY code, version DESC"))]

    def plan(self, plan_id: str) -> Plan | None:
        if not is_uuid(plan_id):
            return None
        with self._engine.connect() as tx:
            row = tx.execute(text(f"SELECT {PLAN} FROM plans WHERE plan_id = CAST(:id AS uuid)"), {"id": plan_id}).first()
        return _plan(row) if row else None

    def draft(self, plan: Plan) -> bool:
        lists = {"classes": list(plan.classes), "authors": list(plan.authors), "steps": [_step(step) for step in plan.steps]}
        values = plan._asdict() | lists
        values |= {name: None if values[name] is None else to_datetime(values[name]) for name in TIMES}
        with self._engine.begin() as tx:
            return tx.execute(DRAFT, values).rowcount == 1

    def approve(self, plan_id: str, drafted_at: int, by: str, now: int) -> bool:
        values = {"id": plan_id, "drafted": to_datetime(drafted_at), "by": by, "now": to_datetime(now)}
        with self._engine.begin() as tx:
            tx.execute(text("LOCK TABLE plans IN SHARE ROW EXCLUSIVE MODE"))
            tx.execute(text(RETIRE), values)
            return tx.execute(text(APPROVE), values).rowcount == 1


def _step(step: PlanStep) -> dict[str, Any]:
    return step._asdict() | {"levels": list(step.levels)}


def _plan(row: Any) -> Plan:
    fields = dict(zip(FIELDS, row, strict=True))
    fields |= {name: None if fields[name] is None else to_ms(fields[name]) for name in TIMES}
    steps = tuple(PlanStep(**{**step, "levels": tuple(step["levels"])}) for step in fields["steps"])
    return Plan(**{**fields, "classes": tuple(fields["classes"]), "authors": tuple(fields["authors"]), "steps": steps})
