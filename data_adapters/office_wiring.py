"""Assembles the leader's office for a web worker: portfolios, instructions, what it shows, its morning brief; and what jobs.py does."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Engine

from config.languages import load_catalogues
from config.leaders import load_office_rules
from data_adapters.brief_wiring import names_of
from data_adapters.documents import Documents
from data_adapters.handbook import Handbook
from data_adapters.incident_wiring import center_of
from data_adapters.notice_wiring import build_notices
from data_adapters.sql.indicator_repository import IndicatorRepository
from data_adapters.sql.instruction_repository import InstructionRepository
from data_adapters.sql.people_repository import PeopleRepository
from data_adapters.sql.portfolio_repository import PortfolioRepository
from data_adapters.sql.register_repository import RegisterRepository
from data_adapters.sql.unit_repository import UnitRepository
from services.briefs import OnDuty
from services.explaining import Explaining
from services.incident_board import IncidentBoard
from services.incident_desk import IncidentDesk
from services.instructions import Instructions
from services.office import Office
from services.office_paper import Hearing, MorningBrief
from services.picture import Picture
from services.portfolios import Portfolios
from services.register import Register
from services.user_desk import UserDesk


class OfficeServices(NamedTuple):
    """What a web worker offers about the leader's office, under the names that City has for it."""

    portfolios: Portfolios
    instructions: Instructions
    office: Office
    morning: MorningBrief


class Parts(NamedTuple):
    """What the office is made of."""

    register: Register
    board: IncidentBoard
    desk: IncidentDesk
    handbook: Handbook
    picture: Picture
    duty: OnDuty
    explaining: Explaining
    appeals: Hearing
    user_desk: UserDesk


def build_office(engine: Engine, parts: Parts) -> OfficeServices:
    """The office on this database. Opens no connection yet. Raises ConfigError."""
    rules, words = load_office_rules(), load_catalogues()["zh"]
    portfolios = Portfolios(PortfolioRepository(engine), parts.register, parts.user_desk, rules.portfolios)
    instructions = build_instructions(engine, parts.register, parts.desk)
    units = UnitRepository(engine)

    def unit_names(now: int) -> Mapping[str, str]:
        return {one.unit.unit_id: one.unit.name for one in units.units(now)}

    def said(message: str, values: Mapping[str, Any]) -> str:
        return words[message].format(**values)

    office = Office(
        portfolios, parts.explaining, parts.board, parts.desk, parts.picture, parts.duty, instructions, unit_names,
        parts.register.regions, parts.handbook.limits.major, rules.points, rules.days,
    )  # fmt: skip
    names, zone = names_of(parts.register, parts.handbook), str(parts.handbook.working.zone)
    city = parts.register.city
    brief = MorningBrief(office, parts.board, parts.appeals, names, Documents(), said, zone, lambda: bool(city()["demo"]))
    return OfficeServices(portfolios, instructions, office, brief)


def build_instructions(engine: Engine, register: Register, desk: IncidentDesk) -> Instructions:
    """Leaders' instructions on this database."""
    indicators = IndicatorRepository(engine)

    def named(about: str, code: str) -> str:
        if about == "region":
            found = register.regions().get(code)
            return found.name if found else ""
        return next((one.indicator.zh for one in indicators.defined(None) if one.indicator.code == code), "")

    people, store = PeopleRepository(engine), InstructionRepository(engine, center_of(engine))
    return Instructions(store, desk, register, build_notices(engine), people, named)


def office_schedule(engine: Engine, desk: IncidentDesk) -> list[tuple[str, float, Callable[[int], object]]]:
    """What jobs.py does for leaders: it tells of answers that are overdue."""
    return [("overdue instructions", 15, build_instructions(engine, Register(RegisterRepository(engine)), desk).watch)]
