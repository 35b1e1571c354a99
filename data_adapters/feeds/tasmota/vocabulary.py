"""Tasmota's words: which metric each value of a sensor or of the device's state is, and in which unit the firmware tells it."""

import re
from collections.abc import Mapping
from typing import NamedTuple


class Word(NamedTuple):
    """The metric of a value. `unit` is the firmware's; `told_by` names the member of the message that tells it instead."""

    metric: str
    unit: str = ""
    told_by: str | None = None


UNITS = {"C": "°C", "F": "°F"}
"""Of TempUnit. PressureUnit (hPa, mmHg, inHg) is written as everywhere."""

SENSORS: Mapping[str, Word] = {
    "Temperature": Word("temperature", told_by="TempUnit"),
    "DewPoint": Word("dew_point", told_by="TempUnit"),
    "Humidity": Word("humidity", "%"),
    "Pressure": Word("air_pressure", told_by="PressureUnit"),
    "Illuminance": Word("illuminance", "lx"),
    "CarbonDioxide": Word("co2", "ppm"),
    "eCO2": Word("eco2", "ppm"),
    "TVOC": Word("voc", "ppb"),
    "PM1": Word("pm1", "µg/m³"),
    "PM2.5": Word("pm25", "µg/m³"),
    "PM10": Word("pm10", "µg/m³"),
    "Moisture": Word("soil_moisture", "%"),
    "Battery": Word("battery", "%"),
    "Power": Word("power", "W"),
    "ApparentPower": Word("apparent_power", "VA"),
    "ReactivePower": Word("reactive_power", "VAr"),
    "Factor": Word("power_factor"),
    "Voltage": Word("supply_voltage", "V"),
    "Current": Word("current", "A"),
    "Frequency": Word("frequency", "Hz"),
    "Total": Word("energy", "kWh"),
    "Today": Word("energy_today", "kWh"),
    "Yesterday": Word("energy_yesterday", "kWh"),
}
STATE: Mapping[str, Word] = {
    "UptimeSec": Word("uptime", "s"),
    "BatteryPercentage": Word("battery", "%"),
    "Dimmer": Word("brightness", "%"),
    "CT": Word("colour_temperature", "mired"),
    "Wifi.Signal": Word("signal_strength", "dBm"),
}
INFO: Mapping[str, Word] = {"Version": Word("firmware"), "RestartReason": Word("restart_reason")}
RELAY = re.compile(r"POWER([0-9]{0,2})\Z")
SWITCHED = Word("switched_on")
WORDS = {"ON": True, "OFF": False}

NO_MEASUREMENT = frozenset({"Time", "TempUnit", "PressureUnit", "SpeedUnit", "Id", "Address", "TotalStartTime", "Period"})
"""In a sensor's message: time, units, serial numbers, and what counts energy since the last message."""
HOUSEKEEPING = frozenset(
    {
        "Time", "Uptime", "Heap", "SleepMode", "Sleep", "LoadAvg", "MqttCount", "Vcc", "Berry", "Hostname", "IPAddress",
        "Color", "HSBColor", "White", "Channel", "Scheme", "Fade", "Speed", "LedTable",
        "Wifi.AP", "Wifi.SSId", "Wifi.BSSId", "Wifi.Channel", "Wifi.Mode", "Wifi.RSSI", "Wifi.LinkCount", "Wifi.Downtime",
    }
)  # fmt: skip
"""In STATE: what the firmware tells of itself and of colours. Wifi.RSSI is a quality in per cent, Wifi.Signal the strength."""
