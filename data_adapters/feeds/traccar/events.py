"""The events that Traccar forwards, by its names: what becomes of each, or why nothing does."""

from collections.abc import Mapping

PRESENCE: Mapping[str, bool] = {"deviceOnline": True, "deviceOffline": False}

ATTRIBUTES: Mapping[str, tuple[str, bool | None]] = {
    "ignitionOn": ("ignition", True),
    "ignitionOff": ("ignition", False),
    "deviceMoving": ("motion", True),
    "deviceStopped": ("motion", False),
    "alarm": ("alarm", None),
}
"""Event -> the attribute that it stands for, and its value; None: the one that the event's own attributes hold."""

JUDGED_HERE = "CityDeck judges that by its own rules, from positions and readings"
NOT_MEASURED: Mapping[str, str] = {
    "deviceUnknown": "nobody knows whether the device is there",
    "deviceInactive": "nobody has heard the device for long; CityDeck says so by itself",
    "deviceOverspeed": JUDGED_HERE,
    "deviceFuelDrop": JUDGED_HERE,
    "deviceFuelIncrease": JUDGED_HERE,
    "deviceIdle": JUDGED_HERE,
    "geofenceEnter": JUDGED_HERE,
    "geofenceExit": JUDGED_HERE,
    "maintenance": "a plan of Traccar's, nothing that was measured",
    "driverChanged": "who drives is nothing that was measured",
    "textMessage": "a message, nothing that was measured",
    "media": "a file of Traccar's, nothing that was measured",
    "commandResult": "the answer to a command of Traccar's",
    "queuedCommandSent": "a command of Traccar's",
}
