"""Colours as eyes see them: the tokens by theme, contrast (WCAG 2.2), and how colour-blind people see them (Machado, Oliveira, Fernandes
2009, severity 1.0)."""

import re
from pathlib import Path

TOKENS = Path(__file__).resolve().parents[1] / "assets" / "tokens.css"
THEMES = {"dark": ":root {", "light": ':root[data-theme="light"] {', "outdoor": ":root.is-outdoor {"}
SEEN_BY = {
    "everyone": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
WHITE = (0.95047, 1.0, 1.08883)
TO_XYZ = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
Colour = tuple[float, float, float]


def tokens(theme: str) -> dict[str, str]:
    """Name -> value of one theme; what it leaves alone is as in the dark one (outdoors as in the light one)."""
    text = TOKENS.read_text()
    chain = {"dark": ["dark"], "light": ["dark", "light"], "outdoor": ["dark", "light", "outdoor"]}[theme]
    found: dict[str, str] = {}
    for name in chain:
        start = text.index(f"\n{THEMES[name]}\n") + 1
        found.update(re.findall(r"--([\w-]+):\s*([^;]+);", text[start : text.index("\n}", start)]))
    return found


def linear(colour: str) -> Colour:
    """#rrggbb as linear light, each part from 0 to 1."""
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return red, green, blue


def _times(matrix: tuple[Colour, ...], colour: Colour) -> Colour:
    first, second, third = (sum(a * b for a, b in zip(row, colour, strict=True)) for row in matrix)
    return first, second, third


def contrast(one: str, other: str) -> float:
    """From 1 to 21, as WCAG 2.2 reckons it."""
    bright, dark = sorted((_times(TO_XYZ, linear(colour))[1] for colour in (one, other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _lab(colour: Colour) -> Colour:
    x, y, z = (
        part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116
        for part in (xyz / white for xyz, white in zip(_times(TO_XYZ, colour), WHITE, strict=True))
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def difference(one: str, other: str, eyes: str) -> float:
    """How far two colours are apart for these eyes (CIE 1976 ΔE; about 2.3 can just be told apart side by side)."""
    seen = [_lab(tuple(min(1.0, max(0.0, part)) for part in _times(SEEN_BY[eyes], linear(colour)))) for colour in (one, other)]  # type: ignore[arg-type]
    return float(sum((a - b) ** 2 for a, b in zip(*seen, strict=True)) ** 0.5)
