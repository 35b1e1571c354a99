"""What each leader answers for 分管: kept with the account, else as config/leaders.yaml says at the start."""

from collections.abc import Collection, Mapping
from typing import Protocol

from domain.access import Actor, Forbidden
from domain.portfolio import Portfolio, portfolio
from services.account_ports import AuditEntry, Person
from services.duty import Units
from services.user_desk import NotTaken


class PortfolioStore(Protocol):
    """data_adapters/sql/portfolio_repository.py."""

    def of(self, username: str, at: int | None) -> Portfolio | None:
        """As it was set at that moment; None where nobody has."""

    def write(self, username: str, held: Portfolio, entry: AuditEntry) -> bool:
        """From entry.at on; False for an unknown username."""


class Colleagues(Protocol):
    """services/user_desk.py: whom an administrator looks after."""

    def person(self, actor: Actor, username: str, at: int) -> Person: ...


class Portfolios:
    """One per web process. `given`: username -> what the city's file says."""

    def __init__(self, store: PortfolioStore, units: Units, colleagues: Colleagues, given: Mapping[str, Portfolio]) -> None:
        self._store, self._units, self._colleagues, self._given = store, units, colleagues, dict(given)

    def of(self, actor: Actor, at: int | None = None) -> Portfolio:
        """The actor's own."""
        return self._of(actor.username, at)

    def held(self, actor: Actor, username: str, now: int) -> Portfolio:
        """Somebody's, for an administrator who looks after them. Raises Forbidden, LookupError."""
        self._may(actor, username, now)
        return self._of(username, None)

    def write(
        self, actor: Actor, username: str, domains: Collection[str], regions: Collection[str], now: int, address: str = ""
    ) -> Portfolio:
        """What somebody answers for from now on: a leader their own, an administrator that of whom they look after; audited.

        Raises Forbidden, LookupError, NotTaken for an unknown domain or region.
        """
        self._may(actor, username, now)
        if unknown := sorted(set(regions) - set(self._units.regions())):
            raise NotTaken(f"unknown region {unknown[0]!r}", "codes")
        try:
            made = portfolio(domains, regions)
        except ValueError as error:
            raise NotTaken(f"unknown domain {error}", "codes") from error
        detail = {"domains": list(made.domains), "regions": list(made.regions)}
        if not self._store.write(
            username, made, AuditEntry(now, actor.username, "set_portfolio", username, address=address, detail=detail)
        ):
            raise LookupError(username)
        return made

    def _of(self, username: str, at: int | None) -> Portfolio:
        return self._store.of(username, at) or self._given.get(username) or Portfolio()

    def _may(self, actor: Actor, username: str, now: int) -> None:
        if username == actor.username and actor.may("give_instruction"):
            return
        if username == actor.username or not actor.may("manage_users"):
            raise Forbidden("set_portfolio")
        self._colleagues.person(actor, username, now)
