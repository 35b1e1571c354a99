"""What a leader answers for 分管: domains of the city vital signs and towns. It chooses what their office shows first; it is no right,
and hides nothing that their scope lets them see."""

from collections.abc import Iterable
from typing import NamedTuple

from domain.metrics import DOMAINS
from domain.registry import Region, ancestors


class Portfolio(NamedTuple):
    """Domains in the order of DOMAINS, and codes of regions. Empty means all of them."""

    domains: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()

    def has_domain(self, domain: str) -> bool:
        """Whether the leader answers for this domain."""
        return not self.domains or domain in self.domains

    def has_region(self, region: str, known: dict[str, Region]) -> bool:
        """Whether the region is one of the leader's or lies in one. What has no region is everybody's."""
        return not self.regions or not region or bool(set(self.regions).intersection(ancestors(region, known)))


def portfolio(domains: Iterable[str], regions: Iterable[str]) -> Portfolio:
    """In one form, each named once. Raises ValueError for an unknown domain."""
    wanted = set(domains)
    if unknown := sorted(wanted - set(DOMAINS)):
        raise ValueError(unknown[0])
    return Portfolio(tuple(one for one in DOMAINS if one in wanted), tuple(sorted(set(regions))))
