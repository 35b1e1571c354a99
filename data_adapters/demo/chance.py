"""Chance without state: the same words give the same number, in every process and on every day."""

from zlib import crc32


def share(*words: object) -> float:
    """A number from 0 to below 1 that looks random and is always the same for the same words."""
    value = crc32("|".join(map(str, words)).encode())
    value = (value ^ value >> 16) * 0x45D9F3B & 0xFFFFFFFF
    value = (value ^ value >> 16) * 0x45D9F3B & 0xFFFFFFFF
    return (value ^ value >> 16) / 2**32


def drift(name: str, at: int, period_ms: int) -> float:
    """A number from -1 to 1 that wanders smoothly: a new random height every `period_ms`, eased between."""
    step, rest = divmod(at, period_ms)
    part = rest / period_ms
    eased = part * part * (3 - 2 * part)
    return 2 * (share(name, step) * (1 - eased) + share(name, step + 1) * eased) - 1
