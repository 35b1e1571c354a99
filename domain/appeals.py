"""An appeal that another desk holds (12345, 96966, Open311): what is said of it there, and how that stands to what is true here.

What the other desk says never changes our incident: it is written into the timeline, and where both contradict each other both are shown.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from domain.incident_states import SAID_DONE, state_of

OUTSIDE = ("open", "urged", "reopened", "withdrawn", "closed", "other")
"""What the other desk says: open 在办, urged 催办, reopened 重办, withdrawn 撤诉, closed 办结; other: a word that no setting knows."""
GONE = frozenset({"withdrawn", "closed"})


class Appeal(NamedTuple):
    """An order of another desk with the incident that it is here. `number`: the external one; `theme`, `channel`, `department`: in the
    desk's own words; `status` of OUTSIDE since `status_at` (epoch ms), `said` the desk's word for it."""

    feed: str
    number: str
    incident_id: str
    channel: str = ""
    theme: str = ""
    department: str = ""
    status: str = "open"
    said: str = ""
    status_at: int = 0
    deadline: str = ""
    url: str = ""
    reminders: int = 0


def contradiction(status: str, spine: str, state: str) -> str:
    """Why what is said there and what is true here don't agree: `closed_there` (or `withdrawn_there`) while it is open here, `open_there`
    while it is over here; empty where they agree. Here it may be answered and wait for a call: then being closed there is no contradiction.
    """
    open_here = state_of(spine, state).open
    if status in GONE and open_here:
        return "" if status == "closed" and state in SAID_DONE else f"{status}_there"
    return "open_there" if status in ("reopened", "urged") and not open_here else ""


def news(known: Appeal | None, facts: Mapping[str, Any], at: int) -> str:
    """What a statement brings: a `new` order, that it is `urged`, a changed `status`; empty for nothing.

    A statement older than the newest one known changes no status.
    """
    if known is None:
        return "new"
    status = str(facts.get("status", ""))
    if status == "urged":
        return "urged" if at >= known.status_at else ""
    if at >= known.status_at and (status != known.status or (status == "other" and facts.get("said", "") != known.said)):
        return "status"
    return ""
