"""Assembles the demo's own warnings on the city's database."""

from sqlalchemy import Engine

from data_adapters.demo.advisories import Advisories
from data_adapters.sql.audit_repository import AuditRepository
from data_adapters.sql.register_repository import RegisterRepository
from data_adapters.sql.warning_repository import WarningRepository
from data_adapters.warning_wiring import build_warnings
from domain.registry import compared_level
from services.audit import Audit
from services.register import Register


def demo_advisories(engine: Engine) -> Advisories:
    """For the towns that the city has an outline of. Reads the register; raises SQLAlchemyError."""
    register = Register(RegisterRepository(engine))
    regions = register.regions(None)
    level = compared_level(regions.values())
    places = [one for one in WarningRepository(engine).places() if one.outline is not None and regions[one.code].level == level]
    middles = {one.code: (one.outline.centroid.x, one.outline.centroid.y) for one in places if one.outline is not None}
    own = build_warnings(engine, register, Audit(AuditRepository(engine))).own_warnings
    return Advisories(own, middles, {one.code: one.name for one in places})
