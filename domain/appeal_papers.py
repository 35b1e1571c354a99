"""Who reads what names people in an appeal: who calls them back, who works on it, and whoever handed a file in themselves.

Texts are masked for the others (domain/masking.py). A paper (PDF, Word) cannot be: they don't get it.
"""

from domain.access import Actor
from domain.incident_life import Incident

APPEALS = "order"
CALLS_BACK = frozenset({"operator", "duty_officer"})
"""Who calls an appellant back."""
HANDLES = frozenset({"handler"})
SEEN_OR_HEARD = ("image/", "video/", "audio/")


def reads_clear(actor: Actor, incident: Incident) -> bool:
    """Whether the actor may read who appeals, and what they wrote, unmasked. Of what is no appeal everybody who sees it."""
    if incident.spine != APPEALS or actor.roles & CALLS_BACK or incident.reported_by == actor.username:
        return True
    given = incident.involved and (not actor.departments or actor.departments & incident.involved)
    return bool(actor.roles & HANDLES and given)


def withheld(actor: Actor, incident: Incident, media_type: str, added_by: str) -> bool:
    """Whether a file is a paper that the actor must not be given."""
    paper = not media_type.startswith(SEEN_OR_HEARD)
    return paper and added_by != actor.username and not reads_clear(actor, incident)
