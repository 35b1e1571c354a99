"""The resource catalogue 信息资源目录 for people: found by Chinese, by pinyin or by its initials; how its libraries and layers stand.

It hardly ever changes and everybody searches it, so a web process remembers it, and asks the store for a stamp every CACHED_S at most.
"""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from domain.access import Actor, Forbidden
from domain.catalogue import late_by, visible
from services.catalogue_ports import CatalogueStore, Difference, Entry, LibraryState, Reconciliation, Run
from services.catalogue_search import Index, Match

CACHED_S = 2.0
MOST_RUNS, MOST_DIFFERENCES = 50, 500


class Found(NamedTuple):
    """What a search found: the best first, cut at what was asked for, and how many there are in all."""

    matches: Sequence[Match]
    total: int


class Standing(NamedTuple):
    """A library as it stands: its resources, those that are late, and the newest runs."""

    state: LibraryState
    resources: int
    fields: int
    late: Sequence[str]
    runs: Sequence[Run]


class Catalogue:
    """Reads. `clock` gives seconds for remembering alone."""

    def __init__(self, store: CatalogueStore, clock: Callable[[], float] = time.monotonic) -> None:
        self._store, self._clock = store, clock
        self._index = Index([])
        self._stamp: object = None
        self._next = 0.0
        self._lock = threading.Lock()

    def search(
        self, actor: Actor, words: str = "", at: int | None = None, library: str = "", provider: str = "", share: str = "", most: int = 50
    ) -> Found:
        """Entries whose name, summary, provider or fields have all of the words, in Chinese or pinyin. Raises Forbidden."""
        narrowed = {"library": library, "provider": provider, "share": share}
        wanted = {name: value for name, value in narrowed.items() if value}
        _may_see(actor)
        return Found(*self._known().search(words, lambda entry: self._shown(actor, entry, at) and _is(entry, wanted), most))

    def entry(self, actor: Actor, code: str, at: int | None = None) -> Entry:
        """One entry with its fields. Raises Forbidden; LookupError for none, or one that the actor doesn't find."""
        _may_see(actor)
        found = self._known().by_code.get(code)
        if found is None or not self._shown(actor, found, at):
            raise LookupError(code)
        return found

    def late(self, entry: Entry, now: int) -> int | None:
        """How many ms a resource that is fetched is overdue; None when it isn't, or isn't fetched."""
        return late_by(entry.resource.cycle, entry.newest_at, now) if entry.landed and entry.resource.gone_at is None else None

    def names(self) -> list[LibraryState]:
        """Which libraries there are: their names are no secret."""
        return self._store.libraries()

    def libraries(self, actor: Actor, now: int) -> list[Standing]:
        """All libraries, as those see them who look after data. Raises Forbidden."""
        _steward(actor)
        entries = [entry for entry in self._known().entries if entry.resource.gone_at is None]
        return [self._standing(state, entries, now) for state in self._store.libraries()]

    def _standing(self, state: LibraryState, entries: Sequence[Entry], now: int) -> Standing:
        own = [entry for entry in entries if entry.resource.library == state.code]
        late = [entry.resource.code for entry in own if self.late(entry, now)]
        fields = sum(len(entry.resource.fields) for entry in own)
        return Standing(state, len(own), fields, late, self._store.runs(state.code, MOST_RUNS))

    def reconciliations(self, actor: Actor) -> list[Reconciliation]:
        """The newest comparison of each resource, those that disagree first. Raises Forbidden."""
        _steward(actor)
        return sorted(self._store.reconciliations(), key=lambda one: (one.agrees, one.resource))

    def differences(self, actor: Actor, resource: str) -> list[Difference]:
        """The records in which the newest comparison of a resource found a difference. Raises Forbidden."""
        _steward(actor)
        return self._store.differences(resource, MOST_DIFFERENCES)

    def _shown(self, actor: Actor, entry: Entry, at: int | None) -> bool:
        resource = entry.resource
        gone = resource.gone_at is not None and (at is None or resource.gone_at <= at)
        then = at is not None and bool(resource.published_on) and resource.published_on > _day(at)
        return not gone and not then and (not actor.departments or visible(resource, sorted(actor.departments)))

    def _known(self) -> Index:
        with self._lock:
            if self._clock() >= self._next:
                stamp = self._store.stamp()
                if stamp != self._stamp:
                    self._index, self._stamp = Index(self._store.entries()), stamp
                self._next = self._clock() + CACHED_S
            return self._index


def _may_see(actor: Actor) -> None:
    if not actor.may("see_catalogue"):
        raise Forbidden("see_catalogue")


def _steward(actor: Actor) -> None:
    """Rows of the layers can say anything: only those who look after data for the whole city see them."""
    if not actor.may("steward_data") or actor.departments or actor.regions:
        raise Forbidden("steward_data")


def _is(entry: Entry, wanted: dict[str, str]) -> bool:
    return all(getattr(entry.resource, name) == value for name, value in wanted.items())


def _day(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).date().isoformat()
