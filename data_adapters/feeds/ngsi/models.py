"""What the attributes of the Smart Data Models mean (smartdatamodels.org; their specifications fix the units): a table a city can read.

`measured` names the metric, and the unit where no unitCode is told; a pollutant has none, for its specification demands the unitCode.
`described` are attributes that describe the thing and measure nothing. `words` are values that stand for true and false.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from data_adapters.feeds.names import Meaning


def _described(names: str) -> frozenset[str]:
    return frozenset(names.split())


COMMON = _described(
    """address alternateName annotations areaServed category configuration controlledAsset dataProvider description familyName hasProvider
    image location locationCategory name owner relatedSource seeAlso source stationCode stationName status_notes typeofLocation validity
    dateCreated dateModified modifiedAt dateObserved dateObservedFrom dateObservedTo observedAt TimeInstant timestamp hour
    dateLastValueReported dateIssued"""
)
"""Attributes of every model: descriptions, and times, which are read as such."""


@dataclass(frozen=True)
class Model:
    """How entities of one type are read."""

    measured: Mapping[str, Meaning] = field(default_factory=dict)
    described: frozenset[str] = frozenset()
    renamed: Mapping[str, str] = field(default_factory=dict)
    """Attributes that are a metric under another name, and whose unit only the message can tell."""
    per_interval: frozenset[str] = frozenset()
    """Counts over the time that the observation covers; they become counts an hour."""
    words: Mapping[str, Mapping[str, bool]] = field(default_factory=dict)
    packed: frozenset[str] = frozenset()
    """Attributes that hold several values as `name=value;…`, percent-encoded: `value` holding `l=0.2` is `value.l`."""
    device: str = ""
    """The attribute that names what speaks, where that is not the entity itself; the setting `devices` goes before it."""
    moves: bool = False
    """Whether its location is where it is now, and not where it stands."""


WEATHER = {
    "temperature": Meaning("temperature", "CEL"),
    "relativeHumidity": Meaning("humidity", "C62"),
    "windSpeed": Meaning("wind_speed", "MTS"),
    "windDirection": Meaning("wind_bearing", "DD"),
    "atmosphericPressure": Meaning("air_pressure", "A97"),
    "precipitation": Meaning("precipitation", "MMT"),
    "dewPoint": Meaning("dew_point", "CEL"),
    "illuminance": Meaning("illuminance", "LUX"),
}
POLLUTANTS = {"CO": "co", "NO": "no", "NO2": "no2", "NOx": "nox", "SO2": "so2", "O3": "o3", "PM1": "pm1", "PM10": "pm10", "PM2.5": "pm25"}
POLLUTION = {
    name: metric for told, metric in {**POLLUTANTS, "PM25": "pm25", "NOX": "nox", "CO2": "co2"}.items() for name in (told, told.lower())
}
LEVELS = frozenset(f"{told}_Level" for told in POLLUTANTS) | {f"{told.lower()}Level" for told in POLLUTANTS}
SPOTS = {
    "availableSpotNumber": Meaning("free"),
    "totalSpotNumber": Meaning("total"),
    "occupiedSpotNumber": Meaning("occupied_spots"),
    "occupancy": Meaning("occupancy", "C62"),
}
PARKING = _described(
    """allowedVehicleType layout requiredPermit chargeType maximumParkingDuration maximumAllowedStay permitActiveHours extraSpotNumber
    acceptedPaymentMethod priceRatePerMinute priceCurrency usageScenario firstAvailableFloor facilities security highestFloor lowestFloor
    status openingHours occupancyDetectionType parkingMode extCategory contactPoint reservationType areBordersMarked"""
)
LIT = {"on": True, "low": True, "off": False}

MODELS: dict[str, Model] = {
    "AirQualityObserved": Model(
        {**WEATHER, "airQualityIndex": Meaning("air_quality_index"), "airQualityLevel": Meaning("air_quality_level")},
        LEVELS | {"reliability", "measurand"},
        POLLUTION,
    ),
    "WeatherObserved": Model(WEATHER, _described("weatherType visibility stationCode measurand")),
    "NoiseLevelObserved": Model(
        {
            "LAeq": Meaning("noise", "dBA"),
            "LAmax": Meaning("noise_max", "dBA"),
            "LAS": Meaning("noise_slow", "dBA"),
            "LAeq_d": Meaning("noise_day", "dBA"),
        },
        _described("sonometerClass measurand"),
    ),
    "TrafficFlowObserved": Model(
        {
            "intensity": Meaning("flow", "veh/h"),
            "occupancy": Meaning("occupancy", "C62"),
            "averageVehicleSpeed": Meaning("speed", "KMH"),
            "averageVehicleLength": Meaning("vehicle_length", "MTR"),
            "averageHeadwayTime": Meaning("headway", "SEC"),
            "averageGapDistance": Meaning("gap", "MTR"),
            "congested": Meaning("congested"),
        },
        _described("laneId laneDirection reversedLane vehicleType vehicleSubType"),
        per_interval=frozenset({"intensity"}),
    ),
    "CrowdFlowObserved": Model(
        {
            "peopleCount": Meaning("people"),
            "averageHeadwayTime": Meaning("headway", "SEC"),
            "averageCrowdSpeed": Meaning("walking_speed", "KMH"),
            "congested": Meaning("congested"),
            "occupancy": Meaning("occupancy", "C62"),
        },
        _described("direction"),
    ),
    "OffStreetParking": Model(SPOTS, PARKING),
    "OnStreetParking": Model(SPOTS, PARKING),
    "ParkingSpot": Model({"status": Meaning("parking_status")}, _described("refParkingSite width length")),
    "Streetlight": Model(
        {
            "powerState": Meaning("lit"),
            "status": Meaning("device_status"),
            "illuminanceLevel": Meaning("brightness", "C62"),
            "intensity": Meaning("current", "AMP"),
            "powerConsumption": Meaning("power", "WTT"),
        },
        _described(
            """circuit lanternHeight controllingMethod dateLastLampChange dateLastSwitchingOn dateLastSwitchingOff dateServiceStarted
            locationDescription"""
        ),
        words={"powerState": LIT},
    ),
    "Device": Model(
        {
            "batteryLevel": Meaning("battery", "C62"),
            "rssi": Meaning("signal_quality", "C62"),
            "deviceState": Meaning("device_status"),
        },
        _described(
            """controlledProperty serialNumber mcc mnc ipAddress macAddress dateFirstUsed dateInstalled dateManufactured dateLastCalibration
            firmwareVersion hardwareVersion softwareVersion osVersion provider supportedProtocol deviceClass function relativePosition"""
        ),
        packed=frozenset({"value"}),
    ),
    "Alert": Model(
        {
            "category": Meaning("alert_category"),
            "subCategory": Meaning("alert_subcategory"),
            "severity": Meaning("alert_severity"),
        },
        _described("alertSource data validFrom validTo"),
        device="alertSource",
    ),
    "Vehicle": Model(
        {"fuelLevel": Meaning("fuel", "C62"), "batteryLevel": Meaning("battery", "C62")},
        _described(
            "speed heading bearing vehicleType vehiclePlateIdentifier fleetVehicleId serviceStatus previousLocation mileageFromOdometer"
        ),
        moves=True,
    ),
}
NOT_MEASURED = {
    "SmartSpot": "describes a beacon, and measures nothing",
    "Open311ServiceRequest": "is a work order, and measures nothing",
    "Open311ServiceType": "describes a service, and measures nothing",
}
