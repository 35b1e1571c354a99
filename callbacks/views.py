"""Makes the View that panels render from: asks the services, as the actor, at the moment of the snapshot."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from callbacks.faces import Faces
from callbacks.gathering import Asked, Gathered
from domain.access import Actor
from domain.displays import Display
from layouts.panels import PANELS
from layouts.view import View
from layouts.words import Words

HOUR = 3_600_000
MINUTE = 60_000
RIGHTS = ("acknowledge_alarm", "adopt_device", "give_instruction", "report_incident", "view_video")


class Views:
    """The views of one question, made only when a panel has to be rendered: of one snapshot, shared by the panels of a page."""

    def __init__(self, faces: Faces, actor: Actor, words: Words, at: int | None) -> None:
        self._faces, self._actor, self._words, self._at = faces, actor, words, at
        self._made: dict[tuple[str, bool], View] = {}

    @cached_property
    def _snapshot(self) -> Any:
        return self._faces.city.picture.snapshot(self._actor, self._at)

    def of(self, page: str, with_trends: bool) -> View:
        """As `view_of`."""
        if (page, with_trends) not in self._made:
            view = view_of(self._faces, self._actor, self._words, self._snapshot, page, with_trends, self._at)
            self._made[page, with_trends] = view
        return self._made[page, with_trends]


def view_of(faces: Faces, actor: Actor, words: Words, snapshot: Any, page: str, with_trends: bool = False, at: int | None = None) -> View:
    """Everything that the panels of `page` may read, with the register of `at`; in a picture of the past nobody may do anything.

    Past hours are asked for only when a panel wants them.
    """
    display = faces.display(page)
    register = faces.city.register
    return View(
        snapshot=snapshot if display.exercises else without_exercises(snapshot),
        words=words,
        regions=register.regions(at),
        devices={device.device_id: device for device in register.devices(actor, at)},
        display=display,
        departments=register.departments(at),
        names=faces.names,
        city=register.city(),
        rights=frozenset(action for action in RIGHTS if at is None and actor.may(action)),
        trends=trends_of(faces, actor, display, snapshot.at, at) if with_trends else {},
        **_appeals(faces, actor, display, snapshot.at),
        **_signs(faces, actor, display, snapshot.at, at),
        cover=faces.city.roster.uncovered(actor, snapshot.at, at) if actor.may("see_duty") else (),
        gathered=Gathered(Asked(faces, actor, words, snapshot, page, display, at)),
        scoped=bool(actor.regions or actor.departments),
    )


def _asks(display: Display, what: str) -> bool:
    """Whether a panel of the face says that it needs it."""
    return any(what in PANELS[name].asks for name in display.panels)


def _appeals(faces: Faces, actor: Actor, display: Display, at: int) -> dict[str, Any]:
    """Hot themes for a face that shows them, with their names."""
    if not _asks(display, "appeals"):
        return {}
    return {"appeals": faces.city.appeals.hot(actor, at), "classes": {one.code: (one.zh, one.en) for one in faces.classes}}


def _signs(faces: Faces, actor: Actor, display: Display, now: int, at: int | None) -> dict[str, Any]:
    """Vital signs for a face that shows them; shared for a minute by everyone of the scope."""
    if not _asks(display, "signs"):
        return {}
    key = f"signs:{sorted(actor.regions)}:{sorted(actor.departments)}:{now // MINUTE}:{at is None}"
    held: dict[str, Any] | None = faces.memo.get(key)
    if held is None:
        signs, names = faces.city.vital_signs, faces.city.explaining.names
        held = {"signs": signs.overview(actor, now, None, at), "sign_towns": signs.towns(actor, now, at), "libraries": names}
        faces.memo.set(key, held, timeout=120)
    return held


def without_exercises(snapshot: Any) -> Any:
    """The picture as a face shows it that keeps exercises off."""
    return snapshot._replace(incidents=[one for one in snapshot.incidents if not one.get("exercise")])


def trends_of(faces: Faces, actor: Actor, display: Display, now: int, at: int | None) -> Mapping[str, Sequence[Any]]:
    """Metric -> points of the last hours over the actor's whole city; shared for a minute by everyone of the scope."""
    metrics = sorted({trend.metric for trend in display.trends} | {figure.metric for figure in display.figures})
    until = now // MINUTE * MINUTE
    return {metric: _trend(faces, actor, metric, until - display.hours * HOUR, until, at) for metric in metrics}


def _trend(faces: Faces, actor: Actor, metric: str, since: int, until: int, at: int | None) -> Sequence[Any]:
    if at is None:
        return _points(faces, actor, metric, since, until, None)
    first, hour = -(-since // HOUR) * HOUR, until // HOUR * HOUR
    return [*_points(faces, actor, metric, first, hour, at), *_points(faces, actor, metric, hour, until, at)]


def _points(faces: Faces, actor: Actor, metric: str, since: int, until: int, at: int | None) -> Sequence[Any]:
    """By the hour; those of a past that is over are the same for every later moment of it."""
    key = f"trend:{sorted(actor.regions)}:{sorted(actor.departments)}:{metric}:{since}:{until}:{at is None}"
    held: Sequence[Any] | None = faces.memo.get(key)
    if held is None:
        city = faces.city.register.city()
        held = list(faces.city.history.region_trend(actor, city["code"], metric, since, until, at, "" if at is None else "1h"))
        faces.memo.set(key, held, timeout=120 if held else 5)
    return held
