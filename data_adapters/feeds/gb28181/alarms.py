"""GB/T 28181-2016 and -2022, alarm notification: which AlarmMethod and AlarmType is which of our types of video alarm.

AlarmType counts anew within each method that has a table; a number that no table has is kept as it came, under the method's own type.
"""

from collections.abc import Mapping

METHODS: Mapping[int, str] = {
    1: "called",
    2: "device_alarm",
    3: "called",
    4: "gps_alarm",
    5: "video",
    6: "device_fault",
    7: "other",
}
"""AlarmMethod (1 telephone, 2 device, 3 text message, 4 GPS, 5 video, 6 device fault, 7 other) -> the type where no AlarmType says more."""
TYPES: Mapping[int, Mapping[int, str]] = {
    2: {1: "video_loss", 2: "tampered", 3: "storage_full", 4: "too_hot", 5: "too_cold"},
    5: {
        1: "called",
        2: "motion",
        3: "object_left",
        4: "object_removed",
        5: "line_crossing",
        6: "intrusion",
        7: "wrong_way",
        8: "loitering",
        9: "people_count",
        10: "crowd",
        11: "image_fault",
        12: "running",
        13: "covered",
    },
    6: {1: "storage_fault", 2: "fan_fault"},
}
"""AlarmMethod -> AlarmType -> type. 5.13 came with the edition of 2022."""
INTRUSION, DIRECTIONS = (5, 6), {1: "entered", 2: "left"}
"""AlarmTypeParam's EventType, of an intrusion only."""
ONLINE: Mapping[str, bool] = {"ON": True, "OFF": False, "VLOST": False, "DEFECT": False}
"""What a catalogue notification says of a device's state."""


def methods_of(text: str) -> list[int] | None:
    """The methods of AlarmMethod, whose digits are combined (`25`: device or video); None for what is none."""
    if not text or len(text) > len(METHODS) or not text.isascii() or not text.isdigit():
        return None
    digits = [int(one) for one in text]
    return digits if all(one in METHODS for one in digits) and len(set(digits)) == len(digits) else None


def type_of(methods: list[int], number: int | None) -> str:
    """The type of alarm. Of combined methods only one may have the number, else nobody can say which it is: `other`."""
    if number is None:
        return METHODS[methods[0]] if len(methods) == 1 else "other"
    found = {TYPES[method][number] for method in methods if number in TYPES.get(method, {})}
    if len(found) == 1:
        return found.pop()
    return METHODS[methods[0]] if len(methods) == 1 else "other"
