"""What is asked of a wall: scene, focus, hold, brightness, cameras, a moment. The rules of what can be asked; services/walls.py steers."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

FOCUS = ("incident", "alarm", "device", "region", "place")
MOST_CAMERAS = 16
LEAST_BRIGHTNESS = 0.1
ID_LENGTH = 128


SCREENS = ("paired", "named", "any")
"""Which browsers a wall's care is for: paired screens alone, those whose address names the wall too, or whoever shows it."""


class WallCare(NamedTuple):
    """Whom it is for; minutes of the day between which a wall is dimmed to `dim_to`, pixels and minutes of its shift against burning in."""

    code: str
    screens: str
    night_from: int
    night_to: int
    dim_to: float
    shift_px: int
    shift_minutes: int


@dataclass(frozen=True)
class WallState:
    """What a wall is asked to show. An empty `scene` leaves it to its playlist; `told` is a told scene that runs, `step` its caption.

    `focus` is {kind, id, lon, lat} or None; `cameras` are put on the wall in this order; `at` holds the picture at a moment (epoch ms).
    """

    scene: str = ""
    focus: Mapping[str, Any] | None = None
    hold: bool = False
    brightness: float = 1.0
    cameras: tuple[str, ...] = ()
    at: int | None = None
    told: str = ""
    step: int = 0
    version: int = 0


class CannotAsk(ValueError):
    """A wall cannot do this; `args[0]` names the field."""


class Known(NamedTuple):
    """What can be asked for: scenes, told scenes with how many captions each has, and the moment of asking."""

    scenes: Collection[str]
    told: Mapping[str, int]
    now: int


def asked(before: WallState, change: Mapping[str, Any], known: Known) -> WallState:
    """The state after a change of some fields. Raises CannotAsk naming the first field that cannot be."""
    if unknown := sorted(set(change) - set(CHECKS)):
        raise CannotAsk(unknown[0])
    values = {name: CHECKS[name](value, known) for name, value in change.items()}
    if "told" in values and "step" not in values:
        values["step"] = 0
    after = WallState(**{**_fields(before), **values, "version": before.version + 1})
    if after.told and after.step >= known.told.get(after.told, 0):
        raise CannotAsk("step")
    return after


def from_document(document: Mapping[str, Any], version: int) -> WallState:
    """As it was kept."""
    held = {name: document[name] for name in CHECKS if name in document}
    return WallState(**{**held, "cameras": tuple(held.get("cameras", ())), "version": version})


def document_of(state: WallState) -> dict[str, Any]:
    """As it is kept."""
    return {**_fields(state), "cameras": list(state.cameras)}


def _fields(state: WallState) -> dict[str, Any]:
    return {name: getattr(state, name) for name in CHECKS}


def _scene(value: Any, known: Known) -> str:
    if value != "" and value not in known.scenes:
        raise CannotAsk("scene")
    return str(value)


def _focus(value: Any, known: Known) -> dict[str, Any] | None:
    if value is None:
        return None
    if not isinstance(value, dict) or value.get("kind") not in FOCUS or not _named(value.get("id")):
        raise CannotAsk("focus")
    lon, lat = value.get("lon"), value.get("lat")
    if not (_within(lon, 180) and _within(lat, 90)) and (lon, lat) != (None, None):
        raise CannotAsk("focus")
    return {"kind": value["kind"], "id": value["id"], "lon": lon, "lat": lat}


def _hold(value: Any, known: Known) -> bool:
    if not isinstance(value, bool):
        raise CannotAsk("hold")
    return value


def _brightness(value: Any, known: Known) -> float:
    if not _within(value, 1) or value < LEAST_BRIGHTNESS:
        raise CannotAsk("brightness")
    return round(float(value), 2)


def _cameras(value: Any, known: Known) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > MOST_CAMERAS or not all(_named(one) for one in value) or len(set(value)) != len(value):
        raise CannotAsk("cameras")
    return tuple(value)


def _at(value: Any, known: Known) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= known.now:
        raise CannotAsk("at")
    return value


def _told(value: Any, known: Known) -> str:
    if value != "" and value not in known.told:
        raise CannotAsk("told")
    return str(value)


def _step(value: Any, known: Known) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise CannotAsk("step")
    return value


def _within(value: Any, most: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= most


def _named(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= ID_LENGTH and value.isprintable()


CHECKS = {
    "scene": _scene,
    "focus": _focus,
    "hold": _hold,
    "brightness": _brightness,
    "cameras": _cameras,
    "at": _at,
    "told": _told,
    "step": _step,
}
"""Field -> what it may be."""
