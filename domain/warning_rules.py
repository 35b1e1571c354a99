"""Which of a city's places a warning concerns, and what a city does by itself when one comes into force (standing rules)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from shapely import Geometry

from domain.warnings import Area, Level, Standing, Status, Warned, shape_of

CODES, SHAPE, NAME, UNKNOWN = "codes", "shape", "name", "unknown"
"""How it is known where a warning holds: by a division code, by the drawn area, by a place's name in the words, or not at all."""


class Place(NamedTuple):
    """One region of the city; `outline` in WGS 84, None where the city's pack draws none."""

    code: str
    name: str
    parent: str | None
    outline: Geometry | None


class Placed(NamedTuple):
    """The regions that a warning concerns, and how that is known. Empty and `unknown`: nobody can tell. Empty otherwise: elsewhere."""

    regions: tuple[str, ...]
    by: str


class PlacingRules(NamedTuple):
    """`schemes`: the names under which senders give division codes. `least_share`: how much of a region a drawn area must cover."""

    schemes: frozenset[str]
    least_share: float


class WarningRule(NamedTuple):
    """A standing rule: for these hazards at these levels call the duty roster until somebody answers, show these kinds of resources."""

    name: str
    hazards: tuple[str, ...]
    levels: frozenset[Level]
    call: bool
    resources: tuple[str, ...]


def placed(said: Warned, places: Sequence[Place], rules: PlacingRules) -> Placed:
    """Where in the city the warning holds: each area by its codes, else by its shape, else by the names in its words."""
    found = [_area(area, places, rules) for area in said.areas]
    regions = tuple(dict.fromkeys(code for one in found for code in one.regions))
    if regions:
        return Placed(regions, next(one.by for one in found if one.regions))
    unknown = not found or any(one.by == UNKNOWN for one in found)
    return Placed((), UNKNOWN if unknown else found[0].by)


def _area(area: Area, places: Sequence[Place], rules: PlacingRules) -> Placed:
    codes = [value for scheme, value in area.codes if scheme in rules.schemes]
    if codes:
        return Placed(_by_codes(codes, places), CODES)
    shape = shape_of(area)
    if shape is not None:
        return Placed(_by_shape(shape, places, rules.least_share), SHAPE)
    named = _by_name(area.name, places)
    return Placed(named, NAME if named else UNKNOWN)


def _by_codes(codes: Iterable[str], places: Sequence[Place]) -> tuple[str, ...]:
    """A code of the city, or of what the city lies in, is the whole city; one inside it is the region that has it."""
    by_code = {_bare(place.code): place.code for place in places}
    roots = [place.code for place in places if place.parent is None]
    found: list[str] = []
    for code in map(_bare, codes):
        above = [root for root in roots if _bare(root).startswith(code)]
        found += above or ([by_code[code]] if code in by_code else [])
    return tuple(dict.fromkeys(found))


def _bare(code: str) -> str:
    """Without the pairs of zeros that stand for 'all of it': 441900 -> 4419, 441900003000 -> 441900003."""
    for end in (12, 9):
        if len(code) == end and code.endswith("000"):
            code = code[:-3]
    while len(code) <= 6 and code.endswith("00"):
        code = code[:-2]
    return code


def _by_shape(shape: Geometry, places: Sequence[Place], least_share: float) -> tuple[str, ...]:
    """Regions of which the area covers enough; one whose parent is covered whole is not named beside it."""
    drawn = [one for one in places if one.outline is not None and one.outline.area > 0 and shape.intersects(one.outline)]
    shares = {one.code: shape.intersection(one.outline).area / one.outline.area for one in drawn if one.outline is not None}
    whole = {code for code, share in shares.items() if share > 0.99}
    parents = {place.code: place.parent for place in places}
    touched = [code for code, share in shares.items() if share >= least_share and parents[code] not in whole]
    inner = {parents[code] for code in touched}
    return tuple(code for code in touched if code in whole or code not in inner)


def _by_name(words: str, places: Sequence[Place]) -> tuple[str, ...]:
    """Regions whose whole name stands in the words; of 东莞市南城街道 the inner one."""
    named = [place for place in places if place.name and place.name in words]
    inner = {place.parent for place in named}
    return tuple(place.code for place in named if place.code not in inner)


def rules_for(said: Warned, standing: Standing, rules: Iterable[WarningRule]) -> list[WarningRule]:
    """The standing rules that a warning in force sets off. Tests set off none; an exercise does, and is marked."""
    if standing is not Standing.IN_FORCE or said.status is Status.TEST or said.level is None:
        return []
    words = said.hazard.casefold()
    return [rule for rule in rules if said.level in rule.levels and any(hazard.casefold() in words for hazard in rule.hazards)]


def within(regions: Iterable[str], parents: Mapping[str, str | None], code: str) -> bool:
    """Whether a place lies in one of the regions."""
    wanted, here = set(regions), code
    while here not in wanted:
        above = parents.get(here)
        if above is None:
            return False
        here = above
    return True
