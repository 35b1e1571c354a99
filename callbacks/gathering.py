"""What single panels of the wall ask for by name, when they look at it: units, who is on duty, indicators' values, what is in command."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from callbacks import office_seen
from domain.access import Actor
from domain.displays import Display
from domain.incident_states import GRADES
from domain.registry import Device
from domain.travel import Point
from layouts.incidents.naming import Naming
from layouts.wall import screen_of
from layouts.words import Words

MINUTE = 60_000
HOUR = 60 * MINUTE
KEPT_S = 120
NEAREST = 20
"""So many of the nearest units are kept; a panel shows as many as it has lines."""


class Asked(NamedTuple):
    """One question: whose, of which page, at which moment. `faces` is callbacks.faces.Faces."""

    faces: Any
    actor: Actor
    words: Words
    snapshot: Any
    page: str
    display: Display
    at: int | None


class Gathered(Mapping[str, Any]):
    """Name -> what was asked for, made once when a panel looks at it."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            self._made[name] = GATHER[name](self._asked)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(GATHER)

    def __len__(self) -> int:
        return len(GATHER)


def _naming(asked: Asked) -> Naming:
    """How incidents are named."""
    faces, register = asked.faces, asked.faces.city.register
    units = {one.unit.unit_id: one.unit.name for one in _units(asked) or ()}
    return Naming(asked.words, register.regions(asked.at), register.departments(asked.at), faces.classes, units)


def _units(asked: Asked) -> Any:
    """Units as they stand; None for a past moment, of which nobody keeps that."""
    return None if asked.at is not None else asked.faces.city.dispatch.units(asked.actor, asked.snapshot.at)


def _on_duty(asked: Asked) -> Any:
    """Who is on duty; None for somebody without the right to see it."""
    return asked.faces.city.roster.on_duty(asked.actor, asked.snapshot.at, asked.at) if asked.actor.may("see_duty") else None


class Feeds(NamedTuple):
    """Where values come from, by name: of one device, of all of a kind."""

    asked: Asked

    def of(self, device: Device) -> str:
        """The feed that brings the device's values; "" while none has."""
        asked = self.asked
        return str(asked.faces.city.device_feeds.of(asked.actor, device, asked.snapshot.at, asked.at))

    def of_kind(self, kind: str) -> Sequence[str]:
        """The feeds of the kind's devices, the one with the most first."""
        asked = self.asked
        return tuple(asked.faces.city.device_feeds.of_kind(asked.actor, kind, asked.snapshot.at, asked.at))


