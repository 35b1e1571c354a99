"""Themes and departments suggested for appeals: learning from closed ones, suggesting for new ones, and keeping what people decided.

A suggestion is shown and written down, never acted upon. Before there is enough history nothing is suggested but what the responsibility
matrix says.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from domain.incident_life import Incident
from domain.suggesting import TARGETS, Intake, Judged, Learnt, Likely, Suggestion, outcome, shown
from services.appeal_ports import OTHER_DESK
from services.reactions import Happened

log = logging.getLogger("citydeck.appeals")
EVERY_MS = 60_000
OUTCOME_DAYS = 30
"""What became of suggestions is counted over so many days."""
CHOOSING: Mapping[str, tuple[str, frozenset[str]]] = {
    "theme": ("class_code", frozenset({"dispatch", "correct", "answer_directly"})),
    "department": ("lead", frozenset({"dispatch", "joint"})),
}
"""Target -> the field in which people say what it is, and the deeds by which they decide it."""


class Answers(Protocol):
    """A model in use (data_adapters/appeals/model.py)."""

    version: str

    def likely(self, intake: Intake, most: int = 3) -> tuple[Likely, ...]: ...


class Known(NamedTuple):
    """A model that was learnt, and how it was judged."""

    target: str
    version: str
    trained_at: int
    cases: int
    judged: Judged


class Kept(NamedTuple):
    """A suggestion that was made, and what a person then decided; `outcome`: accepted, changed, unsure, empty while open."""

    suggestion: Suggestion
    made_at: int
    chosen: str = ""
    outcome: str = ""
    chosen_by: str = ""


class LearningStore(Protocol):
    """data_adapters/sql/learning_repository.py."""

    def closed(self, most: int) -> int:
        """How many closed appeals there are to learn from, counted up to `most`."""

    def history(self, target: str, most: int) -> list[Learnt]:
        """The newest closed appeals whose answer is known."""

    def newest(self, target: str) -> Known | None:
        """The newest model."""

    def learnt(self, known: Known, file: str) -> None:
        """Keep what a new model is."""

    def suggest(self, incident_id: str, suggestion: Suggestion, now: int) -> bool:
        """Keep a suggestion; False where one was made before."""

    def made(self, incident_id: str) -> Mapping[str, Kept]:
        """Target -> what was suggested for an incident."""

    def decided(self, incident_id: str, target: str, chosen: str, outcome: str, by: str, now: int) -> None:
        """What a person decided; the first decision stands."""

    def outcomes(self, days: int) -> Mapping[str, Mapping[str, int]]:
        """Target -> outcome -> how many, of the decisions of the last days."""


class School(Protocol):
    """Trains and keeps models (data_adapters/appeals/school.py)."""

    def learn(self, version: str, target: str, history: Sequence[Learnt]) -> tuple[Judged, str] | None:
        """Judge and keep a model; its file's name. None where the history has fewer than two answers."""

    def model(self, target: str) -> Answers | None:
        """The newest model that can be read."""


class Learner:
    """Learns again in its turn; in a thread of its own, for it takes its time (jobs.py)."""

    def __init__(self, store: LearningStore, school: School, least: int, again_ms: int, newest: int) -> None:
        self._store, self._school, self._least, self._again_ms, self._newest = store, school, least, again_ms, newest
        self._next_at = 0

    def round(self, now: int) -> int:
        """Learn what is due; returns how many models there are anew. Looked at once a minute."""
        if now < self._next_at:
            return 0
        self._next_at = now + EVERY_MS
        return sum(self._learn(target, now) for target in TARGETS)

    def _learn(self, target: str, now: int) -> bool:
        known = self._store.newest(target)
        if (known and now - known.trained_at < self._again_ms) or self._store.closed(self._least) < self._least:
            return False
        history = self._store.history(target, self._newest)
        if len(history) < self._least:
            return False
        version = f"{target}-{now}"
        made = self._school.learn(version, target, history)
        if made is None:
            return False
        judged, file = made
        self._store.learnt(Known(target, version, now, len(history), judged), file)
        log.info("%s: learnt from %d appeals, %.0f %% right on the newest %d", version, len(history), judged.top1 * 100, judged.of)
        return True


def intake_of(incident: Incident) -> Intake:
    """What was known of an appeal when it came in."""
    fields = {"class": incident.class_code, "region": incident.region, "source": incident.source}
    return Intake(f"{incident.title} {incident.description} {incident.place.get('address') or ''}", fields, incident.reported_at)


class Suggesting:
    """What is suggested, and what became of it. `least`: so much history is needed; `rule`: what the matrix says for an incident."""

    def __init__(self, store: LearningStore, model: Callable[[str], Answers | None], threshold: float, least: int) -> None:
        self._store, self._model, self._threshold, self.least = store, model, threshold, least

    def suggestion(self, target: str, intake: Intake) -> Suggestion:
        """For something that is being taken in. Without a model it is empty."""
        model = self._model(target)
        if model is None:
            return Suggestion(target)
        likely = model.likely(intake)
        return Suggestion(target, likely, model.version, bool(likely) and likely[0].confidence >= self._threshold)

    def closed(self) -> int:
        """How many closed appeals there are, up to as many as are needed."""
        return self._store.closed(self.least)

    def models(self) -> list[Known]:
        """The models in use."""
        return [known for target in TARGETS if (known := self._store.newest(target))]

    def outcomes(self) -> Mapping[str, Mapping[str, int]]:
        """What became of the suggestions of the last OUTCOME_DAYS days."""
        return self._store.outcomes(OUTCOME_DAYS)

    def made(self, incident_id: str) -> Mapping[str, Kept]:
        """What was suggested for an incident, and what people decided."""
        return self._store.made(incident_id)

    def follow(self, one: Happened, now: int) -> int:
        """An event of an incident: an order that came in gets its suggestions, and a decision is written beside them."""
        if one.incident.spine != "order":
            return 0
        if one.event.version == 1:
            return self._suggest(one, now)
        return sum(self._decided(one, target, now) for target in TARGETS)

    def _suggest(self, one: Happened, now: int) -> int:
        """Whoever took the appeal down may have said its theme: what was suggested is then what a text without one suggests."""
        intake = intake_of(one.incident)
        chosen = one.incident.class_code if not one.event.actor.startswith(OTHER_DESK) else ""
        bare = intake._replace(fields={**intake.fields, "class": ""}) if chosen else intake
        made = [self.suggestion(target, bare if target == "theme" else intake) for target in TARGETS]
        kept = sum(self._store.suggest(one.incident.incident_id, suggestion, now) for suggestion in made if suggestion.model)
        if chosen:
            self._choose(one, "theme", chosen, now)
        return kept

    def _decided(self, one: Happened, target: str, now: int) -> int:
        field, deeds = CHOOSING[target]
        if one.event.deed not in deeds:
            return 0
        return self._choose(one, target, str(one.event.data.get(field) or getattr(one.incident, field)), now)

    def _choose(self, one: Happened, target: str, chosen: str, now: int) -> int:
        made = self._store.made(one.incident.incident_id).get(target)
        if made is None or made.outcome or not chosen:
            return 0
        said = outcome(made.suggestion, chosen)
        self._store.decided(one.incident.incident_id, target, chosen, said, one.event.actor, now)
        return 1


def told(kept: Mapping[str, Kept]) -> dict[str, Any]:
    """JSON-able, for the API."""
    return {target: {**one._asdict(), "suggestion": shown(one.suggestion)} for target, one in kept.items()}
