"""The forms of all pages that have a sheet, on one callback."""

from dash import Dash

from callbacks import duty_forms, instructions, plans, sheet
from callbacks.faces import Faces


def register(app: Dash, faces: Faces) -> None:
    """The sheet with the forms of every page."""
    pages = (duty_forms.SHEETS, plans.sheets(faces), instructions.SHEETS)
    opens = {name: how for page in pages for name, how in page.open.items()}
    sends = {name: how for page in pages for name, how in page.send.items()}
    sheet.register(app, faces, sheet.Sheets(opens, sends))
