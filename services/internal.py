"""Messages that CityDeck sends to its own ingest workers through the inbox: the tick of jobs.py, and what people decide.

Only ingest writes readings and alarm state, so that a series has one writer; everybody else asks it here.
"""

import json
from typing import NamedTuple

from domain.messages import RawMessage

INTERNAL = frozenset({"tick", "command"})


class InternalMessage(NamedTuple):
    """A tick has `judged_at`; an acknowledgement has `alarm_id` and `username`."""

    judged_at: int | None = None
    alarm_id: str | None = None
    username: str = ""


def parse_internal(feed: str, message: RawMessage) -> InternalMessage:
    """Read what one of our own processes wrote. An unknown topic does nothing. Raises ValueError or KeyError for a broken one."""
    document = json.loads(message.payload)
    if feed == "tick":
        return InternalMessage(judged_at=int(document["judged_at"]))
    if message.topic == "acknowledge":
        return InternalMessage(alarm_id=str(document["alarm_id"]), username=str(document["username"]))
    return InternalMessage()
