"""WVP's words for the types of alarm, back in the numbers of GB/T 28181 A.2.5.3 that they stand for. Pure."""

from collections.abc import Mapping
from typing import Any

TYPES: Mapping[str, tuple[str, str]] = {
    "VideoLoss": ("2", "1"),
    "DeviceTamper": ("2", "2"),
    "StorageFull": ("2", "3"),
    "DeviceHighTemperature": ("2", "4"),
    "DeviceLowTemperature": ("2", "5"),
    "ManualVideo": ("5", "1"),
    "MotionDetection": ("5", "2"),
    "LeftObjectDetection": ("5", "3"),
    "ObjectRemovalDetection": ("5", "4"),
    "TripwireDetection": ("5", "5"),
    "IntrusionDetection": ("5", "6"),
    "ReverseDetection": ("5", "7"),
    "LoiteringDetection": ("5", "8"),
    "FlowStatistics": ("5", "9"),
    "DensityDetection": ("5", "10"),
    "VideoAbnormal": ("5", "11"),
    "RapidMovement": ("5", "12"),
    "VideoOcclusion": ("5", "13"),
    "StorageFault": ("6", "1"),
    "StorageFanFault": ("6", "2"),
}
"""Word -> AlarmMethod and AlarmType."""
OTHER = "7"


def standard(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with the standard's method and type; older versions write these themselves. A word that stands for none is of method 7."""
    word = row.get("alarmType")
    if row.get("alarmMethod") or not isinstance(word, str) or not word[:1].isalpha():
        return dict(row)
    method, kind = TYPES.get(word, (OTHER, ""))
    return {**row, "alarmMethod": method, "alarmType": kind}
