"""What a leader answers for 分管, as a security administrator sets it: the form beside the list of accounts."""

from collections.abc import Mapping
from typing import Any

import dash_mantine_components as dmc
from dash import html

from domain.metrics import DOMAINS
from layouts.admin_parts import answer, panel, scope
from layouts.words import Words

FIELDS = ("domains", "regions")
LEADER = "leader"
KIND = "portfolio"
"""The answer to this form's deed."""


def field(name: str) -> dict[str, str]:
    """The id of `domains` or `regions`."""
    return {"type": "user-portfolio", "name": name}


SAVE = {"type": "user-portfolio-save"}


def build(words: Words) -> html.Section:
    """The form, shut until a leader is chosen."""
    known = {"domains": domains(words)}
    selects = [scope(field(name), words, f"portfolio.{name}", known.get(name, ()), disabled=True) for name in FIELDS]
    save = dmc.Button(words("admin.do_portfolio"), id=SAVE, size="xs", variant="default", n_clicks=0, disabled=True)
    note = html.P(words("admin.portfolio_note"), className="admin-note")
    return panel(
        words, "portfolio", html.Div([note, *selects, html.Div(save, className="admin-buttons"), answer(KIND)], className="admin-form")
    )


def domains(words: Words) -> list[dict[str, str]]:
    """The domains to choose from."""
    return [{"value": name, "label": words(f"domain.{name}")} for name in DOMAINS]


def is_leader(row: Mapping[str, Any]) -> bool:
    """Whether the account of this line of the list answers for something."""
    return LEADER in row.get("role_ids", ())
