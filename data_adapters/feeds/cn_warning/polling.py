"""Asks a warning centre for the table of warnings, or for single messages."""

from data_adapters.feeds.lists import changed_lists
from data_adapters.feeds.setup import FeedSetup
from services.polling import Source


def warning_centre(setup: FeedSetup) -> Source | None:
    """Who is asked for the feed's warnings, by its settings, or None."""
    return changed_lists(setup, "cn-warning", "application/json, application/xml, text/xml")
