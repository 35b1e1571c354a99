"""Pairing walls: a browser asks and shows a code, a person approves it, the browser then holds a read-only session that does not run out.

The browser's secret is made when it asks and is worth nothing until somebody approves its code; so nothing secret travels afterwards.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence

from domain.access import Actor, Forbidden
from domain.identity import uuid7
from domain.pairing import ALPHABET, LENGTH, MINUTE, NAME_LENGTH, Ask, Limits, Screen, counts, normal_code
from domain.registry import Region
from domain.sign_in import SEEN_GRAIN, Policy
from services.account_ports import AccountStore, AuditEntry
from services.accounts import CACHED_MS, TooManyAttempts, hash_of
from services.pairing_ports import PairingStore

MARK = "screen."
"""A screen's secret begins so: it is never looked for among people's sessions."""
AGENT_LENGTH = 200
TRIES = 8
ROLE = "operator"
"""Whose eyes a screen has; SCREEN (domain/access.py) leaves of it only looking."""
CACHE_SIZE = 1_000


class NotPaired(Exception):
    """The screen was not paired; `code` says why: code, name, wall, scope."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


class TooManyAsks(Exception):
    """More browsers wait for approval than are let in at once."""


class Pairing:
    """`walls`: the codes of the walls that there are; `brake` slows whoever types wrong codes."""

    def __init__(
        self,
        store: PairingStore,
        brake: AccountStore,
        regions: Callable[[], Mapping[str, Region]],
        walls: Sequence[str],
        limits: Limits,
        policy: Policy | None = None,
    ) -> None:
        self._store, self._brake, self._regions = store, brake, regions
        self.walls, self.limits, self._policy = tuple(walls), limits, policy or Policy()
        self._known: dict[bytes, tuple[Screen, int]] = {}

    def ask(self, secret: str, now: int, address: str = "", agent: str = "") -> tuple[str, Ask]:
        """A browser's secret and its open ask; a new secret and code unless `secret` still waits. Raises TooManyAsks."""
        if secret.startswith(MARK) and (held := self._store.asked(hash_of(secret), now)):
            return secret, held
        here, everywhere = self._store.open_asks(address, now)
        if here >= self.limits.codes_per_address or everywhere >= self.limits.codes_in_all:
            raise TooManyAsks
        secret = MARK + secrets.token_urlsafe(32)
        for _ in range(TRIES):
            code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
            made = Ask(code, address, agent[:AGENT_LENGTH], now, now + self.limits.code_minutes * MINUTE)
            if self._store.ask(made, hash_of(secret)):
                return secret, made
        raise TooManyAsks

    def look(self, actor: Actor, typed: str, now: int, address: str = "") -> Ask:
        """Which browser shows this code. Raises Forbidden, NotPaired for no such code, TooManyAttempts after many wrong ones."""
        if not actor.may("pair_screen"):
            raise Forbidden("pair_screen")
        who = f"pairing:{actor.username}"
        if wait := self._brake.attempt(who, address, now, self._policy.wait_after):
            raise TooManyAttempts(wait)
        found = self._store.waiting(normal_code(typed), now)
        if found is None:
            raise NotPaired("code", "no screen shows this code now")
        self._brake.forgive(who, address)
        return found

    def approve(
        self, actor: Actor, typed: str, name: str, wall: str, scope: tuple[frozenset[str], frozenset[str]], now: int, address: str = ""
    ) -> Screen:
        """Let the browser of this code be a screen of `wall` with (regions, departments) out of the actor's own scope.

        Raises as `look`, and NotPaired for a name, wall or scope that cannot be.
        """
        ask = self.look(actor, typed, now, address)
        regions, departments = scope
        name = name.strip()
        if not 0 < len(name) <= NAME_LENGTH or not name.isprintable():
            raise NotPaired("name", f"a name has 1 to {NAME_LENGTH} printable characters")
        if wall not in self.walls:
            raise NotPaired("wall", f"the walls are: {', '.join(self.walls)}")
        known = dict(self._regions())
        if not regions <= set(known) or not actor.covers(regions, departments, known):
            raise NotPaired("scope", "a screen sees at most what you see yourself")
        screen = Screen(str(uuid7(now)), name, wall, regions, departments, actor.username, now, now, ask.address, ask.agent)
        detail = {"name": name, "wall": wall, "regions": sorted(regions), "departments": sorted(departments), "from": ask.address}
        entry = AuditEntry(now, actor.username, "pair_screen", screen.screen_id, "ok", address, detail)
        if not self._store.approve(ask.code, screen, entry):
            raise NotPaired("code", "no screen shows this code now")
        return screen

    def screens(self, actor: Actor) -> list[Screen]:
        """The screens whose scope lies in the actor's own. Raises Forbidden."""
        if not actor.may("pair_screen"):
            raise Forbidden("pair_screen")
        known = dict(self._regions())
        return [one for one in self._store.screens() if actor.covers(one.regions, one.departments, known)]

    def revoke(self, actor: Actor, screen_id: str, now: int, address: str = "") -> None:
        """End a screen's session; its stream ends within seconds. Raises Forbidden, LookupError."""
        found = next((one for one in self.screens(actor) if one.screen_id == screen_id), None)
        detail = {"name": found.name, "wall": found.wall} if found else {}
        entry = AuditEntry(now, actor.username, "revoke_screen", screen_id, "ok", address, detail)
        if found is None or not self._store.revoke(screen_id, entry):
            raise LookupError(screen_id)
        self._known.clear()

    def screen_of(self, secret: str, now: int) -> Screen | None:
        """The screen that a secret stands for; None for nobody. What another process revokes counts within two seconds."""
        if not secret.startswith(MARK):
            return None
        key = hash_of(secret)
        screen, read_at = self._known.get(key, (None, 0))
        if screen and 0 <= now - read_at < CACHED_MS:
            return screen
        self._known.pop(key, None)
        screen = self._store.screen(key)
        if screen is None or not counts(screen, now, self.limits):
            return None
        if now - screen.last_seen_at >= SEEN_GRAIN:
            self._store.touch(screen.screen_id, now)
        if len(self._known) >= CACHE_SIZE:
            self._known.clear()
        self._known[key] = (screen, now)
        return screen

    def actor_of(self, secret: str, now: int) -> Actor | None:
        """Who looks with this secret: a screen, which may only look."""
        screen = self.screen_of(secret, now)
        if screen is None:
            return None
        return Actor(f"screen:{screen.screen_id}", frozenset({ROLE}), screen.regions, screen.departments, screen.name, "screen")
