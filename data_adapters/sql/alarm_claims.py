"""An alarm has one open incident: whoever makes the second one, in whichever process and at the same moment, is told of the first."""

from sqlalchemy import Connection, text

from domain.incidents import Refused
from services.incident_ports import Step

ALARM_SPACE = 0x43_44_30
"""The space of these advisory locks: PostgreSQL keeps locks of two numbers apart from those of one (locks.py)."""
CLAIM = text("SELECT pg_advisory_xact_lock(:space, hashtext(:alarm))")
HOLDER = text("""
    SELECT incident_id::text, number FROM incidents
    WHERE alarms && CAST(:alarms AS uuid[]) AND open AND NOT exercise AND incident_id <> CAST(:incident_id AS uuid)
    ORDER BY incident_id LIMIT 1""")


def claim_alarms(tx: Connection, step: Step) -> None:
    """Hold the alarms that this step brings into its incident until the transaction ends.

    The look for a holder is a statement after the locks, so that it sees what the one before us committed. Raises Refused `alarm_taken`
    with the number of the open incident that has one of them. An exercise claims nothing; a hand-over keeps its alarms on both sides.
    """
    alarms = [] if step.incident.exercise else sorted(_brought(step))
    for alarm in alarms:
        tx.execute(CLAIM, {"space": ALARM_SPACE, "alarm": alarm})
    asked = {"alarms": alarms, "incident_id": step.incident.incident_id}
    if alarms and (holder := tx.execute(HOLDER, asked).one_or_none()):
        raise Refused("alarm_taken", {"incident_id": holder[0], "number": holder[1]})


def _brought(step: Step) -> set[str]:
    data = step.event.data
    if step.event.version == 1:
        return set() if data.get("handed_from") else {str(one).lower() for one in data.get("alarms", ())}
    return {str(data["alarm_id"]).lower()} if step.event.deed == "link_alarm" else set()
