"""Receivers of notices for the tests of this folder."""

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.data_adapters.receivers import Letters, moody_receiver, smtp_server


@pytest.fixture
def smtp() -> Iterator[tuple[Letters, int]]:
    """A real SMTP server."""
    with smtp_server() as server:
        yield server


@pytest.fixture
def moody() -> Iterator[tuple[Counter[str], int]]:
    """A receiver that answers every other request with 503."""
    with moody_receiver() as server:
        yield server
