"""Units as the wire spells them, into the one unit that config/metrics.yaml gives each metric. The sums are pint's, exact, rounded once.

A unit is looked up in the feed's own dialect (its specification's codes -> pint's words), then in SPELLINGS, then read by pint. What
text of the wire may be at all is bounded before pint sees it: a unit such as km9999999 must not cost the city a minute.
Only what has the same root unit is converted: degrees never become per cent, turns a minute never hertz, ppm never µg/m³ (that takes
a temperature and a pressure, which nobody said).
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any

import pint

MAX_LENGTH = 32
SAFE = re.compile(r"(?:1/)?(?:[^\W\d_]|[°%])(?:[^\W_]|[°%/.·^() -])*\Z")
EXPONENT = re.compile(r"(?<=[^\W\d_])\^?(-?[1-4])(?![\d.])")
OWN = (
    "vehicle = [vehicle] = veh",
    "person = [person]",
    "piece = [piece]",
    "lower_explosive_limit = [lower_explosive_limit]",
    "decibel_a = [weighted_sound_level]",
    "decibel_plain = [level]",
    "decibel_to_milliwatt = [power_level]",
    "ph_unit = [acidity]",
    "turbidity_unit = [turbidity]",
    "apparent_watt = [apparent_power]",
    "reactive_watt = [reactive_power]",
    "ppb = 1e-9",
    "mired_unit = [reciprocal_temperature_of_colour]",
)
"""What pint has none of, or only as a logarithm: units that become nothing but themselves."""
SPELLINGS: Mapping[str, str] = MappingProxyType(
    {
        "": "dimensionless",
        "1": "dimensionless",
        "%RH": "percent",
        "%LEL": "lower_explosive_limit",
        "dBA": "decibel_a",
        "dB(A)": "decibel_a",
        "dB": "decibel_plain",
        "dBm": "decibel_to_milliwatt",
        "pH": "ph_unit",
        "NTU": "turbidity_unit",
        "mired": "mired_unit",
        "个": "piece",
        "辆": "vehicle",
        "人": "person",
        "人/m2": "person/m**2",
        "辆/h": "vehicle/hour",
        "l/s": "liter/second",
        "Cel": "degC",
        "°": "degree",
        **{spelled: f"{prefix}apparent_watt" for spelled, prefix in (("VA", ""), ("kVA", "kilo"), ("MVA", "mega"))},
        **{spelled: f"{prefix}reactive_watt" for spelled, prefix in (("var", ""), ("VAr", ""), ("kvar", "kilo"), ("kVAr", "kilo"))},
    }
)
"""As written after NFKC (℃ is °C, m³ is m3) -> pint's words."""

CHINESE: Mapping[str, str] = MappingProxyType(
    {
        "摄氏度": "degC", "米": "m", "毫米": "mm", "厘米": "cm", "千米": "km", "公里": "km", "平方米": "m2", "立方米": "m3", "升": "L",
        "秒": "s", "分钟": "min", "小时": "h", "天": "day", "克": "g", "毫克": "mg", "微克": "ug", "千克": "kg", "吨": "tonne",
        "帕": "Pa", "百帕": "hPa", "千帕": "kPa", "兆帕": "MPa", "伏": "V", "千伏": "kV", "毫伏": "mV", "安": "A", "毫安": "mA",
        "瓦": "W", "千瓦": "kW", "兆瓦": "MW", "千瓦时": "kWh", "赫兹": "Hz", "勒克斯": "lx", "分贝": "dB", "毫升": "mL",
    }
)  # fmt: skip
"""What Chinese platforms write out (GB 3100-1993), each part between slashes. 度 is none of them: it may be °C, ° or kWh."""

Convert = Callable[[float], float]
Root = tuple[Fraction, Fraction, frozenset[Any]]
"""value in root units = value * factor + offset; and the root units with their powers."""


class UnitError(ValueError):
    """The unit can't be used; the text says why. `reason` is the code that a Rejected gets."""

    reason = "unknown_unit"


class WrongUnit(UnitError):
    """A known unit of something else than the metric's."""

    reason = "wrong_unit"


def converter(unit: str, target: str, dialect: Mapping[str, str] = MappingProxyType({})) -> Convert:
    """From `unit`, as the feed spells it, to `target`, as config/metrics.yaml does. Raises UnitError."""
    meant = dialect.get(unit, unit)
    if meant == target:
        return float
    if not meant:
        raise WrongUnit(f"no unit was told, and the metric is in {target}")
    return _converter(meant, target)


def known(unit: str, dialect: Mapping[str, str] = MappingProxyType({})) -> str:
    """The unit, for a setting that is checked at start. Raises UnitError."""
    _known(dialect.get(unit, unit))
    return unit


@lru_cache(maxsize=4096)
def _converter(unit: str, target: str) -> Convert:
    (factor, offset, root), (to_factor, to_offset, to_root) = _known(unit), _known(target)
    if root != to_root:
        raise WrongUnit(f"{unit} cannot be told in {target or 'no unit'}")
    scale, shift = float(factor / to_factor), float((offset - to_offset) / to_factor)
    return lambda value: _rounded(value * scale + shift)


def _known(unit: str) -> Root:
    found = _root(unit) if len(unit) <= MAX_LENGTH else None
    if found is None:
        raise UnitError(f"{unit[:MAX_LENGTH]!r} is no known unit")
    return found


@lru_cache(maxsize=4096)
def _root(unit: str) -> Root | None:
    """None for what is no unit: that too is remembered, for a device that says so says it again."""
    written = _written(unit)
    if written is None:
        return None
    try:
        one, two = (_registry().Quantity(Fraction(n), written).to_root_units() for n in (1, 2))
    except Exception:
        # pint raises what Python's tokenizer and its own parser raise (AttributeError, TypeError, …): for us all say the same.
        return None
    return Fraction(two.m - one.m), Fraction(2 * one.m - two.m), frozenset(one.unit_items())


def _written(unit: str) -> str | None:
    """In pint's words; None for text that can be no unit."""
    plain = "/".join(CHINESE.get(part, part) for part in unicodedata.normalize("NFKC", unit).strip().split("/"))
    if plain in SPELLINGS:
        return SPELLINGS[plain]
    if len(plain) > MAX_LENGTH or not SAFE.match(plain):
        return None
    return EXPONENT.sub(r"**\1", plain)


def _rounded(value: float) -> float:
    """To 12 digits: what a device sent as 0.55 and means as 55 must not be stored as 55.00000000000001."""
    return float(f"{value:.12g}")


@cache
def _registry() -> Any:
    """Made when first asked: it takes half a second, and most processes of a city convert nothing."""
    registry: Any = pint.UnitRegistry(non_int_type=Fraction, autoconvert_offset_to_baseunit=True, cache_folder=None)
    for definition in OWN:
        registry.define(definition)
    return registry
