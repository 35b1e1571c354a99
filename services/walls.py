"""Steering walls: whoever may asks a wall for a scene, a focus, a hold, brightness, cameras; the wall obeys and says what it shows.

On the live stream goes only that a wall has another version: what is asked for is read by whoever may see that wall.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

from domain.access import Actor, Forbidden
from domain.pairing import Screen
from domain.registry import Region
from domain.wall_state import CannotAsk, Known, WallState, asked
from services.account_ports import AuditEntry
from services.pairing_ports import PairingStore
from services.wall_ports import Asked, Nudge, Shown, WallStore

HEARD_MS = 60_000
"""A browser that has said nothing for so long shows nothing any more."""
LONGEST_TEXT, MOST_FIELDS = 200, 12


class WallView(NamedTuple):
    """A wall as the remote shows it."""

    wall: str
    asked: Asked
    screens: list[Screen]
    shown: list[Shown]


class Steering:
    """`walls`: codes of the walls; `scenes` of all walls; `told` told scene -> how many captions; `cameras` that may be on a wall."""

    def __init__(
        self,
        store: WallStore,
        pairing: PairingStore,
        regions: Callable[[], Mapping[str, Region]],
        walls: Collection[str],
        scenes: Collection[str],
        told: Mapping[str, int],
        cameras: Callable[[Actor], Collection[str]],
        nudge: Nudge,
    ) -> None:
        self._store, self._pairing, self._regions = store, pairing, regions
        self.walls, self._scenes, self._told = tuple(walls), scenes, told
        self._cameras, self._nudge = cameras, nudge

    def steerable(self, actor: Actor, now: int) -> list[WallView]:
        """The walls that the actor may steer, with what is asked of each and what it shows. Raises Forbidden."""
        if not actor.may("steer_wall"):
            raise Forbidden("steer_wall")
        screens = self._pairing.screens()
        mine = [wall for wall in self.walls if self._within(actor, wall, screens)]
        return [self._view(wall, screens, now) for wall in mine]

    def asked_of(self, actor: Actor, wall: str) -> Asked:
        """What is asked of a wall, for its own screen and whoever may steer it. Raises Forbidden, LookupError."""
        self._seen(actor, wall)
        return self._store.asked(wall)

    def ask(self, actor: Actor, wall: str, change: Mapping[str, Any], now: int, address: str = "") -> WallState:
        """Ask a wall for something else; the fields that are not in `change` stay. Raises Forbidden, LookupError, CannotAsk."""
        if not actor.may("steer_wall"):
            raise Forbidden("steer_wall")
        self._seen(actor, wall)
        cameras = change.get("cameras")
        if isinstance(cameras, list) and cameras and not set(map(str, cameras)) <= set(self._cameras(actor)):
            raise CannotAsk("cameras")
        known = Known(self._scenes, self._told, now)
        detail = {name: value for name, value in change.items() if name != "version"}

        def entry(_: WallState) -> AuditEntry:
            return AuditEntry(now, actor.username, "steer_wall", wall, "ok", address, detail)

        state = self._store.change(wall, lambda before: asked(before, change, known), entry)
        self._nudge(wall, state.version)
        return state

    def report(self, actor: Actor, wall: str, said: Mapping[str, Any], now: int) -> int:
        """A wall's browser says what it shows; returns the version that is asked for. Raises Forbidden, LookupError, CannotAsk."""
        screen = self._seen(actor, wall)
        plain = isinstance(said, Mapping) and len(said) <= MOST_FIELDS
        if not plain or not all(isinstance(one, bool | int | float | None) or _short(one) for one in said.values()):
            raise CannotAsk("shown")
        self._store.report(Shown(screen or f"user:{actor.username}", wall, said, now))
        return self._store.asked(wall).state.version

    def _view(self, wall: str, screens: Collection[Screen], now: int) -> WallView:
        mine = [one for one in screens if one.wall == wall]
        return WallView(wall, self._store.asked(wall), mine, list(self._store.shown(wall, now - HEARD_MS)))

    def _seen(self, actor: Actor, wall: str) -> str:
        """The id of the screen that asks, empty for a person. A screen has its own wall alone; others don't exist for it."""
        if wall not in self.walls:
            raise LookupError(wall)
        if not actor.may("see_picture"):
            raise Forbidden("see_picture")
        screens = self._pairing.screens()
        if actor.token_scope == "screen":
            own = next((one for one in screens if one.wall == wall and actor.username == f"screen:{one.screen_id}"), None)
            if own is None:
                raise LookupError(wall)
            return own.screen_id
        if not self._within(actor, wall, screens):
            raise LookupError(wall)
        return ""

    def _within(self, actor: Actor, wall: str, screens: Collection[Screen]) -> bool:
        """Whether everything that the wall's screens may see lies in the actor's own scope; a wall of nobody is the whole city's."""
        known = dict(self._regions())
        scopes = [(one.regions, one.departments) for one in screens if one.wall == wall] or [(frozenset[str](), frozenset[str]())]
        return all(actor.covers(*scope, known) for scope in scopes)


def _short(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_TEXT and value.isprintable()
