"""Assembles the briefs for a web worker."""

from collections.abc import Mapping
from typing import Any

from config.languages import load_catalogues
from data_adapters.documents import Documents
from data_adapters.handbook import Handbook
from domain.incident_states import STATE
from domain.registry import ancestors
from services.briefs import Briefs, Names, OnDuty
from services.incident_board import IncidentBoard
from services.picture import Picture
from services.register import Register

TOWNS = ("town", "district")


def build_briefs(board: IncidentBoard, picture: Picture, duty: OnDuty, register: Register, handbook: Handbook) -> Briefs:
    """The briefs in Chinese, in the city's zone."""
    words = load_catalogues()["zh"]

    def said(message: str, values: Mapping[str, Any]) -> str:
        return words[message].format(**values)

    papers = (Documents(), said, str(handbook.working.zone))
    return Briefs(board, picture, duty, names_of(register, handbook), handbook.limits.major, *papers)


def names_of(register: Register, handbook: Handbook) -> Names:
    """What codes are called on paper, in Chinese."""
    words = load_catalogues()["zh"]

    def named(code: str) -> str:
        found = handbook.classes.get(code)
        return found.zh if found else words["incident.unclassed"]

    def region(code: str) -> str:
        found = register.regions().get(code)
        return found.name if found else code

    def town(code: str) -> str:
        known = register.regions()
        chain = ancestors(code, known) if code else []
        return next((above for above in chain if above in known and known[above].level in TOWNS), code)

    def department(code: str) -> str:
        found = register.departments().get(code)
        return found.name if found else code

    def owed(spine: str, state: str) -> str:
        found = STATE.get((spine, state))
        return found.owed if found else state

    return Names(named, region, department, owed, town, lambda feed: words.get(f"feed.{feed}", feed))
