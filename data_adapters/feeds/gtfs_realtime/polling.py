"""Asks a producer of GTFS Realtime for its feed messages over HTTP GET, as the specification has it."""

from functools import partial

from config.strict import Field
from data_adapters.feeds.asking import seconds
from data_adapters.feeds.lists import POLL, changed_lists, list_poll
from data_adapters.feeds.setup import FeedSetup
from services.polling import Source

OFTEN: dict[str, Field] = {**POLL, "every_s": (seconds, 30.0)}
POLL_FIELDS: dict[str, Field] = {"poll": (partial(list_poll, known=OFTEN), None)}


def producer(setup: FeedSetup) -> Source | None:
    """Who is asked for the feed's messages, by its settings, or None."""
    return changed_lists(setup, "gtfs-realtime", "application/x-protobuf, application/octet-stream, */*", OFTEN)
