"""One reader of the frames per web worker, and the same bytes for every screen of a scope.

Screens keep a position in their scope's channel, so a screen that doesn't read costs nothing; one that falls out of the
channel, or whose socket takes nothing for STUCK_S, is cut. Works with threads and with gevent's patched ones.
"""

import logging
import random
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping

from domain.freshness import Freshness
from domain.registry import Region
from services.live_ports import Frames, LiveFrame, LiveUnavailable
from services.mirror import Mirror, dumps
from services.scope import Scope

log = logging.getLogger(__name__)

HELD_FRAMES = 240
HELD_BYTES = 8_000_000
CHANNEL_BYTES = 4_000_000
STUCK_S = 10
STALE_EVERY_S = 5
REPORT_EVERY_S = 3
TREE_EVERY_S = 30


def event(kind: str, epoch: str, version: int, at: int, pieces: Mapping[str, str], told: str = "") -> bytes:
    """One server-sent event; `pieces` are JSON texts, `told` further JSON fields."""
    body = ",".join(f"{dumps(name)}:{text}" for name, text in pieces.items())
    head = f'{{"epoch":{dumps(epoch)},"version":{version},"at":{at}{told},"pieces":{{{body}}}}}'
    return f"event: {kind}\nid: {epoch}-{version}\ndata: {head}\n\n".encode()


def reset(reason: str) -> bytes:
    """The event that tells a screen to forget what it holds; the empty id makes a reconnect start from a snapshot."""
    return f"event: reset\nid:\ndata: {dumps({'reason': reason})}\n\n".encode()


class Channel:
    """The latest events of one scope. `end` is the position after the newest."""

    def __init__(self) -> None:
        self.events: deque[bytes] = deque()
        self.end = 0
        self._bytes = 0

    def put(self, data: bytes) -> None:
        """Add an event; the oldest go when there are too many bytes (the newest always stays)."""
        self.events.append(data)
        self.end += 1
        self._bytes += len(data)
        while self._bytes > CHANNEL_BYTES and len(self.events) > 1:
            self._bytes -= len(self.events.popleft())

    def get(self, position: int) -> bytes | None:
        """The event at `position`, or None when it is gone."""
        index = position - (self.end - len(self.events))
        return self.events[index] if index >= 0 else None


class Screen:
    """One open stream."""

    def __init__(self, fanout: "Fanout", scope: Scope, first: list[bytes], cut: Callable[[], None]) -> None:
        self.fanout, self.scope, self.cut = fanout, scope, cut
        self.channel = fanout.channels[scope]
        self.position = self.channel.end
        self.first = deque(first)
        self.ended: str | None = None
        self.sending_since: float | None = None

    def next(self, wait_s: float) -> bytes | None:
        """The next event; None when none came in `wait_s` or the stream ended (`ended` says why)."""
        if self.first:
            return self.first.popleft()
        with self.fanout.news:
            if self.position == self.channel.end and not self.ended:
                self.fanout.news.wait(wait_s)
            if self.ended or self.position == self.channel.end:
                return None
            data = self.channel.get(self.position)
            if data is None:
                self.ended = "slow"
            self.position += 1
            return data


