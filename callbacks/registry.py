"""Every concern of the pages, registered on one app."""

from dash import Dash

from callbacks import (
    account,
    admin_audit,
    admin_portfolio,
    admin_system,
    admin_users,
    adoption,
    alarms,
    blind_spots,
    called,
    catalogue,
    center_papers,
    chains,
    devices,
    dispatch,
    duty,
    field_shell,
    forms,
    imports,
    incident_detail,
    incident_intake,
    incidents,
    instructions,
    neighbour_calls,
    notices,
    office,
    order_tables,
    pages,
    picks,
    plans,
    reports,
    rules,
    silences,
    slow_lane,
    upkeep,
    vitals,
    wall,
)
from callbacks.faces import Faces
from layouts import shell

CONCERNS = (
    pages,
    slow_lane,
    alarms,
    devices,
    called,
    picks,
    adoption,
    silences,
    incidents,
    incident_detail,
    incident_intake,
    reports,
    center_papers,
    dispatch,
    duty,
    forms,
    plans,
    office,
    instructions,
    catalogue,
    imports,
    order_tables,
    notices,
    chains,
    field_shell,
    rules,
    blind_spots,
    neighbour_calls,
    upkeep,
    vitals,
    wall,
    account,
    admin_users,
    admin_portfolio,
    admin_system,
    admin_audit,
)
"""Each has `register(app, faces)`."""


def register(app: Dash, faces: Faces) -> None:
    """Give `app` its layout and its callbacks.

    Ids outside the shell are dicts: Dash lets those come with a page. tests/callbacks/ checks every one of them against the pages.
    """
    app.layout = shell.build()
    for concern in CONCERNS:
        concern.register(app, faces)
