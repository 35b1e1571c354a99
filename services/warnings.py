"""Public warnings: taken from the feeds, placed in the city, judged, shown on every face, and what the city does about them by rule.

Whoever may see the picture may see the city's warnings: they are public. What they set off (callings, shelters) is part of them.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from domain.access import Actor, Forbidden
from domain.identity import uuid7
from domain.warning_rules import UNKNOWN, Placed, PlacingRules, WarningRule, placed, rules_for, within
from domain.warnings import SHOWN, Action, Standing, Status, Warned, as_facts, from_facts, gravity, standings
from services.ports import FeedEvent
from services.warning_ports import Heard, Judged, Reached, Shelter, WarningStore

KIND = "warning"
MOST_PLACES = 60
"""So many resources a warning lists."""


class Active(NamedTuple):
    """A warning of the city that is shown: what it is now, its standing rules, how its calling goes (None where nobody is called), and the
    resources that its rules list, in the regions concerned. How those were in the past is not kept: there are none then."""

    heard: Heard
    standing: Standing
    rules: tuple[WarningRule, ...]
    reached: Reached | None
    places: tuple[Shelter, ...] = ()


class Warnings:
    """Reads for the faces; `deal` and `round` for jobs.py."""

    def __init__(
        self,
        store: WarningStore,
        placing: PlacingRules,
        rules: Sequence[WarningRule],
        unclear_after_ms: int,
        note: Callable[[str, Any], object] = lambda section, value: None,
    ) -> None:
        """`note` puts a city-wide piece on the live picture."""
        self._store, self._placing, self._rules = store, placing, rules
        self._unclear_after_ms, self._note = unclear_after_ms, note

    def deal(self, tx: Any, events: Sequence[FeedEvent]) -> None:
        """Keep what the feeds stated, each with its place in the city; elsewhere is not kept."""
        places = self._store.places()
        heard = []
        for one in events:
            said = _statement(one)
            where = None if said is None else placed(said, places, self._placing)
            if said is None or where is None:
                continue
            if where.regions or where.by == UNKNOWN or said.action is Action.CANCEL or said.references:
                heard.append(_heard(one, said, where))
        self._store.keep(tx, heard)

    def round(self, now: int) -> int:
        """Judge all that may still matter, set off what the rules say, put what is shown on the picture; returns how many are shown."""
        held = self._store.held()
        standing = self._standings(held, now)
        judged = []
        for one in (one for one in held if one.warning_id in standing):
            rules = self._set_off(one, standing[one.warning_id])
            judged.append(
                Judged(one.warning_id, standing[one.warning_id], tuple(rule.name for rule in rules), any(rule.call for rule in rules))
            )
        self._store.judge(judged, now)
        active = self._with_places(self._active(held, now))
        self._note("warnings", [shown_as(one) for one in active])
        return len(active)

    def active(self, actor: Actor, at: int) -> list[Active]:
        """What is in force, unclear or ahead at `at` (epoch ms), the gravest first. Raises Forbidden."""
        if not actor.may("see_picture"):
            raise Forbidden("see_picture: no role of yours has this right")
        return self._active(self._store.held(at), at)

    def find(self, actor: Actor, warning_id: str, at: int) -> Active | None:
        """One of them. Raises Forbidden."""
        return next((one for one in self.active(actor, at) if one.heard.warning_id == warning_id), None)

    def _with_places(self, active: Sequence[Active]) -> list[Active]:
        kinds = {kind for one in active for rule in one.rules for kind in rule.resources}
        if not kinds:
            return list(active)
        held, parents = self._store.resources(kinds), {place.code: place.parent for place in self._store.places()}
        return [
            one._replace(
                places=tuple(
                    place
                    for place in held
                    if any(place.kind in rule.resources for rule in one.rules) and within(one.heard.placed.regions, parents, place.region)
                )[:MOST_PLACES]
            )
            for one in active
        ]

    def past_note(self, at: int) -> list[dict[str, Any]]:
        """What the picture of a past moment says of warnings."""
        return [shown_as(one) for one in self._active(self._store.held(at), at)]

    def _standings(self, held: Iterable[Heard], now: int) -> dict[str, Standing]:
        """By warning id; references hold within a feed."""
        by_feed: dict[str, list[Heard]] = {}
        for one in held:
            by_feed.setdefault(one.feed, []).append(one)
        found: dict[str, Standing] = {}
        for ours in by_feed.values():
            standing = standings([one.said for one in ours], now, self._unclear_after_ms)
            found |= {one.warning_id: standing[one.said.statement] for one in ours if one.said.statement in standing}
        return found

    def _active(self, held: Sequence[Heard], at: int) -> list[Active]:
        standing = self._standings(held, at)
        shown = sorted((one for one in held if _is_shown(one, standing.get(one.warning_id))), key=lambda one: gravity(one.said))
        reached = self._store.reached([one.warning_id for one in shown])
        return [
            Active(one, now, tuple(self._set_off(one, now)), reached.get(one.warning_id))
            for one, now in ((one, standing[one.warning_id]) for one in shown)
        ]

    def _set_off(self, one: Heard, standing: Standing) -> list[WarningRule]:
        """The standing rules; none where nobody can tell what place is meant."""
        return rules_for(one.said, standing, self._rules) if one.placed.regions else []


def _is_shown(one: Heard, standing: Standing | None) -> bool:
    here = bool(one.placed.regions) or one.placed.by == UNKNOWN
    return standing in SHOWN and one.said.status is not Status.TEST and here


def shown_as(one: Active) -> dict[str, Any]:
    """What a face needs of it, as plain JSON: times in epoch ms; areas stay with the statement (they may be large)."""
    said = one.heard.said
    facts = as_facts(said)
    return {
        **{
            name: facts[name]
            for name in ("hazard", "level", "severity", "status", "sender", "sent_at", "effective_at", "expires_at", "texts")
        },
        "warning_id": one.heard.warning_id,
        "number": one.heard.number,
        "feed": one.heard.feed,
        "standing": one.standing.value,
        "regions": list(one.heard.placed.regions),
        "placed": one.heard.placed.by,
        "areas": [area.name for area in said.areas],
        "rules": [rule.name for rule in one.rules],
        "resources": list(dict.fromkeys(kind for rule in one.rules for kind in rule.resources)),
        "calls": any(rule.call for rule in one.rules),
        "places": [place._asdict() for place in one.places],
        "reached": None if one.reached is None else one.reached._asdict(),
    }


def _statement(one: FeedEvent) -> Warned | None:
    """None for facts that no feed of ours makes: they stay with the event."""
    try:
        return from_facts(one.event.event_id, one.event.facts)
    except (ValueError, KeyError, TypeError):
        return None


def _heard(one: FeedEvent, said: Warned, where: Placed) -> Heard:
    return Heard(str(uuid7(one.event.received_at)), "", one.feed, said, where, one.event.received_at)
