"""Warnings that the city itself says 本级预警: issued, replaced and lifted on the desk, held like any other, and told to others as CAP."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from domain.access import Actor, Forbidden
from domain.identity import uuid7
from domain.registry import Region
from domain.warning_rules import CODES, Placed
from domain.warnings import Action, Area, Level, Status, Warned
from services.audit import Audit
from services.warning_ports import Heard, OwnStore

FEED = "city-deck"
"""The feed under which own warnings are held; none of config/feeds.yaml can have a hyphen."""
SCHEME = "GB/T 2260"
RIGHT = "issue_warning"
MAX_WORDS, MAX_TEXT = 60, 5_000
LONGEST_MS = 31 * 86_400_000


class Draft(NamedTuple):
    """What is to be said. `regions`: codes of the city's own. `replaces`: the warning of ours that this one takes the place of."""

    hazard: str
    level: Level
    regions: tuple[str, ...]
    headline: str
    description: str
    instruction: str
    expires_at: int
    exercise: bool = False
    replaces: str = ""


class NotIssued(ValueError):
    """The draft can't be said; the text is a code: no_hazard, no_headline, too_long, no_region, unknown_region, no_end, not_ours."""


class OwnWarnings:
    """Issue, replace, lift. Each deed is in the audit log, refused ones too."""

    def __init__(
        self, store: OwnStore, regions: Callable[[], Mapping[str, Region]], center: Callable[[], tuple[str, str]], audit: Audit
    ) -> None:
        """`center`: the code of this centre and the name it speaks under."""
        self._store, self._regions, self._center, self._audit = store, regions, center, audit

    def issue(self, actor: Actor, draft: Draft, now: int) -> Heard:
        """Say it; returns it as held. Raises Forbidden, NotIssued."""
        self._allowed(actor, "issue_warning", draft.replaces, now)
        known = self._regions()
        if fault := _fault(draft, known, now):
            raise NotIssued(fault)
        if not all(actor.covers(frozenset({code}), frozenset(), dict(known)) for code in draft.regions):
            raise Forbidden(f"{RIGHT}: outside your regions")
        replaced = [self._ours(draft.replaces)] if draft.replaces else []
        said = self._said(draft, [one.said.alert for one in replaced], {code: known[code].name for code in draft.regions}, now)
        return self._keep(actor, said, Placed(draft.regions, CODES), "issue_warning", now)

    def lift(self, actor: Actor, warning_id: str, now: int) -> Heard:
        """Take one of ours back. Raises Forbidden, NotIssued where it is none of ours."""
        self._allowed(actor, "lift_warning", warning_id, now)
        ours = self._ours(warning_id)
        code, name = self._center()
        alert = _alert(code, now)
        said = ours.said._replace(statement=alert, alert=alert, action=Action.CANCEL, references=(ours.said.alert,), sent_at=now)
        return self._keep(actor, said._replace(sender=name, effective_at=now, expires_at=None), ours.placed, "lift_warning", now)

    def listed(self, actor: Actor, at: int) -> Sequence[Heard]:
        """What the city has said, cancellations too, the newest first. Raises Forbidden."""
        if not actor.may("see_picture"):
            raise Forbidden("see_picture: no role of yours has this right")
        return sorted((one for one in self._store.held(at) if one.feed == FEED), key=lambda one: -one.said.sent_at)

    def _ours(self, warning_id: str) -> Heard:
        found = self._store.find(warning_id)
        if found is None or found.feed != FEED or found.said.action is Action.CANCEL:
            raise NotIssued("not_ours")
        return found

    def _said(self, draft: Draft, references: Sequence[str], names: Mapping[str, str], now: int) -> Warned:
        code, name = self._center()
        alert = _alert(code, now)
        return Warned(
            statement=alert,
            alert=alert,
            action=Action.UPDATE if references else Action.ISSUE,
            status=Status.EXERCISE if draft.exercise else Status.ACTUAL,
            references=tuple(references),
            sent_at=now,
            sender=name,
            hazard=draft.hazard.strip(),
            level=draft.level,
            severity="",
            urgency="",
            certainty="",
            effective_at=now,
            onset_at=None,
            expires_at=draft.expires_at,
            areas=tuple(Area(names[region], ((SCHEME, region),)) for region in draft.regions),
            texts={"zh-CN": {name: getattr(draft, name).strip() for name in ("headline", "description", "instruction")}},
        )

    def _keep(self, actor: Actor, said: Warned, where: Placed, deed: str, now: int) -> Heard:
        kept = self._store.add(Heard(str(uuid7(now)), "", FEED, said, where, now))
        self._audit.record(actor.username, deed, now, object=kept.number)
        return kept

    def _allowed(self, actor: Actor, deed: str, thing: str, now: int) -> None:
        if not actor.may(RIGHT):
            self._audit.record(actor.username, deed, now, object=thing, outcome="refused")
            raise Forbidden(f"{RIGHT}: no role of yours has this right")


def _alert(center: str, now: int) -> str:
    """CAP's sender,identifier,sent: unique however often it is said."""
    return f"citydeck-{center},{uuid7(now)},{now}"


def _fault(draft: Draft, known: Mapping[str, Region], now: int) -> str:
    texts = (draft.headline, draft.description, draft.instruction)
    if not draft.hazard.strip():
        return "no_hazard"
    if not draft.headline.strip():
        return "no_headline"
    if len(draft.hazard) > MAX_WORDS or any(len(one) > MAX_TEXT for one in texts):
        return "too_long"
    if not draft.regions:
        return "no_region"
    if any(code not in known for code in draft.regions):
        return "unknown_region"
    return "" if now < draft.expires_at <= now + LONGEST_MS else "no_end"
