"""A dispatch by the responsibility matrix 派单目录: every dispatch names its rule, and says why where it does otherwise."""

from collections.abc import Callable
from typing import Any

from domain.clocks import Allowance
from domain.duties import Duty
from domain.incident_guards import Facts
from domain.incident_life import Incident
from domain.incidents import Refused

JOINT, NONE, BY_HAND = "joint", "none", "by_hand"
"""What stands for a rule where a joint handling decided, where the matrix has none, and where a person chose another unit than it has."""
Data = dict[str, Any]


def dispatched(duty: Duty | None, incident: Incident, data: Data, facts: Facts) -> tuple[Data, Facts]:
    """The first dispatch: lead, assisting and deadline are the rule's unless the dispatcher says otherwise, with a reason.

    After a joint handling they are what was decided there. Raises Refused `not_by_matrix`, and `no_rule` where neither the matrix
    nor the dispatcher sets a deadline.
    """
    said = {name: value for name, value in data.items() if name != "rule_id"}
    if incident.joint:
        said |= {"lead": incident.lead, "assisting": list(incident.assisting), "rule_id": JOINT}
    elif duty is None:
        said["rule_id"] = NONE
    else:
        said = {"lead": duty.lead, "assisting": list(duty.assisting), **said}
        _explained(duty, said)
        said["rule_id"] = _rule(duty, said["lead"])
    return said, _with_deadline(duty, incident, said, facts)


def reassigned(duty: Duty | None, incident: Incident, data: Data, facts: Facts) -> tuple[Data, Facts]:
    """Another unit, for a reason that is said; its clock goes on."""
    return {**data, "rule_id": _rule(duty, data.get("lead"))}, facts


def _rule(duty: Duty | None, lead: Any) -> str:
    return NONE if duty is None else duty.rule_id if duty.lead == lead else BY_HAND


def _explained(duty: Duty, said: Data) -> None:
    if said["lead"] != duty.lead and not said.get("override_reason"):
        raise Refused("not_by_matrix", {"rule": duty.rule_id, "lead": duty.lead})


def _with_deadline(duty: Duty | None, incident: Incident, said: Data, facts: Facts) -> Facts:
    allowance = duty.deadline if duty else facts.allowances.get("handle")
    try:
        allowance = Allowance(float(said["deadline"]["amount"]), str(said["deadline"]["unit"])) if "deadline" in said else allowance
    except (TypeError, KeyError, ValueError):
        raise Refused("bad_field", {"fields": ["deadline"]}) from None
    if allowance is None and "handle" not in incident.clocks:
        raise Refused("no_rule", {"class_code": incident.class_code, "region": incident.region})
    return facts if allowance is None else facts._replace(allowances={**facts.allowances, "handle": allowance})


BY_MATRIX: dict[str, Callable[[Duty | None, Incident, Data, Facts], tuple[Data, Facts]]] = {
    "dispatch": dispatched,
    "reassign": reassigned,
}
