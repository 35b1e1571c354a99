"""Maintenance silences: made and ended by people with the right and the scope, seen by everybody whose alarms they cover."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Protocol

from domain.access import Actor, Forbidden
from domain.identity import uuid7
from domain.registry import Device, Region, ancestors
from domain.silences import NotSilenced, Silence, Wanted, check
from services.audit import Audit

RIGHT = "silence_alarms"


class SilenceStore(Protocol):
    """The silences in PostgreSQL (data_adapters/sql/silence_repository.py)."""

    def since(self, moment: int) -> list[Silence]:
        """Those whose time ends later than `moment`, by their end."""

    def find(self, silence_id: str) -> Silence | None:
        """One by its id; None too for what is no id."""

    def add(self, silence: Silence) -> None:
        """Keep it."""

    def end(self, silence_id: str, username: str, now: int) -> bool:
        """End it now; False when it is over already."""


class AlarmSilences:
    """The silences of one city."""

    def __init__(
        self,
        store: SilenceStore,
        audit: Audit,
        regions: Callable[[], Mapping[str, Region]],
        device: Callable[[Actor, str], Device | None],
        kinds: Collection[str],
        rules: Collection[str],
        longest_ms: int,
        listed_ms: int,
    ) -> None:
        """`device(actor, id)`: a device that the actor sees; a silence lasts `longest_ms` at most, and is listed `listed_ms` after."""
        self._store, self._audit, self._regions, self._device = store, audit, regions, device
        self._kinds, self._rules, self._longest_ms, self._listed_ms = kinds, rules, longest_ms, listed_ms

    def listed(self, actor: Actor, at: int) -> Sequence[Silence]:
        """Those that were planned, in force, or over for a short while at that moment, and touch the actor's scope; the one that
        ends first comes first. Raises Forbidden."""
        if not actor.may("see_picture"):
            raise Forbidden("see_picture: no role of yours has this right")
        found = [self._as_known(one, at) for one in self._store.since(at - self._listed_ms) if one.recorded_at <= at]
        return [one for one in found if self._touches(actor, one)]

    def make(self, actor: Actor, wanted: Wanted, now: int) -> Silence:
        """Silence alarms. Raises Forbidden, NotSilenced. A person of some departments silences the alarms of these alone."""
        if not actor.may(RIGHT):
            self._refuse(actor, "", now)
        check(wanted, self._longest_ms, now)
        place = self._place(actor, wanted, now)
        departments = tuple(sorted(actor.departments))
        made = Silence(
            str(uuid7(now)), wanted.device_id, wanted.kind, wanted.region, wanted.rule_id, departments, wanted.starts, wanted.ends,
            wanted.reason.strip(), actor.username, now, None, "", place,
        )  # fmt: skip
        self._store.add(made)
        self._audit.record(actor.username, RIGHT, now, object=made.silence_id, detail={**wanted._asdict(), "departments": departments})
        return made

    def end(self, actor: Actor, silence_id: str, now: int) -> bool:
        """End a silence before its time: what is still active lights up. False when it is over. Raises Forbidden, also for one outside
        the actor's scope and an unknown one."""
        found = self._store.find(silence_id) if actor.may(RIGHT) else None
        if found is None or not self._owns(actor, found):
            self._refuse(actor, silence_id, now)
        done = self._store.end(silence_id, actor.username, now)
        if done:
            self._audit.record(actor.username, "end_silence", now, object=silence_id)
        return done

    def _refuse(self, actor: Actor, silence_id: str, now: int) -> None:
        self._audit.record(actor.username, RIGHT, now, object=silence_id, outcome="refused")
        raise Forbidden(f"{RIGHT}: no role of yours has this right, or no such silence lies in your scope")

    def _place(self, actor: Actor, wanted: Wanted, now: int) -> str:
        """The region that the silence lies in. Raises NotSilenced for what isn't there, Forbidden outside the scope."""
        for value, known in ((wanted.kind, self._kinds), (wanted.rule_id, self._rules), (wanted.region, self._regions())):
            if value and value not in known:
                raise NotSilenced("unknown")
        place = wanted.region
        if wanted.device_id:
            device = self._device(actor, wanted.device_id)
            if device is None:
                raise NotSilenced("unknown")
            place = wanted.region or device.region
        if actor.regions and not place:
            raise NotSilenced("needs_region")
        if actor.regions and not self._inside(actor, place):
            self._refuse(actor, "", now)
        return place

    def _inside(self, actor: Actor, place: str) -> bool:
        return bool(actor.regions.intersection(ancestors(place, dict(self._regions()))))

    def _owns(self, actor: Actor, silence: Silence) -> bool:
        """Whether all that it covers lies in the actor's scope."""
        whole = not actor.departments or (bool(silence.departments) and set(silence.departments) <= actor.departments)
        return whole and (not actor.regions or (bool(silence.place) and self._inside(actor, silence.place)))

    def _touches(self, actor: Actor, silence: Silence) -> bool:
        """Whether something that it covers lies in the actor's scope."""
        if actor.departments and silence.departments and not actor.departments.intersection(silence.departments):
            return False
        if not actor.regions or not silence.place or self._inside(actor, silence.place):
            return True
        tree = dict(self._regions())
        return any(silence.place in ancestors(region, tree) for region in actor.regions)

    def _as_known(self, silence: Silence, at: int) -> Silence:
        """What was known of it then: nobody knew of an end that came later."""
        later = silence.ended_at is not None and silence.ended_at > at
        return silence._replace(ended_at=None, ended_by="") if later else silence
