"""Plans 预案: drafted by shift leaders and leaders, approved by a leader who did not draft them, one approved version each."""

from collections.abc import Callable, Collection, Sequence

from domain.access import Actor, Forbidden
from domain.identity import uuid7
from domain.incident_states import RESPONSE_LEVELS
from domain.plans import KINDS, Plan, PlanStep
from services.duty_ports import NotTaken, written
from services.plan_ports import PlanStore

MOST_STEPS = 100


class Plans:
    """`codes`: what a plan may be for (classes, sections, groups); `departments`: those of now."""

    def __init__(self, store: PlanStore, codes: Collection[str], departments: Callable[[], Collection[str]]) -> None:
        self._store, self._codes, self._departments = store, codes, departments

    def all(self, actor: Actor, at: int | None = None) -> list[Plan]:
        """All versions; at a past moment those that were drafted by then. Raises Forbidden."""
        if not actor.may("see_duty"):
            raise Forbidden("see_duty")
        return [plan for plan in self._store.plans() if at is None or plan.drafted_at <= at]

    def draft(
        self, actor: Actor, code: str, names: tuple[str, str], kind: str, classes: Sequence[str], steps: Sequence[PlanStep], now: int
    ) -> Plan:
        """A new draft of the plan `code`: its next version, or the draft that is there in another form. Raises Forbidden, NotTaken."""
        if not actor.may("draft_plan"):
            raise Forbidden("draft_plan")
        self._check(code, names, kind, classes, steps)
        held = [plan for plan in self._store.plans() if plan.code == code]
        again = next((plan for plan in held if plan.state == "draft"), None)
        version = again.version if again else max((plan.version for plan in held), default=0) + 1
        plan_id = again.plan_id if again else str(uuid7(now))
        what = (*names, kind, tuple(classes), tuple(steps))
        made = Plan(plan_id, code, version, *what, "", "draft", actor.username, now, authors=(actor.username,))
        if not self._store.draft(made):
            raise NotTaken("gone_on", value=code)
        return self._store.plan(plan_id) or made

    def _check(self, code: str, names: tuple[str, str], kind: str, classes: Sequence[str], steps: Sequence[PlanStep]) -> None:
        departments = {"", *self._departments()}
        for said in (*names, *(text for step in steps for text in (step.code, step.zh, step.en, step.post))):
            written(said, "name")
        wrong = [
            ("code", not code or len(code) > 64 or not names[0]),
            ("kind", kind not in KINDS),
            ("classes", not classes or not set(classes) <= set(self._codes)),
            ("steps", not 0 < len(steps) <= MOST_STEPS or len({step.code for step in steps}) != len(steps)),
            ("levels", any(not step.levels or not set(step.levels) <= set(RESPONSE_LEVELS) for step in steps)),
            ("department", any(step.department not in departments for step in steps)),
            ("within_min", any(not 0 < step.within_min <= 60 * 24 * 365 for step in steps)),
            ("zh", any(not step.zh or not step.code for step in steps)),
        ]
        if found := [name for name, bad in wrong if bad]:
            raise NotTaken("bad_field", value=found[0])

    def approve(self, actor: Actor, plan_id: str, now: int, seen: int | None = None) -> None:
        """The draft holds from now on; responses that run keep theirs. `seen`: when the draft that the actor read was written; one that
        was written anew since is not approved unread. Raises Forbidden (also for every author of the draft), LookupError,
        NotTaken."""
        plan = self._store.plan(plan_id)
        if plan is None:
            raise LookupError(plan_id)
        if not actor.may("approve_plan") or actor.username in (plan.drafted_by, *plan.authors):
            raise Forbidden("approve_plan")
        if not self._store.approve(plan_id, plan.drafted_at if seen is None else seen, actor.username, now):
            raise NotTaken("gone_on", value=plan.state)
