"""Identifiers stay unique when centres are joined, sort by time, and have a number that can be read out."""

from hypothesis import given
from hypothesis import strategies as st

from domain.identity import printed_number, uuid7

NOW = 1_795_305_600_000


@given(st.integers(0, 2**48 - 1))
def test_a_uuid_is_of_version_7_and_carries_its_moment(now: int) -> None:
    made = uuid7(now)
    assert made.version == 7 and made.variant == "specified in RFC 4122"
    assert made.int >> 80 == now


@given(st.integers(0, 2**48 - 2))
def test_a_later_uuid_sorts_behind(now: int) -> None:
    assert str(uuid7(now)) < str(uuid7(now + 1))


def test_uuids_of_one_millisecond_differ() -> None:
    assert len({uuid7(NOW) for _ in range(10_000)}) == 10_000


def test_a_printed_number_names_the_centre_and_counts() -> None:
    assert printed_number("A", "441900", 42) == "A-441900-0000042"
    assert printed_number("A", "441900", 12_345_678) == "A-441900-12345678"
