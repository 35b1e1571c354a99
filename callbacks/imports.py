"""Manual import on /catalogue: a file is previewed; a preview is confirmed or thrown away; what counts is undone."""

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from dash import ALL, Dash, Input, Output, State, ctx, no_update

from callbacks.faces import Faces, now_ms
from callbacks.said import SHORT, text
from domain.access import Actor, Forbidden
from layouts import catalogue as page
from layouts import imports
from layouts.words import Words
from services.manual_import import ManualImport, NotImported, Preview

LONGEST_NAME = 300
Deed = Callable[[ManualImport, Actor, str, int], object]
DEEDS: Mapping[str, Deed] = {
    "confirm": lambda desk, actor, one, now: desk.confirm(actor, one, False, now),
    "confirm_skipping": lambda desk, actor, one, now: desk.confirm(actor, one, True, now),
    "drop": lambda desk, actor, one, now: desk.drop(actor, one, now),
    "undo": lambda desk, actor, one, now: desk.undo(actor, one, now),
}


def register(app: Dash, faces: Faces) -> None:
    """One callback takes files and deeds, one shows what was brought."""

    @app.callback(
        Output(imports.PREVIEWED, "children"),
        Output(imports.TOLD, "children"),
        Output(imports.LISTED, "children"),
        Output(imports.TABLE, "options"),
        Output(imports.UPLOAD, "contents"),
        Input(imports.UPLOAD, "contents"),
        Input({"type": "import-deed", "deed": ALL, "import": ALL}, "n_clicks"),
        Input(page.TAB, "data"),
        State(imports.UPLOAD, "filename"),
        State(imports.TABLE, "value"),
        State("url", "search"),
    )
    def act(contents: Any, _clicks: list[int], tab: Any, name: Any, table: Any, search: str | None) -> Any:
        actor, asked = faces.actor(), ctx.triggered_id
        if actor is None or tab != "imports" or not page.may_steward(actor):
            return [no_update] * 5
        told, seen, words = "", no_update, faces.words(search)
        if isinstance(asked, dict) and asked.get("type") == "import-deed":
            if not any(one["value"] for one in ctx.triggered):
                return [no_update] * 5
            seen, told = done(faces.city.imports, actor, words, asked["deed"], asked["import"])
        elif asked == imports.UPLOAD and contents:
            seen, told = brought(faces.city.imports, actor, words, text(table, SHORT), text(name, LONGEST_NAME), contents)
        return seen, told, *listed(faces.city.imports, actor, words), None


def listed(desk: ManualImport, actor: Actor, words: Words) -> tuple[Any, Any]:
    """What was brought before, and the tables to choose from."""
    tables = desk.tables(actor)
    titles = {(one.library, one.table): one.title for one in tables}
    choices = [{"label": f"{one.title} ({one.library}.{one.table})", "value": f"{one.library}.{one.table}"} for one in tables]
    return imports.listing(words, desk.imports(actor), titles), choices


def brought(desk: ManualImport, actor: Actor, words: Words, table: str, name: str, contents: Any) -> tuple[Any, str]:
    """The preview of a file that was brought, or why there is none."""
    library, _, own = table.partition(".")
    try:
        content = base64.b64decode(str(contents).partition(",")[2], validate=True)
        return _preview(desk, actor, words, desk.preview(actor, library, own, name, content, now_ms())), ""
    except (NotImported, LookupError, Forbidden, binascii.Error) as error:
        return None, why(words, error)


def done(desk: ManualImport, actor: Actor, words: Words, deed: str, import_id: str) -> tuple[Any, str]:
    """After a deed the preview is shut and it is said what happened; looking opens it again."""
    try:
        one = str(UUID(import_id))
        if deed == "look":
            return _preview(desk, actor, words, desk.look(actor, one)), ""
        DEEDS[deed](desk, actor, one, now_ms())
        return None, words(f"import.done.{deed}")
    except (NotImported, LookupError, Forbidden, ValueError) as error:
        return no_update, why(words, error)


def why(words: Words, error: Exception) -> str:
    """Why a deed was not done."""
    if isinstance(error, NotImported):
        return words(f"import.reason.{error.reason}") + (f" ({error.detail})" if error.detail else "")
    return words("import.no_table" if isinstance(error, LookupError) else "import.refused")


def _preview(desk: ManualImport, actor: Actor, words: Words, one: Preview) -> Any:
    """LookupError when the table has gone from the configuration since."""
    found = [table for table in desk.tables(actor) if (table.library, table.table) == (one.found.library, one.found.table)]
    if not found:
        raise LookupError(one.found.table)
    return imports.preview(words, found[0], one)
