"""Every concern of the pages, registered on one app."""

from dash import Dash

from callbacks import (
    account,
    admin_audit,
    admin_system,
    admin_users,
    adoption,
    alarms,
    blind_spots,
    called,
    center_papers,
    chains,
    devices,
    dispatch,
    duty,
    field_shell,
    forms,
    incident_detail,
    incident_intake,
    incidents,
    notices,
    pages,
    picks,
    plans,
    reports,
    rules,
    silences,
    slow_lane,
)
from callbacks.faces import Faces
from layouts import shell


def register(app: Dash, faces: Faces) -> None:
    """Give `app` its layout and its callbacks.

    Ids outside the shell are dicts: Dash lets those come with a page. tests/callbacks/ checks every one of them against the pages.
    """
    app.layout = shell.build()
    people = (account, admin_users, admin_system, admin_audit)
    for concern in (
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
        notices,
        chains,
        field_shell,
        rules,
        blind_spots,
        *people,
    ):
        concern.register(app, faces)
