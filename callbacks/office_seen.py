"""What the panels of the leader's office ask for by name (callbacks/gathering.py): asked now and then for each leader, and the major
incidents whenever one of the incidents has changed."""

from collections.abc import Callable
from typing import Any

QUARTER, TEN_MINUTES = 15_000, 600_000


def office(asked: Any) -> Any:
    """services.office.Seen of whoever looks. `asked`: callbacks.gathering.Asked."""
    office, asks = asked.faces.city.office, (asked.actor, asked.snapshot.at, asked.at)
    now = "" if asked.at is not None else asked.faces.city.picture.cursor(("incidents",))
    made, seen = _kept(asked, "office", QUARTER, lambda: (now, office.seen(*asks)))
    return seen if made == now else seen._replace(majors=_kept(asked, f"majors:{now}", QUARTER, lambda: office.majors(*asks)))


def towns(asked: Any) -> Any:
    """How the towns did (domain.performance.Compared)."""
    return _kept(asked, "towns", TEN_MINUTES, lambda: asked.faces.city.office.towns(asked.actor, asked.snapshot.at, asked.at))


def _kept(asked: Any, name: str, every_ms: int, make: Callable[[], Any]) -> Any:
    """One person's own: held under their name and scope, shared with nobody."""
    actor = asked.actor
    scope = (actor.username, sorted(actor.roles), sorted(actor.regions), sorted(actor.departments))
    key = f"office:{name}:{scope}:{asked.snapshot.at // every_ms}:{asked.at is None}"
    held = asked.faces.memo.get(key)
    if held is None:
        held = make()
        asked.faces.memo.set(key, held, timeout=2 * every_ms // 1000)
    return held
