"""Opens a feed message of GTFS Realtime one layer deep: its entities stay the bytes that they are until somebody wants one. So a message
of any size is counted before it is read, trip updates cost nothing, and an entity that is broken takes no other along.

The two outer layers are the bindings' own, with nested messages (and texts, which a network may deliver as no UTF-8) as bytes.
"""

from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import DecodeError
from google.transit import gtfs_realtime_pb2

from domain.messages import Rejected

PACKAGE = "citydeck.gtfs_realtime"
Field = descriptor_pb2.FieldDescriptorProto
AS_BYTES = (Field.TYPE_MESSAGE, Field.TYPE_STRING)
MAX_BYTES = 8 * 1024 * 1024
MAX_ENTITIES = 10_000
MAX_VEHICLE_BYTES = 64 * 1024


def _shallow(*layers: Any) -> list[Any]:
    file = descriptor_pb2.FileDescriptorProto(name="citydeck_gtfs_realtime.proto", package=PACKAGE, syntax="proto2")
    for layer in layers:
        described = file.message_type.add(name=layer.DESCRIPTOR.name)
        for one in layer.DESCRIPTOR.fields:
            kind = Field.TYPE_BYTES if one.type in AS_BYTES else one.type
            label = Field.LABEL_REPEATED if one.is_repeated else Field.LABEL_OPTIONAL
            described.field.add(name=one.name, number=one.number, type=kind, label=label)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return [message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{PACKAGE}.{layer.DESCRIPTOR.name}")) for layer in layers]


FeedMessage, FeedEntity = _shallow(gtfs_realtime_pb2.FeedMessage, gtfs_realtime_pb2.FeedEntity)


def feed_message(payload: bytes) -> Any | Rejected:
    """The message with `header` and each `entity` as bytes. Never raises."""
    if len(payload) > MAX_BYTES:
        return Rejected("too_large", f"{len(payload)} bytes, at most {MAX_BYTES}")
    found = _read(FeedMessage, payload, "a feed message")
    if not isinstance(found, Rejected) and len(found.entity) > MAX_ENTITIES:
        return Rejected("too_large", f"{len(found.entity)} entities, at most {MAX_ENTITIES}")
    return found


def feed_header(raw: bytes) -> Any | Rejected:
    """A FeedHeader, complete. Never raises."""
    return _complete(gtfs_realtime_pb2.FeedHeader, raw, "a feed's header")


def feed_entity(raw: bytes) -> Any | Rejected:
    """An entity with what it tells as bytes. Never raises."""
    return _read(FeedEntity, raw, "an entity")


def vehicle_position(raw: bytes) -> Any | Rejected:
    """A VehiclePosition, complete. Never raises."""
    if len(raw) > MAX_VEHICLE_BYTES:
        return Rejected("too_large", f"a vehicle of {len(raw)} bytes, at most {MAX_VEHICLE_BYTES}")
    return _complete(gtfs_realtime_pb2.VehiclePosition, raw, "a vehicle's position")


def _read(layer: Any, raw: bytes, what: str) -> Any | Rejected:
    try:
        return layer.FromString(raw)
    except DecodeError:
        return Rejected("bad_protobuf", f"this is not {what} of GTFS Realtime in protobuf")


def _complete(layer: Any, raw: bytes, what: str) -> Any | Rejected:
    found = _read(layer, raw, what)
    if isinstance(found, Rejected) or found.IsInitialized():
        return found
    return Rejected("incomplete", f"{what} lacks what the specification requires: {', '.join(found.FindInitializationErrors())}")
