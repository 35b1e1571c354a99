"""Identifiers that stay unique when centres are joined (RFC 9562 UUID version 7) and the numbers printed beside them."""

import secrets
from uuid import UUID


def uuid7(now_ms: int) -> UUID:
    """A UUIDv7 for the moment `now_ms` (epoch milliseconds): sorts by time, 74 random bits."""
    random_bits = secrets.randbits(74)
    value = (now_ms & 0xFFFFFFFFFFFF) << 80
    value |= 0x7 << 76
    value |= (random_bits >> 62) << 64
    value |= 0b10 << 62
    value |= random_bits & ((1 << 62) - 1)
    return UUID(int=value)


def printed_number(letter: str, origin_center: str, sequence: int) -> str:
    """The number a person reads out on the telephone: `A-441900-0000042`."""
    return f"{letter}-{origin_center}-{sequence:07d}"
