"""A public warning as the feeds hand it on, whatever it was written in."""

from domain.event_time import settle
from domain.events import checked
from domain.messages import Event, RawMessage, Rejected
from domain.warnings import Warned, as_facts


def warning_event(said: Warned, message: RawMessage, clock_ahead_ms: int) -> Event | Rejected:
    """The event of the kind `warning`; Rejected where it cannot be stored."""
    when, facts = settle(said.sent_at, message.received_at, clock_ahead_ms), as_facts(said)
    return checked(
        Event("warning", said.statement, when.at, None, None, None, facts, message.received_at, when.source, message.redelivered)
    )
