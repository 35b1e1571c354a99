"""What a paired screen may have rendered: the outputs that stand on its own wall's page, as the page itself says."""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from dash import Dash
from dash.development.base_component import Component

from callbacks.faces import Faces, now_ms
from callbacks.wall import slot_id
from domain.access import Actor
from layouts import pages, shell, wall
from layouts.moment import MINUTE, Moment

PAGE = "page"
"""The shell's place for the whole page."""
SCREEN = Actor("screen", frozenset({"operator"}), token_scope="screen")


def renders(app: Dash, faces: Faces) -> Callable[[Any, str], bool]:
    """Whether a wall's page asks with this body of a callback: each output is one of a callback of `app`, on a component of the page of
    that wall; and the page itself is asked for by the wall's address."""

    @cache
    def page(code: str) -> tuple[set[str], set[str]]:
        standing = [slot_id(one) for one in _parts(faces, code)]
        owned = {output for output in app.callback_map if all(any(_fits(one, held) for held in standing) for one in _patterns(output))}
        return owned, set(map(_key, standing))

    def allowed(body: Any, paired: str) -> bool:
        mine = wall.asked(faces.walls, f"?wall={paired}").wall
        owned, standing = page(mine)
        named = body.get("output") if isinstance(body, dict) else None
        if not isinstance(named, str) or named not in owned or not all(_key(one) in standing for one in _asked(body.get("outputs"))):
            return False
        return PAGE not in _patterns(named) or _wall_of(faces, body) == mine

    return allowed


def _wall_of(faces: Faces, body: Mapping[str, Any]) -> str:
    """The wall that a request for the whole page asks for; Dash takes its inputs, path and search, by their order."""
    match body.get("inputs"):
        case [_, {"value": str(search)}]:
            return wall.asked(faces.walls, search).wall
    return ""


def _parts(faces: Faces, code: str) -> Iterator[Component]:
    """Every component of the shell and of a wall's /big, now and at a past moment, with each scene."""
    words, now = faces.words(search=None), now_ms()
    yield from _with_id(shell.build())
    for moment in (None, Moment(now - MINUTE, now)):
        asked = pages.Context(words, faces.displays, {}, SCREEN, moment, walls=faces.walls, search=f"?wall={code}")
        yield from _with_id(pages.build("/big", asked))
    for scene in faces.walls.scenes:
        yield from _with_id(wall.panels(words, faces.walls, wall.Screen(code, scene)))


def _with_id(part: Any) -> Iterator[Component]:
    if isinstance(part, list | tuple):
        for one in part:
            yield from _with_id(one)
    elif isinstance(part, Component):
        if slot_id(part) is not None:
            yield part
        yield from _with_id(getattr(part, "children", None))


def _patterns(output: str) -> list[Any]:
    """The ids in the name of a callback: text, or a mapping whose wild cards are lists."""
    names = [one.rpartition(".")[0] for one in output.strip(".").split("...")]
    return [json.loads(one) if one.startswith("{") else one for one in names]


def _fits(pattern: Any, known: Any) -> bool:
    if not isinstance(pattern, dict) or not isinstance(known, dict):
        return bool(pattern == known)
    return pattern.keys() == known.keys() and all(isinstance(value, list) or known[key] == value for key, value in pattern.items())


def _asked(outputs: Any) -> Iterator[Any]:
    """The ids of the outputs that a request names; None for what is no output."""
    for one in outputs if isinstance(outputs, list) else [outputs]:
        if isinstance(one, list):
            yield from _asked(one)
        else:
            yield one.get("id") if isinstance(one, Mapping) else None


def _key(identity: Any) -> str:
    """An id to compare by; what a scene is about doesn't count."""
    if isinstance(identity, dict) and isinstance(identity.get("page"), str) and (screen := wall.screen_of(identity["page"])):
        identity = {**identity, "page": screen._replace(focus="").page}
    return json.dumps(identity, sort_keys=True)
