"""The words of dispatch for its script, in the reader's language; everything else the script asks of /api/v1."""

import json
from typing import Any

from dash import Dash, Input, Output, State, no_update

from callbacks.faces import Faces
from callbacks.incidents import naming_of
from layouts.dispatch import vocabulary
from layouts.dispatch.frame import named


def register(app: Dash, faces: Faces) -> None:
    """Fill the vocabulary once per page."""

    @app.callback(Output(named("names"), "children"), Input(named("names"), "id"), State("url", "search"))
    def names(_id: Any, search: str | None) -> Any:
        if faces.actor() is None:
            return no_update
        return json.dumps(vocabulary.build(naming_of(faces, faces.words(search)), faces.names), ensure_ascii=False)
