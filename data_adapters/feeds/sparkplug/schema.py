"""The payload of Sparkplug B as protobuf: the fields of its schema (Sparkplug 3.0, chapter 6) as a table, from which protobuf makes the
reader. What CityDeck does not look into (data sets, templates, files) is declared as the bytes it is on the wire, so that nothing nested
without end is ever opened; texts are bytes too, because a network may deliver what is no UTF-8.
"""

from enum import IntEnum
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

PACKAGE = "citydeck.sparkplug"
OPTIONAL, REPEATED = descriptor_pb2.FieldDescriptorProto.LABEL_OPTIONAL, descriptor_pb2.FieldDescriptorProto.LABEL_REPEATED
TYPES = {
    "bool": descriptor_pb2.FieldDescriptorProto.TYPE_BOOL,
    "bytes": descriptor_pb2.FieldDescriptorProto.TYPE_BYTES,
    "double": descriptor_pb2.FieldDescriptorProto.TYPE_DOUBLE,
    "float": descriptor_pb2.FieldDescriptorProto.TYPE_FLOAT,
    "uint32": descriptor_pb2.FieldDescriptorProto.TYPE_UINT32,
    "uint64": descriptor_pb2.FieldDescriptorProto.TYPE_UINT64,
}
MESSAGES: dict[str, dict[str, tuple[int, str]]] = {
    "PropertyValue": {
        "type": (1, "uint32"),
        "is_null": (2, "bool"),
        "int_value": (3, "uint32"),
        "long_value": (4, "uint64"),
        "string_value": (8, "bytes"),
    },
    "PropertySet": {"keys": (1, "bytes*"), "values": (2, "PropertyValue*")},
    "Metric": {
        "name": (1, "bytes"),
        "alias": (2, "uint64"),
        "timestamp": (3, "uint64"),
        "datatype": (4, "uint32"),
        "is_historical": (5, "bool"),
        "is_transient": (6, "bool"),
        "is_null": (7, "bool"),
        "properties": (9, "PropertySet"),
        "int_value": (10, "uint32"),
        "long_value": (11, "uint64"),
        "float_value": (12, "float"),
        "double_value": (13, "double"),
        "boolean_value": (14, "bool"),
        "string_value": (15, "bytes"),
        "bytes_value": (16, "bytes"),
        "dataset_value": (17, "bytes"),
        "template_value": (18, "bytes"),
        "extension_value": (19, "bytes"),
    },
    "Payload": {"timestamp": (1, "uint64"), "metrics": (2, "Metric*"), "seq": (3, "uint64"), "body": (5, "bytes")},
}
"""Message -> field -> number and type; `*` is repeated."""


class DataType(IntEnum):
    """The index of a metric's type (Sparkplug 3.0, 6.4.16)."""

    UNKNOWN = 0
    INT8 = 1
    INT16 = 2
    INT32 = 3
    INT64 = 4
    UINT8 = 5
    UINT16 = 6
    UINT32 = 7
    UINT64 = 8
    FLOAT = 9
    DOUBLE = 10
    BOOLEAN = 11
    STRING = 12
    DATETIME = 13
    TEXT = 14
    UUID = 15
    DATASET = 16
    BYTES = 17
    FILE = 18
    TEMPLATE = 19
    PROPERTYSET = 20
    PROPERTYSETLIST = 21
    INT8ARRAY = 22
    INT16ARRAY = 23
    INT32ARRAY = 24
    INT64ARRAY = 25
    UINT8ARRAY = 26
    UINT16ARRAY = 27
    UINT32ARRAY = 28
    UINT64ARRAY = 29
    FLOATARRAY = 30
    DOUBLEARRAY = 31
    BOOLEANARRAY = 32
    STRINGARRAY = 33
    DATETIMEARRAY = 34


def _payload_class() -> Any:
    file = descriptor_pb2.FileDescriptorProto(name="citydeck_sparkplug.proto", package=PACKAGE, syntax="proto2")
    for message, members in MESSAGES.items():
        described = file.message_type.add(name=message)
        for name, (number, kind) in members.items():
            plain = kind.rstrip("*")
            one = described.field.add(name=name, number=number, label=REPEATED if kind.endswith("*") else OPTIONAL)
            if plain in TYPES:
                one.type = TYPES[plain]
            else:
                one.type, one.type_name = descriptor_pb2.FieldDescriptorProto.TYPE_MESSAGE, f".{PACKAGE}.{plain}"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{PACKAGE}.Payload"))


Payload: Any = _payload_class()
"""The protobuf class: `Payload.FromString(bytes)` raises google.protobuf.message.DecodeError."""