class Fanout:
    """Reads frames, keeps the mirror, feeds the channels. `tree` gives the regions; `worker` names this process, `freshness` says
    what is stale, `build` names the program: a page of another build loads itself again. What stands in `beside` runs with the reader."""

    def __init__(self, frames: Frames, tree: Callable[[], dict[str, Region]], worker: str, freshness: Freshness, build: str = "") -> None:
        self.frames, self._tree, self.worker, self.freshness, self.build = frames, tree, worker, freshness, build
        self.news = threading.Condition(threading.RLock())
        self.mirror: Mirror | None = None
        self.channels: dict[Scope, Channel] = {}
        self.screens: set[Screen] = set()
        self.closed = False
        self._held: deque[tuple[LiveFrame, int]] = deque(maxlen=HELD_FRAMES)
        self._held_bytes = 0
        self._started = False
        self.beside: list[Callable[[Fanout], None]] = []
        self._due: dict[str, float] = {}

    def start(self) -> None:
        """Start the reader and the keeper, once; called after the server has forked."""
        with self.news:
            if self._started:
                return
            self._started = True
        for job in (self._read, self._keep):
            threading.Thread(target=job, name=f"live{job.__name__}", daemon=True).start()
        for other in self.beside:
            threading.Thread(target=other, args=(self,), name="live_beside", daemon=True).start()

    def tell(self, data: bytes) -> None:
        """Give every screen an event that is no part of the picture."""
        with self.news:
            for channel in self.channels.values():
                channel.put(data)
            self.news.notify_all()

    def close(self) -> None:
        """End every stream. Safe in a signal handler: it only sets a flag that the keeper looks at."""
        self.closed = True

    def wait_loaded(self, wait_s: float, epoch: str = "", version: int = 0) -> Mirror | None:
        """The mirror, once it is there and, in `epoch`, has reached `version`; whatever there is after `wait_s`."""
        self.start()
        deadline = time.monotonic() + wait_s
        with self.news:
            while (left := deadline - time.monotonic()) > 0 and not self.closed:
                if self.mirror and (self.mirror.epoch != epoch or self.mirror.version >= version):
                    break
                self.news.wait(min(left, 0.5))
            return self.mirror

    def join(self, scope: Scope, last: tuple[str, int] | None, cut: Callable[[], None]) -> Screen:
        """A new screen. `last` is the epoch and version it already has; `cut` must make a blocked send fail."""
        self.start()
        with self.news:
            self.channels.setdefault(scope, Channel())
            screen = Screen(self, scope, self._first(scope, last), cut)
            self.screens.add(screen)
            return screen

    def leave(self, screen: Screen) -> None:
        """The screen's stream is over."""
        with self.news:
            self.screens.discard(screen)
            if not any(other.scope == screen.scope for other in self.screens):
                self.channels.pop(screen.scope, None)

    def end(self, screens: list[Screen], reason: str) -> None:
        """End these streams."""
        with self.news:
            for screen in screens:
                screen.ended = screen.ended or reason
            self.news.notify_all()

    def _first(self, scope: Scope, last: tuple[str, int] | None) -> list[bytes]:
        mirror = self.mirror
        if mirror is None:
            return [reset("no picture yet")] if last else []
        if last is None:
            return [self._snapshot(mirror, scope)]
        missed = self._missed(mirror, *last)
        if missed is None:
            return [reset("gap"), self._snapshot(mirror, scope)]
        events = [event("delta", f.epoch, f.version, f.at, self._seen(mirror, scope, f)) for f in missed[:-1]]
        for newest in missed[-1:]:
            counts = {f"{code}||counts": dumps(numbers) for code, numbers in mirror.counts_for(scope).items()}
            pieces = {**self._seen(mirror, scope, newest), **counts}
            events.append(event("delta", newest.epoch, newest.version, newest.at, pieces, self._told(scope)))
        return events

    def _missed(self, mirror: Mirror, epoch: str, version: int) -> list[LiveFrame] | None:
        if epoch != mirror.epoch or version > mirror.version:
            return None
        missed = [frame for frame, _ in self._held if frame.version > version]
        return missed if len(missed) == mirror.version - version else None

    def _seen(self, mirror: Mirror, scope: Scope, frame: LiveFrame) -> dict[str, str]:
        return {name: text for name, text in frame.pieces.items() if mirror.sees(scope, name)}

    def _snapshot(self, mirror: Mirror, scope: Scope) -> bytes:
        return event("snapshot", mirror.epoch, mirror.version, mirror.at, mirror.snapshot(scope), self._told(scope))

    def _told(self, scope: Scope) -> str:
        return f',"scope":{dumps(scope.mark)},"build":{dumps(self.build)}'

    def _read(self) -> None:
        lost = False
        while not self.closed:
            try:
                self._follow()
                if lost:
                    log.warning("live picture reached again")
                lost = False
            except LiveUnavailable as error:
                if not lost:
                    log.warning("%s; screens keep what they have, trying again", error)
                lost = True
                time.sleep(0.3 + 0.4 * random.random())
            except Exception:
                log.exception("live reader: reloading the picture")
                self.mirror = None
                time.sleep(1)

    def _follow(self) -> None:
        """Take the next frames; load the whole picture when there is none or a gap."""
        mirror = self.mirror
        frames = self.frames.after(mirror.epoch, mirror.version, 1.0) if mirror else None
        if frames is None:
            loaded = self.frames.load()
            if loaded is None:
                time.sleep(0.25)
            elif mirror is None or (loaded.epoch, loaded.version) != (mirror.epoch, mirror.version):
                self._reload(loaded)
        for frame in frames or ():
            self._publish(frame)

    def _reload(self, loaded: LiveFrame) -> None:
        mirror = Mirror(loaded, self._tree(), self.freshness)
        mirror.judge_stale(int(time.time() * 1000))
        with self.news:
            self.mirror = mirror
            self._held.clear()
            self._held_bytes = 0
            for scope, channel in self.channels.items():
                channel.put(reset("new picture") + self._snapshot(mirror, scope))
            mirror.settle()
            self.news.notify_all()

    def _publish(self, frame: LiveFrame) -> None:
        with self.news:
            mirror = self.mirror
            if mirror is None:
                return
            mirror.apply(frame)
            size = sum(map(len, frame.pieces.values()))
            self._held.append((frame, size))
            self._held_bytes = sum(size for _, size in self._held)
            while self._held_bytes > HELD_BYTES and self._held:
                self._held_bytes -= self._held.popleft()[1]
            for scope, channel in self.channels.items():
                seen = self._seen(mirror, scope, frame)
                seen.update({f"{code}||counts": dumps(n) for code, n in mirror.counts_for(scope, changed_only=True).items()})
                if seen:
                    channel.put(event("delta", frame.epoch, frame.version, frame.at, seen))
            mirror.settle()
            self.news.notify_all()

    def _keep(self) -> None:
        reported = -1
        while not self.closed:
            time.sleep(0.2)
            self._cut_stuck()
            try:
                if self._is_due("report", REPORT_EVERY_S) or len(self.screens) != reported:
                    reported = len(self.screens)
                    self.frames.report_clients(self.worker, reported)
                self._refresh()
            except LiveUnavailable:
                reported = -1
            except Exception:
                log.exception("live keeper: going on")
                time.sleep(1)
        self.end(list(self.screens), "shutdown")

    def _refresh(self) -> None:
        tree = self._tree() if self._is_due("tree", TREE_EVERY_S) else None
        judge = self._is_due("stale", STALE_EVERY_S)
        with self.news:
            if self.mirror and tree is not None:
                self.mirror.plant(tree)
            if self.mirror and judge:
                self.mirror.judge_stale(int(time.time() * 1000))

    def _is_due(self, job: str, every_s: float) -> bool:
        now = time.monotonic()
        if now < self._due.get(job, 0):
            return False
        self._due[job] = now + every_s
        return True

    def _cut_stuck(self) -> None:
        limit = time.monotonic() - STUCK_S
        for screen in list(self.screens):
            if screen.sending_since is not None and screen.sending_since < limit:
                screen.ended = "slow"
                screen.cut()
