"""ONVIF's topics by name, without their namespaces: which is which of our types of video alarm, and which are something else.

Sources: ONVIF Core, Imaging, Device IO, Recording Control and Analytics Service Specifications (their annexes of events), 2022; those of
makers are marked. A topic may go on below the name given here (`VideoSource/ImageTooDark/AnalyticsService`).
"""

from collections.abc import Mapping

ALARMS: Mapping[str, str] = {
    "VideoSource/MotionAlarm": "motion",
    "RuleEngine/CellMotionDetector/Motion": "motion",
    "RuleEngine/MotionRegionDetector/Motion": "motion",
    "RuleEngine/LineDetector/Crossed": "line_crossing",
    "RuleEngine/FieldDetector/ObjectsInside": "intrusion",
    "RuleEngine/LoiteringDetector/ObjectIsLoitering": "loitering",
    "RuleEngine/TamperDetector/Tamper": "tampered",
    "RuleEngine/FireDetector": "fire",
    "RuleEngine/SmokeDetector": "smoke",
    "VideoSource/GlobalSceneChange": "scene_changed",
    "VideoSource/ImageTooBlurry": "image_fault",
    "VideoSource/ImageTooDark": "image_fault",
    "VideoSource/ImageTooBright": "image_fault",
    "VideoSource/SignalLoss": "video_loss",
    "AudioAnalytics/Audio/DetectedSound": "sound",
    "Device/Trigger/DigitalInput": "alarm_input",
    "Device/HardwareFailure/StorageFailure": "storage_fault",
    "Device/HardwareFailure/FanFailure": "fan_fault",
    "Device/HardwareFailure/PowerSupplyFailure": "power_fault",
    "Device/HardwareFailure/TemperatureCritical": "too_hot",
    "Device/Trigger/AlarmIn": "alarm_input",  # Hikvision
    "RuleEngine/MyRuleDetector/PeopleDetect": "person",  # Reolink, this one and the next four
    "RuleEngine/MyRuleDetector/FaceDetect": "person",
    "RuleEngine/MyRuleDetector/VehicleDetect": "vehicle",
    "RuleEngine/MyRuleDetector/DogCatDetect": "object",
    "RuleEngine/MyRuleDetector/Package": "object",
    "RuleEngine/MyRuleDetector/Visitor": "person",
    "Device/Sensor/PIR": "motion",  # Axis
}
PERSONAL: Mapping[str, str] = {
    "RuleEngine/Recognition/Face": "a recognised face comes from an approved face platform with its purpose, or not at all",
    "RuleEngine/Recognition/LicensePlate": "a plate is personal data that no rule here asks for",
}
NOT_HANDLED: Mapping[str, str] = {
    "Monitoring": "how busy a device is",
    "RecordingConfig": "how recordings are set up",
    "RecordingHistory": "what is being recorded; the platform is asked for recordings",
    "ReceiverControl": "how recordings are set up",
    "Replay": "who plays a recording",
    "Configuration": "a device was set up anew",
    "Media": "a stream was set up anew",
    "PTZController": "a camera turned",
    "Device/Trigger/Relay": "an output of the device, no alarm",
    "Device/OperationMode": "a device restarts or was set up anew",
    "Device/IO": "an output of the device, no alarm",
    "RuleEngine/CountAggregation": "people counted: a number, to be read by `mapping`",
    "RuleEngine/LineCounter": "objects counted: a number, to be read by `mapping`",
    "UserManagement": "who may use the device",
    "Security": "the device's certificates",
    "AccessControl": "a door; access control is no video",
    "Door": "a door; access control is no video",
    "Credential": "a door; access control is no video",
    "Schedule": "a door; access control is no video",
}


def path_of(topic: str) -> str:
    """A topic without the namespaces of its levels: `tns1:Device/Trigger/tnshik:AlarmIn` is Device/Trigger/AlarmIn."""
    return "/".join(level.rpartition(":")[2] for level in topic.strip().strip("/").split("/"))


def under(path: str, table: Mapping[str, str]) -> str | None:
    """What the table has for the path, or for the nearest level above it."""
    levels = path.split("/")
    return next((table[head] for head in ("/".join(levels[:n]) for n in range(len(levels), 0, -1)) if head in table), None)
