"""Manual import 人工导入 on /catalogue: choose a table, bring a file, look at rows and errors, confirm; below, what was brought before."""

from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component

from layouts.marks import empty, loading
from layouts.words import Words
from services.import_ports import KEPT, PREVIEW, FileTable, Import
from services.manual_import import Preview

TABLE = {"type": "import-table", "of": "choice"}
UPLOAD = {"type": "import-upload", "of": "file"}
PREVIEWED = {"type": "import-part", "part": "preview"}
LISTED = {"type": "import-part", "part": "list"}
TOLD = {"type": "import-part", "part": "told"}
LARGEST = 20 * 1024 * 1024
SHOWN_ERRORS = 50
DEEDS = {PREVIEW: ("look", "drop"), KEPT: ("undo",)}
"""What can be done about an import in this state, from the list."""


def deed(name: str, import_id: str) -> dict[str, str]:
    """The id of the button that does something about an import."""
    return {"type": "import-deed", "deed": name, "import": import_id}


def build(words: Words) -> list[Component]:
    """The tab in its loading state."""
    choice = dcc.Dropdown(id=TABLE, options=[], placeholder=words("import.table"), searchable=False, className="catalogue-choice")
    drop = html.Div([html.Strong(words("import.drop")), html.Small(words("import.kinds", mb=LARGEST // 1024 // 1024))])
    upload = dcc.Upload(drop, id=UPLOAD, max_size=LARGEST, multiple=False, className="import-drop")
    bring = [html.H2(words("import.bring")), html.Div([choice, upload], className="import-bring"), html.P("", id=TOLD, role="status")]
    return [
        html.Section([*bring, html.Div(id=PREVIEWED, className="import-preview")], className="panel", **{"data-panel": "import"}),
        html.Section([html.H2(words("import.list")), html.Div(loading(words), id=LISTED)], className="panel", **{"data-panel": "imports"}),
    ]


def preview(words: Words, table: FileTable, one: Preview) -> list[Component]:
    """What is in a file: its first rows, its errors, and what can be done."""
    found = one.found
    said = words("import.found", file=found.file_name, rows=words.number(found.rows), encoding=found.encoding)
    heads = [html.Th("#"), *(html.Th(field.title or field.name) for field in table.wanted)]
    rows = [html.Tr([html.Td(str(row.number)), *(html.Td(_shown(row.values.get(f.name))) for f in table.wanted)]) for row in one.rows]
    shown = (
        html.Table([html.Thead(html.Tr(heads)), html.Tbody(rows)], className="catalogue-table") if rows else empty(words, "import.no_rows")
    )
    return [html.H3(said), *_errors(words, found), *_buttons(words, found), shown]


def _shown(value: object) -> str:
    return "–" if value is None else str(value)


def _errors(words: Words, found: Import) -> list[Component]:
    if not found.error_count:
        return [html.P(words("import.no_errors"), className="catalogue-note")]
    heads = [html.Th(words(f"import.error.{name}")) for name in ("row", "column", "value", "reason")]
    rows = [
        html.Tr([html.Td(str(one.row)), html.Td(one.column), html.Td(one.value), html.Td(words(f"import.reason.{one.reason}"))])
        for one in found.errors[:SHOWN_ERRORS]
    ]
    title = words("import.errors", n=words.number(found.error_count))
    return [html.H3(title, className="is-late"), html.Table([html.Thead(html.Tr(heads)), html.Tbody(rows)], className="catalogue-table")]


def _buttons(words: Words, found: Import) -> list[Component]:
    if found.state != PREVIEW:
        return []
    name = "confirm_skipping" if found.error_count else "confirm"
    keep = html.Button(
        words(f"import.{name}", n=found.error_count), id=deed(name, found.import_id), className="button button-main", n_clicks=0
    )
    drop = html.Button(words("import.drop_it"), id=deed("drop", found.import_id), className="button", n_clicks=0)
    return [html.Div([*([keep] if found.rows else []), drop], className="import-buttons")]


def listing(words: Words, found: Sequence[Import], titles: dict[tuple[str, str], str]) -> list[Component]:
    """What was brought, the newest first."""
    if not found:
        return [empty(words, "import.none")]
    heads = [html.Th(words(f"import.col.{name}")) for name in ("file", "table", "by", "at", "rows", "state", "deeds")]
    rows = [html.Tr([html.Td(cell) for cell in _cells(words, one, titles)]) for one in found]
    return [html.Table([html.Thead(html.Tr(heads)), html.Tbody(rows)], className="catalogue-table")]


def _cells(words: Words, one: Import, titles: dict[tuple[str, str], str]) -> list[object]:
    rows = words.number(one.rows) + (f" · {words('import.wrong', n=words.number(one.error_count))}" if one.error_count else "")
    undone = (
        words("import.undone_by", by=words.person(one.undone_by), time=words.day_clock(one.undone_at))
        if one.undone_at and one.undone_by
        else ""
    )
    buttons = [
        html.Button(words(f"import.deed.{name}"), id=deed(name, one.import_id), className="button button-quiet", n_clicks=0)
        for name in DEEDS.get(one.state, ())
    ]
    by = words("import.by_folder") if one.imported_by == "folder" else words.person(one.imported_by)
    return [
        one.file_name,
        titles.get((one.library, one.table), f"{one.library}.{one.table}"),
        by,
        words.day_clock(one.at),
        rows,
        [words(f"import.state.{one.state}"), *([html.Small(undone)] if undone else [])],
        html.Div(buttons, className="import-buttons"),
    ]
