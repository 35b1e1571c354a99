"""Changes among colleagues: a swap 调班 or a stand-in 替班, asked by one, agreed by the other, approved by a shift leader."""

from collections.abc import Callable

from domain.access import Actor, Forbidden
from domain.duty import Shift
from domain.identity import uuid7
from services.duty_ports import Change, NotTaken, RosterStore, written
from services.notices import Notices

LINK = "/duty?part=changes"
Approvers = Callable[[], list[str]]


class Changes:
    """Who is on instead. The shift leader who approves is neither of the two."""

    def __init__(self, store: RosterStore, notices: Notices, approvers: Approvers) -> None:
        self._store, self._notices, self._approvers = store, notices, approvers

    def ask(self, actor: Actor, shift_id: str, asked_of: str, other_shift_id: str | None, reason: str, now: int) -> Change:
        """Ask a colleague to take one's own shift, for theirs (a swap) or without (a stand-in). Raises Forbidden, LookupError, NotTaken."""
        if not actor.may("see_duty"):
            raise Forbidden("see_duty")
        shift, other = self._shift(shift_id), self._shift(other_shift_id) if other_shift_id else None
        if shift.username != actor.username:
            raise LookupError(shift_id)
        if asked_of == actor.username or asked_of not in self._store.names() or (other and other.username != asked_of):
            raise NotTaken("unknown_person", value=asked_of)
        if min(one.ends for one in (shift, other) if one) <= now:
            raise NotTaken("over", value=shift_id)
        kind = "swap" if other else "stand_in"
        why = written(reason, "reason")
        made = Change(str(uuid7(now)), kind, shift_id, other_shift_id, shift.department, actor.username, asked_of, why, "asked", now)
        self._store.put_change(made, "")
        self._tell([asked_of], "change_asked", made, actor.username, reason, now)
        return made

    def answer(self, actor: Actor, change_id: str, yes: bool, reason: str, now: int) -> Change:
        """Agree or refuse as the colleague, withdraw as who asked; approve or refuse, with a reason, as a shift leader.

        Raises Forbidden, LookupError for what does not wait for the actor, NotTaken.
        """
        held = next((one for one in self.open(actor) if one.change_id == change_id), None)
        if held is None:
            raise LookupError(change_id)
        if actor.username not in (held.asked_by, held.asked_of):
            return self.decide(actor, change_id, yes, reason, now)
        return self.agree(actor, change_id, now) if yes else self.refuse(actor, change_id, now)

    def agree(self, actor: Actor, change_id: str, now: int) -> Change:
        """The colleague agrees; now a shift leader decides. Raises LookupError, NotTaken when it has gone on."""
        held = self._change(change_id)
        if held.asked_of != actor.username:
            raise LookupError(change_id)
        agreed = self._next(held, "asked", held._replace(state="agreed", agreed_at=now))
        self._tell(self._approvers(), "change_agreed", agreed, actor.username, held.reason, now)
        return agreed

    def decide(self, actor: Actor, change_id: str, approve: bool, reason: str, now: int) -> Change:
        """Approve or refuse. Raises Forbidden for whoever may not or is one of the two, LookupError, NotTaken (also: it would collide)."""
        held = self._change(change_id)
        if not actor.may("approve_change") or actor.username in (held.asked_by, held.asked_of):
            raise Forbidden("approve_change")
        if held.state != "agreed":
            raise NotTaken("gone_on", value=held.state)
        exchanged = self._exchanged(held) if approve else []
        state = "approved" if approve else "refused"
        decided = held._replace(state=state, decided_by=actor.username, decided_at=now, refusal=written(reason, "reason"))
        if not self._store.put_change(decided, "agreed", exchanged):
            raise NotTaken("gone_on", value=held.state)
        self._tell([held.asked_by, held.asked_of], "change_decided", decided, actor.username, state, now)
        return decided

    def refuse(self, actor: Actor, change_id: str, now: int) -> Change:
        """The colleague does not agree, or who asked withdraws. Raises LookupError, NotTaken."""
        held = self._change(change_id)
        if actor.username not in (held.asked_by, held.asked_of):
            raise LookupError(change_id)
        return self._next(held, held.state, held._replace(state="refused", decided_by=actor.username, decided_at=now))

    def open(self, actor: Actor) -> list[Change]:
        """What waits for an answer: one's own, and for those who approve all. Raises Forbidden."""
        if not actor.may("see_duty"):
            raise Forbidden("see_duty")
        all_of_them = actor.may("approve_change")
        return [one for one in self._store.changes(True) if all_of_them or actor.username in (one.asked_by, one.asked_of)]

    def _exchanged(self, held: Change) -> list[Shift]:
        """The shifts in their new form. Raises NotTaken when the roster has changed since it was asked."""
        shift = self._shift(held.shift_id)
        other = self._shift(held.other_shift_id) if held.other_shift_id else None
        if shift.username != held.asked_by or (other and other.username != held.asked_of):
            raise NotTaken("gone_on", value=held.shift_id)
        name, phone = (other.name, other.phone) if other else (self._store.names().get(held.asked_of, held.asked_of), "")
        new = [shift._replace(username=held.asked_of, name=name, phone=phone)]
        new += [other._replace(username=shift.username, name=shift.name, phone=shift.phone)] if other else []
        return new

    def _next(self, held: Change, expected: str, after: Change) -> Change:
        if expected not in ("asked", "agreed") or held.state != expected or not self._store.put_change(after, expected):
            raise NotTaken("gone_on", value=held.state)
        return after

    def _shift(self, shift_id: str) -> Shift:
        found = self._store.shift(shift_id)
        if found is None:
            raise LookupError(shift_id)
        return found

    def _change(self, change_id: str) -> Change:
        found = self._store.change(change_id)
        if found is None:
            raise LookupError(change_id)
        return found

    def _tell(self, whom: list[str], template: str, change: Change, by: str, said: str, now: int) -> None:
        params = {"by": by, "title": change.kind, "said": said}
        self._notices.tell(whom, f"change:{change.change_id}:{change.state}", template, params, LINK, now)
