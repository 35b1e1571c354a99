"""The chain of a calling, live: who is being called, since when, who did not answer. For those who may see what it is about."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

from domain.access import Actor
from domain.notices import CALLING, EXHAUSTED, Calling
from services.notice_ports import Notice, NoticeStore

Sees = Callable[[Actor, str, int], bool]


class Chain(NamedTuple):
    """A calling with the notices it sent."""

    calling: Calling
    notices: Sequence[Notice]


class Chains:
    """`sees`: kind of thing (`alarm`, `incident`) -> whether an actor sees the thing of that id."""

    def __init__(self, store: NoticeStore, sees: Mapping[str, Sees]) -> None:
        self._store, self._sees = store, sees

    def of(self, actor: Actor, thing: str, now: int) -> Chain | None:
        """The chain about `kind:id`; None when nobody is or was called. Raises LookupError for what the actor does not see."""
        found = self._store.calling_of(thing)
        called = found is not None and actor.username in found[0].people
        kind, _, thing_id = thing.partition(":")
        if not called and not (kind in self._sees and self._sees[kind](actor, thing_id, now)):
            raise LookupError(thing)
        return Chain(found[0], self._store.about(thing)) if found else None

    def shown(self, thing: str) -> Chain | None:
        """The chain about a thing that the actor has been shown already; None when nobody is or was called."""
        found = self._store.calling_of(thing)
        return Chain(found[0], self._store.about(thing)) if found else None

    def going_on(self, actor: Actor, kind: str, ids: Collection[str]) -> Mapping[str, Calling]:
        """Id -> the calling about it that goes on or has reached nobody, of things of one kind that the actor has been shown (`ids`);
        nothing for who may not see duty."""
        if not ids or not actor.may("see_duty"):
            return {}
        about = {one.thing: one for one, _ in self._store.callings((CALLING, EXHAUSTED))}
        return {one: about[f"{kind}:{one}"] for one in ids if f"{kind}:{one}" in about}
