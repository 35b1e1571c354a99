"""Public warnings 预警: what was said, and which of it is in force.

A warning is what somebody else says ahead of harm; it is neither an alarm nor a response, and its level 红橙黄蓝 is never reckoned from
another scale (DOMAIN, three scales). Times are epoch milliseconds, places WGS 84. What is in force follows from the set of statements
alone, never from the order in which they came: a cancellation that overtakes its warning holds.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from math import cos, radians
from typing import Any, NamedTuple

from shapely import Geometry, Point, Polygon, make_valid, unary_union
from shapely.affinity import scale

from domain.distance import METRES_PER_DEGREE


class Level(StrEnum):
    """The legal colours, gravest first (突发事件应对法)."""

    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    BLUE = "blue"


class Action(StrEnum):
    """What a statement does: says something new, replaces what it refers to, or takes that back."""

    ISSUE = "issue"
    UPDATE = "update"
    CANCEL = "cancel"


class Status(StrEnum):
    """Whether it is meant: `test` holds drafts and tests of the system too."""

    ACTUAL = "actual"
    EXERCISE = "exercise"
    TEST = "test"


class Standing(StrEnum):
    """What a warning is at a moment. `unclear`: it never said until when, and nobody has said anything since."""

    AHEAD = "ahead"
    IN_FORCE = "in_force"
    UNCLEAR = "unclear"
    EXPIRED = "expired"
    REPLACED = "replaced"
    LIFTED = "lifted"


class Area(NamedTuple):
    """Where a warning holds: words, codes by their scheme, rings of (lon, lat), circles of (lon, lat, metres)."""

    name: str
    codes: tuple[tuple[str, str], ...] = ()
    rings: tuple[tuple[tuple[float, float], ...], ...] = ()
    circles: tuple[tuple[float, float, float], ...] = ()


class Warned(NamedTuple):
    """One statement about one hazard.

    `alert` is what others refer to it by; `statement` its own key (an alert may hold several). `level` is None where nobody named a
    colour. `texts`: language -> headline, description, instruction. `expires_at` None: it doesn't say.
    """

    statement: str
    alert: str
    action: Action
    status: Status
    references: tuple[str, ...]
    sent_at: int
    sender: str
    hazard: str
    level: Level | None
    severity: str
    urgency: str
    certainty: str
    effective_at: int
    onset_at: int | None
    expires_at: int | None
    areas: tuple[Area, ...]
    texts: Mapping[str, Mapping[str, str]]
    signed: bool = False
    """One of the certificates that the city knows of its sender has signed it."""


TEXT_KEYS = ("headline", "description", "instruction")


def as_facts(said: Warned) -> dict[str, Any]:
    """The statement as plain JSON, the facts of an event of the kind `warning`. `statement` is the event's own key."""
    kept = {name: value for name, value in said._asdict().items() if name not in ("statement", "areas", "references")}
    return {
        **kept,
        "action": said.action.value,
        "status": said.status.value,
        "level": None if said.level is None else said.level.value,
        "references": list(said.references),
        "texts": {language: dict(text) for language, text in said.texts.items()},
        "areas": [_area_facts(area) for area in said.areas],
    }


def from_facts(statement: str, facts: Mapping[str, Any]) -> Warned:
    """The statement again. Raises ValueError, KeyError or TypeError for facts of another shape."""
    plain = {name: facts[name] for name in ("alert", "sender", "hazard", "severity", "urgency", "certainty", "sent_at", "effective_at")}
    return Warned(
        **plain,
        statement=statement,
        action=Action(facts["action"]),
        status=Status(facts["status"]),
        references=tuple(facts["references"]),
        level=None if facts["level"] is None else Level(facts["level"]),
        onset_at=facts["onset_at"],
        expires_at=facts["expires_at"],
        areas=tuple(_area_of(area) for area in facts["areas"]),
        texts=facts["texts"],
        signed=bool(facts.get("signed", False)),
    )


def _area_facts(area: Area) -> dict[str, Any]:
    return {
        "name": area.name,
        "codes": [list(code) for code in area.codes],
        "rings": [[list(place) for place in ring] for ring in area.rings],
        "circles": [list(circle) for circle in area.circles],
    }


def _area_of(facts: Mapping[str, Any]) -> Area:
    return Area(
        facts["name"],
        tuple((scheme, value) for scheme, value in facts["codes"]),
        tuple(tuple((lon, lat) for lon, lat in ring) for ring in facts["rings"]),
        tuple((lon, lat, metres) for lon, lat, metres in facts["circles"]),
    )


def standings(said: Iterable[Warned], now: int, unclear_after_ms: int) -> dict[str, Standing]:
    """What each statement that warns is at `now`, by its key; cancellations themselves are left out, and so is what was said after `now`.

    A reference ends what it names, whichever came first. A warning that doesn't say until when is in force for `unclear_after_ms` after
    it was said, then `unclear`: shown as such, for nobody may take it back silently.
    """
    known = [one for one in said if one.sent_at <= now]
    ended = _ended(known)
    return {one.statement: _standing(one, ended, now, unclear_after_ms) for one in known if one.action is not Action.CANCEL}


def _ended(said: Sequence[Warned]) -> dict[tuple[str, Status], Standing]:
    """Alerts that another statement of the same status refers to. A test never takes back what is meant, nor an exercise."""
    ended: dict[tuple[str, Status], Standing] = {}
    for one in said:
        if one.action is Action.ISSUE:
            continue
        for alert in one.references:
            if alert == one.alert:
                continue
            if one.action is Action.CANCEL:
                ended[alert, one.status] = Standing.LIFTED
            else:
                ended.setdefault((alert, one.status), Standing.REPLACED)
    return ended


def _standing(one: Warned, ended: Mapping[tuple[str, Status], Standing], now: int, unclear_after_ms: int) -> Standing:
    if (one.alert, one.status) in ended:
        return ended[one.alert, one.status]
    if one.expires_at is not None and now >= one.expires_at:
        return Standing.EXPIRED
    if now < one.effective_at:
        return Standing.AHEAD
    if one.expires_at is None and now >= max(one.effective_at, one.sent_at) + unclear_after_ms:
        return Standing.UNCLEAR
    return Standing.IN_FORCE


SHOWN = (Standing.IN_FORCE, Standing.UNCLEAR, Standing.AHEAD)
"""What a face shows as a warning; the rest is history."""
GRAVITY = {level: place for place, level in enumerate(Level)}


def gravity(said: Warned) -> tuple[int, int, str]:
    """A key that sorts the gravest first: by level, then the newest; what has no level comes last."""
    return GRAVITY[said.level] if said.level else len(GRAVITY), -said.sent_at, said.statement


def shape_of(area: Area) -> Geometry | None:
    """The area's rings and circles as one valid geometry, or None where it is told in words and codes alone."""
    rings = [make_valid(Polygon(ring)) for ring in area.rings]
    circles = [_disc(lon, lat, metres) for lon, lat, metres in area.circles if metres > 0]
    shape = unary_union([*rings, *circles])
    return None if shape.is_empty else shape


def _disc(lon: float, lat: float, metres: float) -> Geometry:
    """A circle on the ground, in degrees: wider in longitude the farther from the equator."""
    north = metres / METRES_PER_DEGREE
    return scale(Point(lon, lat).buffer(north), xfact=1 / max(cos(radians(lat)), 0.01), yfact=1.0)
