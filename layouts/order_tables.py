"""Tables of hotline orders on /catalogue, beside the other imports: choose the hotline, bring a file, look at its rows, hand it in."""

from dash import dcc, html
from dash.development.base_component import Component

from layouts.imports import LARGEST
from layouts.marks import empty
from layouts.words import Words
from services.order_tables import Seen

FEED = {"type": "order-table", "of": "feed"}
UPLOAD = {"type": "order-table", "of": "file"}
SEEN = {"type": "order-table", "of": "seen"}
TOLD = {"type": "order-table", "of": "told"}
TITLE = 60


def deed(name: str) -> dict[str, str]:
    """The id of the button that hands the table in, or drops it."""
    return {"type": "order-deed", "deed": name}


def build(words: Words) -> html.Section:
    """The form in its loading state."""
    choice = dcc.Dropdown(id=FEED, options=[], placeholder=words("orders.feed"), searchable=False, className="catalogue-choice")
    drop = html.Div([html.Strong(words("import.drop")), html.Small(words("import.kinds", mb=LARGEST // 1024 // 1024))])
    upload = dcc.Upload(drop, id=UPLOAD, max_size=LARGEST, multiple=False, className="import-drop")
    form = html.Div([choice, upload], className="import-bring")
    parts = [html.H2(words("orders.title")), form, html.P("", id=TOLD, role="status"), html.Div(id=SEEN, className="import-preview")]
    return html.Section(parts, className="panel", **{"data-panel": "order-tables"})


def seen(words: Words, one: Seen) -> list[Component]:
    """The rows that are wrong, with the reason, then the first orders, and what can be done."""
    count = {"file": one.file_name, "good": words.number(one.good), "wrong": words.number(one.wrong), "encoding": one.encoding}
    return [html.H3(words("orders.found", **count)), _buttons(words, one), *_errors(words, one), *_orders(words, one)]


def _buttons(words: Words, one: Seen) -> html.Div:
    name = "skipping" if one.wrong else "all"
    take = html.Button(
        words(f"orders.take_{name}", good=one.good, wrong=one.wrong), id=deed(name), className="button button-main", n_clicks=0
    )
    drop = html.Button(words("import.drop_it"), id=deed("drop"), className="button", n_clicks=0)
    return html.Div([*([take] if one.good else []), drop], className="import-buttons")


def _errors(words: Words, one: Seen) -> list[Component]:
    if not one.wrong:
        return [html.P(words("import.no_errors"), className="catalogue-note")]
    heads = [html.Th(words(f"import.error.{name}")) for name in ("row", "reason")]
    rows = [html.Tr([html.Td(str(line.row)), html.Td(_why(words, line.reason, line.detail))]) for line in one.errors]
    table = html.Table([html.Thead(html.Tr(heads)), html.Tbody(rows)], className="catalogue-table")
    return [html.H3(words("import.errors", n=words.number(one.wrong)), className="is-late"), table]


def _why(words: Words, reason: str, detail: str) -> str:
    """The reason in words where the catalogue has them, with what exactly was wrong."""
    said = words(f"orders.reason.{reason}") if words.has(f"orders.reason.{reason}") else reason
    return f"{said} ({detail})" if detail else said


def _orders(words: Words, one: Seen) -> list[Component]:
    if not one.orders:
        return [empty(words, "import.no_rows")]
    heads = [html.Th("#"), *(html.Th(words(f"orders.col.{name}")) for name in ("number", "title", "status"))]
    rows = [
        html.Tr([html.Td(str(line.row)), html.Td(line.number), html.Td(line.title[:TITLE]), html.Td(words(f"outside.{line.status}"))])
        for line in one.orders
    ]
    return [html.Table([html.Thead(html.Tr(heads)), html.Tbody(rows)], className="catalogue-table")]
