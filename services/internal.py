"""Messages that CityDeck sends to its own ingest workers through the inbox: the tick of jobs.py, and what people decide.

Only ingest writes readings and alarm state, so that a series has one writer; everybody else asks it here.
"""

import json
from typing import NamedTuple

from domain.messages import RawMessage
from services.alarm_store import DEEDS, Deed

INTERNAL = frozenset({"tick", "command"})
RENAMED = {"acknowledge": "acknowledged"}
"""Commands that an earlier version left in the inbox."""


class InternalMessage(NamedTuple):
    """A tick has `judged_at`, a command what was decided about an alarm."""

    judged_at: int | None = None
    deed: Deed | None = None


def command(deed: Deed) -> tuple[str, str, bytes]:
    """Feed, topic and payload of the inbox message that asks for this deed."""
    asked = {"alarm_id": deed.alarm_id, "username": deed.actor, "at": deed.asked_at, "note": deed.note}
    return "command", deed.kind, json.dumps(asked, ensure_ascii=False).encode()


def parse_internal(feed: str, message: RawMessage) -> InternalMessage:
    """Read what one of our own processes wrote. An unknown topic does nothing. Raises ValueError or KeyError for a broken one."""
    document = json.loads(message.payload)
    if feed == "tick":
        return InternalMessage(judged_at=int(document["judged_at"]))
    kind = RENAMED.get(message.topic, message.topic)
    if kind not in DEEDS:
        return InternalMessage()
    alarm_id, actor, at = str(document["alarm_id"]), str(document["username"]), int(document.get("at", 0))
    return InternalMessage(deed=Deed(kind, alarm_id, actor, at, str(document.get("note", ""))))
