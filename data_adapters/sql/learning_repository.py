"""What is learnt from, the models that were learnt, and what was suggested, in PostgreSQL (services/appeal_learning.py: LearningStore)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql import bindparam

from domain.event_time import to_datetime, to_ms
from domain.suggesting import Intake, Judged, Learnt, Suggestion, read, shown
from services.appeal_learning import Kept, Known

OVER = "i.spine = 'order' AND i.state IN ('completed', 'archived') AND NOT i.exercise"
LABELS = {"theme": "i.class_code", "department": "i.lead"}
CLOSED = text(f"SELECT count(*) FROM (SELECT FROM incidents i WHERE {OVER} AND i.lead <> '' LIMIT :most) known")
HISTORY = """SELECT concat_ws(' ', e.data->>'title', e.data->>'description', e.data->'place'->>'address'),
        coalesce(e.data->>'class_code', ''), i.region, i.source, i.reported_at, {label}
    FROM incidents i JOIN incident_events e ON e.incident_id = i.incident_id AND e.version = 1
    WHERE {over} AND {label} <> '' ORDER BY i.reported_at DESC LIMIT :most"""
NEWEST = text(
    "SELECT target, version, trained_at, cases, judged FROM appeal_models WHERE target = :target ORDER BY trained_at DESC LIMIT 1"
)
LEARNT = text(
    "INSERT INTO appeal_models VALUES (:target, :version, :trained_at, :cases, :judged, :file) ON CONFLICT DO NOTHING"
).bindparams(bindparam("judged", type_=JSONB))
SUGGEST = text("""INSERT INTO appeal_suggestions (incident_id, target, suggestion, made_at)
    VALUES (CAST(:incident_id AS uuid), :target, :suggestion, :at) ON CONFLICT DO NOTHING""").bindparams(
    bindparam("suggestion", type_=JSONB)
)
MADE = text("""SELECT target, suggestion, made_at, chosen, outcome, chosen_by FROM appeal_suggestions
    WHERE incident_id = CAST(:incident_id AS uuid) ORDER BY target DESC""")
DECIDED = text("""UPDATE appeal_suggestions SET chosen = :chosen, outcome = :outcome, chosen_by = :by, chosen_at = :at
    WHERE incident_id = CAST(:incident_id AS uuid) AND target = :target AND outcome = ''""")

OUTCOMES = text("""SELECT target, outcome, count(*) FROM appeal_suggestions
    WHERE outcome <> '' AND chosen_at > now() - make_interval(days => :days) GROUP BY target, outcome""")


class LearningRepository:
    """The LearningStore port."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def closed(self, most: int) -> int:
        with self._engine.connect() as tx:
            return int(tx.execute(CLOSED, {"most": most}).scalar_one())

    def history(self, target: str, most: int) -> list[Learnt]:
        asked = text(HISTORY.format(label=LABELS[target], over=OVER))
        with self._engine.connect() as tx:
            rows = tx.execute(asked, {"most": most}).all()
        return [_learnt(row) for row in reversed(rows)]

    def newest(self, target: str) -> Known | None:
        with self._engine.connect() as tx:
            row = tx.execute(NEWEST, {"target": target}).first()
        return Known(row[0], row[1], to_ms(row[2]), row[3], Judged(**row[4])) if row else None

    def learnt(self, known: Known, file: str) -> None:
        values = {**known._asdict(), "trained_at": to_datetime(known.trained_at), "judged": known.judged._asdict(), "file": file}
        with self._engine.begin() as tx:
            tx.execute(LEARNT, values)

    def file(self, target: str) -> str:
        """The file of the newest model; empty where there is none."""
        asked = text("SELECT file FROM appeal_models WHERE target = :target ORDER BY trained_at DESC LIMIT 1")
        with self._engine.connect() as tx:
            return str(tx.execute(asked, {"target": target}).scalar_one_or_none() or "")

    def suggest(self, incident_id: str, suggestion: Suggestion, now: int) -> bool:
        values = {"incident_id": incident_id, "target": suggestion.target, "suggestion": shown(suggestion), "at": to_datetime(now)}
        with self._engine.begin() as tx:
            return tx.execute(SUGGEST, values).rowcount == 1

    def made(self, incident_id: str) -> Mapping[str, Kept]:
        with self._engine.connect() as tx:
            rows = tx.execute(MADE, {"incident_id": incident_id}).all()
        return {row[0]: Kept(read(row[1]), to_ms(row[2]), *row[3:]) for row in rows}

    def decided(self, incident_id: str, target: str, chosen: str, outcome: str, by: str, now: int) -> None:
        values = {"incident_id": incident_id, "target": target, "chosen": chosen, "outcome": outcome, "by": by, "at": to_datetime(now)}
        with self._engine.begin() as tx:
            tx.execute(DECIDED, values)

    def outcomes(self, days: int) -> Mapping[str, Mapping[str, int]]:
        found: dict[str, dict[str, int]] = {}
        with self._engine.connect() as tx:
            for target, outcome, n in tx.execute(OUTCOMES, {"days": days}):
                found.setdefault(target, {})[outcome] = int(n)
        return found


def _learnt(row: Sequence[Any]) -> Learnt:
    said, code, region, source, reported_at, label = row
    return Learnt(Intake(said, {"class": code, "region": region, "source": source}, to_ms(reported_at)), label)
