"""Walls of the fake city: the real services on stores in memory."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from config.told_scenes import load_told
from config.wall_care import load_wall_care
from config.walls import load_walls
from domain.access import Actor
from domain.pairing import Ask, Limits, Screen
from domain.plans import Task
from domain.wall_state import WallState
from services.consultation_ports import Consultation
from services.consultations import Consultations
from services.pairing import Pairing
from services.tasks import TaskMaker
from services.wall_book import WallBook
from services.wall_ports import Asked, Shown
from services.walls import Steering


class Memory:
    """PairingStore, WallStore, ConsultationStore, TaskStore and the brake in one; nothing is written down."""

    def __init__(self) -> None:
        self.asks: dict[bytes, Ask] = {}
        self.paired: dict[bytes, Screen] = {}
        self.states: dict[str, Asked] = {}
        self.said: dict[str, Shown] = {}
        self.consultation: Consultation | None = None
        self.tasks: list[Task] = []
        self.nudged: list[tuple[str, int]] = []

    def attempt(self, username: str, address: str, now: int, wait_after: object) -> int:
        return 0

    def forgive(self, username: str, address: str) -> None: ...

    def ask(self, ask: Ask, secret_hash: bytes) -> bool:
        self.asks[secret_hash] = ask
        return True

    def asked(self, key: Any, now: int = 0) -> Any:
        """Of a browser's secret its ask, of a wall what is asked of it."""
        return self.asks.get(key) if isinstance(key, bytes) else self.states.get(key, Asked(WallState()))

    def waiting(self, code: str, now: int) -> Ask | None:
        return next((one for one in self.asks.values() if one.code == code), None)

    def open_asks(self, address: str, now: int) -> tuple[int, int]:
        return 0, 0

    def approve(self, code: str, screen: Screen, entry: object) -> bool:
        secret = next((key for key, one in self.asks.items() if one.code == code), b"")
        self.asks.pop(secret, None)
        self.paired[secret] = screen
        return True

    def screen(self, secret_hash: bytes) -> Screen | None:
        return self.paired.get(secret_hash)

    def touch(self, screen_id: str, now: int) -> None: ...

    def screens(self) -> Sequence[Screen]:
        return list(self.paired.values())

    def revoke(self, screen_id: str, entry: object) -> bool:
        before = len(self.paired)
        self.paired = {key: one for key, one in self.paired.items() if one.screen_id != screen_id}
        return len(self.paired) < before

    def change(self, wall: str, to: Callable[[WallState], WallState], entry: Callable[[WallState], Any]) -> WallState:
        state = to(self.asked(wall).state)
        self.states[wall] = Asked(state, entry(state).actor, entry(state).at)
        return state

    def report(self, shown: Shown) -> None:
        self.said[shown.screen] = shown

    def shown(self, wall: str, since: int) -> Sequence[Shown]:
        return [one for one in self.said.values() if one.wall == wall and one.at >= since]

    def open(self, consultation: Consultation, entry: object) -> bool:
        if self.consultation:
            return False
        self.consultation = consultation
        return True

    def one(self, consultation_id: str) -> Consultation | None:
        return self.consultation

    def held(self, wall: str) -> Consultation | None:
        return self.consultation if self.consultation and self.consultation.wall == wall else None

    def draw(self, consultation_id: str, to: Callable[[Any], Any]) -> Consultation | None:
        if self.consultation:
            held = self.consultation
            self.consultation = held._replace(shapes=to(list(held.shapes)), version=held.version + 1)
        return self.consultation

    def close(self, consultation_id: str, entry: object) -> bool:
        self.consultation = None
        return True

    def write(self, entry: object) -> None: ...

    def add(self, task: Task) -> bool:
        self.tasks.append(task)
        return True

    def nudge(self, wall: str, version: int) -> None:
        self.nudged.append((wall, version))


class NobodyIsCalled:
    """Notices and the roster."""

    def chain(self, now: int, department: str) -> tuple[list[str], str]:
        return [], ""

    def tell(self, *what: Any) -> None: ...


def walls_for(register: Any, cameras: Sequence[str] = ()) -> dict[str, Any]:
    """What a city offers about walls, under City's names, and its `memory`."""
    memory, held = Memory(), load_walls()
    store: Any = memory
    told, people = load_told(held.scenes), NobodyIsCalled()
    captions: Mapping[str, int] = {code: len(one.captions) for code, one in told.items()}
    pairing = Pairing(store, store, register.regions, tuple(held.walls), Limits())
    steering = Steering(store, store, register.regions, held.walls, held.scenes, captions, lambda _: cameras, memory.nudge)
    maker = TaskMaker(store, store, lambda *said: None, people, people, lambda code: ())  # type: ignore[arg-type]

    def incident(actor: Actor, incident_id: str) -> Any:
        raise LookupError(incident_id)

    return {
        "pairing": pairing,
        "walls": steering,
        "wall_book": WallBook(held.walls, held.scenes, load_wall_care(), told),
        "consultations": Consultations(store, steering, maker, incident, register.departments, memory.nudge),
        "memory": memory,
    }
