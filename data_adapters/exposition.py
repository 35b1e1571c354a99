"""The city's figures in Prometheus' text format."""

from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector

from services.state_of_affairs import Facts


class CityCollector(Collector):
    """The city's figures of this moment."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def collect(self) -> Iterator[Metric]:
        """One family after the other, as prometheus_client asks for them."""
        messages = CounterMetricFamily("citydeck_ingest_messages", "Values taken from feeds, by outcome.", labels=["feed", "outcome"])
        for count in self._facts.feeds():
            messages.add_metric([count.feed, count.outcome], count.n)
        yield messages
        screens, frame_bytes = self._facts.screens()
        yield GaugeMetricFamily("citydeck_ingest_lag_seconds", "How far ingest is behind.", value=self._facts.ingest().lag_s)
        yield GaugeMetricFamily("citydeck_live_clients", "Open streams of /live, all web workers.", value=screens)
        yield GaugeMetricFamily("citydeck_live_frame_bytes", "Bytes of the last live frame.", value=frame_bytes)
        notices = GaugeMetricFamily("citydeck_notices", "Notices that leave the city, by state.", labels=["state"])
        for state, n in self._facts.notices().items():
            notices.add_metric([state], n)
        yield notices
        rules = GaugeMetricFamily(
            "citydeck_alarms_day", "Alarms of the last 24 hours by rule, raised and false.", labels=["rule", "outcome"]
        )
        for rule_id, (raised, false) in self._facts.alarms_of_rules().items():
            rules.add_metric([rule_id, "raised"], raised)
            rules.add_metric([rule_id, "false"], false)
        yield rules
        taken = GaugeMetricFamily(
            "citydeck_suggestions_month", "Suggestions for appeals that people decided about in 30 days.", labels=["target", "outcome"]
        )
        for target, outcomes in self._facts.suggestions().items():
            for outcome, n in outcomes.items():
                taken.add_metric([target, outcome], n)
        yield taken
        yield GaugeMetricFamily("citydeck_incidents_open", "Open incidents, without exercises.", value=self._facts.open_incidents())
        yield GaugeMetricFamily("citydeck_alarms_active", "Alarms that are lit.", value=self._facts.active_alarms())


def exposition(facts: Facts, *more: Collector) -> Callable[[], tuple[bytes, str]]:
    """A function that gives the figures of the moment, and their content type."""
    registry = CollectorRegistry(auto_describe=False)
    for collector in (CityCollector(facts), *more):
        registry.register(collector)
    return lambda: (generate_latest(registry), CONTENT_TYPE_PLAIN_0_0_4)
