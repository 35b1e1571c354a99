"""How the recorded tables of the trials are to be read (docs/replay.md explains the words)."""

BEIJING = """\
device: beijing-{station}
time: {column: time_local}
metrics:
  pm25: {column: PM2.5}
  pm10: {column: PM10}
  so2: {column: SO2}
  no2: {column: NO2}
  co: {column: CO}
  o3: {column: O3}
  temperature: {column: TEMP}
  air_pressure: {column: PRES}
  dew_point: {column: DEWP}
  rain_1h: {column: RAIN}
  wind_direction: {column: wd, kind: text}
  wind_speed: {column: WSPM}
"""
USGS = """\
device: usgs-{site}
time: {column: time}
records: value.timeSeries[*].values[*].value[*]
columns:
  site: value.timeSeries[*].sourceInfo.siteCode[0].value
  parameter: value.timeSeries[*].variable.variableCode[0].value
  time: value.timeSeries[*].values[*].value[*].dateTime
  reading: value.timeSeries[*].values[*].value[*].value
no_data: [-999999]
metrics:
  discharge: {column: reading, factor: 0.028316846592, where: {parameter: "00060"}}
  water_level: {column: reading, factor: 0.3048, where: {parameter: "00065"}}
"""
RIVER = """\
device: river-flow
time: {column: Time}
metrics:
  discharge: {column: "Water flow [l/s]", factor: 0.001}
"""
NAB = """\
device: nab-{name}
time: {{column: timestamp, zone: UTC}}
metrics:
  {metric}: {{column: value, {unit}}}
"""
NAB_FILES = {
    "speed_6005.csv": ("speed", "factor: 1.609344"),
    "occupancy_6005.csv": ("occupancy", "factor: 1"),
    "TravelTime_387.csv": ("travel_time", "factor: 1"),
    "ambient_temperature_system_failure.csv": ("temperature", 'factor: 5/9, offset: "-160/9"'),
}
"""File -> metric and unit: miles an hour, per cent, seconds, degrees Fahrenheit. The files name no zone; UTC keeps their steps."""


def nab(file: str) -> str:
    """The mapping of one NAB series."""
    metric, unit = NAB_FILES[file]
    return NAB.format(name=file.removesuffix(".csv"), metric=metric, unit=unit)
