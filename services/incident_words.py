"""Who did what in an incident, in the words of one catalogue: the same on a screen and on paper."""

from collections.abc import Callable, Mapping

from domain.incident_life import Event

RULE, ORDER = "rule", "order"
WITHOUT_STATE = frozenset({"propose", "refuse"})
"""Deeds about another deed, which they name."""
WRITTEN = ("reason", "text", "note", "answer", "decision")
"""What people write with a deed in their own words."""


def doer(actor: str, catalogue: Mapping[str, str], called: Callable[[str], str] = str) -> str:
    """Who did it: the system for a rule (services/audit.py), the other desk for its order, else what `called` makes of the username."""
    kind, _, of = actor.partition(":")
    if kind == ORDER and f"feed.{of}" in catalogue:
        return catalogue[f"feed.{of}"]
    return catalogue["timeline.system"] if kind == RULE else called(actor)


def deed_name(catalogue: Mapping[str, str], deed: str, spine: str = "") -> str:
    """The name of a deed, also of `approve:<deed>` and `refuse:<deed>`; orders have words of their own (退单 is not 回退).

    Raises KeyError."""
    answer, _, asked = deed.partition(":")
    if asked:
        return catalogue[f"deed.{answer}"].format(deed=deed_name(catalogue, asked, spine))
    return catalogue.get(f"deed.{spine}.{deed}") or catalogue[f"deed.{deed}"]


def deed_told(catalogue: Mapping[str, str], spine: str, event: Event, called: Callable[[str], str] = str) -> str:
    """What was done, without its subject: a proposal, its refusal and its approval name the deed that they are about. Raises KeyError."""
    if event.deed in WITHOUT_STATE:
        return catalogue[f"event.{event.deed}"].format(deed=deed_name(catalogue, event.data["deed"], spine))
    if by := event.data.get("proposed_by"):
        return catalogue["event.approve"].format(deed=deed_name(catalogue, event.deed, spine), by=doer(by, catalogue, called))
    return deed_name(catalogue, event.deed, spine)


def written(event: Event) -> str:
    """What people wrote with it; of a proposal what they wrote with the deed that it is about."""
    said = event.data["data"] if event.deed == "propose" else event.data
    return "；".join(str(said[name]) for name in WRITTEN if said.get(name))
