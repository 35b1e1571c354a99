"""Told scenes for visitors 创新展示: captions over scenes that show no personal data, by keyboard, presenter or timer."""

from typing import NamedTuple

FOR_VISITORS = frozenset({"header", "map", "figures", "trends", "towns", "feeds", "vitals", "indicators", "ranked", "shade"})
"""Panels that hold numbers of places and devices alone: nothing that a person wrote, no name, no picture, no case.
A panel that is not here is not for visitors."""


class Caption(NamedTuple):
    """What is said while a scene stands, in both languages."""

    scene: str
    zh: str
    en: str


class Told(NamedTuple):
    """A told scene; each caption stands `seconds`, 0 until somebody leafs."""

    code: str
    zh: str
    en: str
    seconds: int
    captions: tuple[Caption, ...]
