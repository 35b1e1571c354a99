"""The unit codes of NGSI (`unitCode`): UN/CEFACT Recommendation 20, as data_adapters/feeds/units.py writes them."""

from collections.abc import Mapping
from types import MappingProxyType

UN_CEFACT: Mapping[str, str] = MappingProxyType(
    {
        "GQ": "µg/m³", "GP": "mg/m³", "59": "ppm", "61": "ppb", "CEL": "°C", "FAH": "degF", "KEL": "kelvin", "P1": "%", "C62": "1",
        "MTS": "m/s", "KMH": "km/h", "HM": "mile/hour", "KNT": "knot", "A97": "hPa", "MBR": "millibar", "PAL": "pascal", "KPA": "kPa",
        "MPA": "MPa", "BAR": "bar", "MMT": "mm", "CMT": "cm", "MTR": "m", "KMT": "km", "DD": "°", "2N": "dB", "LUX": "lx",
        "C26": "millisecond", "SEC": "s", "MIN": "minute", "HUR": "hour", "WTT": "W", "KWT": "kW", "MAW": "MW", "WHR": "Wh", "KWH": "kWh",
        "VLT": "V", "KVT": "kV", "2Z": "mV", "AMP": "A", "4K": "mA", "HTZ": "Hz", "LTR": "l", "MTQ": "m³", "MQH": "m³/h", "MQS": "m³/s",
    }
)  # fmt: skip
