"""The notices about one incident, for its review: those of its events, and of the calling about it."""

from sqlalchemy import Engine, text

from domain.event_time import to_ms
from domain.review import Told

TOLD = text("""
    SELECT username, template, channel, created_at, sent_at, read_at, state, exercise FROM outbox
    WHERE thing = :thing OR thing LIKE :under ORDER BY created_at, notice_id""")


def told_about(engine: Engine, incident_id: str) -> list[Told]:
    """Oldest first; times are epoch ms."""
    with engine.connect() as tx:
        rows = tx.execute(TOLD, {"thing": f"incident:{incident_id}", "under": f"incident:{incident_id}:%"}).all()
    return [
        Told(
            row.username,
            row.template,
            row.channel,
            to_ms(row.created_at),
            to_ms(row.sent_at) if row.sent_at else None,
            to_ms(row.read_at) if row.read_at else None,
            row.state,
            row.exercise,
        )
        for row in rows
    ]
