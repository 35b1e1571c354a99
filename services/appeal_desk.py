"""What people see of an appeal: its order at the other desk, who appeals (masked, in clear only for whoever calls back, and then written
down), what the other desk was told, what is suggested; and what is hot."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from domain.access import Actor, Forbidden
from domain.appeal_papers import CALLS_BACK
from domain.appeals import Appeal, contradiction
from domain.duties import Duty
from domain.incident_life import Incident
from domain.masking import masked_person
from domain.rises import Hot
from domain.suggesting import TARGETS, Intake, Suggestion
from services.appeal_learning import Kept, Known, Suggesting
from services.appeal_ports import AppealStore
from services.appeal_rises import Rises
from services.appeal_telling import thing_of
from services.audit import Audit
from services.incident_desk import IncidentDesk
from services.notice_ports import Notice, NoticeStore


class Advice(NamedTuple):
    """What is suggested: by the model, and by the matrix where it has a rule. `closed` of `least` appeals that a model needs.

    `outcomes`: target -> accepted, changed, unsure -> how often, of what people decided in the last OUTCOME_DAYS days."""

    suggestions: Mapping[str, Suggestion]
    rule: Duty | None
    closed: int
    least: int
    models: Sequence[Known]
    outcomes: Mapping[str, Mapping[str, int]] = {}


class AppealSeen(NamedTuple):
    """`order` and what belongs to it are None and empty for an appeal that no other desk holds. `contradicts`: domain/appeals.py."""

    order: Appeal | None
    person: Mapping[str, str]
    contradicts: str
    told: Sequence[Notice]
    made: Mapping[str, Kept]
    advice: Advice


class AppealDesk:
    """One per web process."""

    def __init__(
        self, store: AppealStore, desk: IncidentDesk, notices: NoticeStore, suggesting: Suggesting, rises: Rises, audit: Audit
    ) -> None:
        self._store, self._desk, self._notices, self._suggesting, self._rises, self._audit = store, desk, notices, suggesting, rises, audit

    def of(self, actor: Actor, incident_id: str) -> AppealSeen | None:
        """What hangs on an order; None for an incident of another spine. Raises LookupError outside the actor's scope."""
        incident = self._desk.mine(actor, incident_id)
        if incident.spine != "order":
            return None
        order = self._store.of_incident(incident_id)
        contradicts = contradiction(order.status, incident.spine, incident.state) if order else ""
        told = self._notices.about(thing_of(incident_id)) if order else []
        made = self._suggesting.made(incident_id)
        return AppealSeen(order, masked_person(self._store.person(incident_id)), contradicts, told, made, self._advice(incident, made))

    def _advice(self, incident: Incident, made: Mapping[str, Kept]) -> Advice:
        said = {target: made[target].suggestion for target in TARGETS if target in made}
        return self._advised(said, self._desk.duty_of(incident))

    def _advised(self, said: Mapping[str, Suggestion], rule: Duty | None) -> Advice:
        return Advice(said, rule, self._suggesting.closed(), self._suggesting.least, self._suggesting.models(), self._suggesting.outcomes())

    def person(self, actor: Actor, incident_id: str, now: int) -> Mapping[str, Any]:
        """Who appeals, in clear: for whoever calls back, written into the audit log. Raises LookupError, Forbidden."""
        self._desk.mine(actor, incident_id)
        if not actor.roles & CALLS_BACK:
            self._audit.record(actor.username, "see_appellant", now, object=incident_id, outcome="refused")
            raise Forbidden("see_appellant")
        self._audit.record(actor.username, "see_appellant", now, object=incident_id)
        return self._store.person(incident_id)

    def advise(self, actor: Actor, text: str, class_code: str, region: str, source: str, at: int) -> Advice:
        """For an appeal that is being taken down. Raises Forbidden."""
        if not actor.may("report_incident"):
            raise Forbidden("report_incident")
        intake = Intake(text, {"class": class_code, "region": region, "source": source}, at)
        said = {target: self._suggesting.suggestion(target, intake) for target in TARGETS}
        return self._advised({target: one for target, one in said.items() if one.model}, None)

    def hot(self, actor: Actor, at: int) -> list[Hot]:
        """Hot themes and sudden rises by town. Raises Forbidden."""
        return self._rises.of(actor, at)
