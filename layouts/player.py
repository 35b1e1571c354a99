"""Where a camera is played: a box that assets/player.js fills, and the words that it writes."""

import json
from typing import Any

from dash import html

from layouts.words import Words

PREFIX = "player."


def words_of(words: Words) -> dict[str, str]:
    """Every word of the player, by its name, and the city's zone."""
    return {**words.beginning(PREFIX), "zone": words.zone}


def words_box(words: Words) -> html.Div:
    """The player's words for the script, once a page."""
    return html.Div(json.dumps(words_of(words), ensure_ascii=False), className="player-words", hidden=True)


def player(camera_id: str, name: str, tags: tuple[str, ...] = (), **about: Any) -> html.Div:
    """A camera that plays while it can be seen. `tags`: what its picture must say (demo data, exercise); `about`: incident, face, size;
    `moment` (epoch ms) whose minute before one tap plays, `moment_of` (alarm, incident, moment); `past="yes"`: nothing plays unasked."""
    data = {f"data-{key.replace('_', '-')}": str(value) for key, value in about.items() if value is not None}
    return html.Div(className="player", **{"data-player": camera_id, "data-name": name, "data-tags": "|".join(tags), **data})
