"""The forms of all pages that have a sheet, on one callback."""

from dash import Dash

from callbacks import duty_forms, sheet
from callbacks.faces import Faces

PAGES = (duty_forms.SHEETS,)


def register(app: Dash, faces: Faces) -> None:
    """The sheet with the forms of every page."""
    opens = {name: how for page in PAGES for name, how in page.open.items()}
    sends = {name: how for page in PAGES for name, how in page.send.items()}
    sheet.register(app, faces, sheet.Sheets(opens, sends))