def _shared(asked: Asked, name: str, make: Callable[[], Any]) -> Any:
    """Made once a minute for everybody of the same scope."""
    scope = (sorted(asked.actor.regions), sorted(asked.actor.departments), asked.snapshot.at // MINUTE, asked.at is None)
    key = f"gathered:{name}:{scope}"
    held = asked.faces.memo.get(key)
    if held is None:
        held = make()
        asked.faces.memo.set(key, held, timeout=KEPT_S)
    return held


def _places(asked: Asked) -> Any:
    """The indicator that shades the map, in every town, the worst first."""
    code, now, at = asked.display.shade, asked.snapshot.at, asked.at
    if not code:
        return []
    try:
        return _shared(asked, f"places:{code}", lambda: asked.faces.city.vital_signs.places(asked.actor, code, now, at))
    except LookupError:
        return []


def _series(asked: Asked) -> Mapping[str, Any]:
    """Indicator -> its last values in the whole scope (None where there is none), oldest first."""
    return {code: _shared(asked, f"series:{code}", lambda code=code: _values(asked, code)) for code in asked.display.indicators}  # type: ignore[misc]


def _values(asked: Asked, code: str) -> list[float | None]:
    try:
        _, _, values, _ = asked.faces.city.explaining.series(asked.actor, code, None, asked.snapshot.at, asked.at)
    except LookupError:
        return []
    return [one.value for one in values]


def _about(asked: Asked) -> tuple[str, str]:
    """What the screen is about, `incident` or `alarm` and its id: what it was told; where it was told nothing, the gravest incident that
    is open, else the newest critical alarm that nobody has taken. Both empty where there is none."""
    kind, _, wanted = _focus(asked).partition(":")
    if wanted:
        return kind, wanted
    if gravest := min(_commanded(asked), key=_gravity, default=None):
        return "incident", gravest["incident_id"]
    newest = max(filter(_waits, asked.snapshot.alarms), key=lambda one: one["raised_at"], default=None)
    return ("alarm", newest["alarm_id"]) if newest else ("", "")


def _waits(alarm: Mapping[str, Any]) -> bool:
    lit = alarm["severity"] == "critical" and alarm["state"] == "active"
    return lit and alarm["acknowledged_at"] is None and not alarm.get("silence_id")


def _alarm(asked: Asked) -> Any:
    """The alarm that the screen is about."""
    kind, wanted = _about(asked)
    return next((one for one in asked.snapshot.alarms if kind == "alarm" and one["alarm_id"] == wanted), None)


def _story(asked: Asked) -> Any:
    """The incident that the screen is about, or the one of its alarm, with its events (services.incident_desk.Seen). None where there is
    none."""
    kind, wanted = _about(asked)
    if kind == "alarm":
        wanted = next((one["incident_id"] for one in asked.snapshot.incidents if wanted in one.get("alarms", ())), "")
    try:
        return asked.faces.city.incident_desk.one(asked.actor, wanted, asked.snapshot.at, asked.at) if wanted else None
    except LookupError:
        return None


def _chain(asked: Asked) -> Any:
    """Who was called about the alarm (services.chains.Chain); None for somebody without the right to see it, and of a past moment."""
    alarm = _alarm(asked)
    if alarm is None or asked.at is not None or not asked.actor.may("see_duty"):
        return None
    return asked.faces.city.chains.shown(f"alarm:{alarm['alarm_id']}")


def _alarm_points(asked: Asked) -> Sequence[Any]:
    """What the alarm's device measured, from an hour before the raise on, a day at most."""
    alarm, now = _alarm(asked), asked.snapshot.at
    if alarm is None or alarm["raised_value"] is None:
        return ()
    since, read = max(alarm["raised_at"] - HOUR, now - 24 * HOUR), asked.faces.city.history.device
    wanted = (asked.actor, alarm["device_id"], alarm["metric"], since, now + 1, asked.at)
    points: Sequence[Any] = _shared(asked, f"course:{alarm['alarm_id']}", lambda: read(*wanted))
    return points


def _nearest(asked: Asked) -> Any:
    """The free units that would be there first, with their ways, those that can do what is needed before the others; none of a past
    moment, and where the place is not known."""
    alarm, story = _alarm(asked), _story(asked)
    device = asked.faces.city.register.device(asked.actor, alarm["device_id"], asked.at) if alarm else None
    place = (
        (device.lon, device.lat)
        if device
        else (story.incident.place.get("lon"), story.incident.place.get("lat"))
        if story
        else (None, None)
    )
    if asked.at is not None or place[0] is None:
        return []
    dispatch, kind = asked.faces.city.dispatch, story.incident.class_code if story else ""
    key = f"nearest:{place[0]:.5f},{place[1]:.5f}:{kind}"
    return _shared(asked, key, lambda: dispatch.nearest(asked.actor, Point(*place), asked.snapshot.at, NEAREST, kind))


def _commanded(asked: Asked) -> list[Mapping[str, Any]]:
    spines = asked.display.spines
    return [one for one in asked.snapshot.incidents if (not spines or one["spine"] in spines) and not one.get("exercise")]


def _gravity(one: Mapping[str, Any]) -> tuple[int, int]:
    return GRADES.index(one["grade"]) if one.get("grade") in GRADES else len(GRADES), -one["reported_at"]


def _focus(asked: Asked) -> str:
    screen = screen_of(asked.page)
    return screen.focus if screen else ""


GATHER: Mapping[str, Callable[[Asked], Any]] = {
    "naming": _naming,
    "units": _units,
    "on_duty": _on_duty,
    "places": _places,
    "series": _series,
    "alarm": _alarm,
    "story": _story,
    "chain": _chain,
    "alarm_points": _alarm_points,
    "nearest": _nearest,
    "feeds": Feeds,
    "storm": lambda asked: asked.faces.storm,
    "username": lambda asked: asked.actor.username,
    "office": office_seen.office,
    "office_towns": office_seen.towns,
}
