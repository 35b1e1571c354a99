"""What leaders answer for, in PostgreSQL (services/portfolios.py, PortfolioStore)."""

from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from data_adapters.sql.audit_repository import write_entry
from domain.event_time import to_datetime
from domain.portfolio import Portfolio, portfolio
from services.account_ports import AuditEntry

OF = text("""SELECT domains, regions FROM portfolios WHERE username = :username AND CASE WHEN CAST(:at AS timestamptz) IS NULL
    THEN valid_to IS NULL ELSE valid_from <= :at AND (valid_to IS NULL OR valid_to > :at) END""")
END = text("UPDATE portfolios SET valid_to = :at WHERE username = :username AND valid_to IS NULL")
BEGIN = text("INSERT INTO portfolios (username, domains, regions, set_by, valid_from) VALUES (:username, :domains, :regions, :by, :at)")


class PortfolioRepository:
    """The PortfolioStore port."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, username: str, at: int | None) -> Portfolio | None:
        with self._engine.connect() as tx:
            row = tx.execute(OF, {"username": username, "at": None if at is None else to_datetime(at)}).first()
        return portfolio(row.domains, row.regions) if row else None

    def write(self, username: str, held: Portfolio, entry: AuditEntry) -> bool:
        values = {"username": username, "at": to_datetime(entry.at), "by": entry.actor}
        try:
            with self._engine.begin() as tx:
                tx.execute(END, values)
                tx.execute(BEGIN, {**values, "domains": list(held.domains), "regions": list(held.regions)})
                write_entry(tx, entry)
        except IntegrityError:
            return False
        return True
