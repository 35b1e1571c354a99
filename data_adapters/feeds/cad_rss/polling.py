"""Asks a dispatch centre for its lists."""

from data_adapters.feeds.lists import changed_lists
from data_adapters.feeds.setup import FeedSetup
from services.polling import Source


def dispatch_centre(setup: FeedSetup) -> Source | None:
    """Who is asked for units and calls, by the feed's settings, or None."""
    return changed_lists(setup, "cad-rss", "application/rss+xml, application/xml, text/xml")
